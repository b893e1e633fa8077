"""Doing things in the past."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from app.core import clock


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """What is done inside happened then: request, answer, audit event and mail all bear the same true-looking time.

    Only for making the demo, which is one process with one thread; moving the rows afterwards would mean to know every
    column of every feature that has a time, and audit events can't be moved at all.
    """
    now = clock.now
    clock.now = lambda: moment
    try:
        yield
    finally:
        clock.now = now


def ago(days: int, clock_time: str) -> datetime:
    """That many days ago at that Dutch time; today's times that are still to come become a few minutes ago."""
    day = clock.today() - timedelta(days=days)
    moment = datetime.combine(day, time.fromisoformat(clock_time), clock.AMSTERDAM)
    return min(moment, clock.now() - timedelta(minutes=4))
