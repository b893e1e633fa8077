"""Brakes on guessing and flooding: counters in rows, so that they hold over workers and restarts.

One function (`allow`) is all that the features know; a board with many hosts can put Redis behind it.
"""

import hashlib
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Model, db


class ThrottleCount(Model):
    """How often something was tried in one window of time. The key is a hash: no names, no addresses."""

    __tablename__ = "throttle_count"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


def _key(name: str, who: str, window_start: int) -> str:
    return hashlib.sha256(f"{name}|{who}|{window_start}".encode()).hexdigest()


def _window(name: str, who: str, seconds: int) -> tuple[str, datetime]:
    moment = int(clock.now().timestamp())
    start = moment - moment % seconds
    return _key(name, who, start), clock.now() + timedelta(seconds=seconds)


def hit(name: str, who: str, *, seconds: int) -> int:
    """Count one try of `who` at `name` in the running window of that many seconds; gives the number of tries so far."""
    key, expires_at = _window(name, who, seconds)
    insert = _upsert().values(key=key, count=1, expires_at=expires_at)
    statement = insert.on_conflict_do_update(index_elements=["key"], set_={"count": ThrottleCount.count + 1})
    return db.session.execute(statement.returning(ThrottleCount.count)).scalar_one()


def count(name: str, who: str, *, seconds: int) -> int:
    """The number of tries in the running window, without counting one."""
    key, _ = _window(name, who, seconds)
    return db.session.scalar(sa.select(ThrottleCount.count).where(ThrottleCount.key == key)) or 0


def forget(name: str, who: str, *, seconds: int) -> None:
    """Start again from nothing, for instance after the right password."""
    key, _ = _window(name, who, seconds)
    db.session.execute(sa.delete(ThrottleCount).where(ThrottleCount.key == key))


def sweep() -> None:
    """Remove counters whose window is over."""
    db.session.execute(sa.delete(ThrottleCount).where(ThrottleCount.expires_at < clock.now()))


def _upsert():  # the two dialects have no public base for this
    if db.engine.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert
    return insert(ThrottleCount)
