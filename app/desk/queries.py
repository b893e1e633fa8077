"""What the desk reads: which requests wait, in which order, and what a row of the list says. Columns only.

The number of queries is the same for one request and for thousands.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.changes.models import ChangeItem, ChangeRequest, ItemState, Subject
from app.changes.queries import reviewable
from app.changes.registry import section
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.school.models import Guardian, Pupil, School

PAGE = 50
RECENT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open request: as much as order and counts need."""

    id: uuid.UUID
    section: str
    guardian_id: uuid.UUID
    items: int


@dataclass(slots=True)
class Line:
    """An open request as a row of the list."""

    id: uuid.UUID
    section: str
    subject: Subject
    urgent: bool
    sent_at: datetime
    answer_days: int
    seed: int
    name: str
    first_name_of_guardian: str
    labels: list[str] = field(default_factory=list)
    count: int = 0

    @property
    def day(self) -> date:
        return clock.local(self.sent_at).date()

    @property
    def late(self) -> bool:
        """Whether the time in which the school promised an answer is over."""
        return self.answer_days > 0 and clock.add_school_days(self.day, self.answer_days) < clock.today()


def waiting(actor: Actor, *, search: str = "") -> list[Waiting]:
    """Every request that this person may answer: emergency numbers first, then the oldest."""
    statement = (
        sa.select(ChangeRequest.id, ChangeRequest.section, ChangeRequest.guardian_id, sa.func.count(ChangeItem.id))
        .join(ChangeItem, sa.and_(ChangeItem.request_id == ChangeRequest.id, ChangeItem.state == ItemState.PROPOSED))
        .where(ChangeRequest.open, *reviewable(actor))
        .group_by(ChangeRequest.id)
        .order_by(ChangeRequest.urgent.desc(), ChangeRequest.sent_at, ChangeRequest.id)
    )
    if search:
        statement = statement.join(Guardian, Guardian.id == ChangeRequest.guardian_id)
        statement = statement.outerjoin(Pupil, Pupil.id == ChangeRequest.pupil_id).where(*_named(search))
    return [Waiting(*row) for row in db.session.execute(statement)]


def _named(search: str) -> list[sa.ColumnElement[bool]]:
    """Each word is in the name of the child or of the parent."""
    columns = [getattr(model, part) for model in (Pupil, Guardian) for part in ("first_name", "prefix", "surname")]
    return [sa.or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in search.split()[:6]]


def count_open(actor: Actor) -> int:
    """How many requests wait for this person: the badge of the rail."""
    statement = sa.select(sa.func.count()).select_from(ChangeRequest).where(ChangeRequest.open, *reviewable(actor))
    return db.session.scalar(statement) or 0


def sections_of(found: Sequence[Waiting]) -> Counter[str]:
    """How many requests each section has."""
    return Counter(each.section for each in found)


def lines(ids: Sequence[uuid.UUID]) -> list[Line]:
    """The rows of these requests (out of `waiting`), in the same order."""
    if not ids:
        return []
    pupil = (Pupil.first_name, Pupil.prefix, Pupil.surname)
    guardian = (Guardian.first_name, Guardian.initials, Guardian.prefix, Guardian.surname)
    own = (ChangeRequest.section, ChangeRequest.subject, ChangeRequest.urgent, ChangeRequest.sent_at)
    statement = (
        sa.select(ChangeRequest.id, *own, School.answer_days, Pupil.id, *pupil, Guardian.id, *guardian)
        .join(School, School.id == ChangeRequest.school_id)
        .join(Guardian, Guardian.id == ChangeRequest.guardian_id)
        .outerjoin(Pupil, Pupil.id == ChangeRequest.pupil_id)
        .where(ChangeRequest.id.in_(ids))
    )
    found = {row[0]: _line(row) for row in db.session.execute(statement)}
    _label(found)
    return [found[each] for each in ids if each in found]


def _line(row: Any) -> Line:
    pupil_id, guardian_id, first_name = row[6], row[10], row[11] or row[12]
    name = row[7:10] if pupil_id else (first_name, *row[13:15])
    seed = (pupil_id or guardian_id).int
    return Line(*row[:6], seed=seed, name=" ".join(part for part in name if part), first_name_of_guardian=first_name)


def _label(found: dict[uuid.UUID, Line]) -> None:
    statement = (
        sa.select(ChangeItem.request_id, ChangeItem.key, ChangeItem.proposed)
        .where(ChangeItem.request_id.in_(found), ChangeItem.state == ItemState.PROPOSED)
        .order_by(ChangeItem.position, ChangeItem.id)
    )
    values: dict[uuid.UUID, dict[str, Any]] = defaultdict(dict)
    for request_id, key, proposed in db.session.execute(statement):
        values[request_id][key] = proposed
    for request_id, asked in values.items():
        line = found[request_id]
        declared = section(line.subject, line.section)
        line.count = len(asked)
        line.labels = [str(item.label) for item in declared.items(asked) if item.key in asked] if declared else []


def recent(actor: Actor, *, limit: int = PAGE) -> list[tuple[ChangeRequest, Guardian, Pupil | None]]:
    """The decisions of the last two weeks at this person's schools, newest first."""
    statement = (
        sa.select(ChangeRequest, Guardian, Pupil)
        .join(Guardian, Guardian.id == ChangeRequest.guardian_id)
        .outerjoin(Pupil, Pupil.id == ChangeRequest.pupil_id)
        .where(
            ChangeRequest.open.is_(False),
            ChangeRequest.decided_by.is_not(None),
            ChangeRequest.decided_at > clock.now() - RECENT,
            *reviewable(actor),
        )
        .options(selectinload(ChangeRequest.items))
        .order_by(ChangeRequest.decided_at.desc(), ChangeRequest.id)
        .limit(limit)
    )
    return [(request, guardian, pupil) for request, guardian, pupil in db.session.execute(statement)]


def earlier_of_others(request: ChangeRequest, keys: Sequence[str]) -> list[tuple[ChangeItem, Guardian]]:
    """What other guardians gave for the same items in the last three months and was answered, newest first."""
    statement = (
        sa.select(ChangeItem, Guardian)
        .join(ChangeRequest, ChangeRequest.id == ChangeItem.request_id)
        .join(Guardian, Guardian.id == ChangeRequest.guardian_id)
        .where(
            ChangeRequest.subject_id == request.subject_id,
            ChangeRequest.section == request.section,
            ChangeRequest.guardian_id != request.guardian_id,
            ChangeItem.key.in_(keys),
            ChangeItem.state.in_([ItemState.APPROVED, ItemState.REJECTED]),
            ChangeItem.decided_at > clock.now() - timedelta(days=92),
        )
        .order_by(ChangeItem.decided_at.desc())
    )
    return [(item, guardian) for item, guardian in db.session.execute(statement)]


def name_of(request: ChangeRequest) -> str:
    """Whom a request is about, in words: the child, or the parent when there is no child beside it."""
    model, key = (Pupil, request.pupil_id) if request.pupil_id else (Guardian, request.guardian_id)
    return db.session.get_one(model, key).full_name
