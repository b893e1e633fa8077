"""`flask --app wsgi roster import FILE…`: load files without a browser. All files or nothing."""

import uuid
from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from app.core import clock
from app.core.actor import Actor
from app.core.db import begin_write, db
from app.roster import operations, queries
from app.roster.dry_run import dry_run
from app.roster.errors import RosterError
from app.roster.models import ImportState, RosterImport
from app.roster.plan import OUTCOMES, Choices, Plan
from app.roster.problems import Problem
from app.roster.reading import read_roster
from app.roster.records import FileKind, RosterFile
from app.school.models import School

ACTOR = Actor(account_id=None, name="flask roster import")

SHOWN = 50
WORDS = {"absent": "not in the file", "held": "waiting for a choice"}

group = AppGroup("roster", help="What schools' files hold, into the register.")


class Stopped(Exception):
    """Nothing may be applied; the reason was printed."""


@group.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--school", "school_name", help="The school's name or BRIN, where the files do not say it.")
@click.option("--school-name", "called", help="What to call a school that the EDEXML file makes.")
@click.option("--board", "board_name", help="The board of a school that the EDEXML file makes.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--gone", is_flag=True, help="Who is not in the file has left.")
@click.option(
    "--overwrite", is_flag=True, help="Also where a parent's change waits, or more would be shown or allowed."
)
@click.option("--same", is_flag=True, help="Who has the same name and birth date is the same.")
def import_files(
    files: tuple[Path, ...],
    school_name: str | None,
    called: str | None,
    board_name: str | None,
    dry_run: bool,
    gone: bool,
    overwrite: bool,
    same: bool,
) -> None:
    """Load EDEXML files and guardians' lists: all of them, or nothing.

    On an empty database the EDEXML file makes the school. Ends with an error where nothing was applied.
    """
    sorts = [name for name, wanted in (("gone", gone), ("take", overwrite), ("same", same)) if wanted]
    choices = Choices(all_of=frozenset(sorts))
    try:
        rosters = [_read(path) for path in files]
        begin_write()
        school_id = _school(rosters, school_name, called, board_name)
        for roster in sorted(rosters, key=lambda roster: roster.kind is not FileKind.EDEXML):
            _load(roster, school_id, choices)
    except (sa.exc.OperationalError, sa.exc.ProgrammingError) as error:
        db.session.rollback()
        if sa.inspect(db.engine).has_table(School.__tablename__):
            raise
        raise click.ClickException("the database has no tables yet: make them with `flask db upgrade`") from error
    except Stopped:
        db.session.rollback()
        raise click.ClickException("nothing was applied") from None
    if dry_run:
        db.session.rollback()
        click.echo("nothing was applied: this was a dry run")
        return
    db.session.commit()


def _read(path: Path) -> RosterFile:
    try:
        with path.open("rb") as stream:
            return read_roster(stream, name=path.name)
    except RosterError as error:
        raise _refused(path.name, error) from None


def _refused(name: str, error: RosterError) -> Stopped:
    click.echo(f"{name}: {error}", err=True)
    return Stopped()


def _school(rosters: list[RosterFile], wanted: str | None, called: str | None, board_name: str | None) -> uuid.UUID:
    """The school of the files; made from the EDEXML file when there is none at all."""
    if wanted:
        return _only(_named(wanted), f"{wanted!r} names no school, or more than one.")
    said = next((roster.school for roster in rosters if roster.school is not None), None)
    known = queries.schools()
    if said is None:
        nobody = "There is no school yet. Load its EDEXML file first, or give both files at once."
        return _only(known, "Give the school with --school: it is not in the files." if known else nobody)
    found = queries.find_school(brin=said.brin, branch=said.branch, school_key=said.school_key)
    if found is not None:
        return found.id
    if known:
        return _only([], "The school of this file is not here. Give one with --school.")
    school = operations.make_school(said, name=called, board_name=board_name)
    click.echo(f"school: new, {school.name}")
    return school.id


def _named(wanted: str) -> list[School]:
    name = sa.or_(School.name == wanted, School.short_name == wanted, School.brin == wanted.upper())
    return list(db.session.scalars(sa.select(School).where(name)))


def _only(found: list[School], otherwise: str) -> uuid.UUID:
    if len(found) != 1:
        click.echo(otherwise, err=True)
        raise Stopped
    return found[0].id


def _load(roster: RosterFile, school_id: uuid.UUID, choices: Choices) -> None:
    """Plan one file and apply it, in the transaction of all."""
    try:
        plan = dry_run(roster, school_id=school_id, today=clock.today(), choices=choices)
    except RosterError as error:
        raise _refused(roster.source_name, error) from None
    _say(roster, plan)
    if plan.blocked:
        raise Stopped
    row = _row(roster, school_id)
    operations.apply_plan(plan, actor=ACTOR, subject_id=row.id)
    operations.note_applied(row, plan)


def _row(roster: RosterFile, school_id: uuid.UUID) -> RosterImport:
    row = RosterImport(
        school_id=school_id,
        account_name=ACTOR.name,
        uploaded_at=clock.now(),
        source_name=roster.source_name,
        sha256=roster.sha256,
        state=ImportState.APPLYING,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _say(roster: RosterFile, plan: Plan) -> None:
    click.echo(f"{roster.source_name} ({roster.kind.value} {roster.version})")
    for kind, counts in plan.counts().items():
        said = ", ".join(f"{counts[action]} {WORDS.get(action, action)}" for action in OUTCOMES if counts.get(action))
        click.echo(f"  {kind}: {said}")
    held = sum(len(step.held) for step in plan.steps)
    if held:
        click.echo(f"  {held} values wait for a choice (see --gone, --overwrite, --same)")
    if plan.is_empty:
        click.echo("  nothing to change")
    _say_problems(list(plan.problems.in_order()), plan.problems.errors + plan.problems.warnings)


def _say_problems(problems: list[Problem], total: int) -> None:
    for problem in sorted(problems, key=lambda problem: problem.severity.value)[:SHOWN]:
        click.echo(f"  {problem.severity.value}: {problem.text}", err=True)
    if total > SHOWN:
        click.echo(f"  … and {total - SHOWN} more", err=True)
