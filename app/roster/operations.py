"""The life of an import: hand in, read, apply, discard; and the making of a school out of its file.

Flushes, never commits.
"""

import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.core import audit, clock, jobs
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import N_, Conflict
from app.roster import applying, events
from app.roster.errors import RosterError
from app.roster.models import ENDED, ImportState, RosterImport
from app.roster.plan import Plan
from app.roster.records import RosterSchool
from app.roster.report import report_of
from app.roster.sniff import Source
from app.school.models import Board, School

READ = "roster.read"
APPLY = "roster.apply"

KEEP_FILE = timedelta(days=7)
KEEP_REPORT = timedelta(days=30)

OUTDATED = N_("Het portaal is veranderd sinds het nakijken. Er is niets overgenomen. Kijk het opnieuw na.")


def receive(source: Source, *, school_id: uuid.UUID, actor: Actor) -> RosterImport:
    """Keep the file and have it read: adds the import, a job and an audit event."""
    row = RosterImport(
        school_id=school_id,
        account_id=actor.account_id,
        account_name=actor.name[:120],
        uploaded_at=clock.now(),
        source_name=source.name,
        sha256=source.sha256,
        data=source.data,
    )
    db.session.add(row)
    db.session.flush()
    size = len(source.data)
    audit.record(events.UPLOADED, actor=actor, school_id=school_id, subject_id=row.id, sha256=source.sha256, size=size)
    _enqueue(row, READ)
    return row


def read_again(row: RosterImport) -> None:
    """Make the dry run anew, after the register changed. Raises Conflict when the file is not kept any more."""
    if row.data is None or row.under_way:
        raise Conflict("Dit bestand is er niet meer. Kies het opnieuw.")
    row.state, row.choices, row.message = ImportState.READING, [], ""
    _enqueue(row, READ)


def start_applying(row: RosterImport, choices: list[str]) -> None:
    """Have a dry run applied, with what staff ticked. Raises Conflict when there is none (any more)."""
    if row.state is not ImportState.READY or row.data is None:
        raise Conflict("Dit bestand is al verwerkt, of moet eerst opnieuw worden nagekeken.")
    row.state, row.choices = ImportState.APPLYING, choices
    _enqueue(row, APPLY)


def discard(row: RosterImport, *, actor: Actor) -> None:
    """Throw the file away. Raises Conflict while it is being applied, or when it was."""
    if row.state in (ImportState.APPLYING, ImportState.APPLIED):
        raise Conflict("Dit bestand is al verwerkt.")
    _end(row, ImportState.DISCARDED)
    row.report = None
    audit.record(events.DISCARDED, actor=actor, school_id=row.school_id, subject_id=row.id, sha256=row.sha256)
    db.session.flush()


def note_plan(row: RosterImport, plan: Plan) -> None:
    """Keep the dry run for the page, ready to be applied or blocked by its errors."""
    row.kind = plan.file_kind.value
    row.report = report_of(plan)
    row.counts = plan.counts()
    row.fingerprint = plan.fingerprint
    row.state = ImportState.BLOCKED if plan.blocked else ImportState.READY
    db.session.flush()


def note_refusal(row: RosterImport, error: RosterError) -> None:
    """The file can't be read: keep the reason, not the file."""
    _end(row, ImportState.REFUSED)
    row.message = str(error)[:500]
    row.report = {"refused": error.parts, "entries": []}
    db.session.flush()


def note_outdated(row: RosterImport, message: str = OUTDATED) -> None:
    """Nothing was applied; the file stays, so that it can be looked at again."""
    row.state, row.message = ImportState.OUTDATED, message
    db.session.flush()


def note_applied(row: RosterImport, plan: Plan) -> None:
    """The import is done: the file goes, the counts stay."""
    _end(row, ImportState.APPLIED)
    row.kind = plan.file_kind.value
    row.counts = plan.counts()
    db.session.flush()


def apply_plan(plan: Plan, *, actor: Actor, subject_id: uuid.UUID | None = None) -> None:
    """Write the plan, all of it, with an audit event for it and for each right that changed.

    Raises RosterError when errors stand in the way: nothing is written then.
    """
    if plan.blocked:
        raise RosterError(
            "plan.blocked", "Er staan %(count)s fouten in de weg. Er is niets overgenomen.", count=plan.problems.errors
        )
    applying.write(plan)
    totals = plan.totals()
    counts = {name: totals[name] for name in ("new", "changed", "moved", "gone")}
    about: dict[str, Any] = {"actor": actor, "school_id": plan.school_id}
    audit.record(
        events.APPLIED, **about, subject_id=subject_id, sha256=plan.sha256, file_kind=plan.file_kind.value, **counts
    )
    for guardian_id, link_id, values in applying.links_changed(plan):
        if "custody" in values:
            said = {"guardianship_id": str(link_id), "custody": values["custody"].value}
            audit.record(events.CUSTODY, **about, subject_id=guardian_id, **said)
        else:
            audit.record(events.LINK_ENDED, **about, subject_id=guardian_id, guardianship_id=str(link_id))
    db.session.flush()


def make_school(said: RosterSchool, *, name: str | None = None, board_name: str | None = None) -> School:
    """The school of an EDEXML file, and a board for it: for an installation that is still empty.

    The file has no name for the school, so it is called by its BRIN until somebody gives it one.
    """
    called = name or f"School {said.brin or said.school_key or said.institution_number or ''}".strip()
    board = db.session.scalar(sa.select(Board).where(Board.name == (board_name or called)))
    if board is None:
        board = Board(name=board_name or called)
        db.session.add(board)
        db.session.flush()
    school = School(
        board_id=board.id,
        name=called[:120],
        short_name=called[:40],
        brin=said.brin,
        dependance_code=said.branch or "00",
        school_key=said.school_key[:128] if said.school_key else None,
    )
    db.session.add(school)
    db.session.flush()
    return school


def sweep() -> None:
    """Remove files that nobody applied within a week, and dry runs of a month ago: they are lists of people."""
    now = clock.now()
    waiting = sa.update(RosterImport).where(
        RosterImport.state.not_in(ENDED), RosterImport.uploaded_at < now - KEEP_FILE, RosterImport.data.is_not(None)
    )
    values = {"state": ImportState.DISCARDED, "data": None, "report": sa.null(), "ended_at": now}
    db.session.execute(waiting.values(values).execution_options(synchronize_session=False))
    old = sa.update(RosterImport).where(RosterImport.uploaded_at < now - KEEP_REPORT)
    db.session.execute(old.values(report=sa.null()).execution_options(synchronize_session=False))


def _enqueue(row: RosterImport, kind: str) -> None:
    job = jobs.enqueue(kind, {"import_id": str(row.id)}, school_id=row.school_id)
    db.session.flush()
    row.job_id = job.id
    db.session.flush()


def _end(row: RosterImport, state: ImportState) -> None:
    row.state, row.data, row.ended_at = state, None, clock.now()
