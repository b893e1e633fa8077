"""Jobs: taken under a lease, done once, tried again, given up; seen from the rows that they leave."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock, jobs, lease, worker
from app.core.db import begin_write, db
from app.core.jobs import GiveUp, Job, Retry
from app.core.throttle import ThrottleCount
from app.core.worker import Worker

MARK = "tests.mark"  # a row that a handler writes: a throttle counter will do


@pytest.fixture
def handle(monkeypatch):
    """Replace all handlers by the test's own."""
    monkeypatch.setattr(jobs, "handlers", {})
    monkeypatch.setattr(jobs, "_resting", {})
    return jobs.handler


def add(kind="tests.work", **kwargs):
    begin_write()
    job = jobs.enqueue(kind, {"n": 1}, **kwargs)
    db.session.commit()
    return job.id


def row(job_id):
    db.session.rollback()
    return db.session.get(Job, job_id, populate_existing=True)


def change(job_id, **values):
    begin_write()
    db.session.execute(sa.update(Job).where(Job.id == job_id).values(**values))
    db.session.commit()


def mark(key):
    db.session.add(ThrottleCount(key=key, count=1, expires_at=clock.now() + timedelta(hours=1)))


def marks():
    db.session.rollback()
    return sorted(db.session.scalars(sa.select(ThrottleCount.key)))


def test_what_the_handler_wrote_and_done_are_one_commit(database, handle):
    @handle("tests.work")
    def work(job):
        assert job.payload == {"n": 1}
        begin_write()
        mark("written")

    job_id = add()
    assert jobs.run_next("w1")
    assert row(job_id).done_at
    assert marks() == ["written"]
    assert not jobs.run_next("w1")


def test_a_handler_that_only_reads_is_done_too(database, handle):
    handle("tests.work")(lambda job: db.session.scalar(sa.select(sa.func.count(Job.id))))
    job_id = add()
    assert jobs.run_next("w1")
    assert row(job_id).done_at


def test_a_failure_leaves_nothing_of_what_was_written_and_comes_back_later(database, handle):
    @handle("tests.work")
    def work(job):
        begin_write()
        mark("half")
        db.session.flush()
        raise ZeroDivisionError("secret")

    job_id = add()
    jobs.run_next("w1")
    job = row(job_id)
    assert (job.done_at, job.failed_at, job.error, job.attempts) == (None, None, "ZeroDivisionError", 1)
    assert timedelta(seconds=20) < job.run_at - clock.now() < timedelta(seconds=40)
    assert marks() == []
    assert not jobs.run_next("w1")


def test_back_off_doubles_up_to_an_hour():
    assert 24 <= jobs.backoff(1) <= 36
    assert 96 <= jobs.backoff(3) <= 144
    assert all(2880 <= jobs.backoff(attempts) <= 3600 for attempts in (8, 30, 1000))


def test_after_its_last_attempt_a_job_has_failed_and_stays_to_be_seen(database, handle):
    @handle("tests.work", attempts=2)
    def work(job):
        raise ZeroDivisionError

    job_id = add()
    jobs.run_next("w1")
    change(job_id, run_at=clock.now())
    jobs.run_next("w1")
    job = row(job_id)
    assert job.failed_at
    assert job.error == "ZeroDivisionError"


def test_a_handler_says_when_to_try_again(database, handle):
    @handle("tests.work")
    def work(job):
        raise Retry("busy", after=5)

    job_id = add()
    jobs.run_next("w1")
    job = row(job_id)
    assert timedelta(seconds=3) < job.run_at - clock.now() <= timedelta(seconds=5)
    assert job.error == "busy"


def test_a_handler_gives_up(database, handle):
    @handle("tests.work")
    def work(job):
        raise GiveUp("no such file")

    job_id = add()
    jobs.run_next("w1")
    assert row(job_id).failed_at
    assert row(job_id).error == "no such file"


def test_a_pause_lets_the_kind_rest_and_keeps_the_place_in_the_queue(database, handle):
    done = []

    @handle("tests.work")
    def work(job):
        raise Retry("away", after=60, pause=True)

    handle("tests.other")(lambda job: done.append(job.id))
    first, second = add(), add()
    other = add("tests.other")
    due = row(first).run_at
    while jobs.run_next("w1"):
        pass
    assert row(first).run_at == due
    assert row(second).attempts == 0
    assert done == [other]
    assert jobs.run_next("w2"), "another worker sees for itself"


def test_a_dead_workers_job_is_taken_when_the_lease_is_over(database, handle):
    handle("tests.work")(lambda job: None)
    job_id = add()
    assert jobs.take("dead") == job_id
    assert not jobs.run_next("w2")
    change(job_id, leased_until=clock.now() - timedelta(seconds=1))
    assert jobs.run_next("w2")
    assert row(job_id).done_at
    assert row(job_id).attempts == 2


def test_a_worker_that_lost_its_lease_writes_nothing(database, handle):
    @handle("tests.work")
    def work(job):
        change(job.id, leased_by="thief", attempts=2)
        begin_write()
        mark("late")

    job_id = add()
    assert jobs.run_next("slow")
    job = row(job_id)
    assert (job.leased_by, job.done_at) == ("thief", None)
    assert marks() == []


def test_a_handler_can_ask_whether_the_lease_still_holds(database, handle, monkeypatch):
    @handle("tests.work")
    def work(job):
        lease.check()
        tomorrow = clock.now() + timedelta(days=1)
        with monkeypatch.context() as patch:
            patch.setattr(clock, "now", lambda: tomorrow)
            lease.check()

    job_id = add()
    assert jobs.run_next("w1")
    assert row(job_id).done_at is None
    lease.check()  # outside a job there is nothing to lose


def test_a_job_whose_worker_always_dies_is_given_up(database, handle):
    handle("tests.work", attempts=3)(lambda job: None)
    job_id = add()
    change(job_id, attempts=3)
    jobs.run_next("w1")
    assert row(job_id).failed_at
    assert row(job_id).error == "attempts"


def test_the_heartbeat_keeps_a_long_job(app, database, handle):
    length = timedelta(seconds=0.6)
    going, enough = threading.Event(), threading.Event()

    @handle("tests.work")
    def work(job):
        going.set()
        assert enough.wait(10)

    job_id = add()

    def other():
        with app.app_context():
            going.wait(10)
            taken = [jobs.take("w2", length=length) for _ in range(12) if not enough.wait(0.1)]
            db.session.remove()
        seen.extend(taken)
        enough.set()

    seen = []
    thread = threading.Thread(target=other)
    thread.start()
    jobs.run_next("w1", length=length)
    thread.join()
    assert seen == [None] * 12
    assert row(job_id).done_at
    assert row(job_id).attempts == 1


def test_progress_is_seen_while_the_work_goes_on(database, handle):
    seen = []

    @handle("tests.work")
    def work(job):
        jobs.progress(job.id, 1, 3)
        seen.append(row(job.id).progress_done)
        jobs.progress(job.id, 2, 3)  # too soon after the last to be worth a write
        begin_write()
        mark("written")
        db.session.flush()
        jobs.progress(job.id, 3, 3)  # must not wait for our own lock

    job_id = add()
    jobs.run_next("w1")
    assert seen == [1]
    assert row(job_id).done_at
    assert row(job_id).progress_total == 3
    assert marks() == ["written"]


def test_a_kind_that_this_version_does_not_know_waits(database, handle):
    job_id = add("tests.newer")
    assert not jobs.run_next("w1")
    assert row(job_id).attempts == 0


def test_whatever_was_due_first_goes_first(database, handle):
    order = []
    handle("tests.work")(lambda job: order.append(job.id))
    later, sooner = add(run_at=clock.now() - timedelta(seconds=1)), add(run_at=clock.now() - timedelta(hours=1))
    add(run_at=clock.now() + timedelta(hours=1))
    while jobs.run_next("w1"):
        pass
    assert order == [sooner, later]


def test_four_workers_do_each_job_once(app, database, handle):
    done = []
    handle("tests.work")(lambda job: done.append(job.id))
    begin_write()
    for _ in range(60):
        jobs.enqueue("tests.work", {})
    db.session.commit()
    ids = set(db.session.scalars(sa.select(Job.id)))
    db.session.rollback()
    threads = [threading.Thread(target=Worker(app).run, kwargs={"idle_exit": True}) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == sorted(ids)


def test_old_jobs_are_swept(database, handle):
    now = clock.now()
    old, fresh, failed, waiting = (add() for _ in range(4))
    change(old, done_at=now - timedelta(days=8))
    change(fresh, done_at=now - timedelta(days=6))
    change(failed, failed_at=now - timedelta(days=80))
    change(waiting, created_at=now - timedelta(days=300))
    begin_write()
    jobs.sweep()
    db.session.commit()
    assert set(db.session.scalars(sa.select(Job.id))) == {fresh, failed, waiting}


def test_the_command_does_what_is_due_and_stops(app, database, handle):
    done = []
    handle("tests.work")(lambda job: done.append(job.id))
    first, second = add(), add()
    db.session.rollback()
    assert app.test_cli_runner().invoke(args=["worker", "--once"]).exit_code == 0
    assert done == [first]
    assert app.test_cli_runner().invoke(args=["worker", "--idle-exit"]).exit_code == 0
    assert done == [first, second]


def test_housekeeping_is_done_by_one_worker_an_hour(app, database, handle, monkeypatch):
    done = []
    monkeypatch.setattr(worker, "_housekeeping", [lambda: done.append(1), lambda: 1 / 0])
    for _ in range(2):
        Worker(app).run(idle_exit=True)
    assert done == [1]
