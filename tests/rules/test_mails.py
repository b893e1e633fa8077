"""Rules about mails: three files each, a subject of one short line that tells nothing about anybody."""

import ast

import pytest
from flask_babel import force_locale
from jinja2 import Undefined

from app.outbox import registry
from tests.rules.code import TEMPLATES, modules

LONGEST_SUBJECT = 45
NUMBERS = {"count", "number", "num"}


class Personal(Undefined):
    """Stands for every value that a mail is given: shows itself wherever it is printed."""

    def __str__(self):
        return "PERSONAL"

    __html__ = __str__

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Personal(name=name)

    def __bool__(self):
        return True

    def __iter__(self):
        yield Personal(name="one")

    def __mod__(self, other):
        return "PERSONAL"

    def __format__(self, _spec):
        return "PERSONAL"


def kinds():
    """The declared kinds, as they stand in the code: @mail("feature/name")."""
    found = []
    for path in modules().values():
        for node in ast.walk(ast.parse(path.read_text())):
            is_mail = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "mail"
            if is_mail and node.args and isinstance(node.args[0], ast.Constant):
                found.append(node.args[0].value)
    return found


KINDS = kinds()


def test_each_kind_is_declared_once_and_known(app):
    assert len(KINDS) == len(set(KINDS)) >= 8
    assert {kind for kind in registry.kinds() if not kind.startswith("tests/")} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_subject_text_and_html(kind):
    for name in ("subject.txt", "body.txt", "body.html"):
        assert (TEMPLATES / "mail" / kind / name).is_file(), name


def test_no_folder_without_a_kind():
    folders = {
        path.parent.relative_to(TEMPLATES / "mail").as_posix() for path in (TEMPLATES / "mail").rglob("subject.txt")
    }
    assert folders == set(KINDS)


def subject(app, kind, **values):
    with app.test_request_context(), force_locale("nl"):
        environment = app.jinja_env.overlay(undefined=Personal)
        source = (TEMPLATES / "mail" / kind / "subject.txt").read_text()
        return environment.from_string(source).render(values)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("values", [{"count": 12, "urgent": False}, {"count": 1, "urgent": True}])
def test_the_subject_is_one_short_line_about_nobody(app, kind, values):
    line = subject(app, kind, **values)
    assert line.strip()
    assert len(line.strip().splitlines()) == 1
    assert len(line.strip()) <= LONGEST_SUBJECT, line
    assert "PERSONAL" not in line


def test_a_subject_with_a_name_would_be_seen(app):
    """Proof that the rule above can fail."""
    with app.test_request_context():
        environment = app.jinja_env.overlay(undefined=Personal)
        assert "PERSONAL" in environment.from_string("Beste {{ recipient_name }}").render()
        assert "PERSONAL" in environment.from_string('{{ _("Over %(name)s", name=pupil.first_name) }}').render()
