"""`flask --app wsgi worker`: does the jobs, one after the other, until it is told to stop.

Start as many as wanted, on as many hosts as reach the database: they share the work. Killed at any moment, a worker
leaves nothing that another doesn't take up again.
"""

import logging
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from types import FrameType

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.core import jobs, throttle
from app.core.db import begin_write, db

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
BUSY_SECONDS = 0.2  # after work more work is likely: look again sooner
TROUBLE_SECONDS = 5.0  # while the database doesn't answer
HOUSEKEEPING_SECONDS = 3600

_at_rest: list[Callable[[], None]] = []
_housekeeping: list[Callable[[], None]] = [jobs.sweep, throttle.sweep]


def at_rest(function: Callable[[], None]) -> Callable[[], None]:
    """Call the function when nothing is left to do, and when the worker stops: let go of what was kept open."""
    _at_rest.append(function)
    return function


def housekeeping(function: Callable[[], None]) -> Callable[[], None]:
    """Call the function once an hour, by one of the workers, in a write transaction of its own."""
    _housekeeping.append(function)
    return function


def unique_name() -> str:
    """The name of one worker's life: host, process, and a part that no other process with that number had."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass
class Worker:
    """One loop. `stop` ends it after the job at hand."""

    app: Flask
    lease: timedelta = jobs.LEASE
    name: str = field(default_factory=unique_name)
    stopped: threading.Event = field(default_factory=threading.Event)
    look_at_house: float = 0.0  # when to see again whether the hour is over

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self.stopped.set()

    def run(self, *, once: bool = False, idle_exit: bool = False) -> None:
        """Work until stopped; with `once` do one job at most, with `idle_exit` stop when none is due."""
        try:
            while not self.stopped.is_set():
                busy = self._turn(once=once, until_idle=idle_exit)
                if once or (idle_exit and not busy):
                    return
        finally:
            self._rest()

    def _turn(self, *, once: bool, until_idle: bool) -> bool:
        """Do what is due, then wait a little; says whether anything was done."""
        try:
            self._keep_house()
            busy = False
            while not self.stopped.is_set() and self._job():
                busy = True
                if once:
                    return True
        except sa.exc.SQLAlchemyError as error:
            # What was begun is under a lease and comes back; so does the database, or an operator sees this line.
            log.error("the database does not answer", extra={"fields": {"error": type(error).__name__}})
            self._wait(TROUBLE_SECONDS)
            return True
        if not busy:
            self._rest()
        if not (once or until_idle):
            self._wait(BUSY_SECONDS if busy else IDLE_SECONDS)
        return busy

    def _job(self) -> bool:
        with self.app.app_context():  # each job starts with a clean session and language
            return jobs.run_next(self.name, length=self.lease)

    def _keep_house(self) -> None:
        if time.monotonic() < self.look_at_house:
            return
        self.look_at_house = time.monotonic() + 60
        with self.app.app_context():
            begin_write()
            first = throttle.hit("housekeeping", "all", seconds=HOUSEKEEPING_SECONDS) == 1
            db.session.commit()
            for task in _housekeeping if first else ():
                _tidy(task)

    def _wait(self, seconds: float) -> None:
        self.stopped.wait(seconds * secrets.SystemRandom().uniform(0.8, 1.2))  # workers must not knock all at once

    def _rest(self) -> None:
        with self.app.app_context():
            for function in _at_rest:
                function()


def _tidy(task: Callable[[], None]) -> None:
    begin_write()
    try:
        task()
        db.session.commit()
    except Exception:
        log.exception("housekeeping failed")
        db.session.rollback()


@click.command("worker")
@click.option("--once", is_flag=True, help="Do one job at most, then stop.")
@click.option("--idle-exit", is_flag=True, help="Stop when nothing is due.")
@click.option("--lease", default=jobs.LEASE.total_seconds(), help="Seconds after which a dead worker's job is free.")
@with_appcontext
def command(once: bool, idle_exit: bool, lease: float) -> None:
    """Send mail and do the other work that waits its turn."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    worker = Worker(app, lease=timedelta(seconds=lease))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    log.info("worker started", extra={"fields": {"worker": worker.name}})
    worker.run(once=once, idle_exit=idle_exit)
    log.info("worker stopped", extra={"fields": {"worker": worker.name}})


def init_app(app: Flask) -> None:
    """Add the command `worker`."""
    app.cli.add_command(command)
