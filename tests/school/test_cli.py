"""`flask school set`: how a school is reached."""

import pytest

from app.core.db import db
from app.school.models import School


@pytest.fixture
def run(app, cast):
    return lambda *arguments: app.test_cli_runner().invoke(args=["school", "set", *arguments])


def school(cast):
    db.session.rollback()
    return db.session.get_one(School, cast.school.id)


def test_it_works(run, cast):
    result = run(
        "De Vlieger", "--phone", "030 - 234 56 79", "--administration-email", "nieuw@example.nl", "--answer-days", "3"
    )
    assert result.exit_code == 0
    found = school(cast)
    assert (found.phone, found.administration_email, found.answer_days) == ("+31302345679", "nieuw@example.nl", 3)


def test_without_options_it_shows_and_changes_nothing(run, cast):
    result = run("99AB")
    assert "administratie@example.nl" in result.output
    assert school(cast).phone == "+31302345678"


@pytest.mark.parametrize(
    "wrong", [("--phone", "12"), ("--administration-email", "geen adres"), ("--answer-days", "99")]
)
def test_nonsense_is_refused_and_changes_nothing(run, cast, wrong):
    assert run("De Vlieger", *wrong).exit_code != 0
    assert school(cast).phone == "+31302345678"


def test_a_school_that_is_not_there(run):
    assert "0 schools" in run("De Vuurtoren", "--phone", "030 234 56 78").output
