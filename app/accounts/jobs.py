"""What the worker does for accounts."""

import uuid

from app.accounts import invitations, operations, queries, sessions
from app.accounts.models import Account
from app.core import jobs, worker
from app.core.db import begin_write, db
from app.outbox.registry import on_bounce

worker.housekeeping(sessions.sweep)
on_bounce(invitations.note_bounce)


@jobs.handler(operations.SEND_LINKS)
def send_links(job: jobs.Job) -> None:
    """Mail a password link to each of these accounts, at the address that it has now."""
    begin_write()
    for text in job.payload["account_ids"]:
        account = db.session.get(Account, uuid.UUID(text))
        address = queries.address_at(account.id, None) if account and account.disabled_at is None else None
        if account is not None and address is not None:
            operations.send_password_link(account, address=address)


@jobs.handler(invitations.INVITE_MANY)
def invite_many(job: jobs.Job) -> None:
    """Invite a few at a time; each few commit with how far the job is, so a second run goes on from there."""
    done = job.progress_done
    while done < len(job.payload["guardian_ids"]):
        begin_write()
        done = invitations.invite_batch(job, done)
        db.session.commit()
