"""The portal as `make bench` measures it: the same app, with a bare route beside it in the same process, and counts.

/bench/bare    Flask, sqlite3 and Jinja alone: 4 indexed reads, a page of 6 kB, no session, no hooks; the connection is
               opened for the request, as Flask's documentation does it
/bench/kept    the same with a connection that is kept open
/bench/counts  what this process has used so far: CPU seconds, statements, memory
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, g, jsonify, render_template
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app import create_app

HERE = Path(__file__).parent
# Begin, commit and savepoints are no questions.
NO_QUERY = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")
ROWS = 31

_local = threading.local()
_lock = threading.Lock()
_counts = {"statements": 0}


def _count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if not statement.startswith(NO_QUERY):
        with _lock:
            _counts["statements"] += 1


def _bare_database(path: Path) -> None:
    with sqlite3.connect(path) as database:
        for table in ("school", "guardian", "pupil", "line"):
            database.execute(f"DROP TABLE IF EXISTS {table}")
            database.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, parent INTEGER, name TEXT, value TEXT)")
            database.execute(f"CREATE INDEX ix_{table} ON {table} (parent)")
            rows = [(number % 500, f"name {number}", f"value {number}") for number in range(500 * ROWS)]
            if table != "line":
                rows = rows[:500]
            database.executemany(f"INSERT INTO {table} (parent, name, value) VALUES (?, ?, ?)", rows)  # noqa: S608


def _kept(path: Path) -> sqlite3.Connection:
    """One for each thread, kept open."""
    if not hasattr(_local, "connection"):
        _local.connection = sqlite3.connect(path, isolation_level=None)
    return _local.connection


def _opened(path: Path) -> sqlite3.Connection:
    """One for the request, closed at its end."""
    if "connection" not in g:
        g.connection = sqlite3.connect(path)
    return g.connection


def _close(_error: BaseException | None) -> None:
    connection = g.pop("connection", None)
    if connection is not None:
        connection.close()


def _page(connection: sqlite3.Connection) -> str:
    read = connection.execute
    return render_template(
        "bare.html",
        school=read("SELECT name, value FROM school WHERE id = ?", (7,)).fetchone(),
        guardian=read("SELECT name, value FROM guardian WHERE id = ?", (8,)).fetchone(),
        pupil=read("SELECT name, value FROM pupil WHERE id = ?", (9,)).fetchone(),
        lines=read("SELECT name, value FROM line WHERE parent = ?", (10,)).fetchall(),
    )


def bare_app(path: Path) -> Flask:
    """Flask with a route and nothing else: the measure of what a page must cost."""
    _bare_database(path)
    app = Flask("bench", template_folder=str(HERE / "templates"))

    app.teardown_appcontext(_close)

    @app.get("/bench/bare")
    def bare() -> str:
        return _page(_opened(path))

    @app.get("/bench/kept")
    def kept() -> str:
        return _page(_kept(path))

    @app.get("/bench/counts")
    def counts() -> Any:
        return jsonify(cpu=time.process_time(), statements=_counts["statements"], memory=memory(), pid=os.getpid())

    return app


def memory() -> int:
    """Resident memory of this process in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def make_app() -> Wsgi:
    """What gunicorn serves: `bench.wsgi:make_app()`."""
    portal = create_app()
    event.listen(Engine, "before_cursor_execute", _count)
    bare = bare_app(portal.config["DATA_DIR"] / "bare.sqlite")

    def dispatch(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        chosen = bare if environ["PATH_INFO"].startswith("/bench/") else portal
        return chosen(environ, start_response)

    return dispatch
