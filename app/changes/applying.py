"""The only way from a proposal into the record, and back out of it.

Layer: beside `operations`; `decisions` and `undoing` stand on it.
"""

import uuid
from typing import Any

import sqlalchemy as sa

from app.changes import events
from app.changes.models import ChangeItem, ChangeRequest, ItemState
from app.changes.registry import Viewer, section
from app.core import audit, clock
from app.core.actor import Actor
from app.core.db import db
from app.school.models import Guardian, School


def lock_school(school_id: uuid.UUID) -> None:
    """Wait until no other decision is under way at this school (A4): one request may touch another parent's, and a
    record that several sections show. Rows that refer to the school may still be added. SQLite has one writer anyhow."""
    db.session.execute(sa.select(School.id).where(School.id == school_id).with_for_update(key_share=True))


def viewer_of(request: ChangeRequest) -> Viewer:
    """The proposer's eyes: which of the record's values the request is about."""
    guardian = db.session.get_one(Guardian, request.guardian_id)
    return Viewer(guardian_id=guardian.id, household_id=guardian.household_id)


def section_of(request: ChangeRequest) -> Any:
    """The declaration of the request's section. Raises LookupError when no feature declares it any more."""
    found = section(request.subject, request.section)
    if found is None:
        raise LookupError(request.section)
    return found


def values_of(request: ChangeRequest) -> dict[str, Any]:
    """What the record says now, as the proposer sees it."""
    return section_of(request).read(request.subject_id, viewer_of(request))


def open_items(request: ChangeRequest) -> list[ChangeItem]:
    """The items that wait for an answer, in the card's order."""
    return [item for item in request.items if item.state is ItemState.PROPOSED]


def apply(*, actor: Actor, item: ChangeItem) -> None:
    """Write an approved value into the record and keep the one that it replaces.

    A mail address that its reader has yet to confirm only keeps it: `decisions.confirm_address` comes back here.
    """
    request = item.request
    declared, viewer = section_of(request), viewer_of(request)
    current = declared.read(request.subject_id, viewer).get(item.key)
    item.previous = declared.kept(request.subject_id, item.key, current, item.proposed, viewer)
    if item.address and item.confirmed_at is None:
        return
    declared.apply(request.subject_id, item.key, item.proposed, viewer)
    item.applied_at = clock.now()
    audit.record(
        events.APPLIED,
        actor=actor,
        school_id=request.school_id,
        subject_id=request.subject_id,
        section=request.section,
        key=item.key,
    )
    db.session.flush()


def restore(item: ChangeItem) -> bool:
    """Put the earlier value back, unless somebody changed it again since. Whether the item can be decided anew."""
    if item.applied_at is None or item.state is not ItemState.APPROVED:
        return True
    request = item.request
    declared, viewer = section_of(request), viewer_of(request)
    if not declared.agrees(declared.read(request.subject_id, viewer).get(item.key), item.proposed):
        return False
    declared.apply(request.subject_id, item.key, item.previous, viewer)
    item.applied_at = None
    db.session.flush()
    return True
