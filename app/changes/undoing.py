"""Taking a decision back: at once, before its mail has left, or later, as a request that is opened again."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.changes import events, messages, queries
from app.changes.applying import open_items, restore
from app.changes.models import ChangeItem, ChangeRequest, ItemState
from app.core import audit
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import Conflict


@dataclass(frozen=True, slots=True)
class Undone:
    """`request` is where the items wait now (the parent's newer request, where there is one); `left` are the items
    that stay as they are because their value was changed again since."""

    request: ChangeRequest
    left: list[str]


def undo(*, actor: Actor, request: ChangeRequest) -> Undone:
    """Take a decision back: the earlier values return and the request is open again; its mail, if it waits, is not sent.

    What the same decision closed for the other parent is opened too. `request` comes from `decisions.take`.
    Raises Conflict when it is open already.
    """
    if request.open or request.decided_at is None:
        raise Conflict("Dit verzoek staat al open.")
    others = _closed_with(request)
    # Backwards: the order of a list was applied after its contacts.
    left = [item.key for item in [*others, *reversed(request.items)] if not restore(item)]
    target = reopen(request, [item for item in request.items if _is_own_decision(item)])
    for other in others:
        if other.applied_at is None:
            reopen(other.request, [other])
    audit.record(
        events.UNDONE,
        actor=actor,
        school_id=request.school_id,
        subject_id=request.id,
        section=request.section,
        restored=[item.key for item in open_items(target)],
        left=left,
    )
    db.session.flush()
    return Undone(target, left)


def _closed_with(request: ChangeRequest) -> list[ChangeItem]:
    """The other parent's items that this decision answered too."""
    statement = select(ChangeItem).where(ChangeItem.closed_with == request.id).options(joinedload(ChangeItem.request))
    return list(db.session.scalars(statement))


def _is_own_decision(item: ChangeItem) -> bool:
    decided = item.state in (ItemState.APPROVED, ItemState.REJECTED)
    return decided and item.closed_with is None and item.applied_at is None


def reopen(request: ChangeRequest, items: list[ChangeItem]) -> ChangeRequest:
    """Make answered items proposals again, in the parent's newer open request, where there is one; gives that request."""
    target = queries.open_request(request.guardian_id, request.section, request.subject_id) or request
    taken = {item.key for item in open_items(target)}
    wanted = [item for item in items if item.key not in taken]  # the parent's newer proposal wins
    for item in wanted:
        item.state, item.reason, item.decided_at = ItemState.PROPOSED, "", None
        item.closed_with = item.dismissed_at = None
        if target is not request:
            request.items.remove(item)
            target.items.append(item)
    if wanted:
        messages.take_back(request)
        target.open = True
        target.decided_at = target.undo_until = target.decided_by = None
        target.decided_name = ""
    return target
