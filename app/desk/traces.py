"""What opening a request leaves behind: who is looking at it, and that health data were read (E2)."""

from datetime import datetime

import sqlalchemy as sa

from app.changes.decisions import REVIEW_CLAIM
from app.changes.models import ChangeRequest, Subject
from app.core import audit, clock, trace
from app.core.actor import Actor
from app.core.audit import AuditEvent
from app.core.db import new_id
from app.desk import events

# Sections with data about health: each reading of them is written down.
WATCHED = frozenset({"medical"})


def is_watched(request: ChangeRequest) -> bool:
    """Whether reading this request is itself an event."""
    return request.subject is Subject.PUPIL and request.section in WATCHED


def opened(actor: Actor, request: ChangeRequest) -> None:
    """For a GET, which writes only traces: in transactions of their own."""
    now = clock.now()
    if request.open:
        trace.note(_claim(actor, request, now))
    if is_watched(request):
        trace.note(_reading(actor, request, now))


def _claim(actor: Actor, request: ChangeRequest, now: datetime) -> sa.Update:
    """Nobody is pushed away: only what is free, one's own, or two minutes old is taken."""
    free = sa.or_(
        ChangeRequest.reviewer.is_(None),
        ChangeRequest.reviewer == actor.account_id,
        ChangeRequest.reviewer_until <= now,
    )
    return (
        sa.update(ChangeRequest)
        .where(ChangeRequest.id == request.id, ChangeRequest.open, free)
        .values(reviewer=actor.account_id, reviewer_name=actor.name, reviewer_until=now + REVIEW_CLAIM)
    )


def _reading(actor: Actor, request: ChangeRequest, now: datetime) -> sa.Insert:
    return sa.insert(AuditEvent).values(
        id=new_id(),
        at=now,
        kind=events.RECORD_READ,
        school_id=request.school_id,
        account_id=actor.account_id,
        subject_id=request.subject_id,
        details={"section": request.section},
    )


def read_now(actor: Actor, request: ChangeRequest) -> None:
    """For a POST that shows the next request: in its own transaction."""
    if is_watched(request):
        audit.record(
            events.RECORD_READ,
            actor=actor,
            school_id=request.school_id,
            subject_id=request.subject_id,
            section=request.section,
        )
