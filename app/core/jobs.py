"""Work that waits its turn, as rows in the same database: what a request causes commits with it or not at all.

A worker takes a job under a lease; a worker that dies loses the lease, and another takes the job again. So a handler
may run twice, and must be written for that.
"""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Keyed, Model, db


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
    error: Mapped[str] = mapped_column(sa.String(200), default="")


Handler = Callable[[Job], None]
handlers: dict[str, Handler] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Name the function that does the jobs of this kind. It runs in an app context, outside any transaction."""

    def keep(function: Handler) -> Handler:
        handlers[kind] = function
        return function

    return keep


def enqueue(
    kind: str, payload: dict[str, Any], *, run_at: datetime | None = None, school_id: uuid.UUID | None = None
) -> Job:
    """Add a job to the running transaction; due at `run_at`, or at once."""
    job = Job(kind=kind, payload=payload, created_at=clock.now(), run_at=run_at or clock.now(), school_id=school_id)
    db.session.add(job)
    return job
