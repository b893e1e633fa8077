"""A stream of proposals from several parents at once, and the sums afterwards; also for bench/durability_proposals.py.

Each form asks for a mobile number that no other form asks for. The newer one replaces the older, but every one stays a
row: afterwards it can be seen which of them arrived.
"""

import http.client
import itertools
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa

from app.changes import events
from app.changes.models import ChangeItem, ChangeRequest, ItemState, SentForm
from app.core import clock
from app.core.audit import AuditEvent
from app.core.jobs import Job
from app.outbox.models import Message, MessageState
from app.outbox.operations import SEND
from bench.client import Visitor, fields
from bench.portal import PARENTS, Parent

FORM = "/me/contact/edit"
_numbers = itertools.count()


def parents_of(engine: sa.Engine, count: int) -> list[Parent]:
    """So many parents of the demo who can log in."""
    with engine.connect() as connection:
        return [Parent(name, child) for name, child in connection.execute(PARENTS, {"count": count})]


@dataclass
class Stream:
    """What was asked and what was answered. `with` logs nobody out, but closes the connections."""

    url: str
    parents: list[Parent]
    since: datetime = field(default_factory=clock.now)
    answered: list[str] = field(default_factory=list)  # with 303: these may not be lost
    asked: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    cut: int = 0  # answers that never came

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._visitors = [Visitor(self.url) for _ in self.parents]
        for visitor, parent in zip(self._visitors, self.parents, strict=True):
            visitor.log_in(parent.username, parent.password)
        self._threads = [threading.Thread(target=self._run, args=(one,), daemon=True) for one in self._visitors]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for visitor in self._visitors:
            visitor.close()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 60) -> None:
        """Let everybody finish the form in hand."""
        self._stop.set()
        for thread in self._threads:
            thread.join(seconds)
            assert not thread.is_alive(), "a visitor waits for ever"

    def all_at_once(self) -> None:
        """One form of each parent: all are open before the first is sent, then all are sent at one moment."""
        forms = [self._form(visitor) for visitor in self._visitors]
        barrier = threading.Barrier(len(forms))

        def send(visitor: Visitor, form: dict[str, str]) -> None:
            barrier.wait()
            self._send(visitor, form)

        threads = [threading.Thread(target=send, args=pair) for pair in zip(self._visitors, forms, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _run(self, visitor: Visitor) -> None:
        while not self._stop.is_set():
            try:
                self._send(visitor, self._form(visitor))
            except (OSError, http.client.HTTPException):
                self.cut += 1

    def _form(self, visitor: Visitor) -> dict[str, str]:
        answer = visitor.get(FORM, htmx=True)
        self.statuses[answer.status] += 1
        return fields(answer.body)

    def _send(self, visitor: Visitor, form: dict[str, str]) -> None:
        number = f"06{10_000_000 + next(_numbers):08d}"
        stored = "+31" + number[1:]
        self.asked.append(stored)
        answer = visitor.post(FORM, form | {"mobile": number})
        self.statuses[answer.status] += 1
        if answer.status == 303:
            self.answered.append(stored)

    @property
    def broken(self) -> int:
        """Answers of 500 and above."""
        return sum(count for status, count in self.statuses.items() if status >= 500)


@dataclass(frozen=True)
class Sums:
    """What came out of it. All but `arrived` must be 0."""

    arrived: int
    lost: int
    doubled: int
    forms_without_item: int
    items_without_event: int
    requests_half_done: int
    parents_without_receipt: int
    mails_without_job: int
    damage: int

    @property
    def right(self) -> bool:
        return self.arrived > 0 and not any(value for name, value in vars(self).items() if name != "arrived")


def count(engine: sa.Engine, stream: Stream) -> Sums:
    """Compare what was answered with what the database holds."""
    with engine.connect() as connection:
        rows = connection.execute(
            sa.select(ChangeItem.proposed, ChangeItem.request_id, ChangeRequest.guardian_id)
            .join(ChangeRequest, ChangeRequest.id == ChangeItem.request_id)
            .where(ChangeItem.key == "mobile")
        ).all()
        asked = set(stream.asked)
        ours = [row for row in rows if row.proposed in asked]
        found = Counter(row.proposed for row in ours)
        requests = Counter(row.request_id for row in ours)
        events_of = _events(connection, stream)
        return Sums(
            arrived=len(found),
            lost=len(set(stream.answered) - set(found)),
            doubled=sum(found.values()) - len(found),
            forms_without_item=abs(_forms(connection, stream) - len(ours)),
            items_without_event=sum(abs(events_of[key] - number) for key, number in requests.items()),
            requests_half_done=_half_done(connection),
            parents_without_receipt=_without_receipt(connection, {row.guardian_id for row in ours}),
            mails_without_job=_without_job(connection),
            damage=_damage(connection),
        )


def _forms(connection: sa.Connection, stream: Stream) -> int:
    wanted = sa.select(sa.func.count()).select_from(SentForm).where(SentForm.sent_at >= stream.since)
    return connection.scalar(wanted) or 0


def _events(connection: sa.Connection, stream: Stream) -> Counter[Any]:
    wanted = sa.select(AuditEvent.subject_id).where(AuditEvent.kind == events.PROPOSED, AuditEvent.at >= stream.since)
    return Counter(connection.scalars(wanted))


def _half_done(connection: sa.Connection) -> int:
    """Requests without an item, open ones with nothing to answer, closed ones with something that waits."""
    waits = sa.exists().where(ChangeItem.request_id == ChangeRequest.id, ChangeItem.state == ItemState.PROPOSED)
    any_item = sa.exists().where(ChangeItem.request_id == ChangeRequest.id)
    half = sa.or_(~any_item, sa.and_(ChangeRequest.open, ~waits), sa.and_(~ChangeRequest.open, waits))
    return connection.scalar(sa.select(sa.func.count()).select_from(ChangeRequest).where(half)) or 0


def _without_receipt(connection: sa.Connection, guardian_ids: set[Any]) -> int:
    topics = {f"received:{guardian_id}" for guardian_id in guardian_ids}
    return len(topics - set(connection.scalars(sa.select(Message.topic).where(Message.topic.in_(topics)))))


def _without_job(connection: sa.Connection) -> int:
    """Mails that wait and that no worker knows of."""
    waiting = {
        str(one) for one in connection.scalars(sa.select(Message.id).where(Message.state == MessageState.QUEUED))
    }
    payloads = connection.scalars(sa.select(Job.payload).where(Job.kind == SEND))
    return len(waiting - {payload["message_id"] for payload in payloads})


def _damage(connection: sa.Connection) -> int:
    """What SQLite itself finds wrong with its file; PostgreSQL has no such look."""
    if connection.dialect.name != "sqlite":
        return 0
    faults = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return len([fault for fault in faults if fault != "ok"]) + len(orphans)
