"""What staff answer to a request: approve, reject, or choose the other parent's proposal. One answer, once (A4).

Layer: beside `operations`, split because its reason to change is another one.
"""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.changes import events, messages, queries
from app.changes.applying import apply, lock_school, open_items, section_of, values_of
from app.changes.models import ChangeItem, ChangeRequest, ItemState
from app.changes.registry import fingerprint
from app.changes.undoing import reopen
from app.core import audit, clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import N_, Conflict, DomainError
from app.school.models import School

REASON_MAX = 600
# To the parent whose proposal went when the other's was chosen. Says nothing of the other: not even that there is one.
CLOSED_REASON = N_("De school heeft dit intussen bijgewerkt. Klopt het niet? Bel ons even.")
REVIEW_CLAIM = timedelta(minutes=2)

Rivals = dict[str, list[ChangeItem]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one item. `now` is the fingerprint of the record's value that the reviewer looked at, `rivals` the
    other parents' items that were shown beside it (None: not looked at), `choose` the one of them that is taken instead.

    A rejection of an item with rivals in sight is the answer to all of them.
    """

    approve: bool
    reason: str = ""
    now: str = ""
    choose: uuid.UUID | None = None
    rivals: frozenset[uuid.UUID] | None = None


class Undecided(DomainError):
    """Items without an answer, or a rejection without a reason: {item id: message}."""

    def __init__(self, errors: dict[uuid.UUID, str]) -> None:
        super().__init__(N_("Kies bij elke wijziging: goedkeuren of afwijzen."))
        self.errors = errors


class RecordMoved(Conflict):
    """The record, or what is proposed for it, changed between looking and answering: the reviewer has to look again."""

    def __init__(self) -> None:
        super().__init__(N_("De gegevens zijn net gewijzigd. Kijk nog een keer."))


class AnsweredAlready(Conflict):
    """A colleague (`name`) was first, or, without a name, the parent took it back."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("%(name)s heeft dit net afgehandeld."), name=name)
        self.name = name


def take(actor: Actor, request_id: uuid.UUID) -> ChangeRequest:
    """The request, for a decision: nobody else decides at this school until the commit.

    Raises NotFound for one that is not this person's to review.
    """
    lock_school(queries.review_of(actor, request_id).school_id)
    return queries.review_of(actor, request_id, lock=True)


def close_settled(request: ChangeRequest) -> bool:
    """Close items that the record already agrees with. Whether that closes the whole request."""
    current, declared = values_of(request), section_of(request)
    for item in open_items(request):
        if declared.agrees(current.get(item.key), item.proposed):
            _settle(item, ItemState.LAPSED)
    if not open_items(request):
        request.open = False
        request.decided_at = clock.now()
        request.reviewer = request.reviewer_until = None
    db.session.flush()
    return not request.open


def decide(*, actor: Actor, request: ChangeRequest, verdicts: dict[uuid.UUID, Verdict]) -> None:
    """Answer every open item. `request` comes from `take`.

    Raises AnsweredAlready, Undecided (with the items) or RecordMoved; then nothing has changed.
    """
    items = open_items(request)
    if not request.open or not items:
        raise AnsweredAlready(request.decided_name)
    _demand_answers(items, verdicts)
    rivals = _rivals(request)
    _demand_fresh(request, items, verdicts, rivals)
    for item in items:
        _answer(request, item, verdicts[item.id], rivals[item.key])
    answered = [*items, *(rival for found in rivals.values() for rival in found)]
    for item in answered:
        if _is_to_apply(item, verdicts):
            apply(actor=actor, item=item)
    _close(actor, request)
    for other in {rival.request_id: rival.request for found in rivals.values() for rival in found}.values():
        if not open_items(other):
            _close(actor, other)
    db.session.flush()


def _rivals(request: ChangeRequest) -> Rivals:
    found: Rivals = defaultdict(list)
    for rival in queries.rivals_of(request):
        found[rival.key].append(rival)
    return found


def _demand_answers(items: list[ChangeItem], verdicts: dict[uuid.UUID, Verdict]) -> None:
    errors = {}
    for item in items:
        verdict = verdicts.get(item.id)
        if verdict is None:
            errors[item.id] = N_("Kies goedkeuren of afwijzen.")
        elif not verdict.approve and verdict.choose is None and not verdict.reason.strip():
            errors[item.id] = N_("Vul in waarom. De ouder leest dit.")
        elif len(verdict.reason) > REASON_MAX:
            errors[item.id] = N_("Maak de tekst korter: hoogstens 600 tekens.")
    if errors:
        raise Undecided(errors)


def _demand_fresh(
    request: ChangeRequest, items: list[ChangeItem], verdicts: dict[uuid.UUID, Verdict], rivals: Rivals
) -> None:
    """An outdated proposal is never applied unseen: the reviewer must have seen the value that it replaces, and every
    other proposal that goes with it."""
    current, declared = values_of(request), section_of(request)
    for item in items:
        verdict, now = verdicts[item.id], current.get(item.key)
        there = {rival.id for rival in rivals[item.key]}
        if verdict.rivals is not None and verdict.rivals != there:
            raise RecordMoved
        if verdict.choose is not None and verdict.choose not in there:
            raise RecordMoved
        expected = verdict.now or fingerprint(item.seen)
        writes = verdict.approve or verdict.choose is not None
        if writes and fingerprint(now) != expected and not declared.agrees(now, item.proposed):
            raise RecordMoved


def _answer(request: ChangeRequest, item: ChangeItem, verdict: Verdict, rivals: list[ChangeItem]) -> None:
    """The item's own answer, and in the same breath that of the other parents' items for the same thing."""
    winner = item if verdict.approve else next((rival for rival in rivals if rival.id == verdict.choose), None)
    if winner is None:
        _reject(item, verdict.reason.strip())
    for each in [item, *rivals]:
        if winner is not None:
            _give_way(each, winner, section_of(request))
        elif each is not item and verdict.rivals:
            _reject(each, verdict.reason.strip())
        if each is not item and each.state is not ItemState.PROPOSED:
            each.closed_with = request.id


def _give_way(item: ChangeItem, winner: ChangeItem, declared: Any) -> None:
    """Who asked for the same as the winner gets a yes as well; whoever asked for something else a no that tells nothing."""
    if item is winner or declared.agrees(winner.proposed, item.proposed):
        _settle(item, ItemState.APPROVED)
    else:
        _reject(item, CLOSED_REASON)


def _is_to_apply(item: ChangeItem, verdicts: dict[uuid.UUID, Verdict]) -> bool:
    """Only the chosen one of several equal proposals is carried out."""
    verdict = verdicts.get(item.id)
    if verdict is not None:
        return verdict.approve
    return any(each.choose == item.id for each in verdicts.values())


def _settle(item: ChangeItem, state: ItemState) -> None:
    item.state, item.reason, item.decided_at = state, "", clock.now()


def _reject(item: ChangeItem, reason: str) -> None:
    _settle(item, ItemState.REJECTED)
    item.reason = reason


def undo_window(school_id: uuid.UUID) -> timedelta:
    """How long a decision can be taken back before its mail leaves: the school's setting."""
    return timedelta(minutes=db.session.get_one(School, school_id).undo_minutes)


def _close(actor: Actor, request: ChangeRequest) -> None:
    request.open = False
    request.decided_at = clock.now()
    request.decided_by, request.decided_name = actor.account_id, actor.name
    request.undo_until = request.decided_at + undo_window(request.school_id)
    request.reviewer = request.reviewer_until = None
    audit.record(
        events.DECIDED,
        actor=actor,
        school_id=request.school_id,
        subject_id=request.id,
        section=request.section,
        approved=[item.key for item in request.items if item.state is ItemState.APPROVED],
        rejected=[item.key for item in request.items if item.state is ItemState.REJECTED],
    )
    messages.tell_answer(request)


def confirm_address(*, actor: Actor, item: ChangeItem) -> None:
    """The reader of a proposed mail address says that it is theirs; an approval that waited for this is carried out.

    When the school has another address by now than the one that the reviewer saw, the item waits for the school again.
    Raises Conflict when the proposal is no longer one.
    """
    lock_school(item.school_id)
    db.session.refresh(item)
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
    if item.state is ItemState.APPROVED:
        _carry_out(actor, item)
    db.session.flush()


def _carry_out(actor: Actor, item: ChangeItem) -> None:
    now, declared = values_of(item.request).get(item.key), section_of(item.request)
    if declared.agrees(now, item.previous):
        apply(actor=actor, item=item)
    else:
        reopen(item.request, [item])


def claim(*, actor: Actor, request: ChangeRequest, take_over: bool = False) -> str | None:
    """Say that this member of staff is looking at the request; the name of a colleague who already is, or None."""
    other = colleague_at(actor, request)
    if other and not take_over:
        return other
    request.reviewer, request.reviewer_name = actor.account_id, actor.name
    request.reviewer_until = clock.now() + REVIEW_CLAIM
    return None


def colleague_at(actor: Actor, request: ChangeRequest) -> str | None:
    """Who else has had the request open in the last two minutes."""
    taken = request.reviewer not in (None, actor.account_id)
    fresh = request.reviewer_until is not None and request.reviewer_until > clock.now()
    return request.reviewer_name if taken and fresh else None
