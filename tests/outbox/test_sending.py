"""What becomes of a message: sent, tried again, refused for good; and never twice."""

import logging
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.db import begin_write, db
from app.core.worker import Worker
from app.outbox import operations, registry, sending
from app.outbox.models import Message, MessageState
from tests.outbox import canary
from tests.outbox.conftest import make_due, row, work
from tests.support.smtp import free_port_that_nobody_answers


def job_of(message_id):
    db.session.rollback()
    return db.session.scalar(sa.select(jobs.Job).execution_options(populate_existing=True))


def test_it_is_sent_once_and_the_row_says_so(mail_server, post):
    message_id = post(1)
    work()
    make_due()
    work()
    (mail,) = mail_server.messages
    message = row(message_id)
    assert mail.message_id == message.message_id
    assert "k1" in mail.text("plain")
    assert "k1" in mail.text("html")
    assert message.state == MessageState.SENT
    assert message.sent_at
    assert job_of(message_id).done_at


def test_one_connection_serves_several_mails(mail_server, post):
    for number in range(5):
        post(number)
    work()
    assert len(mail_server.messages) == 5
    assert mail_server.connections == 1


def test_a_server_that_restarted_is_connected_to_anew(mail_server, post):
    post(1)
    work()
    mail_server.stop()
    mail_server.start()
    post(2)
    work()
    assert len(mail_server.messages) == 2


def test_what_is_no_longer_right_when_its_turn_comes_is_cancelled(mail_server, post):
    message_id = post(1, context={"gone": True})
    work()
    assert row(message_id).state == MessageState.CANCELLED
    assert mail_server.messages == []


def test_a_refusal_for_now_is_tried_again_with_the_same_message_id(mail_server, post):
    mail_server.refuse(canary.address(1), 451)
    message_id = post(1)
    work()
    message = row(message_id)
    assert message.state == MessageState.QUEUED
    assert message.error == "451 SMTPRecipientsRefused"
    assert timedelta(seconds=20) < job_of(message_id).run_at - clock.now() < timedelta(seconds=37)
    mail_server.accept(canary.address(1))
    make_due()
    work()
    assert [mail.message_id for mail in mail_server.messages] == [message.message_id]
    assert row(message_id).state == MessageState.SENT
    assert row(message_id).error == ""


def test_one_bad_address_holds_up_nobody_else(mail_server, post):
    mail_server.refuse(canary.address(1), 451)
    mail_server.refuse(canary.address(2), 550)
    for number in (1, 2, 3, 4):
        post(number)
    work()
    assert [mail.recipients for mail in mail_server.messages] == [(canary.address(3),), (canary.address(4),)]


def test_no_such_mailbox_fails_and_is_told(mail_server, post):
    told = []
    registry.on_bounce(lambda address, school_id: told.append((address, school_id)))
    mail_server.refuse(canary.address(1), 550)
    message_id = post(1)
    work()
    assert row(message_id).state == MessageState.FAILED
    assert row(message_id).error == "550 SMTPRecipientsRefused"
    assert told == [(canary.address(1), None)]
    assert job_of(message_id).done_at


def test_what_the_bounce_writes_is_committed_and_its_mistake_hurts_nobody(mail_server, post):
    def note(address, school_id):
        db.session.execute(sa.update(Message).values(topic="bounced"))

    registry.on_bounce(note)
    mail_server.refuse(canary.address(1), 550)
    first = post(1)
    work()
    assert row(first).topic == "bounced"
    registry.on_bounce(lambda address, school_id: 1 / 0)
    second = post(1)
    work()
    assert row(second).state == MessageState.FAILED
    assert row(second).topic is None


def test_refused_content_is_no_bounce(mail_server, post):
    told = []
    registry.on_bounce(lambda address, school_id: told.append(address))
    mail_server.refuse_content(554)
    message_id = post(1)
    work()
    assert row(message_id).state == MessageState.FAILED
    assert row(message_id).error == "554 SMTPDataError"
    assert told == []


@pytest.mark.parametrize("behaviour", ["hang_after_data", "drop_after_data"])
def test_without_an_answer_the_same_mail_goes_again(app, mail_server, post, monkeypatch, behaviour):
    monkeypatch.setitem(app.config, "MAIL_TIMEOUT", 0.5)
    getattr(mail_server, behaviour)()
    message_id = post(1)
    work()
    assert row(message_id).state == MessageState.QUEUED
    assert "SMTPServerDisconnected" in row(message_id).error
    mail_server.behave()
    make_due()
    work()
    first, second = mail_server.messages
    assert (first.answered, second.answered) == (False, True)
    assert first.message_id == second.message_id
    assert first.message["Date"] == second.message["Date"]
    assert row(message_id).state == MessageState.SENT


def test_while_the_server_is_away_the_queue_waits_in_its_order(app, mail_server, post, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "MAIL_PORT", free_port_that_nobody_answers())
        ids = [post(number) for number in (1, 2, 3)]
        work()
        assert row(ids[0]).error == "ConnectionRefusedError"
        assert row(ids[1]).error == ""
    assert not jobs.run_next("w1"), "it looks again in half a minute"
    jobs._resting.clear()
    work()
    assert [mail.recipients for mail in mail_server.messages] == [(canary.address(number),) for number in (1, 2, 3)]


def test_after_four_days_it_is_given_up(mail_server, post):
    mail_server.refuse(canary.address(1), 451)
    message_id = post(1)
    work()
    begin_write()
    db.session.execute(sa.update(Message).values(first_failed_at=clock.now() - timedelta(days=4, hours=1)))
    db.session.commit()
    make_due()
    work()
    assert row(message_id).state == MessageState.FAILED


def test_however_late_a_first_try_is_a_first_try(mail_server, post):
    mail_server.refuse(canary.address(1), 451)
    message_id = post(1, not_before=clock.now() - timedelta(days=9))
    work()
    assert row(message_id).state == MessageState.QUEUED


def test_the_wait_grows_with_the_trouble():
    def waits(trouble):
        return [sending._wait(clock.now() - trouble) for _ in range(20)]

    assert all(24 <= wait <= 36 for wait in waits(timedelta()))
    assert all(wait <= 600 for wait in waits(timedelta(hours=1)))
    assert all(2880 <= wait <= 4320 for wait in waits(timedelta(days=3)))


def test_a_mail_that_cannot_be_made_is_tried_again_and_in_the_end_failed(mail_server, post, monkeypatch):
    monkeypatch.setitem(registry._builders, canary.KIND, lambda message: {}["name"])
    message_id = post(1)
    work()
    assert row(message_id).state == MessageState.QUEUED
    begin_write()
    db.session.execute(sa.update(jobs.Job).values(attempts=sending.TRIES))
    db.session.commit()
    make_due()
    work()
    assert row(message_id).state == MessageState.FAILED


def test_a_killed_workers_message_goes_when_the_lease_is_over(mail_server, post):
    message_id = post(1)
    assert jobs.take("killed")
    work("alive")
    assert mail_server.messages == []
    make_due()
    work("alive")
    assert len(mail_server.messages) == 1
    assert row(message_id).state == MessageState.SENT


def test_killed_between_sent_and_done_it_is_not_sent_again(mail_server, post, monkeypatch):
    class Killed(BaseException):
        pass

    def die(run):
        raise Killed

    message_id = post(1)
    with monkeypatch.context() as patch:
        patch.setattr(jobs._Run, "finish", die)
        with pytest.raises(Killed):
            jobs.run_next("killed")
    assert row(message_id).state == MessageState.SENT
    make_due()
    work("alive")
    assert len(mail_server.messages) == 1


def test_what_was_delivered_but_could_not_be_written_is_not_sent_again_by_this_worker(mail_server, post, monkeypatch):
    def no_database(*args, **values):
        raise sa.exc.OperationalError("", {}, Exception())

    message_id = post(1)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "_set", no_database)
        patch.setattr(sending.time, "sleep", lambda seconds: None)
        work()
    assert row(message_id).state == MessageState.QUEUED
    make_due()
    work()
    assert len(mail_server.messages) == 1
    assert row(message_id).state == MessageState.SENT


def test_a_worker_that_slept_past_its_lease_does_not_send(mail_server, post, monkeypatch):
    tomorrow = clock.now() + timedelta(days=1)
    build = registry.builder(canary.KIND)

    def sleep(message):
        monkeypatch.setattr(clock, "now", lambda: tomorrow)
        return build(message)

    monkeypatch.setitem(registry._builders, canary.KIND, sleep)
    post(1)
    assert jobs.run_next("sleeper")
    assert mail_server.messages == []


def test_two_workers_share_the_work(app, mail_server, canaries):
    begin_write()
    for number in range(200):
        context = {"canary": f"k{number}"}
        operations.post(kind=canary.KIND, address=canary.address(number), context=context)
    db.session.commit()
    names = [Worker(app), Worker(app)]
    threads = [threading.Thread(target=worker.run, kwargs={"idle_exit": True}) for worker in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    mails = mail_server.messages
    assert len(mails) == 200
    assert len({mail.message_id for mail in mails}) == 200
    assert all(mail.recipients[0].startswith(f"ouder{mail.message['Subject'].split('k')[-1]}@") for mail in mails)
    db.session.rollback()
    workers = set(db.session.scalars(sa.select(jobs.Job.leased_by)))
    assert workers == {worker.name for worker in names}


def test_nothing_personal_is_logged(mail_server, post, caplog):
    mail_server.refuse(canary.address(1), 550)
    mail_server.refuse(canary.address(2), 451)
    for number in (1, 2, 3):
        post(number)
    with caplog.at_level(logging.DEBUG, logger="app"):
        work()
    written = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    assert len(caplog.records) >= 3
    assert "ouder" not in written
    assert "mailbox" not in written


def test_after_a_month_nobody_remembers_what_a_mail_was_about(mail_server, post):
    old, fresh = post(1, not_before=clock.now() - timedelta(days=31)), post(2)
    work()
    waiting = post(3, not_before=clock.now() + timedelta(days=1))
    begin_write()
    sending.sweep()
    db.session.commit()
    assert row(old).context == {}
    assert row(fresh).context == {"canary": "k2"}
    assert row(waiting).context == {"canary": "k3"}
