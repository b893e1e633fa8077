"""What happened, who did it, to what, when: an append-only table.

Each kind of event is declared with the exact names of its details; another set raises, so that no personal data slips
in by accident. Details hold ids, keys and counts, never values.
"""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.actor import Actor
from app.core.db import Keyed, Model, db


class AuditEvent(Keyed, Model):
    """One event. Rows are added, never changed; triggers in the database hold to that."""

    __tablename__ = "audit_event"

    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(sa.String(60))
    school_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    account_id: Mapped[uuid.UUID | None]
    subject_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    details: Mapped[dict[str, Any]]


def append_only(dialect: str) -> tuple[str, ...]:
    """The statements that make a database refuse to change or delete an event, whoever asks."""
    if dialect == "sqlite":
        return tuple(
            f"CREATE TRIGGER audit_event_no_{verb.lower()} BEFORE {verb} ON audit_event "
            f"BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END"
            for verb in ("UPDATE", "DELETE")
        )
    return (
        "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit events are never changed'; END $$",
        "CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()",
    )


@sa.event.listens_for(AuditEvent.__table__, "after_create")
def _protect(_table: Any, connection: sa.Connection, **_options: Any) -> None:
    for statement in append_only(connection.dialect.name):
        connection.exec_driver_sql(statement)


_kinds: dict[str, frozenset[str]] = {}


def declare(kind: str, *details: str) -> str:
    """Declare a kind of event ("subject:verb") with the names of its details; gives the kind back to be kept as a constant."""
    _kinds[kind] = frozenset(details)
    return kind


def kinds() -> dict[str, frozenset[str]]:
    """Every declared kind with the names of its details."""
    return dict(_kinds)


def record(
    kind: str, *, actor: Actor, school_id: uuid.UUID | None = None, subject_id: uuid.UUID | None = None, **details: Any
) -> None:
    """Add an event to the running transaction.

    Raises ValueError for a kind or a set of details that was not declared.
    """
    if _kinds.get(kind) != frozenset(details):
        raise ValueError(f"audit event {kind!r} was not declared with {sorted(details)}")
    db.session.add(
        AuditEvent(
            at=clock.now(),
            kind=kind,
            school_id=school_id,
            account_id=actor.account_id,
            subject_id=subject_id,
            details=details,
        )
    )
