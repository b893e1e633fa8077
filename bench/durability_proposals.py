"""How proposals hold when the server is killed while it answers: prints figures, ends with 1 when one is wrong.

    .venv/bin/python -m bench.durability_proposals --kills 50 --clients 8 --database postgresql

Promised (docs/security.md, D1): of what was answered nothing is lost, nothing doubled, nothing half done; SQLite finds
its file whole. Each kill takes gunicorn and all its workers (SIGKILL); the next server starts at once.
"""
# ruff: noqa: T201 - it is a program for the command line

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from bench.portal import Portal
from tests.durability.stream import Stream, Sums, count, parents_of
from tests.support.postgres import running_postgres


@contextlib.contextmanager
def database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield ""
        return
    with running_postgres() as server:
        yield server.create_database("bench")


def run(options: argparse.Namespace, folder: Path, database_url: str) -> bool:
    portal = Portal(folder, database_url=database_url, application="wsgi:app", workers=2)
    portal.prepare()
    engine = sa.create_engine(portal.database_url)
    with portal:
        portal.wait()
        started = time.monotonic()
        with Stream(portal.url, parents_of(engine, options.clients)) as stream:
            stream.start()
            back = [_kill(portal, stream, options) for _ in range(options.kills)]
            _more(stream, options.between)
            stream.stop()
        took = time.monotonic() - started
        sums = count(engine, stream)
    engine.dispose()
    return _told(options, stream, sums, back, took)


def _more(stream: Stream, number: int) -> None:
    wanted, deadline = len(stream.answered) + number, time.monotonic() + 120
    while len(stream.answered) < wanted:
        if time.monotonic() > deadline:
            raise RuntimeError(f"no answers any more: {dict(stream.statuses)}")
        time.sleep(0.005)


def _kill(portal: Portal, stream: Stream, options: argparse.Namespace) -> float:
    """Kill it in the middle of things; the seconds until it answers again."""
    _more(stream, options.between)
    portal.kill()
    portal.start()
    return portal.wait()


def _told(options: argparse.Namespace, stream: Stream, sums: Sums, back: list[float], took: float) -> bool:
    right = sums.right and stream.broken == 0 and stream.cut > 0
    longest = max(back, default=0.0)
    print(f"{options.database}: {options.kills} kills, {options.clients} clients, {took:.0f} s")
    print(
        f"  asked {len(stream.asked)}, answered with 303 {len(stream.answered)}, cut off {stream.cut}, 5xx {stream.broken}"
    )
    print(
        f"  arrived {sums.arrived}: lost {sums.lost}, doubled {sums.doubled}, requests half done {sums.requests_half_done}"
    )
    print(f"  forms without item {sums.forms_without_item}, items without event {sums.items_without_event}")
    print(f"  parents without receipt {sums.parents_without_receipt}, mails without job {sums.mails_without_job}")
    print(f"  damage {sums.damage}; back after {longest:.1f} s at most: {'right' if right else 'WRONG'}")
    return right


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--between", type=int, default=40, help="answers between two kills")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="durability-") as name, database(options.database) as url:
        return 0 if run(options, Path(name), url) else 1


if __name__ == "__main__":
    sys.exit(main())
