"""Real workers that are killed while they send, and the sums afterwards; for the test and bench/durability_mail.py."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from app.core.db import begin_write, db
from app.outbox import operations
from app.outbox.models import Message, MessageState
from tests.outbox import canary
from tests.support.smtp import MailServer, Received

ROOT = Path(__file__).resolve().parents[2]


class SlowMailServer(MailServer):
    """Takes its time for each mail, so that a kill finds workers in the middle of one."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    async def handle_DATA(self, server, session, envelope):
        await asyncio.sleep(self.seconds * random.random())
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(self.seconds * random.random())
        return answer


@dataclass
class Workers:
    """Worker processes as an operator starts them, with a short lease so that the test needn't wait for minutes."""

    database_url: str
    data_dir: Path
    mail_port: int
    lease: float
    log: Path
    processes: list[subprocess.Popen] = field(default_factory=list)

    def start(self) -> None:
        settings = {
            "DATABASE_URL": self.database_url,
            "DATA_DIR": str(self.data_dir),
            "SECRET_KEY": "test-" * 10,
            "PUBLIC_URL": "http://localhost",
            "ALLOW_HTTP": "1",
            "DEMO": "",
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(self.mail_port),
            "MAIL_USE_TLS": "0",
            "MAIL_SENDER": "portaal@example.nl",
        }
        command = [sys.executable, "-m", "flask", "--app", "tests.outbox.canary", "worker", "--lease", str(self.lease)]
        with self.log.open("ab") as output:
            process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=output, stderr=output)
        self.processes.append(process)

    def kill_one(self) -> None:
        """kill -9, and another in its place."""
        victim = self.processes.pop(random.randrange(len(self.processes)))
        victim.kill()
        victim.wait()
        self.start()

    def stop(self) -> list[int]:
        """In good order; gives the exit statuses."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        return [process.wait(30) for process in self.processes]

    def end(self) -> None:
        """At once, whatever they are doing."""
        for process in self.processes:
            process.kill()
            process.wait()


def fill(app, count: int) -> dict[str, str]:
    """Put that many canaries in the outbox; gives the Message-ID of each canary."""
    with app.app_context():
        begin_write()
        ids = {}
        for number in range(count):
            context = {"canary": f"k{number}"}
            message = operations.post(kind=canary.KIND, address=canary.address(number), context=context)
            ids[f"k{number}"] = message.message_id
        db.session.commit()
    return ids


@dataclass(frozen=True)
class Sums:
    """What came out of it."""

    lost: int
    duplicates: int
    wrong_message_id: int
    wrong_address: int


def count(received: list[Received], ids: dict[str, str]) -> Sums:
    """Compare what the server got with what was put in the outbox."""
    seen = Counter()
    wrong_id = wrong_address = 0
    for mail in received:
        name = mail.message["Subject"].split()[-1]
        seen[name] += 1
        wrong_id += mail.message_id != ids[name]
        wrong_address += mail.recipients != (canary.address(int(name[1:])),) or f"proef {name}." not in mail.text()
    duplicates = sum(seen.values()) - len(seen)
    return Sums(len(ids) - len(seen), duplicates, wrong_id, wrong_address)


def waiting(app) -> int:
    """How many messages the database says are still to be sent."""
    with app.app_context():
        return db.session.query(Message).filter_by(state=MessageState.QUEUED).count()


def wait_until_sent(app, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while waiting(app):
        assert time.monotonic() < deadline, f"{waiting(app)} messages still wait"
        time.sleep(0.1)
