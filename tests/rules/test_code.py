"""Rules about the code as such: who imports whom, size, words."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.rules.code import ROOT, functions, modules

LONGEST_FILE = 350
PROGRAMS = Path(sys.executable).parent


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_features_import_only_what_lies_below_them():
    done = run(PROGRAMS / "lint-imports", "--no-cache")
    assert done.returncode == 0, done.stdout
    assert "3 kept" in done.stdout, done.stdout


def test_no_file_is_long():
    long = {
        name: lines for name, path in modules().items() if (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


def is_public(name, path, node):
    return not node.name.startswith("_") and "/_" not in name


def needs_words(node):
    """Whether it is more than a view's or a property's few lines: those are said by their names and their address."""
    return node.end_lineno - node.lineno > 12 and not node.decorator_list


def test_public_functions_say_what_they_do():
    silent = []
    for name, path in modules().items():
        for node in functions(path):
            if is_public(name, path, node) and needs_words(node) and ast.get_docstring(node) is None:
                silent.append(f"{name}:{node.lineno} {node.name}")
    assert silent == []


def test_every_module_says_what_lives_there():
    silent = [
        name
        for name, path in modules().items()
        if path.read_text().strip() and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert silent == []


def test_the_time_comes_from_the_clock():
    """ruff says so too (TID251); here for `time.time` and aliases, which it does not see."""
    for name, path in modules().items():
        if name == "app/core/clock.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today"):
                base = getattr(node.value, "id", getattr(node.value, "attr", ""))
                assert base not in ("datetime", "date"), f"{name}:{node.lineno}"


def test_sql_is_never_put_together_from_text():
    """C3: `text()` takes a constant; nothing else reaches the database as a string."""
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text())):
            called = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
            if isinstance(node, ast.Call) and called == "text" and node.args:
                base = getattr(getattr(node.func, "value", None), "id", "")
                if base in ("sa", "sqlalchemy"):
                    assert isinstance(node.args[0], ast.Constant), f"{name}:{node.lineno}"
