"""A mail server, the canary mail, and a short way to send what waits."""

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.db import begin_write, db
from app.outbox import operations, registry, smtp
from app.outbox.models import Message
from tests.outbox import canary
from tests.support.smtp import running_smtp


@pytest.fixture
def canaries(app, database, monkeypatch):
    """The kind `tests/canary`, for one test."""
    monkeypatch.setattr(registry, "_builders", dict(registry._builders))
    monkeypatch.setattr(registry, "_on_bounce", [])
    monkeypatch.setattr(jobs, "_resting", {})
    loader = app.jinja_env.loader
    canary.add_to(app)
    yield
    app.jinja_env.loader = loader


@pytest.fixture
def mail_server(app, canaries, monkeypatch):
    """A server that keeps what it gets, and the app set to send there."""
    with running_smtp() as server:
        monkeypatch.setitem(app.config, "MAIL_PORT", server.port)
        yield server
        smtp.close()


@pytest.fixture
def post(canaries):
    """`post(3)` puts canary 3 in the outbox, committed."""

    def post_one(number=1, *, context=None, **kwargs):
        begin_write()
        values = {"kind": canary.KIND, "address": canary.address(number), **kwargs}
        message = operations.post(context={"canary": f"k{number}", **(context or {})}, **values)
        db.session.commit()
        return message.id

    return post_one


def row(message_id) -> Message:
    db.session.rollback()
    return db.session.get(Message, message_id, populate_existing=True)


def work(worker="w1"):
    """Do everything that is due."""
    while jobs.run_next(worker):
        pass


def make_due():
    """Let the time of every waiting job have come."""
    begin_write()
    db.session.execute(sa.update(jobs.Job).values(run_at=clock.now(), leased_until=None))
    db.session.commit()
    jobs._resting.clear()
