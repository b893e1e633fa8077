"""Eight visitors at once: what each kind of request costs, beside a bare Flask route in the same server.

The phases take turns in rounds, so that whatever else the machine does disturbs all of them alike. Times and rates are
of one machine on one day; the ratio to the bare route and the queries are what can be compared.
"""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from time import perf_counter

from bench.client import Answer, Visitor, fields
from bench.portal import Parent, Portal

VISITORS = 8
REVIEWERS = ("marijke", "ruud")
CONTACT_FORM = "/me/contact/edit"
Ask = Callable[[], Answer]


@dataclass
class Phase:
    """One kind of request. `prepare` gives a visitor's requests of a round; only those are measured."""

    name: str
    expected: int
    prepare: Callable[["Guest", int], list[Ask]]
    count: int
    times: list[float] = field(default_factory=list)
    seconds: float = 0
    rounds: list[float] = field(default_factory=list)  # CPU milliseconds of a request, for each round
    statements: int = 0
    size: int = 0

    @property
    def cpu_ms(self) -> float:
        """Of the round that was disturbed least: what else the machine does only ever adds."""
        return min(self.rounds)

    @property
    def queries(self) -> float:
        return self.statements / len(self.times)

    def percentile(self, part: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


class Guest:
    """A logged-in parent with a browser, and somebody at school who answers that parent."""

    def __init__(self, portal: Portal, parent: Parent, reviewer: str, number: int) -> None:
        self.portal, self.parent, self.number = portal, parent, number
        self.visitor, self.desk = Visitor(portal.url), Visitor(portal.url)
        self.visitor.log_in(parent.username, parent.password)
        self.desk.log_in(reviewer, parent.password)
        self.sent = 0

    def phone(self) -> str:
        """Another number each time."""
        self.sent += 1
        return f"06{10_000_000 + self.number * 1_000_000 + self.sent * 97:08d}"


def _pages(path: Callable[[Guest], str], *, htmx: bool = False) -> Callable[[Guest, int], list[Ask]]:
    def prepare(guest: Guest, count: int) -> list[Ask]:
        return [lambda: guest.visitor.get(path(guest), htmx=htmx)] * count

    return prepare


def _queue(guest: Guest, count: int) -> list[Ask]:
    return [lambda: guest.desk.get("/desk")] * count


def _log_ins(guest: Guest, count: int) -> list[Ask]:
    def fresh() -> Ask:
        visitor = Visitor(guest.portal.url)
        form = visitor.login_form(guest.parent.username, guest.parent.password)
        return lambda: visitor.post("/login", form)

    return [fresh() for _ in range(count)]


def _proposals(guest: Guest, count: int) -> list[Ask]:
    def fresh() -> Ask:
        form = fields(guest.visitor.get(CONTACT_FORM, htmx=True).body) | {"mobile": guest.phone()}
        return lambda: guest.visitor.post(CONTACT_FORM, form)

    return [fresh() for _ in range(count)]


def _decisions(guest: Guest, _count: int) -> list[Ask]:
    """A parent has one open request in a section: so one answer a round, to what was asked just before."""
    form = fields(guest.visitor.get(CONTACT_FORM, htmx=True).body) | {"mobile": guest.phone()}
    guest.visitor.post(CONTACT_FORM, form)
    card = guest.visitor.get("/me/contact").body
    request_id = re.findall(r"/changes/([0-9a-f-]{36})/withdrawal", card)[0]
    sheet = fields(guest.desk.get(f"/desk/changes/{request_id}", htmx=True).body)
    items = [name.removeprefix("now-") for name in sheet if name.startswith("now-")]
    answer = {f"decision-{item}": "reject" for item in items} | {
        f"reason-{item}": "Graag even bellen." for item in items
    }
    return [lambda: guest.desk.post(f"/desk/changes/{request_id}/decision", sheet | answer)]


def phases(count: int) -> list[Phase]:
    """What a parent and the school do."""
    child = "/children/{}".format
    few = max(2, count // 4)
    return [
        Phase("bare Flask route", 200, _pages(lambda _guest: "/bench/bare"), count),
        Phase("bare, connection kept", 200, _pages(lambda _guest: "/bench/kept"), count),
        Phase("child's page", 200, _pages(lambda guest: child(guest.parent.child)), count),
        Phase("home", 200, _pages(lambda _guest: "/"), count),
        Phase("edit fragment", 200, _pages(lambda _guest: CONTACT_FORM, htmx=True), count),
        Phase("propose", 303, _proposals, few),
        Phase("review queue", 200, _queue, count),
        Phase("decide", 303, _decisions, 1),
        Phase("log-in", 303, _log_ins, max(1, few // 2)),
    ]


def run_round(portal: Portal, guests: list[Guest], phase: Phase) -> None:
    """One round of one phase: all guests begin at the same moment."""
    prepared = [phase.prepare(guest, phase.count) for guest in guests]
    barrier = threading.Barrier(len(guests) + 1)

    def visit(asks: list[Ask]) -> list[Answer]:
        barrier.wait()
        return [ask() for ask in asks]

    with ThreadPoolExecutor(len(guests)) as pool:
        running = [pool.submit(visit, asks) for asks in prepared]
        before = portal.counts()
        start = perf_counter()
        barrier.wait()
        answers = [answer for one in running for answer in one.result()]
        seconds, after = perf_counter() - start, portal.counts()
    wrong = {answer.status for answer in answers} - {phase.expected}
    if wrong:
        raise RuntimeError(f"{phase.name} was answered with {wrong}")
    phase.times += [answer.ms for answer in answers]
    phase.size = max(answer.size for answer in answers)
    phase.seconds += seconds
    phase.rounds.append((after["cpu"] - before["cpu"]) * 1000 / len(answers))
    phase.statements += after["statements"] - before["statements"]


def measure(folder: Path, *, rounds: int, count: int, database_url: str = "") -> tuple[list[Phase], int]:
    """All phases, and the worker's memory at the end in bytes."""
    portal = Portal(folder, database_url=database_url)
    portal.prepare()
    with portal:
        portal.wait()
        pairs = zip(portal.parents(VISITORS), cycle(REVIEWERS), strict=False)
        guests = [Guest(portal, parent, reviewer, number) for number, (parent, reviewer) in enumerate(pairs)]
        for phase in phases(4):
            run_round(portal, guests, phase)  # the first answers load templates and translations
        measured = phases(count)
        for _ in range(rounds):
            for phase in measured:
                run_round(portal, guests, phase)
        return measured, portal.counts()["memory"]
