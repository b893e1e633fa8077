"""Putting mail in the outbox and taking it back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import begin_write, db
from app.core.jobs import Job
from app.outbox import operations, registry
from app.outbox.models import Message, MessageState
from tests.outbox import canary
from tests.outbox.conftest import row, work


def post(**kwargs):
    return operations.post(
        **{"kind": canary.KIND, "address": "ouder@example.nl", "context": {"canary": "k1"}, **kwargs}
    )


def test_a_message_commits_with_what_caused_it_or_not_at_all(canaries):
    post()
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Message.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(Job.id))) == 0


def test_a_kind_that_nobody_declared_is_a_mistake_in_the_code(canaries):
    with pytest.raises(KeyError):
        post(kind="nobody/knows")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ouder",
        "ouder@",
        "a@example.nl\r\nBcc: b@example.nl",
        "a@example.nl, b@example.nl",
        "é@example.nl",
        "a b@x.nl",
    ],
)
def test_what_is_no_address_is_refused_without_quoting_it(canaries, address):
    with pytest.raises(ValueError, match="not a mail address"):
        post(address=address)


def test_the_message_id_is_made_with_the_row_at_the_senders_domain(canaries):
    message = post()
    assert message.message_id == f"<{message.id}@example.nl>"


def test_nothing_leaves_before_its_time(mail_server, post):
    message_id = post(1, not_before=clock.now() + timedelta(minutes=10))
    work()
    assert mail_server.messages == []
    assert row(message_id).state == MessageState.QUEUED


def test_a_topic_that_was_cancelled_is_never_sent(mail_server, post):
    gone, other = post(1, topic="change:1"), post(2, topic="change:2")
    begin_write()
    assert operations.cancel(topic="change:1") == 1
    db.session.commit()
    work()
    assert [received.recipients for received in mail_server.messages] == [("ouder2@example.nl",)]
    assert row(gone).state == MessageState.CANCELLED
    assert row(other).state == MessageState.SENT


def test_cancelling_sees_what_was_posted_in_the_same_transaction_and_leaves_what_was_sent(mail_server, post):
    sent = post(1, topic="t")
    work()
    begin_write()
    operations.post(kind=canary.KIND, address="a@example.nl", context={}, topic="t")
    assert operations.cancel(topic="t") == 1
    db.session.commit()
    assert row(sent).state == MessageState.SENT


def test_every_declared_kind_has_its_three_templates(app):
    for kind in registry.kinds():
        for name in ("subject.txt", "body.txt", "body.html"):
            app.jinja_env.get_template(f"mail/{kind}/{name}")
