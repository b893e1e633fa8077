"""What the tests of accounts share: links as they stand in a mail, and the worker's work for accounts."""

import pytest
import sqlalchemy as sa

from app.accounts import operations, queries
from app.accounts.models import Link, Purpose
from app.core import tokens
from app.core.db import begin_read, begin_write, db
from app.core.jobs import Job, handlers
from app.outbox import render
from app.outbox.models import Message


@pytest.fixture
def issue(database):
    """`issue(account, purpose)` makes a link as a mail would hold it; gives the row and its path."""

    def make(account, purpose=Purpose.SETUP, **values):
        begin_write()
        account = db.session.merge(account)
        address = queries.address_at(account.id, None)
        link = operations.issue_link(account, purpose=purpose, address=address)
        for name, value in values.items():
            setattr(link, name, value)
        db.session.commit()
        return link, path_of(link)

    return make


def path_of(link: Link) -> str:
    page = {Purpose.SETUP: "setup", Purpose.RESET: "reset", Purpose.NOT_ME: "not-me"}[link.purpose]
    return f"/{page}/{tokens.make(link.purpose.value, link.id)}"


@pytest.fixture
def fresh(cast, factories, database):
    """A guardian with an account and no password yet."""
    guardian = factories.guardian(school=cast.school, first_name="Nadia", surname="Öztürk", email="nadia@example.nl")
    factories.guardianship(guardian=guardian, pupil=cast.imani)
    account = factories.account(username="nadia", guardians=[guardian], active=False)
    database.session.commit()
    return account


@pytest.fixture
def work(database):
    """Do what waits for the worker in accounts (not the sending of mail)."""

    def run():
        db.session.rollback()
        done = 0
        waiting = sa.select(Job).where(Job.kind.startswith("accounts."), Job.done_at.is_(None)).order_by(Job.run_at)
        jobs = db.session.scalars(waiting).all()
        db.session.expunge_all()
        for job in jobs:
            handlers[job.kind].function(job)
            db.session.execute(sa.update(Job).where(Job.id == job.id).values(done_at=job.created_at))
            db.session.commit()
            done += 1
        db.session.rollback()
        return done

    return run


@pytest.fixture
def mails(database):
    """`mails(kind)`: the messages of that kind, oldest first."""

    def find(kind=None):
        begin_read()
        wanted = sa.select(Message).order_by(Message.created_at, Message.id)
        return list(db.session.scalars(wanted.where(Message.kind == kind) if kind else wanted))

    return find


@pytest.fixture
def letter(app, database):
    """`letter(message)`: the mail as it would leave now, None when it would not."""

    def make(message):
        begin_read()
        return render.letter(db.session.merge(message))

    return make
