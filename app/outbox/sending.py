"""The job that sends one message.

Over SMTP nothing can be sent exactly once: who is killed between the server's 250 and the commit doesn't know that the
mail went. What holds: none is lost; a mail known to be delivered is never sent again; one whose fate is unknown goes
again with the same Message-ID. The order that gives this: lease committed, mail handed over, "sent"
committed, job done.
"""

import logging
import secrets
import time
import uuid
from datetime import datetime, timedelta

import flask_mail
import sqlalchemy as sa

from app.core import clock, jobs, lease, worker
from app.core.db import begin_read, begin_write, db
from app.outbox import folder, registry, render, smtp
from app.outbox.models import Message, MessageState
from app.outbox.operations import SEND

log = logging.getLogger(__name__)

KEEP_TRYING = timedelta(days=4)
PAUSE_SECONDS = 30.0  # between looks at a mail server that is away
KEEP_CONTEXT = timedelta(days=30)
TRIES = 200  # for a mail that can't even be made, or that kills its worker: with the usual back-off about a week

# What this process delivered and couldn't write down: should it get the message again, it doesn't send it again.
_delivered: set[uuid.UUID] = set()


def _given_up(job: jobs.Job) -> None:
    row = sa.update(Message).where(Message.id == uuid.UUID(job.payload["message_id"]))
    values = {"state": MessageState.FAILED, "error": job.error or "never sent"}
    db.session.execute(row.where(Message.state == MessageState.QUEUED).values(**values))


@jobs.handler(SEND, attempts=TRIES, given_up=_given_up)
def send(job: jobs.Job) -> None:
    """Make the mail from what is true now, and hand it over.

    Nothing happens to a message that was sent, taken back or given up meanwhile. Raises Retry.
    """
    message = db.session.get(Message, uuid.UUID(job.payload["message_id"]))
    if message is None or message.state != MessageState.QUEUED:
        return
    if message.id not in _delivered:
        letter = render.letter(message)
        db.session.expunge(message)
        begin_read()  # no transaction stays open while we talk to another server
        if letter is None:
            begin_write()
            _set(message, MessageState.CANCELLED)
            return
        if not _hand_over(job, message, letter):
            return
    else:
        db.session.expunge(message)
    _write_down(message)
    log.info("mail sent", extra={"fields": {**_about(message), "attempt": job.attempts}})


def _hand_over(job: jobs.Job, message: Message, letter: flask_mail.Message) -> bool:
    """Whether the mail was delivered; when it never will be, that is written. Raises Retry."""
    lease.check()
    try:
        if folder.in_use():
            folder.deliver(message, letter)
        else:
            smtp.deliver(letter)
    except smtp.Refused as refused:
        _fail(message, refused.reason, no_mailbox=refused.no_mailbox)
        return False
    except smtp.NotSent as trouble:
        away = isinstance(trouble, smtp.Away)
        log.warning("mail not sent", extra={"fields": {**_about(message), "reason": trouble.reason, "away": away}})
        since = message.first_failed_at or clock.now()
        if clock.now() - since > KEEP_TRYING:
            _fail(message, trouble.reason, no_mailbox=False)
            return False
        begin_write()
        _set(message, MessageState.QUEUED, first_failed_at=since, error=trouble.reason[:200])
        db.session.commit()
        raise jobs.Retry(trouble.reason, after=PAUSE_SECONDS if away else _wait(since), pause=away) from None
    return True


def _wait(since: datetime) -> float:
    """Seconds until the next try: an eighth of the time since the first failure, from half a minute to an hour.

    So a message that an hour's trouble held up leaves within ten minutes of its end.
    """
    trouble = (clock.now() - since).total_seconds()
    return min(max(trouble / 8, 30.0), 3600.0) * secrets.SystemRandom().uniform(0.8, 1.2)


def _write_down(message: Message) -> None:
    """Commit that the message is sent, at once and by itself; a database that is away for a while is waited for."""
    _delivered.add(message.id)
    for wait in (0.1, 0.5, 1, 2, 5, 10, 20, 20, 20, 20, None):
        try:
            begin_write()
            _set(message, MessageState.SENT, sent_at=clock.now(), error="")
            db.session.commit()
            break
        except sa.exc.DBAPIError:
            if wait is None:
                raise
            time.sleep(wait)
    _delivered.discard(message.id)


def _fail(message: Message, reason: str, *, no_mailbox: bool) -> None:
    """Give the message up, and say so to whoever keeps the address. What they do can't undo it."""
    begin_write()
    _set(message, MessageState.FAILED, error=reason[:200])
    db.session.commit()
    log.error("mail given up", extra={"fields": {**_about(message), "reason": reason}})
    if no_mailbox:
        begin_write()
        try:
            registry.tell_of_bounce(message.address, message.school_id)
            db.session.commit()
        except Exception:
            log.exception("a bounce could not be told", extra={"fields": _about(message)})
            db.session.rollback()


def _set(message: Message, state: MessageState, **values: object) -> None:
    row = sa.update(Message).where(Message.id == message.id)
    if state is not MessageState.SENT:
        row = row.where(Message.state == MessageState.QUEUED)
    db.session.execute(row.values(state=state, **values).execution_options(synchronize_session=False))


def _about(message: Message) -> dict[str, str]:
    return {"mail": str(message.id), "kind": message.kind}


@worker.housekeeping
def sweep() -> None:
    """Forget what mails of more than a month ago were about."""
    old = sa.update(Message).where(
        Message.state != MessageState.QUEUED,
        Message.not_before < clock.now() - KEEP_CONTEXT,
        sa.cast(Message.context, sa.Text) != "{}",
    )
    db.session.execute(old.values(context={}).execution_options(synchronize_session=False))
