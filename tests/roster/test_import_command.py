"""`flask roster import FILE…`: all files or nothing, a school out of an empty database, an honest exit code."""

import pytest
import sqlalchemy as sa

from app.core.db import db
from app.roster.models import ImportState, RosterImport
from app.school.models import Guardian, Pupil, School
from tests.roster.builders import NOOR, csv_list, edexml, pupil, row
from tests.roster.conftest import digest, pupils


@pytest.fixture
def command(app, database, tmp_path):
    """Runs the command with these files (name=bytes) and arguments."""

    def run(*arguments, **files):
        paths = []
        for name, data in files.items():
            path = tmp_path / name
            path.write_bytes(data)
            paths.append(str(path))
        db.session.commit()
        return app.test_cli_runner().invoke(args=["roster", "import", *paths, *arguments])

    return run


def test_an_empty_database_gets_its_school_out_of_the_file(command):
    result = command("--school-name", "De Vlieger", list=csv_list(), edex=edexml())
    assert result.exit_code == 0, result.output
    school = db.session.scalar(sa.select(School))
    assert (school.name, school.brin, school.dependance_code) == ("De Vlieger", "99AB", "00")
    assert "school: new, De Vlieger" in result.output
    assert "pupil: 1 new" in result.output
    assert "guardian: 1 new" in result.output
    assert db.session.scalar(sa.select(Guardian.email)) == "lotte@example.nl"


def test_the_same_files_twice(command):
    command(edex=edexml(), list=csv_list())
    before = digest()
    result = command(edex=edexml(), list=csv_list())
    assert result.exit_code == 0
    assert result.output.count("nothing to change") == 2
    assert digest() == before


def test_new_changed_moved_gone(command):
    one, two = pupil("1", extra='<groep key="g5"/>'), pupil("2", roepnaam="Jip", extra='<groep key="g5"/>')
    command(edex=edexml(NOOR, one, two))
    changed = NOOR.replace("Vries", "Wit")
    moved = one.replace("g5", "g34")
    gone = two.replace("</leerling>", "<uitstroomdatum>2026-09-30</uitstroomdatum></leerling>")
    result = command(edex=edexml(changed, moved, gone, pupil("3", roepnaam="Bo")))
    assert "pupil: 1 new, 1 changed, 1 moved, 1 gone" in result.output


def test_one_bad_file_and_nothing_is_applied(command):
    result = command(edex=edexml(), list=csv_list(row(gezag="misschien")))
    assert result.exit_code != 0
    assert "Regel 2, leerling 00123: gezag:" in result.output
    assert "nothing was applied" in result.output
    assert db.session.scalar(sa.select(sa.func.count(School.id))) == 0


def test_a_file_that_cannot_be_read(command):
    result = command(edex=edexml()[:200])
    assert result.exit_code != 0
    assert "Het bestand houdt hier plotseling op" in result.output
    assert "Traceback" not in result.output


def test_a_list_without_a_school(command):
    result = command(list=csv_list())
    assert result.exit_code != 0
    assert "There is no school yet" in result.output


def test_a_database_without_tables(command, monkeypatch):
    monkeypatch.setattr("app.roster.queries.schools", lambda: db.session.execute(sa.text("SELECT 1 FROM nothing_here")))
    monkeypatch.setattr(School, "__tablename__", "nothing_here")
    result = command(list=csv_list())
    assert result.exit_code == 1
    assert "flask db upgrade" in result.output


def test_a_dry_run_writes_nothing(command):
    result = command("--dry-run", edex=edexml())
    assert result.exit_code == 0
    assert "pupil: 1 new" in result.output
    assert pupils() == {}


def test_another_schools_file_does_not_make_a_second_school(command):
    command(edex=edexml())
    result = command(edex=edexml().replace(b"99AB", b"88ZZ"))
    assert result.exit_code != 0
    assert db.session.scalar(sa.select(sa.func.count(School.id))) == 1


def test_gone_only_when_asked(command):
    command(edex=edexml(NOOR, pupil("2")))
    assert "1 not in the file" in command(edex=edexml(NOOR)).output
    assert pupils()["Tygo"].left_on is None
    assert "1 gone" in command("--gone", edex=edexml(NOOR)).output
    db.session.expire_all()
    assert pupils()["Tygo"].left_on is not None


def test_it_leaves_a_trace_with_the_files_hash(command):
    command(edex=edexml())
    row = db.session.scalar(sa.select(RosterImport))
    assert (row.state, len(row.sha256), row.data, row.counts["pupil"]) == (ImportState.APPLIED, 64, None, {"new": 1})


@pytest.mark.slow
def test_a_school_of_400_within_seconds(command):
    """400 pupils with 700 guardians in under 5 seconds (measured without the start of the app)."""
    import time

    children = [NOOR.replace("00123", f"{n:05d}").replace("Noor", f"Kind{letters(n)}") for n in range(400)]
    parents = [
        row(
            leerlingnummer=f"{n // 2:05d}",
            roepnaam=f"Kind{letters(n // 2)}",
            v_roepnaam=f"Ouder{letters(n)}",
            relatie=("moeder", "vader")[n % 2],
            verzorger_volgnummer=n % 2 + 1,
            email=f"ouder{n}@example.nl",
            mobiel=f"06{10_000_000 + n}",
            straat="Kerkstraat",
            huisnummer=n // 2 + 1,
            postcode="3581 KB",
            woonplaats="Utrecht",
        )
        for n in range(700)
    ]
    started = time.monotonic()
    result = command(edex=edexml(*children), list=csv_list(*parents))
    assert time.monotonic() - started < 5
    assert result.exit_code == 0, result.output
    assert db.session.scalar(sa.select(sa.func.count(Pupil.id))) == 400
    assert db.session.scalar(sa.select(sa.func.count(Guardian.id))) == 700


def letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in f"{number:03d}")
