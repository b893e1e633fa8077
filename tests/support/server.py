"""The portal as a running server: in a thread for the browser, as real processes for the tests that kill them."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from werkzeug.serving import WSGIRequestHandler, make_server

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60


class LiveServer:
    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"


class _SilentHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """A page asks for dozens of files; none of them is news."""


@contextlib.contextmanager
def live_server(app: Callable[..., Any]) -> Iterator[LiveServer]:
    """Serves an app from a thread of this process, on a free port: quick, and the test sees the same database."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_SilentHandler)
    # A browser keeps connections open; waiting for their threads would be waiting for the browser.
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield LiveServer(server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class ServedPortal:
    """The portal as an operator starts it, through bin/serve: supervisor, web server, worker.

    with ServedPortal(tmp_path, {"DEMO": "1"}) as portal:
        portal.kill("web")
    """

    def __init__(self, data_dir: Path, env: Mapping[str, str] | None = None) -> None:
        self.data_dir = Path(data_dir)
        self.output_file = self.data_dir / "serve.log"
        self.url = ""
        # Port 0: bin/serve takes a free one and says which.
        self._env = {**_clean_environment(), "PORT": "0", "DATA_DIR": str(self.data_dir), **(env or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self.output_file.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, ROOT / "bin" / "serve"],
                cwd=ROOT, env=self._env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            self.url = self._wait_until_ready()
        except BaseException:
            self.stop()
            raise
        # Whoever starts it again expects it where it was.
        self._env["PORT"] = self.url.rpartition(":")[2]

    def _wait_until_ready(self) -> str:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            found = re.search(r"^Ready: (\S+)$", self.output(), re.MULTILINE)
            if found:
                return found.group(1)
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"bin/serve did not get ready:\n{self.output()}")

    def output(self) -> str:
        return self.output_file.read_text(errors="replace") if self.output_file.exists() else ""

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None, "the portal is not running"
        return self._process.pid

    def pid_of(self, name: str) -> int:
        """The newest process of `web` or `worker`, as bin/serve reported it."""
        return int(re.findall(rf"^{name}: started, process (\d+)$", self.output(), re.MULTILINE)[-1])

    def kill(self, name: str) -> int:
        """kill -9 for `web` (the server with all its workers), `worker` or `supervisor`; gives the dead pid."""
        pid = self.pid if name == "supervisor" else self.pid_of(name)
        with contextlib.suppress(ProcessLookupError):
            if name == "supervisor":
                os.kill(pid, signal.SIGKILL)
                self._process.wait()
            else:
                os.killpg(pid, signal.SIGKILL)
        return pid

    def wait_for_another(self, name: str, than: int, seconds: float = 10) -> int:
        """Waits until bin/serve has started a successor; gives its pid."""
        deadline = time.monotonic() + seconds
        while self.pid_of(name) == than:
            assert time.monotonic() < deadline, f"no new {name} within {seconds} s:\n{self.output()}"
            time.sleep(0.02)
        return self.pid_of(name)

    def stop(self) -> int:
        """In good order, as systemd does; gives the exit status."""
        if self._process is None:
            return 0
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(40)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        return self._process.returncode


def _clean_environment() -> dict[str, str]:
    """Settings of the shell that runs the tests must not reach the portal under test."""
    ours = {"DATABASE_URL", "SECRET_KEY", "PUBLIC_URL", "DEMO", "HOST", "PORT", "DATA_DIR"}
    return {name: value for name, value in os.environ.items() if name not in ours}
