"""A claim on a piece of work that ends by itself: whoever dies needs nobody to clean up after them.

A thread renews it while the work lasts. The holder asks `check` right before what can't be taken back.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.core import clock

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker may have this work by now; what follows must not be done here."""


@dataclass(slots=True)
class Lease:
    """Until when the work is ours. `renew` writes a later end and gives it, or None when somebody else has it."""

    until: datetime
    length: timedelta
    renew: Callable[[], datetime | None]

    def _beat(self, over: threading.Event) -> None:
        while not over.wait(self.length.total_seconds() / 3):
            try:
                self.until = self.renew() or self.until
            except sa.exc.DBAPIError:
                log.warning("a lease could not be renewed")


_held: ContextVar[Lease | None] = ContextVar("held", default=None)


def check() -> None:
    """Raises LeaseLost when the lease of the running work is over: the process slept, or the clock jumped.

    Without a lease it says nothing.
    """
    lease = _held.get()
    if lease is not None and clock.now() >= lease.until:
        raise LeaseLost


@contextmanager
def kept(lease: Lease) -> Iterator[None]:
    """Renew the lease, three times in its length, until the block is left."""
    over = threading.Event()
    thread = threading.Thread(target=lease._beat, args=(over,), name="lease", daemon=True)
    thread.start()
    token = _held.set(lease)
    try:
        yield
    finally:
        _held.reset(token)
        over.set()
        thread.join()
