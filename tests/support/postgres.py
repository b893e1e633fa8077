"""A PostgreSQL server for the tests: made in a temporary folder, used, thrown away.

No server has to be installed or running, only the programs. One server for each pytest process: making one takes about
a second, and nothing has to be agreed upon between the processes.
"""

import contextlib
import ctypes
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

OLDEST = 15
SUPERUSER = "portal"
SECONDS_TO_START = 30
PORT_TRIES = 5
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

# A test database is never worth a second: nothing waits for the disk.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SETTINGS = (
    "listen_addresses=127.0.0.1",
    "max_connections=60",
    "shared_buffers=64MB",
    "jit=off",
    # Not UTC, as on a Dutch school's server: times that depend on the server's zone show themselves.
    "timezone=Europe/Amsterdam",
    "log_min_messages=warning",
)


class PortTaken(Exception):
    """Another program took the port between our look and the server's start."""


def programs() -> Path:
    """The folder with initdb and postgres; without one the tests fail, because skipping them would prove nothing."""
    on_path = shutil.which("initdb")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: _number(path.parent.name))[::-1]
    for folder in candidates:
        if (folder / "postgres").exists() and (folder / "initdb").exists() and _version(folder) >= OLDEST:
            return folder
    pytest.fail(
        f"The programs of PostgreSQL {OLDEST} or newer (initdb, postgres) were not found. "
        "`bin/setup --dev` installs them where it may; on Debian: apt-get install postgresql.",
        pytrace=False,
    )


def _number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0


def _version(folder: Path) -> int:
    done = subprocess.run([folder / "initdb", "--version"], capture_output=True, text=True, check=True)
    return _number(done.stdout)


def _identity() -> dict[str, object]:
    """PostgreSQL refuses to run as root, so root lends it somebody without power."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    pytest.fail("Root cannot run PostgreSQL, and there is no user `postgres` or `nobody` to run it.", pytrace=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _stop_with_parent() -> None:
    """Runs between fork and exec: a killed test run must not leave a server behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGINT)


class Server:
    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self.durable = durable
        self.port = 0
        self._programs = programs()
        self._identity = _identity()
        self._process: subprocess.Popen[bytes] | None = None

    # --- life

    def create(self) -> None:
        if self._identity:
            os.chown(self.folder, self._identity["user"], self._identity["group"])
        locale = "C.UTF-8" if sys.platform == "linux" else "C"
        done = subprocess.run(
            [self._programs / "initdb", "--no-sync", "--auth=trust", f"--username={SUPERUSER}", "--encoding=UTF8",
             f"--locale={locale}", "--pgdata", self.folder / "data"],
            cwd=self.folder, capture_output=True, text=True, **self._identity,
        )  # fmt: skip
        if done.returncode != 0:
            pytest.fail(f"initdb failed:\n{done.stdout}{done.stderr}", pytrace=False)

    def start(self) -> None:
        """Starts on a free port; after `stop` or `crash` on the same one, so that addresses given out stay right."""
        if self.port:
            self._start_on(self.port)
            return
        for _ in range(PORT_TRIES):
            port = _free_port()
            with contextlib.suppress(PortTaken):
                self._start_on(port)
                self.port = port
                return
        pytest.fail(f"PostgreSQL found no free port in {PORT_TRIES} tries.", pytrace=False)

    def _start_on(self, port: int) -> None:
        settings = [*SETTINGS, f"port={port}", f"unix_socket_directories={self.folder}"]
        if not self.durable:
            settings += CARELESS
        arguments = [part for setting in settings for part in ("-c", setting)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder / "data", *arguments],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                # Ctrl-C is for pytest; the server is stopped by us, after the tests have closed their connections.
                process_group=0, preexec_fn=_stop_with_parent if LIBC else None, **self._identity,
            )  # fmt: skip
        self._wait_until_it_answers(port)

    def _wait_until_it_answers(self, port: int) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                log = self._log.read_text(errors="replace")
                if "could not bind" in log or "Address already in use" in log:
                    raise PortTaken
                pytest.fail(f"PostgreSQL did not start:\n{log}", pytrace=False)
            # Through the socket in our own folder: on the port somebody else might answer.
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(host=str(self.folder), port=port, user=SUPERUSER, dbname="postgres").close()
                return
            time.sleep(0.03)
        self.crash()
        pytest.fail(f"PostgreSQL did not answer within {SECONDS_TO_START} seconds.", pytrace=False)

    def stop(self) -> None:
        """Ends the open connections and stops in good order."""
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """Stops without tidying up: the next start has to recover. The disk's cache survives, unlike in a power cut."""
        self._end(signal.SIGQUIT)

    def _end(self, number: int) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(number)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    @property
    def _log(self) -> Path:
        return self.folder / "postgres.log"

    # --- use

    def url(self, database: str) -> str:
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, template: str | None = None) -> str:
        """Makes a database, if wished as a copy of another that nobody is connected to; gives its address."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        self._execute(statement)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Also when somebody is still connected."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composable) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[Server]:
    """A server of one's own; `durable` with the settings of production, for the tests that crash it."""
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    try:
        server = Server(folder, durable=durable)
        try:
            server.create()
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
