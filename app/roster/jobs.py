"""What the worker does for imports: read a file and make its dry run; apply one that was looked at."""

import io
import logging
import uuid

from app.core import clock, jobs
from app.core.actor import Actor
from app.core.db import begin_read, begin_write, db
from app.core.errors import N_
from app.core.jobs import Job
from app.roster import operations
from app.roster.dry_run import dry_run
from app.roster.errors import RosterError
from app.roster.models import ImportState, RosterImport
from app.roster.plan import Choices
from app.roster.reading import read_roster
from app.roster.records import RosterFile

log = logging.getLogger(__name__)

FAILED = N_("Het is niet gelukt. Er is niets overgenomen. Probeer het nog eens.")


def _given_up(job: Job) -> None:
    row = _row(job)
    if row is not None:
        operations.note_outdated(row, FAILED)


@jobs.handler(operations.READ, attempts=3, given_up=_given_up)
def read(job: Job) -> None:
    """Read the file and keep its dry run."""
    row = _row(job)
    if row is None or row.state is not ImportState.READING or row.data is None:
        return
    school_id = row.school_id
    try:
        roster = _read(job, row.data, row.source_name)
        begin_read()
        plan = dry_run(roster, school_id=school_id, today=clock.today())
    except RosterError as error:
        begin_write()
        operations.note_refusal(_again(job), error)
        return
    begin_write()
    operations.note_plan(_again(job), plan)


@jobs.handler(operations.APPLY, attempts=3, given_up=_given_up)
def apply(job: Job) -> None:
    """Apply the dry run that was looked at, if the register still says the same; else nothing."""
    row = _row(job)
    if row is None or row.state is not ImportState.APPLYING or row.data is None:
        return
    roster = _read(job, row.data, row.source_name)
    begin_write()
    row = _again(job)
    same = dry_run(roster, school_id=row.school_id, today=clock.today())
    if same.fingerprint != row.fingerprint or same.blocked:
        operations.note_outdated(row)
        return
    choices = choices_from(row.choices)
    plan = dry_run(roster, school_id=row.school_id, today=clock.today(), choices=choices)
    if plan.blocked:
        operations.note_outdated(row)
        return
    actor = Actor(account_id=row.account_id, name=row.account_name)
    operations.apply_plan(plan, actor=actor, subject_id=row.id)
    operations.note_applied(_again(job), plan)


def choices_from(ticked: list[str]) -> Choices:
    """What was ticked; `all:gone` and the like stand for everything of that sort."""
    sorts = {choice.removeprefix("all:") for choice in ticked if choice.startswith("all:")}
    return Choices(frozenset(ticked), frozenset(sorts))


def _read(job: Job, data: bytes, name: str) -> RosterFile:
    """Read the file outside any transaction: the page sees how far it is."""
    begin_read()
    return read_roster(io.BytesIO(data), name=name, progress=lambda done, total: jobs.progress(job.id, done, total))


def _row(job: Job) -> RosterImport | None:
    return db.session.get(RosterImport, uuid.UUID(job.payload["import_id"]))


def _again(job: Job) -> RosterImport:
    """The row in the transaction that has begun since."""
    return db.session.get_one(RosterImport, uuid.UUID(job.payload["import_id"]), populate_existing=True)
