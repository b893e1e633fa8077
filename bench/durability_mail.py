"""How the outbox holds when its workers and the mail server are killed: prints figures, ends with 1 when one is wrong.

    .venv/bin/python -m bench.durability_mail --mails 5000 --kills 50 --server-kills 5 --database postgresql

Promised (docs/security.md, D2): none lost, at most one duplicate for each kill and each with the same Message-ID, none
to a wrong address; without a kill no duplicate at all (`--kills 0 --server-kills 0`).
"""
# ruff: noqa: T201 - it is a program for the command line

import argparse
import contextlib
import sys
import tempfile
import time
from pathlib import Path

from app import create_app
from app.core.db import db
from tests.conftest import settings_for
from tests.outbox import canary, kills
from tests.support.postgres import running_postgres


@contextlib.contextmanager
def database(kind: str, folder: Path):
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite'}"
        return
    with running_postgres() as server:
        server.create_database("bench")
        yield server.url("bench")


def run(options: argparse.Namespace, url: str, folder: Path) -> bool:
    app = create_app(settings_for(url, folder))
    canary.add_to(app)
    with app.app_context():
        db.create_all()
    server = kills.SlowMailServer(options.delay)
    server.start()
    workers = kills.Workers(url, folder, server.port, lease=options.lease, log=folder / "workers.log")
    try:
        ids = kills.fill(app, options.mails)
        started = time.monotonic()
        for _ in range(options.workers):
            workers.start()
        disturb(options, server, workers)
        kills.wait_until_sent(app, options.seconds)
        took = time.monotonic() - started
        time.sleep(1)
        statuses = workers.stop()
    finally:
        workers.end()
        server.stop()
    sums = kills.count(server.messages, ids)
    everything = options.kills + options.server_kills * options.workers
    right = sums.lost == sums.wrong_message_id == sums.wrong_address == 0 and sums.duplicates <= everything
    print(f"{options.database}: {options.mails} mails, {options.workers} workers, {took:.0f} s")
    print(f"  workers killed {options.kills}, mail server killed {options.server_kills}, stopped with {statuses}")
    print(f"  received {len(server.messages)}: lost {sums.lost}, duplicates {sums.duplicates} (at most {everything})")
    print(f"  with another Message-ID {sums.wrong_message_id}, at a wrong address {sums.wrong_address}")
    return right


def disturb(options: argparse.Namespace, server: kills.SlowMailServer, workers: kills.Workers) -> None:
    """Kill workers and server by turns, spread over the mails."""
    events = sorted(
        [((number + 1) / (options.kills + 1), workers.kill_one) for number in range(options.kills)]
        + [((number + 0.5) / options.server_kills, lambda: restart(server)) for number in range(options.server_kills)],
        key=lambda event: event[0],
    )
    for part, act in events:
        server.wait_for(int(part * options.mails * 0.95), seconds=options.seconds)
        act()


def restart(server: kills.SlowMailServer) -> None:
    connections = server.connections
    server.stop()
    time.sleep(0.5)
    server.start()
    server.connections += connections


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--server-kills", type=int, default=5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--delay", type=float, default=0.01, help="seconds that the mail server takes at most, twice")
    parser.add_argument("--lease", type=float, default=5)
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="durability-") as name, database(options.database, Path(name)) as url:
        return 0 if run(options, url, Path(name)) else 1


if __name__ == "__main__":
    sys.exit(main())
