"""Reads of change requests, scoped by the person who asks."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.changes import policy
from app.changes.models import ChangeItem, ChangeRequest, ItemState
from app.changes.registry import section
from app.core import clock
from app.core.actor import Actor, Permission
from app.core.db import db, rows
from app.core.errors import NotFound
from app.school.models import Guardian, Guardianship, Staff

# An approval is shown on the card for two weeks, then it is simply what the school has. The list keeps two years.
APPROVED_SHOWN = timedelta(days=14)
LIST_KEPT = timedelta(days=730)
FORM_KEYS_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a parent's own proposal adds to one row of a card."""

    item_id: uuid.UUID
    request_id: uuid.UUID
    key: str
    state: ItemState
    seen: object
    proposed: object
    reason: str
    sent_at: datetime
    decided_at: datetime | None
    waits_for_address: bool


# Made once: putting a statement together costs more than asking it.
_MARKS = (
    sa.select(
        ChangeRequest.subject_id,
        ChangeRequest.section,
        ChangeItem.id,
        ChangeItem.request_id,
        ChangeItem.key,
        ChangeItem.state,
        ChangeItem.seen,
        ChangeItem.proposed,
        ChangeItem.reason,
        ChangeRequest.sent_at,
        ChangeItem.decided_at,
        sa.and_(ChangeItem.address != "", ChangeItem.confirmed_at.is_(None)),
    )
    .join(ChangeRequest, ChangeRequest.id == ChangeItem.request_id)
    .where(
        ChangeRequest.guardian_id.in_(sa.bindparam("guardian_ids", expanding=True)),
        ChangeRequest.subject_id.in_(sa.bindparam("subject_ids", expanding=True)),
        ChangeItem.dismissed_at.is_(None),
        sa.or_(
            ChangeItem.state.in_([ItemState.PROPOSED, ItemState.REJECTED]),
            sa.and_(ChangeItem.state == ItemState.APPROVED, ChangeItem.decided_at > sa.bindparam("since")),
        ),
    )
    .order_by(ChangeItem.id)
)


def marks_of(
    guardian_ids: tuple[uuid.UUID, ...], subject_ids: list[uuid.UUID]
) -> dict[tuple[uuid.UUID, str], list[Mark]]:
    """The proposals of these guardians that their cards still show, by (record, section). One query for a whole page.

    Of each item the newest only: open ones, answers of the last two weeks, refusals until they are put away.
    """
    since = clock.now() - APPROVED_SHOWN
    newest: dict[tuple[uuid.UUID, str], dict[str, Mark]] = defaultdict(dict)
    for row in rows(_MARKS, guardian_ids=guardian_ids, subject_ids=subject_ids, since=since):
        newest[row[0], row[1]][row[4]] = Mark(*row[2:])
    return {address: list(marks.values()) for address, marks in newest.items()}


def own_request(actor: Actor, request_id: uuid.UUID) -> ChangeRequest:
    """A request that this person made, with its items. Raises NotFound for any other."""
    request = db.session.scalar(
        sa.select(ChangeRequest)
        .where(ChangeRequest.id == request_id, ChangeRequest.guardian_id.in_(actor.guardian_ids or (uuid.UUID(int=0),)))
        .options(selectinload(ChangeRequest.items))
    )
    if request is None:
        raise NotFound
    return request


def own_item(actor: Actor, item_id: uuid.UUID) -> ChangeItem:
    """An item of a request that this person made. Raises NotFound for any other."""
    item = db.session.scalar(
        sa.select(ChangeItem).where(ChangeItem.id == item_id).options(joinedload(ChangeItem.request))
    )
    if item is None or item.request.guardian_id not in actor.guardian_ids:
        raise NotFound
    return item


def open_request(
    guardian_id: uuid.UUID, section_key: str, subject_id: uuid.UUID, *, lock: bool = False
) -> ChangeRequest | None:
    """The one open request of this guardian for this section of this record, if there is one.

    `lock` waits for an answer that the school is giving: after it the request is no longer open.
    """
    statement = (
        sa.select(ChangeRequest)
        .where(
            ChangeRequest.guardian_id == guardian_id,
            ChangeRequest.section == section_key,
            ChangeRequest.subject_id == subject_id,
            ChangeRequest.open,
        )
        .options(selectinload(ChangeRequest.items))
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(statement)


def requests_of(actor: Actor) -> list[ChangeRequest]:
    """Everything that this person asked in the last two years, newest first."""
    if not actor.guardian_ids:
        return []
    statement = (
        sa.select(ChangeRequest)
        .where(ChangeRequest.guardian_id.in_(actor.guardian_ids), ChangeRequest.sent_at > clock.now() - LIST_KEPT)
        .options(selectinload(ChangeRequest.items))
        .order_by(ChangeRequest.sent_at.desc(), ChangeRequest.id.desc())
        .limit(200)
    )
    return list(db.session.scalars(statement))


def not_about_oneself(actor: Actor) -> sa.ColumnElement[bool]:
    """Leaves out what a member of staff who is also a parent asked, and whatever is about their own child."""
    oneself = _oneself(actor)
    if oneself is None:
        return sa.true()
    own_children = sa.select(Guardianship.pupil_id).where(Guardianship.guardian_id.in_(oneself))
    return sa.and_(
        ChangeRequest.guardian_id.not_in(oneself),
        ChangeRequest.subject_id.not_in(oneself),
        sa.or_(ChangeRequest.pupil_id.is_(None), ChangeRequest.pupil_id.not_in(own_children)),
    )


def _oneself(actor: Actor) -> sa.Select[tuple[uuid.UUID]] | None:
    """The guardians that this member of staff is; None when surely none.

    Who works here is invited as a parent with a log-in apart. So a guardian with the same address, or the same name at
    the same school, counts too: a namesake's request is for a colleague.
    """
    own = sa.select(Guardian.id).where(Guardian.id.in_(actor.guardian_ids))
    staff_ids = [post.staff_id for post in actor.posts if post.staff_id]
    if not staff_ids:
        return own if actor.guardian_ids else None
    same_address = sa.and_(Guardian.email != "", Guardian.email == sa.func.lower(Staff.email))
    same_name = sa.and_(Guardian.school_id == Staff.school_id, _name_of(Guardian) == _name_of(Staff))
    alike = sa.select(Guardian.id).join(Staff, sa.or_(same_address, same_name)).where(Staff.id.in_(staff_ids))
    return sa.select(sa.union(own, alike).subquery().c.id)


def _name_of(person: type[Guardian] | type[Staff]) -> sa.ColumnElement[str]:
    """`marijke de boer`; a prefix may stand with the surname."""
    last = sa.func.trim(person.prefix + " " + person.surname)
    return sa.func.lower(person.first_name + " " + last)


def reviewable(actor: Actor) -> list[sa.ColumnElement[bool]]:
    """The conditions of every request that this member of staff may review."""
    return [ChangeRequest.school_id.in_(actor.schools_with(Permission.CHANGES_REVIEW)), not_about_oneself(actor)]


def review_of(actor: Actor, request_id: uuid.UUID, *, lock: bool = False) -> ChangeRequest:
    """A request that this person may review, with its items; `lock` keeps others off it until the commit.

    Raises NotFound for one that is not theirs to review.
    """
    statement = (
        sa.select(ChangeRequest)
        .where(ChangeRequest.id == request_id, *reviewable(actor))
        .options(selectinload(ChangeRequest.items))
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    request = db.session.scalar(statement)
    if request is None or not policy.may_review(actor, request):
        raise NotFound
    return request


def rivals_of(request: ChangeRequest) -> list[ChangeItem]:
    """Open items of other guardians for the same items of the same record."""
    keys = [item.key for item in request.items if item.state is ItemState.PROPOSED]
    statement = (
        sa.select(ChangeItem)
        .join(ChangeRequest, ChangeRequest.id == ChangeItem.request_id)
        .where(
            ChangeRequest.open,
            ChangeRequest.subject_id == request.subject_id,
            ChangeRequest.section == request.section,
            ChangeRequest.id != request.id,
            ChangeItem.key.in_(keys),
            ChangeItem.state == ItemState.PROPOSED,
        )
        .options(joinedload(ChangeItem.request))
        .order_by(ChangeItem.id)
    )
    declared = section(request.subject, request.section)
    own = {item.key: item.proposed for item in request.items if item.state is ItemState.PROPOSED}
    rivals = db.session.scalars(statement)
    return [rival for rival in rivals if declared is None or declared.compete(own[rival.key], rival.proposed)]


def item_to_confirm(item_id: uuid.UUID) -> ChangeItem | None:
    """The item whose mail address is to be confirmed by its reader; None once it was withdrawn or refused."""
    item = db.session.scalar(
        sa.select(ChangeItem).where(ChangeItem.id == item_id).options(joinedload(ChangeItem.request))
    )
    if item is None or not item.address or item.state not in (ItemState.PROPOSED, ItemState.APPROVED):
        return None
    return item
