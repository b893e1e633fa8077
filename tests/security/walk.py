"""A client that only asks and remembers, for walks of thousands of requests; and digests of what they leave behind.

`CheckingClient` parses every page, which costs more than making it. Here the reader of the answer decides what to check.
"""

import contextlib
import re

import sqlalchemy as sa
from flask import g
from flask.testing import FlaskClient

from app.core.db import db

WRITES = re.compile(r"\s*(insert|update|delete|replace|truncate|drop|alter|create)\b", re.IGNORECASE)


class Walker(FlaskClient):
    """A browser without eyes. Keeps its cookies; `keeping()` puts them back after a request that may end the session."""

    def log_in(self, account) -> None:
        from app.accounts.sessions import start_session

        token = start_session(account)
        db.session.commit()
        with self.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True

    def open(self, *args, **kwargs):
        db.session.rollback()
        for name in list(g):
            g.pop(name)
        response = super().open(*args, **kwargs)
        response.get_data()
        db.session.rollback()
        return response

    def token(self) -> str:
        """A CSRF token of this session; it holds until the session is cleared."""
        page = self.get("/login").get_data(as_text=True)
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]

    @contextlib.contextmanager
    def keeping(self):
        cookies = dict(self._cookies)
        yield
        self._cookies = cookies


def walker(app, account=None) -> Walker:
    """A browser of somebody, or of nobody."""
    client = Walker(app, app.response_class, use_cookies=True)
    if account is not None:
        client.log_in(account)
    return client


@contextlib.contextmanager
def writing_statements():
    """The statements that write, as they are executed: without one no row can have changed."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        if WRITES.match(statement):
            seen.append(" ".join(statement.split())[:120])

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


Rows = dict[str, dict[tuple, dict]]


def snapshot() -> Rows:
    """Every row of every table by its key."""
    found: Rows = {}
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            keys = [column.name for column in table.primary_key]
            rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            found[table.name] = {tuple(row[key] for key in keys): row for row in rows}
    return found


def changed(before: Rows, after: Rows) -> list[tuple[str, dict | None, dict | None]]:
    """Rows that came, went or changed: (table, as it was, as it is)."""
    found = []
    for name, rows in after.items():
        was = before[name]
        for key in was.keys() | rows.keys():
            if was.get(key) != rows.get(key):
                found.append((name, was.get(key), rows.get(key)))
    return found


def restore(rows: Rows) -> None:
    """Put every table back as it was in the snapshot."""
    from tests.conftest import empty_tables

    empty_tables()
    with db.engine.begin() as connection:
        for table in db.metadata.sorted_tables:
            if rows[table.name]:
                connection.execute(table.insert(), list(rows[table.name].values()))
