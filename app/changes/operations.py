"""What a parent does with the pencil: propose, withdraw, propose again, put an answer away.

Nothing here touches the record; only an approval does (`decisions`).
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.changes import brakes, events, messages, policy, queries
from app.changes.models import ChangeItem, ChangeRequest, ItemState, SentForm
from app.changes.registry import Item, Policy, Values, Viewer, fingerprint, read_version, tightened
from app.core import audit, clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import N_, Conflict, DomainError, NotFound
from app.school.models import School
from app.school.queries import SchoolFacts


@dataclass(frozen=True, slots=True)
class Draft:
    """One form that a parent sends: for whom, in which section, from which version, with which key.

    `form_key` is made with the form; a second arrival of the same key changes nothing (double tap, lost answer).
    """

    section: Any
    school: School | SchoolFacts
    subject_id: uuid.UUID
    guardian_id: uuid.UUID
    viewer: Viewer
    version: str
    form_key: str
    pupil_id: uuid.UUID | None = None


@dataclass(slots=True)
class Outcome:
    """What became of a sent form."""

    request: ChangeRequest | None = None
    sent: list[str] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    repeated: bool = False


class ChangedMeanwhile(Conflict):
    """The school changed an item after the parent opened the form. `current` holds the school's new values."""

    def __init__(self, current: Values) -> None:
        super().__init__("De school heeft dit net aangepast.")
        self.current = current


def propose(*, actor: Actor, draft: Draft, typed: Values, insist: bool = False) -> Outcome:
    """Turn a valid form into a pending request (M7): only the items that the parent changed, each with what was seen.

    What equals the school's value takes an earlier proposal for it back. `insist` sends although the school changed
    the item meanwhile. Raises ChangedMeanwhile, or DomainError from the section's own rules, with the field.
    """
    if not _first_time(draft.form_key, actor):
        request = queries.open_request(draft.guardian_id, draft.section.key, draft.subject_id)
        return Outcome(request=request, repeated=True)
    request = queries.open_request(draft.guardian_id, draft.section.key, draft.subject_id, lock=True)
    current = draft.section.read(draft.subject_id, draft.viewer)
    wanted = _changed(draft, current, typed, _pending(request), insist=insist)
    if wanted:
        draft.section.check(draft.subject_id, wanted, draft.viewer)
    outcome = Outcome(request=request)
    _brake_on_mail(actor, draft, wanted)
    for key, value in wanted.items():
        _take_or_send(draft, outcome, key, current.get(key), value)
    _close_when_empty(outcome.request)
    _tell(actor, draft, outcome)
    return outcome


def _brake_on_mail(actor: Actor, draft: Draft, wanted: Values) -> None:
    """A new mail address gets a mail: not as many as somebody likes."""
    keys = [item.key for item in draft.section.items(wanted) if item.confirm_address and wanted.get(item.key)]
    if keys and actor.account_id is not None and not brakes.may_confirm(actor.account_id):
        raise DomainError(N_("U probeerde dit te vaak achter elkaar."), field=keys[0])


def _first_time(form_key: str, actor: Actor) -> bool:
    """Whether this form arrives for the first time. The row is the lock: two at once, one waits and then sees it."""
    sound = 0 < len(form_key) <= 64 and form_key.isprintable()
    if not sound or actor.account_id is None:
        raise DomainError("Dit formulier is niet compleet. Open het opnieuw.")
    try:
        with db.session.begin_nested():
            db.session.add(SentForm(key=form_key, account_id=actor.account_id, sent_at=clock.now()))
            db.session.flush()
    except IntegrityError:
        return False
    return True


def _pending(request: ChangeRequest | None) -> dict[str, ChangeItem]:
    items = request.items if request else []
    return {item.key: item for item in items if item.state is ItemState.PROPOSED}


def _changed(draft: Draft, current: Values, typed: Values, pending: dict[str, ChangeItem], *, insist: bool) -> Values:
    """The typed items that ask for something: other than the record says, or than was asked before."""
    items = {item.key: item for item in draft.section.items({**current, **typed})}
    seen = read_version(draft.version)
    wanted: Values = {}
    clashes: Values = {}
    for key, value in typed.items():
        if not may_change(draft, items.get(key)):
            continue
        asked = pending[key].proposed if key in pending else current.get(key)
        if value == asked:
            continue
        moved = key in seen and seen[key] != fingerprint(current.get(key))
        if moved and fingerprint(value) == seen[key]:
            continue  # the parent left it as it was; the school changed it
        if moved and value != current.get(key) and not insist:
            clashes[key] = current.get(key)
        wanted[key] = value
    if clashes:
        raise ChangedMeanwhile(clashes)
    return wanted


def may_change(draft: Draft, item: Item | None) -> bool:
    """Whether the school lets parents propose another value for this item; unknown keys never are."""
    return item is not None and tightened(item, draft.section.key, draft.school.field_policies) is Policy.CHANGE


def _take_or_send(draft: Draft, outcome: Outcome, key: str, current: Any, value: Any) -> None:
    earlier = _pending(outcome.request).get(key)
    if earlier is not None:
        _close(earlier, ItemState.WITHDRAWN)
    if value == current:
        outcome.taken_back.append(key)
        return
    if outcome.request is None:
        outcome.request = _open(draft)
    outcome.request.sent_at = clock.now()
    _put_answers_away(draft, key)
    outcome.request.items.append(_item(draft, key, current, value))
    outcome.sent.append(key)


def _put_answers_away(draft: Draft, key: str) -> None:
    """Who proposes again has read the earlier refusal: it must not come back when the new answer has had its time."""
    of_item = sa.select(ChangeRequest.id).where(
        ChangeRequest.guardian_id == draft.guardian_id,
        ChangeRequest.section == draft.section.key,
        ChangeRequest.subject_id == draft.subject_id,
    )
    db.session.execute(
        sa.update(ChangeItem)
        .where(ChangeItem.request_id.in_(of_item), ChangeItem.key == key, ChangeItem.state == ItemState.REJECTED)
        .values(dismissed_at=clock.now())
        .execution_options(synchronize_session="fetch")
    )


def _open(draft: Draft) -> ChangeRequest:
    request = ChangeRequest(
        school_id=draft.school.id,
        section=draft.section.key,
        subject=draft.section.subject,
        subject_id=draft.subject_id,
        guardian_id=draft.guardian_id,
        pupil_id=draft.pupil_id,
        urgent=draft.section.urgent,
        sent_at=clock.now(),
        open=True,
    )
    request.items = []
    db.session.add(request)
    return request


def _item(draft: Draft, key: str, current: Any, value: Any) -> ChangeItem:
    items = draft.section.items({**draft.section.read(draft.subject_id, draft.viewer), key: value})
    position, item = next((place, item) for place, item in enumerate(items) if item.key == key)
    address = str(value) if item.confirm_address and value else ""
    return ChangeItem(
        school_id=draft.school.id,
        key=key,
        position=position,
        seen=current,
        proposed=value,
        state=ItemState.PROPOSED,
        address=address,
    )


def _close(item: ChangeItem, state: ItemState) -> None:
    item.state = state
    item.decided_at = clock.now()


def _close_when_empty(request: ChangeRequest | None) -> None:
    if request is not None and not _pending(request):
        request.open = False
        request.decided_at = clock.now()
        messages.take_back(request)


def _tell(actor: Actor, draft: Draft, outcome: Outcome) -> None:
    db.session.flush()
    request = outcome.request
    if request is None:
        return
    if outcome.sent:
        audit.record(
            events.PROPOSED,
            actor=actor,
            school_id=request.school_id,
            subject_id=request.id,
            section=request.section,
            keys=outcome.sent,
        )
        messages.tell_about_request(request, actor=actor)
    if outcome.taken_back:
        _record_withdrawal(actor, request, outcome.taken_back)
    db.session.flush()


def _record_withdrawal(actor: Actor, request: ChangeRequest, keys: list[str]) -> None:
    audit.record(
        events.WITHDRAWN,
        actor=actor,
        school_id=request.school_id,
        subject_id=request.id,
        section=request.section,
        keys=keys,
    )


def withdraw(*, actor: Actor, request: ChangeRequest) -> None:
    """Take back what the school has not answered yet. Acts at once; `propose_again` is its undo.

    Raises Conflict when the school was first, NotFound when it is not this person's request.
    """
    if request.guardian_id not in actor.guardian_ids:
        raise NotFound
    db.session.refresh(request, with_for_update=True)
    if not policy.may_withdraw(actor, request):
        raise Conflict("De school heeft al geantwoord.")
    keys = []
    for item in _pending(request).values():
        _close(item, ItemState.WITHDRAWN)
        keys.append(item.key)
    _close_when_empty(request)
    _record_withdrawal(actor, request, keys)
    db.session.flush()


def propose_again(*, actor: Actor, request: ChangeRequest, draft: Draft) -> Outcome:
    """Send what was last taken back once more, against what the school has now.

    Raises Conflict when there is nothing to send again.
    """
    last = max((item.decided_at for item in request.items if item.state is ItemState.WITHDRAWN), default=None)
    if last is None or request.open:
        raise Conflict("Er is niets om opnieuw door te geven.")
    typed = {item.key: item.proposed for item in request.items if item.decided_at == last}
    return propose(actor=actor, draft=draft, typed=typed, insist=True)


def dismiss(*, item: ChangeItem) -> None:
    """The parent read the answer and puts it away ("Begrepen"); it stays in the list of changes."""
    if item.state in (ItemState.REJECTED, ItemState.APPROVED):
        item.dismissed_at = clock.now()
        db.session.flush()


def forget_old_forms() -> None:
    """Remove the keys of forms that were sent more than a week ago: no browser repeats them any more."""
    db.session.execute(sa.delete(SentForm).where(SentForm.sent_at < clock.now() - queries.FORM_KEYS_KEPT))
