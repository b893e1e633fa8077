"""Work that waits its turn, as rows in the same database: what a request causes commits with it or not at all.

A worker takes a job under a lease, committed before the work begins and renewed while it lasts. A worker that dies
loses the lease, and another takes the job again. So **a handler may run twice**, and must be written for that.

How a handler uses the database:

- It begins outside any transaction, reading. Long work (parse a file, compare, talk to another server) is done here,
  and `progress` shows how far it is.
- Then it calls `app.core.db.begin_write`, writes, and leaves that transaction open: the worker adds "done" to it and
  commits both at once, so that what a job wrote counts exactly once.
- What must stand whatever happens afterwards it commits itself, before it returns or raises.
- It raises `Retry` or `GiveUp`; any other exception means "again later", with back-off, up to the kind's limit.
"""

import logging
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, lease, trace
from app.core.db import Keyed, Model, _writing, begin_read, begin_write, db
from app.core.lease import Lease, LeaseLost

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
BACKOFF_FIRST = 30.0
BACKOFF_LONGEST = 3600.0
KEEP_DONE = timedelta(days=7)
KEEP_FAILED = timedelta(days=90)
_last_progress: dict[uuid.UUID, float] = {}
PROGRESS_EVERY = 0.5  # seconds: a page asks once a second, so more often is only work for the disk


class Job(Keyed, Model):
    """One piece of work. Waiting while neither `done_at` nor `failed_at` is set."""

    __tablename__ = "job"
    __table_args__ = (sa.Index("ix_job_run_at", "done_at", "failed_at", "run_at"),)

    kind: Mapped[str] = mapped_column(sa.String(60))
    school_id: Mapped[uuid.UUID | None]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_by: Mapped[str | None] = mapped_column(sa.String(80))
    leased_until: Mapped[datetime | None]
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(sa.String(200), default="")  # a class and a code, never a row's values


class Retry(Exception):
    """Not now: again after so many seconds (without a number: after the usual back-off).

    `pause=True` says that what this whole kind needs is away (a mail server that is down): the job keeps its place in
    the queue and this worker leaves the kind alone for that time.
    """

    def __init__(self, reason: str = "", *, after: float | None = None, pause: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after
        self.pause = pause


class GiveUp(Exception):
    """This will never work. The reason is kept with the job: words of ours, nothing personal."""


Handler = Callable[[Job], None]


@dataclass(frozen=True, slots=True)
class Declared:
    """The function that does a kind of job, after how many tries it is given up, and who is told then."""

    function: Handler
    attempts: int
    given_up: Handler | None


handlers: dict[str, Declared] = {}


def handler(kind: str, *, attempts: int = 10, given_up: Handler | None = None) -> Callable[[Handler], Handler]:
    """Name the function that does the jobs of this kind. It runs in an app context, outside any transaction.

    The job that it gets is a copy, apart from the session: read it, don't change it. `given_up(job)` may write what a
    job that will never be done means for its own rows, in the transaction that says so.
    """

    def keep(function: Handler) -> Handler:
        handlers[kind] = Declared(function, attempts, given_up)
        return function

    return keep


def enqueue(
    kind: str, payload: dict[str, Any], *, run_at: datetime | None = None, school_id: uuid.UUID | None = None
) -> Job:
    """Add a job to the running transaction; due at `run_at`, or at once."""
    now = clock.now()
    job = Job(kind=kind, payload=payload, created_at=now, run_at=run_at or now, school_id=school_id)
    db.session.add(job)
    return job


# --- taking


def _due(worker: str) -> sa.Select[tuple[uuid.UUID]]:
    """The job that has been due longest, of the kinds that this worker knows and does not let rest."""
    now = clock.now()
    return (
        sa.select(Job.id)
        .where(Job.done_at.is_(None), Job.failed_at.is_(None), Job.run_at <= now)
        .where(sa.or_(Job.leased_until.is_(None), Job.leased_until < now))
        .where(Job.kind.in_([kind for kind in handlers if not _rests(worker, kind)]))
        .order_by(Job.run_at, Job.id)
        .limit(1)
    )


def take(worker: str, *, length: timedelta = LEASE) -> uuid.UUID | None:
    """Take the next job under a lease and commit that; None when nothing is due.

    `worker` is a name that no other worker has. Many may take at once: on PostgreSQL each skips what another is
    taking, SQLite lets one write at a time.
    """
    begin_read()
    if db.session.scalar(_due(worker)) is None:  # an idle worker asks for no lock
        begin_read()
        return None
    begin_write()
    job_id = db.session.scalar(_due(worker).with_for_update(skip_locked=True))
    if job_id is not None:
        db.session.execute(
            sa.update(Job)
            .where(Job.id == job_id)
            .values(attempts=Job.attempts + 1, leased_by=worker, leased_until=clock.now() + length)
        )
        db.session.commit()
    begin_read()
    return job_id


_resting: dict[tuple[str, str], float] = {}  # (worker, kind) -> until when, on the monotonic clock


def _rests(worker: str, kind: str) -> bool:
    return _resting.get((worker, kind), 0.0) > time.monotonic()


@dataclass(frozen=True, slots=True)
class _Run:
    """One try at a job, by one worker: only as long as the row still says so may anything be written about it."""

    job: Job
    worker: str
    lease: timedelta
    engine: sa.Engine

    @property
    def _mine(self) -> sa.Update:
        mine = sa.update(Job).where(Job.id == self.job.id, Job.leased_by == self.worker)
        mine = mine.where(Job.attempts == self.job.attempts, Job.done_at.is_(None), Job.failed_at.is_(None))
        return mine.execution_options(synchronize_session=False)

    def renew(self) -> datetime | None:
        """Write a later end of the lease, from the heartbeat's thread."""
        until = clock.now() + self.lease
        _writing.set(True)  # a thread has a context of its own
        with self.engine.begin() as connection:
            return until if connection.execute(self._mine.values(leased_until=until)).rowcount else None

    def end(self, **values: Any) -> None:
        """End this try, in the transaction that is open, and commit it. Raises LeaseLost when the job is another's."""
        db.session.flush()
        if not db.session.execute(self._mine.values(leased_until=None, **values)).rowcount:  # type: ignore[attr-defined]
            raise LeaseLost
        db.session.commit()

    def finish(self) -> None:
        """Done: committed together with what the handler wrote."""
        if not _writing.get():
            db.session.commit()
            begin_write()
        self.end(done_at=clock.now(), error="")

    def fail(self, reason: str) -> None:
        """Never again."""
        begin_write()
        if given_up := handlers[self.job.kind].given_up:
            given_up(self.job)
        self.end(failed_at=clock.now(), error=reason[:200])
        log.error("a job was given up", extra={"fields": {**self.about, "reason": reason}})

    def again(self, retry: Retry) -> None:
        """Later: at its own time, or (a pause) as soon as this worker looks at the kind again."""
        after = backoff(self.job.attempts) if retry.after is None else retry.after
        values: dict[str, Any] = {"run_at": clock.now() + timedelta(seconds=after)}
        if retry.pause:
            _resting[self.worker, self.job.kind] = time.monotonic() + after
            values = {"attempts": self.job.attempts - 1}  # it was not the job's fault
        begin_write()
        self.end(error=retry.reason[:200], **values)

    @property
    def about(self) -> dict[str, str]:
        return {"job": str(self.job.id), "kind": self.job.kind}


def run_next(worker: str, *, length: timedelta = LEASE) -> bool:
    """Take one job and do it; False when none was due. What goes wrong in the job is written in its row."""
    job_id = take(worker, length=length)
    if job_id is None:
        return False
    job = db.session.get_one(Job, job_id, populate_existing=True)
    db.session.expunge(job)
    begin_read()
    run = _Run(job, worker, length, db.engine)
    try:
        with lease.kept(Lease(job.leased_until or clock.now(), length, run.renew)):
            _attempt(run)
    except LeaseLost:
        log.warning("a job was lost to another worker", extra={"fields": run.about})
    begin_read()
    return True


def _attempt(run: _Run) -> None:
    declared = handlers[run.job.kind]
    try:
        if run.job.attempts > declared.attempts:  # its worker died every time
            raise GiveUp("attempts")
        declared.function(run.job)
        run.finish()
    except LeaseLost:
        raise
    except GiveUp as error:
        run.fail(str(error) or "GiveUp")
    except Retry as retry:
        run.again(retry)
    except Exception as error:
        log.exception("a job failed", extra={"fields": run.about})
        if run.job.attempts >= declared.attempts:
            run.fail(type(error).__name__)
        else:
            run.again(Retry(type(error).__name__))


def backoff(attempts: int) -> float:
    """Seconds until the next try after that many: 30, 60, 120 … up to an hour, each a fifth more or less.

    The spread keeps jobs that failed together from coming back together.
    """
    wait = min(BACKOFF_FIRST * 2 ** min(attempts - 1, 20), BACKOFF_LONGEST)
    return min(wait * secrets.SystemRandom().uniform(0.8, 1.2), BACKOFF_LONGEST)


# --- how far, and what is left


def progress(job_id: uuid.UUID, done: int, total: int) -> None:
    """Show on the job how far its work is, in a transaction of its own, so that a page sees it at once.

    For the handler's first part: SQLite has one writer, so between `begin_write` and the end this writes nothing there
    (rather than wait for itself). At most twice a second reaches the database, and the last step always.
    """
    if db.engine.dialect.name == "sqlite" and _writing.get() and db.session().in_transaction():
        return
    now = time.monotonic()
    if done < total and now - _last_progress.get(job_id, 0.0) < PROGRESS_EVERY:
        return
    _last_progress[job_id] = now
    if done >= total:
        _last_progress.pop(job_id)
    trace.note(sa.update(Job).where(Job.id == job_id).values(progress_done=done, progress_total=total))


def sweep() -> None:
    """Remove jobs that were done a week ago, and failed ones after three months."""
    now = clock.now()
    for column, keep in ((Job.done_at, KEEP_DONE), (Job.failed_at, KEEP_FAILED)):
        db.session.execute(sa.delete(Job).where(column < now - keep).execution_options(synchronize_session=False))
