"""A portal of its own for the bench: a fresh demo school in a temporary folder, served by gunicorn as bin/serve does."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from app.demo.logins import PASSWORD

ROOT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 60
OURS = ("DATABASE_URL", "SECRET_KEY", "PUBLIC_URL", "HOST", "PORT", "FLASK_APP", "FLASK_DEBUG", "TRUSTED_PROXIES")

PARENTS = sa.text("""
    SELECT account.username, min(CAST(guardianship.pupil_id AS VARCHAR(36)))
    FROM account
    JOIN account_guardian ON account_guardian.account_id = account.id
    JOIN guardian ON guardian.id = account_guardian.guardian_id
    JOIN guardianship ON guardianship.guardian_id = guardian.id AND guardianship.custody = 'full'
    JOIN school ON school.id = guardian.school_id AND school.name = 'De Vlieger'
    JOIN pupil ON pupil.id = guardianship.pupil_id AND pupil.left_on IS NULL AND pupil.household_id IS NOT NULL
    WHERE account.password_hash <> '' AND account.disabled_at IS NULL AND guardian.left_on IS NULL
      AND guardian.deceased_on IS NULL AND guardianship.ends_on IS NULL AND guardian.mobile <> ''
      AND account.id NOT IN (SELECT account_id FROM account_post)
    GROUP BY account.username ORDER BY account.username = 'lotte' DESC, account.username LIMIT :count
""")


@dataclass(frozen=True, slots=True)
class Parent:
    """Somebody who can log in, and a child of theirs."""

    username: str
    child: str
    password: str = PASSWORD


class Portal:
    """Prepared by `prepare`, served while the `with` lasts, and again by `start` after a `kill`."""

    def __init__(
        self, folder: Path, *, database_url: str = "", application: str = "bench.wsgi:make_app()", workers: int = 1
    ) -> None:
        self.folder = folder
        self.database_url = database_url or f"sqlite:///{folder / 'portal.sqlite'}"
        self.application = application
        self.log = folder / "server.log"
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        own = {"DEMO": "1", "DATA_DIR": str(folder), "DATABASE_URL": self.database_url, "WEB_WORKERS": str(workers)}
        self.environment = {**kept, **own, "PUBLIC_URL": self.url, "PYTHONUNBUFFERED": "1"}
        self.process: subprocess.Popen[bytes] | None = None

    def prepare(self) -> None:
        """Make the tables and the demo school."""
        for command in (["db", "upgrade"], ["demo", "seed"]):
            subprocess.run(
                [sys.executable, "-m", "flask", "--app", "wsgi", *command],
                cwd=ROOT, env=self.environment, check=True, capture_output=True,
            )  # fmt: skip

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        self.listener.close()

    def start(self) -> None:
        """Start the server. Its socket stays open all the time: visitors wait while it starts again."""
        number = self.listener.fileno()
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--no-control-socket"]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "--bind", f"fd://{number}", self.application],
                cwd=ROOT, env=self.environment, pass_fds=(number,), stdout=output, stderr=output, process_group=0,
            )  # fmt: skip

    def wait(self) -> float:
        """Wait until it answers; the seconds that took."""
        start = time.monotonic()
        while time.monotonic() - start < SECONDS_TO_START:
            if self.process is None or self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                if urllib.request.urlopen(f"{self.url}/health", timeout=5).status == 200:  # noqa: S310 - our own
                    return time.monotonic() - start
            time.sleep(0.02)
        raise RuntimeError(f"the portal did not start:\n{self.log.read_text(errors='replace')[-3000:]}")

    def kill(self) -> None:
        """kill -9 for the server and its workers at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(25)
            except subprocess.TimeoutExpired:
                self.kill()

    def counts(self) -> dict[str, Any]:
        """What the one worker has used so far: CPU seconds, statements, memory."""
        return json.load(urllib.request.urlopen(f"{self.url}/bench/counts", timeout=30))  # noqa: S310 - our own

    @contextlib.contextmanager
    def database(self) -> Iterator[sa.Connection]:
        """A look into the database, beside the server."""
        engine = sa.create_engine(self.database_url)
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    def parents(self, count: int) -> list[Parent]:
        """So many parents with a log-in and a child at school, the same ones every time, Lotte first."""
        with self.database() as connection:
            rows = connection.execute(PARENTS, {"count": count}).all()
        if len(rows) < count:
            raise RuntimeError(f"the demo has only {len(rows)} parents to play with")
        return [Parent(username, str(uuid.UUID(child))) for username, child in rows]
