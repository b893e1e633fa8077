"""What staff do with a request: approve, reject, undo. The only way from a proposal into the record.

Layer: an operations module beside `operations`, split because its reason to change is another one.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.changes import events, messages, queries
from app.changes.models import ChangeItem, ChangeRequest, ItemState
from app.changes.registry import Viewer, fingerprint, section
from app.core import audit, clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import Conflict, DomainError
from app.school.models import Guardian, School

REASON_MAX = 1000
# To the parent whose proposal went when the other's was chosen. Says nothing of the other: not even that there is one.
CLOSED_REASON = "De school heeft dit intussen bijgewerkt. Klopt het niet? Bel ons even."
REVIEW_CLAIM = timedelta(minutes=2)

@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one item. `now` is the fingerprint of the record's value that the reviewer looked at."""

    approve: bool
    reason: str = ""
    now: str = ""

class Undecided(DomainError):
    """Items without an answer, or a rejection without a reason: {item id: message}."""

    def __init__(self, errors: dict[uuid.UUID, str]) -> None:
        super().__init__("Kies bij elke wijziging: goedkeuren of afwijzen.")
        self.errors = errors

class RecordMoved(Conflict):
    """The record changed between looking and answering: the reviewer has to look again."""

class AnsweredAlready(Conflict):
    """A colleague (`name`) was first."""

    def __init__(self, name: str) -> None:
        super().__init__("%(name)s heeft dit net afgehandeld.", name=name)
        self.name = name

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

def open_items(request: ChangeRequest) -> list[ChangeItem]:
    """The items that wait for an answer, in the card's order."""
    return [item for item in request.items if item.state is ItemState.PROPOSED]

def close_settled(request: ChangeRequest) -> bool:
    """Close items that the record already agrees with. Whether the whole request is closed by that."""
    current = section_of(request).read(request.subject_id, viewer_of(request))
    for item in open_items(request):
        if current.get(item.key) == section_of(request).bare(item.proposed):
            _settle(item, ItemState.LAPSED)
    if not open_items(request):
        request.open = False
        request.decided_at = clock.now()
    db.session.flush()
    return not request.open

def decide(*, actor: Actor, request: ChangeRequest, verdicts: dict[uuid.UUID, Verdict]) -> None:
    """Answer every open item, at once and once (A4). `request` comes locked from `queries.review_of(lock=True)`.

    Raises AnsweredAlready, Undecided (with the items) or RecordMoved; then nothing has changed.
    """
    items = open_items(request)
    if not request.open or not items:
        raise AnsweredAlready(request.decided_name)
    _demand_answers(items, verdicts)
    current = section_of(request).read(request.subject_id, viewer_of(request))
    _demand_fresh(section_of(request), items, verdicts, current)
    rivals = queries.rivals_of(request)
    approved = [item for item in items if verdicts[item.id].approve]
    for item in items:
        _answer(item, verdicts[item.id])
    for item in approved:
        apply(actor=actor, request=request, item=item)
    for rival in rivals:
        _close_rival(rival, request, approved)
    _close_request(actor, request)
    audit.record(
        events.DECIDED,
        actor=actor,
        school_id=request.school_id,
        subject_id=request.id,
        section=request.section,
        approved=[item.key for item in approved],
        rejected=[item.key for item in items if item not in approved],
    )
    messages.tell_answer(request)
    db.session.flush()

def _demand_answers(items: list[ChangeItem], verdicts: dict[uuid.UUID, Verdict]) -> None:
    errors = {}
    for item in items:
        verdict = verdicts.get(item.id)
        if verdict is None:
            errors[item.id] = "Kies goedkeuren of afwijzen."
        elif not verdict.approve and not verdict.reason.strip():
            errors[item.id] = "Vul in waarom. De ouder leest dit."
        elif len(verdict.reason) > REASON_MAX:
            errors[item.id] = "Maak de tekst korter: hoogstens 1000 tekens."
    if errors:
        raise Undecided(errors)

def _demand_fresh(
    declared: Any, items: list[ChangeItem], verdicts: dict[uuid.UUID, Verdict], current: dict[str, Any]
) -> None:
    """An outdated proposal is never applied unseen: the reviewer must have seen the value that it replaces."""
    for item in items:
        verdict, now = verdicts[item.id], current.get(item.key)
        expected = verdict.now or fingerprint(item.seen)
        if verdict.approve and fingerprint(now) != expected and now != declared.bare(item.proposed):
            raise RecordMoved("De gegevens zijn net gewijzigd. Kijk nog een keer.")

def _answer(item: ChangeItem, verdict: Verdict) -> None:
    item.state = ItemState.APPROVED if verdict.approve else ItemState.REJECTED
    item.reason = "" if verdict.approve else verdict.reason.strip()
    item.decided_at = clock.now()

def apply(*, actor: Actor, request: ChangeRequest, item: ChangeItem) -> None:
    """Write an approved value into the record and keep the one that it replaces. Does nothing for an address that
    its reader has yet to confirm: `confirm_address` comes back here."""
    if item.address and item.confirmed_at is None:
        return
    declared, viewer = section_of(request), viewer_of(request)
    current = declared.read(request.subject_id, viewer).get(item.key)
    item.previous = declared.undo_value(current, item.proposed)
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

def _settle(item: ChangeItem, state: ItemState) -> None:
    item.state = state
    item.decided_at = clock.now()

def _close_rival(rival: ChangeItem, request: ChangeRequest, approved: list[ChangeItem]) -> None:
    """One decision closes both parents' proposals for an item, when one of them was chosen."""
    chosen = next((item for item in approved if item.key == rival.key), None)
    if chosen is None:
        return
    bare = section_of(request).bare
    same = bare(chosen.proposed) == bare(rival.proposed)
    _settle(rival, ItemState.LAPSED if same else ItemState.REJECTED)
    rival.reason = "" if same else CLOSED_REASON
    rival.closed_with = request.id
    other = rival.request
    if not open_items(other):
        other.open = False
        other.decided_at = request.decided_at or clock.now()
        other.decided_by, other.decided_name = request.decided_by, request.decided_name
        other.undo_until = clock.now() + undo_window(request.school_id)
        messages.tell_answer(other)

def undo_window(school_id: uuid.UUID) -> timedelta:
    """How long a decision can be taken back before its mail leaves: the school's setting."""
    return timedelta(minutes=db.session.get_one(School, school_id).undo_minutes)

def _close_request(actor: Actor, request: ChangeRequest) -> None:
    request.open = False
    request.decided_at = clock.now()
    request.decided_by, request.decided_name = actor.account_id, actor.name
    request.undo_until = request.decided_at + undo_window(request.school_id)
    request.reviewer = request.reviewer_until = None

def undo(*, actor: Actor, request: ChangeRequest) -> list[str]:
    """Take a decision back: the earlier values return and the request is open again. Also the way to reopen it later.

    Gives the keys whose value was changed again since, and so stay as they are. Raises Conflict when it is open.
    """
    if request.open or request.decided_at is None:
        raise Conflict("Dit verzoek staat al open.")
    left = [item.key for item in request.items if not _restore(request, item)]
    restored = _reopen(request)
    for rival in db.session.scalars(select(ChangeItem).where(ChangeItem.closed_with == request.id)):
        _reopen(rival.request, only=rival)
    messages.take_back(request)
    audit.record(
        events.UNDONE,
        actor=actor,
        school_id=request.school_id,
        subject_id=request.id,
        section=request.section,
        restored=restored,
        left=left,
    )
    db.session.flush()
    return left

def _restore(request: ChangeRequest, item: ChangeItem) -> bool:
    """Put the earlier value back, unless somebody changed it again. Whether the item can be decided anew."""
    if item.applied_at is None or item.state is not ItemState.APPROVED:
        return True
    declared, viewer = section_of(request), viewer_of(request)
    if declared.read(request.subject_id, viewer).get(item.key) != declared.bare(item.proposed):
        return False
    declared.apply(request.subject_id, item.key, item.previous, viewer)
    item.applied_at = None
    db.session.flush()
    return True

def _reopen(request: ChangeRequest, *, only: ChangeItem | None = None) -> list[str]:
    """Make decided items proposals again; in the parent's newer open request, where there is one."""
    target = queries.open_request(request.guardian_id, request.section, request.subject_id) or request
    taken = {item.key for item in open_items(target)}
    keys = []
    for item in list(request.items):
        if not _can_reopen(item, only) or item.key in taken:
            continue
        item.state, item.reason, item.decided_at, item.closed_with = ItemState.PROPOSED, "", None, None
        item.dismissed_at = None
        item.request = target
        keys.append(item.key)
    if keys:
        target.open = True
        target.decided_at = target.undo_until = None
    messages.take_back(request)
    return keys

def _can_reopen(item: ChangeItem, only: ChangeItem | None) -> bool:
    if only is not None:
        return item.id == only.id
    if item.closed_with is not None or item.applied_at is not None:
        return False
    return item.state in (ItemState.APPROVED, ItemState.REJECTED)

def confirm_address(*, actor: Actor, item: ChangeItem) -> None:
    """The reader of a proposed mail address says that it is theirs; an approval that waited for this is carried out.

    Raises Conflict when the proposal is no longer one.
    """
    if item.state not in (ItemState.PROPOSED, ItemState.APPROVED) or not item.address:
        raise Conflict("Deze wijziging is ingetrokken of al afgehandeld.")
    if item.confirmed_at is not None:
        return
    item.confirmed_at = clock.now()
    audit.record(
        events.CONFIRMED,
        actor=actor,
        school_id=item.school_id,
        subject_id=item.request_id,
        section=item.request.section,
    )
    if item.state is ItemState.APPROVED and item.applied_at is None:
        apply(actor=actor, request=item.request, item=item)
    db.session.flush()

def claim(*, actor: Actor, request: ChangeRequest) -> str | None:
    """Say that this member of staff is looking at the request; the name of a colleague who already is, or None."""
    now = clock.now()
    if request.reviewer not in (None, actor.account_id) and request.reviewer_until and request.reviewer_until > now:
        return request.reviewer_name
    request.reviewer, request.reviewer_name = actor.account_id, actor.name
    request.reviewer_until = now + REVIEW_CLAIM
    return None

