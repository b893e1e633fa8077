"""Making the demo: once, the same every time, never over somebody else's school."""

import hashlib
import json
from datetime import date

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import begin_write, db
from app.demo import past, seed
from app.demo.place import Maker
from app.school.models import School

# Ids of what the portal's own verbs make, and times, differ; people, families and proposals don't.
WATCHED = {
    "board": ["id", "name"],
    "school": ["id", "name", "brin"],
    "pupil": ["id", "first_name", "surname", "birth_date", "colour", "number"],
    "guardian": ["id", "first_name", "surname", "email", "mobile"],
    "guardianship": ["id", "relation", "custody", "call_order"],
    "household": ["id", "street", "house_number", "postcode"],
    "staff": ["id", "first_name", "email"],
    "account": ["username"],
    "placement": ["id", "starts_on"],
    "change_request": ["section", "subject_id", "guardian_id", "open", "urgent"],
    "change_item": ["key", "proposed", "state", "reason"],
    "message": ["kind", "address", "state"],
}


@pytest.fixture
def empty(demo_app):
    with demo_app.app_context():
        from tests.conftest import empty_tables

        empty_tables()
        yield
        db.session.rollback()
        empty_tables()


def digest() -> str:
    db.session.rollback()
    rows = {}
    for name, columns in WATCHED.items():
        table = db.metadata.tables[name]
        found = db.session.execute(sa.select(*(table.c[column] for column in columns)))
        rows[name] = sorted(json.dumps([str(value) for value in row], ensure_ascii=False) for row in found)
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def everything() -> dict:
    db.session.rollback()
    return {
        table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in db.metadata.sorted_tables
    }


def test_a_second_time_changes_nothing(empty):
    assert seed.seed() is True
    before, counts = digest(), everything()
    assert seed.seed() is False
    assert (digest(), everything()) == (before, counts)


def test_the_same_every_time(empty):
    from tests.conftest import empty_tables

    seed.seed()
    first = digest()
    empty_tables()
    seed.seed()
    assert digest() == first


def test_it_refuses_a_database_with_another_school(empty):
    begin_write()
    board = seed.Board(name="Stichting Echt")
    db.session.add(board)
    db.session.flush()
    db.session.add(School(board_id=board.id, name="De Echte", short_name="De Echte"))
    db.session.commit()
    before = everything()
    with pytest.raises(seed.NotADemo):
        seed.seed()
    assert everything() == before


def test_a_failure_leaves_nothing(empty, monkeypatch):
    def fail(*_args):
        raise RuntimeError("on purpose")

    monkeypatch.setattr(seed.asked, "lately", fail)
    with pytest.raises(RuntimeError, match="on purpose"):
        seed.seed()
    assert not any(everything().values())


def test_the_commands(empty, demo_app):
    runner = demo_app.test_cli_runner()
    assert "is made" in runner.invoke(args=["demo", "seed"]).output
    assert "there already" in runner.invoke(args=["demo", "seed"]).output
    printed = runner.invoke(args=["demo", "logins"]).output
    for username in ("lotte", "jeroen", "els", "samira", "marijke", "ruud"):
        assert f"  {username} " in printed
    assert printed.count("vlieger-boven-zee") == 1


def test_the_command_says_why_not(empty, demo_app, monkeypatch):
    monkeypatch.setattr(seed, "BOARD_ID", seed.uuid.uuid4())
    seed.seed()
    monkeypatch.undo()
    result = demo_app.test_cli_runner().invoke(args=["demo", "seed"])
    assert result.exit_code == 1
    assert "DATA_DIR" in result.output


@pytest.mark.parametrize("day", ["2026-08-01", "2026-12-31", "2027-01-01", "2027-07-31", "2028-02-29", "2028-09-30"])
def test_any_day_of_the_year(day):
    """The school year is that of today, and every group has children of an age that fits."""
    today = date.fromisoformat(day)
    maker = Maker(today)
    people = seed._schools(maker)
    starts = date(today.year if today.month >= 8 else today.year - 1, 8, 1)
    assert {year.starts_on for year in maker.rows["school_year"]} == {starts}
    levels = {row.pupil_id: int(row.year_level) for row in maker.rows["placement"]}
    for pupil in maker.rows["pupil"]:
        age = (starts - pupil.birth_date).days / 365.25
        level = levels[pupil.id]
        assert level + 2.1 <= age <= level + 4.9, (pupil.first_name, level, age)
        assert pupil.enrolled_on >= date(pupil.birth_date.year + 4, pupil.birth_date.month, 1)
    assert people.pupils["Noor"].left_on is None


def test_the_past_is_over_when_it_ends():
    moment = past.ago(3, "08:14")
    assert clock.local(moment).strftime("%H.%M") == "08.14"
    with past.at(moment):
        assert clock.now() == moment
    assert clock.now() > moment
    assert past.ago(0, "23:59") < clock.now()
