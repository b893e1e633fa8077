"""Putting a mail in the outbox and taking it back. Both are part of the transaction that they are called in."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email

from app.core import clock, jobs
from app.core.db import db, new_id
from app.outbox import registry
from app.outbox.models import Message, MessageState

SEND = "outbox.send"  # the kind of the job that sends one message

_settings = {"domain": "localhost"}


def configure(*, sender: str) -> None:
    """Set the address that mails come from; the right-hand side of every Message-ID is its domain."""
    _settings["domain"] = sender.rpartition("@")[2] or "localhost"


def post(
    *,
    kind: str,
    address: str,
    context: dict[str, Any],
    language: str = "nl",
    school_id: uuid.UUID | None = None,
    account_id: uuid.UUID | None = None,
    topic: str | None = None,
    not_before: datetime | None = None,
) -> Message:
    """Put one mail to one address in the outbox; it leaves after the commit, not before `not_before`.

    `context` holds ids and keys, never names, values or links: the text is made from the database when it is sent.
    `topic` is what `cancel` finds it by. The Message-ID (RFC 5322, 3.6.4) is made here and stays the same over every
    try, so that a mail program which gets the same mail twice shows it once.

    Raises KeyError for a kind that nobody declared, ValueError for what is no mail address.
    """
    registry.builder(kind)
    message_id, now = new_id(), clock.now()
    message = Message(
        id=message_id,
        kind=kind,
        school_id=school_id,
        account_id=account_id,
        address=checked_address(address),
        language=language,
        context=context,
        topic=topic,
        message_id=f"<{message_id}@{_settings['domain']}>",
        created_at=now,
        not_before=not_before or now,
    )
    db.session.add(message)
    jobs.enqueue(SEND, {"message_id": str(message_id)}, run_at=message.not_before, school_id=school_id)
    db.session.flush()
    return message


def cancel(*, topic: str) -> int:
    """Take back what waits under this topic; gives the number of mails. What has left is gone."""
    db.session.flush()
    waiting = sa.update(Message).where(Message.topic == topic, Message.state == MessageState.QUEUED)
    return db.session.execute(waiting.values(state=MessageState.CANCELLED)).rowcount  # type: ignore[attr-defined]


def checked_address(address: str) -> str:
    """The address in its usual spelling. Raises ValueError for what is no mail address."""
    # A letter outside ASCII before the @ needs SMTPUTF8 (RFC 6531), which many servers lack; in the domain it is fine.
    try:
        return validate_email(address, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise ValueError("not a mail address") from None  # the address itself must not reach a log
