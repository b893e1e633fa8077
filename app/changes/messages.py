"""The pencil's mails: one function each. None holds a value, a child's name or a reason; each has a link to the page."""

import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.changes.models import ChangeItem, ChangeRequest, ItemState, Subject
from app.core import clock, tokens
from app.core.actor import Actor
from app.core.db import db
from app.outbox.links import link as public_url
from app.outbox.models import Message, MessageState
from app.outbox.operations import cancel, post
from app.outbox.registry import mail
from app.school.models import Custody, Guardian, Guardianship, MailState, School

# The first mail leaves at once; what follows within this time goes together in one.
RECEIVED_BUNDLE = timedelta(minutes=10)
REVIEW_BUNDLE = timedelta(minutes=30)
CONFIRM_PURPOSE = "confirm-address"


def tell_about_request(request: ChangeRequest, *, actor: Actor) -> None:
    """After a proposal: a receipt to the parent, a call to the school, and for a new mail address its own two mails."""
    guardian = db.session.get_one(Guardian, request.guardian_id)
    _receipt(request, guardian, actor)
    _call_school(request)
    for item in request.items:
        if item.address and item.state is ItemState.PROPOSED and item.confirmed_at is None:
            _ask_to_confirm(request, item, guardian, actor)


def tell_answer(request: ChangeRequest) -> None:
    """After a decision: one mail to the parent, when the time to undo it is over."""
    guardian = db.session.get_one(Guardian, request.guardian_id)
    if not reachable(guardian):
        return
    post(
        kind="changes/answered",
        address=guardian.email,
        language=guardian.language,
        context={"request": str(request.id)},
        school_id=request.school_id,
        topic=_answer_topic(request),
        not_before=request.undo_until,
    )


def take_back(request: ChangeRequest) -> None:
    """A decision was undone, or the request taken back: the answer that waits is not sent."""
    cancel(topic=_answer_topic(request))


def reachable(guardian: Guardian) -> bool:
    """Whether the school may and can mail this guardian."""
    return bool(
        guardian.email
        and guardian.email_state is MailState.OK
        and guardian.deceased_on is None
        and guardian.left_on is None
    )


def _answer_topic(request: ChangeRequest) -> str:
    return f"answer:{request.id}"


def _bundled(topic: str, window: timedelta, **message: Any) -> None:
    """Send at once, unless one of this topic left less than `window` ago; then once, when that is over."""
    if db.session.scalar(sa.select(Message.id).where(Message.topic == topic, Message.state == MessageState.QUEUED)):
        return
    last = db.session.scalar(
        sa.select(sa.func.max(Message.not_before)).where(Message.topic == topic, Message.state == MessageState.SENT)
    )
    not_before = max(clock.now(), last + window) if last else clock.now()
    post(topic=topic, not_before=not_before, **message)


def _receipt(request: ChangeRequest, guardian: Guardian, actor: Actor) -> None:
    if reachable(guardian):
        _bundled(
            f"received:{request.guardian_id}",
            RECEIVED_BUNDLE,
            kind="changes/received",
            address=guardian.email,
            language=guardian.language,
            context={"request": str(request.id)},
            school_id=request.school_id,
            account_id=actor.account_id,
        )


def _call_school(request: ChangeRequest) -> None:
    school = db.session.get_one(School, request.school_id)
    if not school.administration_email:
        return
    topic = f"urgent:{request.id}" if request.urgent else f"review:{school.id}"
    _bundled(
        topic,
        REVIEW_BUNDLE,
        kind="changes/review",
        address=school.administration_email,
        context={"request": str(request.id), "urgent": request.urgent},
        school_id=school.id,
    )


def _ask_to_confirm(request: ChangeRequest, item: ChangeItem, guardian: Guardian, actor: Actor) -> None:
    common = {
        "language": guardian.language,
        "context": {"item": str(item.id)},
        "school_id": request.school_id,
        "account_id": actor.account_id,
    }
    topic = f"confirm:{item.id}"
    if db.session.scalar(sa.select(Message.id).where(Message.topic == topic)):
        return
    post(kind="changes/confirm-address", address=item.address, topic=topic, **common)
    if guardian.email:
        post(kind="changes/address-change", address=guardian.email, **common)


def _request(message: Message) -> ChangeRequest | None:
    request = db.session.get(ChangeRequest, uuid.UUID(message.context["request"]))
    return request if request and still_a_parent(request) else None


def still_a_parent(request: ChangeRequest) -> bool:
    """Whether who asked may still hear of it: not gone from the school, custody of the child not ended (A5)."""
    guardian = db.session.get(Guardian, request.guardian_id)
    if guardian is None or guardian.left_on or guardian.deceased_on:
        return False
    if request.subject is Subject.GUARDIAN:
        return True
    link = db.session.scalar(
        sa.select(Guardianship).where(
            Guardianship.guardian_id == guardian.id, Guardianship.pupil_id == request.subject_id
        )
    )
    return link is not None and link.custody_on(clock.today()) is not Custody.NONE


def _to_guardian(guardian_id: uuid.UUID, endpoint: str, **values: Any) -> dict[str, Any]:
    guardian = db.session.get_one(Guardian, guardian_id)
    return {"recipient_name": guardian.full_name, "url": public_url(endpoint, **values)}


@mail("changes/received")
def received(message: Message) -> dict[str, Any] | None:
    """ "We hebben uw wijziging ontvangen": not sent when it was taken back meanwhile."""
    request = _request(message)
    if request is None or not request.open:
        return None
    days = db.session.get_one(School, request.school_id).answer_days
    return {**_to_guardian(request.guardian_id, "changes.opened", request_id=request.id), "days": days}


@mail("changes/answered")
def answered(message: Message) -> dict[str, Any] | None:
    """ "De school heeft uw wijziging nagekeken": not sent when the decision was undone."""
    request = _request(message)
    if request is None or request.open:
        return None
    return _to_guardian(request.guardian_id, "changes.opened", request_id=request.id)


@mail("changes/review")
def review(message: Message) -> dict[str, Any] | None:
    """To the school: how many wait, and a link that opens the review page. Not sent when nothing waits any more."""
    request_id = uuid.UUID(message.context["request"])
    count = db.session.scalar(
        sa.select(sa.func.count()).where(ChangeRequest.school_id == message.school_id, ChangeRequest.open)
    )
    if not count:
        return None
    request = db.session.get(ChangeRequest, request_id)
    urgent = bool(message.context.get("urgent") and request and request.open)
    target = (
        {"endpoint": "desk.change", "request_id": request_id}
        if request and request.open
        else {"endpoint": "desk.queue"}
    )
    return {"count": count, "urgent": urgent, "url": public_url(**target)}


def _item(message: Message) -> ChangeItem | None:
    item = db.session.get(ChangeItem, uuid.UUID(message.context["item"]))
    open_states = (ItemState.PROPOSED, ItemState.APPROVED)
    return item if item and item.state in open_states and item.confirmed_at is None else None


@mail("changes/confirm-address")
def confirm_address(message: Message) -> dict[str, Any] | None:
    """To the new address: "Ja, dit is mijn adres". The link is good as long as the proposal stands."""
    item = _item(message)
    if item is None:
        return None
    token = tokens.make(CONFIRM_PURPOSE, item.id)
    return _to_guardian(item.request.guardian_id, "changes.confirm", token=token)


@mail("changes/address-change")
def address_change(message: Message) -> dict[str, Any] | None:
    """To the old address: it is about to be replaced; whoever did not ask this goes to the school."""
    item = _item(message)
    return _to_guardian(item.request.guardian_id, "changes.opened", request_id=item.request_id) if item else None
