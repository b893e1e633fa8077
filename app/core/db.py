"""The database: base class, keys, times, and how a transaction begins and ends.

SQLite is the embedded default, PostgreSQL serves a board of many schools; both behave alike here:
foreign keys hold, a write transaction begins as one, and a request commits once or not at all.
"""

import uuid
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Flask, Response, current_app, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from uuid_utils.compat import uuid7

from app.core import clock

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SQLITE_PRAGMAS = (
    "busy_timeout=20000",  # milliseconds that a writer waits for another; first, so that the switch to WAL waits too
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",  # an answer of 303 survives a power cut
    "temp_store=MEMORY",
)

# The names of constraints are part of the contract: migrations drop them by name, forms map them to a field.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment, stored as UTC. Refuses naive datetimes, because SQLite silently drops the zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UtcDateTime(),
            uuid.UUID: sa.Uuid(),
            dict[str, Any]: sa.JSON(),
            list[Any]: sa.JSON(),
        },
    )


db = SQLAlchemy(model_class=Base, session_options={"autoflush": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def rows(statement: sa.Executable, **values: Any) -> sa.CursorResult[Any]:
    """The rows of a statement that is made once, as plain data: the short way past the session's objects.

    What this transaction has changed in objects is written first, so that the rows tell the same.
    """
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values)


def new_id() -> uuid.UUID:
    """A UUIDv7: sorts by time, so that indexes grow at one end. Says when a row was made; it is no secret."""
    return uuid7()


class Keyed:
    """A row whose key may leave the house (in an address, a mail, an export)."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)


class Timed:
    """A row that knows when it came and when it last changed."""

    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)


# SQLite gives "database is locked" at once when a transaction that began by reading wants to write after another
# one wrote; no time-out helps. So a transaction that is going to write begins with BEGIN IMMEDIATE.
_writing: ContextVar[bool] = ContextVar("writing", default=False)


def begin_write() -> None:
    """Start a fresh transaction that takes the write lock at its first statement (SQLite); loaded rows are forgotten."""
    db.session.rollback()
    _writing.set(True)


def begin_read() -> None:
    """Start a fresh transaction that only reads: slow work (hashing, mail) between here and `begin_write` locks nobody."""
    db.session.rollback()
    _writing.set(False)


def late_write(view: Any) -> Any:
    """Mark a writing view that calls `begin_write` itself, after its slow part."""
    view.late_write = True
    return view


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's `begin` event below says BEGIN, not the driver
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # SQLite's own knows a to z only: who types "özlem" would not find Özlem.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _on_begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def prepare_engine(engine: Engine) -> None:
    """Give an SQLite engine its settings; PostgreSQL needs none."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)


def _start_request() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    _writing.set(request.method not in SAFE_METHODS and not getattr(view, "late_write", False))


def _finish_request(response: Response) -> Response:
    """One commit a request: after an answer below 400 to a request that may write. Everything else is rolled back."""
    if request.method not in SAFE_METHODS and response.status_code < 400:
        db.session.commit()
    else:
        db.session.rollback()
    return response


def init_app(app: Flask) -> None:
    """Bind the database to the app and make each request one transaction."""
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    app.before_request(_start_request)
    app.after_request(_finish_request)
