# `make run` starts the portal, `make test` proves it; both first set up whatever is missing.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

PYTHON := .venv/bin/python
# Two processes for the tests without a browser: as many as the build machine has cores.
PYTEST := $(PYTHON) -m pytest --durations=15
export DEMO ?= 1

# The tests make their own settings; what stands in the shell of whoever starts them must not leak in.
CLEAN_ENV := env -u DATABASE_URL -u DATA_DIR -u SECRET_KEY -u PUBLIC_URL -u DEMO -u PORT -u HOST -u FLASK_APP -u FLASK_DEBUG

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F '\t' '{printf "  %-16s %s\n", $$1, $$2}'

.PHONY: setup
setup: ## Install the packages and compile the translations
	bin/setup

.PHONY: setup-dev
setup-dev:
	bin/setup --dev

.PHONY: run
run: setup ## Start the portal with a demo school (PORT=8000 HOST=127.0.0.1 DATA_DIR=instance DEMO=1)
	exec $(PYTHON) bin/serve

# From quick to slow, so that a mistake shows itself early; it ends with the summary of pytest.
.PHONY: test
test: lint test-sqlite test-postgresql e2e-sqlite e2e-postgresql ## Everything: lint, all tests on both databases, in the browser too

.PHONY: check
check: lint test-sqlite ## The quick round before a commit: lint, and the tests on SQLite without the browser

.PHONY: lint
lint: setup-dev ## Style, format and who imports whom
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports --no-cache

.PHONY: format
format: setup-dev ## Put the code in shape
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

.PHONY: test-sqlite test-postgresql e2e-sqlite e2e-postgresql
test-sqlite: setup-dev ## The tests without the browser, on SQLite (ARGS="-k name")
	$(CLEAN_ENV) TEST_DATABASE=sqlite $(PYTEST) -n 2 -m "not e2e" $(ARGS)
test-postgresql: setup-dev ## The same on PostgreSQL
	$(CLEAN_ENV) TEST_DATABASE=postgresql $(PYTEST) -n 2 -m "not e2e" $(ARGS)
e2e-sqlite: setup-dev ## The tests in the browser, on SQLite
	$(CLEAN_ENV) TEST_DATABASE=sqlite $(PYTEST) -m e2e $(ARGS)
e2e-postgresql: setup-dev ## The same on PostgreSQL
	$(CLEAN_ENV) TEST_DATABASE=postgresql $(PYTEST) -m e2e $(ARGS)

.PHONY: coverage
coverage: setup-dev ## Which lines no test touches
	$(CLEAN_ENV) TEST_DATABASE=sqlite $(PYTEST) -n 2 -m "not e2e" --cov --cov-report=term-missing:skip-covered

.PHONY: migrate
migrate: setup ## Bring the database to the newest version
	.venv/bin/flask --app wsgi db upgrade

.PHONY: bench
bench: setup-dev ## Measure speed, memory, bytes and what a phone makes of it, on a demo of its own
	$(PYTHON) bin/bench

.PHONY: pictures
pictures: setup-dev ## Make the pictures in docs/pictures from the demo school
	$(PYTHON) bin/pictures

# Beside Dutch, in which the texts are written.
LANGUAGES := en

.PHONY: translations
translations: setup-dev ## Collect the Dutch texts into the catalogues of the other languages
	@found=$$(mktemp)
	trap 'rm -f "$$found"' EXIT
	.venv/bin/pybabel -q extract -F babel.cfg --no-location -o "$$found" .
	for language in $(LANGUAGES); do
	  catalogue=app/translations/$$language/LC_MESSAGES/messages.po
	  if [ -f "$$catalogue" ]; then
	    .venv/bin/pybabel -q update -i "$$found" -o "$$catalogue" -l $$language --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	  else
	    .venv/bin/pybabel -q init -i "$$found" -o "$$catalogue" -l $$language
	  fi
	done
	bin/setup

.PHONY: lock
lock: ## Write the locked requirement files anew from the .in files (needs uv)
	@command -v uv >/dev/null || { echo 'uv is missing: see its own site for how to install it.' >&2; exit 1; }
	uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 requirements.in -o requirements.txt
	uv pip compile --quiet --generate-hashes --no-emit-index-url --python-version 3.11 requirements-dev.in -o requirements-dev.txt

.PHONY: clean
clean: ## Remove what can be made again (not the data in instance/)
	find . -path ./.venv -prune -o -type d -name __pycache__ -print0 | xargs -0 rm -rf
	find app -name '*.mo' -delete
	rm -rf .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov

.PHONY: clean-all
clean-all: clean ## Also the virtual environment and the demo's data
	rm -rf .venv instance
