"""bin/serve keeps its promises: it minds its children, keeps the address, and leaves nothing behind."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.support.postgres import running_postgres
from tests.support.server import ROOT, ServedPortal

pytestmark = pytest.mark.slow

# As in production, but on http and with a mail server that nobody answers: nothing is sent here.
ENVIRONMENT = {
    "DEMO": "0",
    "SECRET_KEY": "x" * 40,
    "PUBLIC_URL": "http://127.0.0.1",
    "ALLOW_HTTP": "1",
    "MAIL_SERVER": "127.0.0.1",
    "MAIL_PORT": "1",
}


@pytest.fixture(scope="module")
def database():
    """Nothing for SQLite, which bin/serve makes in the data folder by itself."""
    if os.environ.get("TEST_DATABASE") != "postgresql":
        yield {}
        return
    with running_postgres() as server:
        yield {"DATABASE_URL": server.create_database("served")}


@pytest.fixture(scope="module")
def served(tmp_path_factory, database):
    with ServedPortal(tmp_path_factory.mktemp("served") / "data", {**ENVIRONMENT, **database}) as running:
        yield running


@pytest.fixture
def portal(served):
    """Starting takes seconds: one for all tests, started again, on its old data, after a test that ended it."""
    if not served.is_running:
        served.start()
    return served


def health(portal):
    with urllib.request.urlopen(f"{portal.url}/health", timeout=10) as answer:  # noqa: S310
        return answer.status


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_killed_web_server_comes_back_at_the_same_address(portal):
    dead = portal.kill("web")
    # Asked at once: the visitor waits a moment, and is not refused.
    assert health(portal) == 200

    assert portal.wait_for_another("web", than=dead) != dead


def test_a_killed_worker_comes_back(portal):
    dead = portal.kill("worker")

    successor = portal.wait_for_another("worker", than=dead)
    # Long enough for a worker that cannot start to show it: it has to die of our doing only.
    time.sleep(3)
    assert is_alive(successor)
    assert re.findall(r"^worker: ended with status (\S+),", portal.output(), re.MULTILINE) == ["-9"]


def test_it_stops_in_good_order(portal):
    children = [portal.pid_of("web"), portal.pid_of("worker")]

    assert portal.stop() == 0
    assert not any(is_alive(pid) for pid in children)


def test_no_child_outlives_a_killed_supervisor(portal):
    children = [portal.pid_of("web"), portal.pid_of("worker")]
    portal.kill("supervisor")

    deadline = time.monotonic() + 15
    while any(is_alive(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(is_alive(pid) for pid in children)


def test_the_data_is_for_nobody_else_to_read(portal):
    kept = [path for path in portal.data_dir.iterdir() if path != portal.output_file]

    assert [path.name for path in kept if path.stat().st_mode & 0o077] == []


def test_a_port_in_use_is_told_in_plain_words(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, ROOT / "bin" / "serve"],
            env={**os.environ, **ENVIRONMENT, "PORT": str(port), "DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=30,
        )

    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr
