"""Brakes on guessing passwords and on flooding people with mail. Every try is counted before it is answered, so that
many at once get no more than one after the other; what turned out to be right is given back.

Per typed name, and per account: 10 wrong passwords in 5 minutes, 100 in all until a new password is made by mail. Per
network address: 30 in 5 minutes. A device that logged in to the account before has a count of its own, so that an attack
from elsewhere does not lock the person out.

Only the count of the typed name is told ("wait"). That of the account is shared by its user name and its addresses, and
would tell that these are one person: over it, the answer is "wrong", whatever the password.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from app.accounts import queries
from app.accounts.queries import Candidate
from app.core import throttle
from app.core.db import db

WINDOW = 300
YEAR = 365 * 86_400
HOUR, DAY = 3_600, 86_400

PER_NAME = 10
PER_NETWORK = 30
IN_ALL = 100

MAILS_PER_HOUR = 3
MAILS_PER_DAY = 10
MAILS_PER_NETWORK = 20  # an hour


class Verdict(StrEnum):
    """What becomes of a try."""

    GO = "go"
    WAIT = "wait"
    RESET = "reset"  # guessed too often: only a new password helps


@dataclass(frozen=True, slots=True)
class Try:
    """A counted try to log in: which candidates may be verified, and which counts it raised."""

    verdict: Verdict
    candidates: tuple[Candidate, ...]
    raised: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that logged in to this account before."""

    account_id: uuid.UUID
    key: str


def begin_try(name: str, candidates: Sequence[Candidate], *, network: str, device: Device | None) -> Try:
    """Count one try of a typed name, from a network address and perhaps a known device."""
    raised: list[tuple[str, str, int]] = []
    open_network = _take(raised, "login-network", network, WINDOW, PER_NETWORK)
    typed = _typed(name)
    in_time = _take(raised, "login", typed, WINDOW, PER_NAME) and open_network
    spent = in_time and not _take(raised, "login-total", typed, YEAR, IN_ALL)
    allowed = []
    for candidate in candidates or (None,):
        known = device is not None and candidate is not None and candidate.account_id == device.account_id
        who = device.key if known and device else str(candidate.account_id) if candidate else typed
        kind = "login-device" if known else "login-account"
        if not known and (spent or not in_time):
            continue
        if _take(raised, kind, who, WINDOW, PER_NAME) and _take(raised, f"{kind}-total", who, YEAR, IN_ALL):
            allowed.append(candidate)
    if not allowed and (spent or not in_time):
        return Try(Verdict.RESET if spent else Verdict.WAIT, (), tuple(raised))
    return Try(Verdict.GO, tuple(candidate for candidate in allowed if candidate), tuple(raised))


def _typed(name: str) -> str:
    return f"name:{name.casefold()}"


def succeed(attempt: Try, account_id: uuid.UUID) -> None:
    """The password was right: nothing of this try counts, and the person's own counts begin again."""
    give_back(attempt)
    forget(account_id)


def give_back(attempt: Try) -> None:
    """Take back what this try raised."""
    for name, who, seconds in attempt.raised:
        _give_back(name, who, seconds)


def forget(account_id: uuid.UUID) -> None:
    """Begin again for this account, after a log-in or a new password."""
    counts = [("login-account", str(account_id))]
    counts += [("login", _typed(name)) for name in queries.names_of(account_id)]
    for name, who in counts:
        throttle.forget(name, who, seconds=WINDOW)
        throttle.forget(f"{name}-total", who, seconds=YEAR)


def may_mail(who: str, *, network: str) -> bool:
    """Count a wish for a mail with a link, for an account or a typed name; whether it may be sent."""
    by_network = throttle.hit("link-network", network, seconds=HOUR) <= MAILS_PER_NETWORK
    by_hour = throttle.hit("link-hour", who, seconds=HOUR) <= MAILS_PER_HOUR
    by_day = throttle.hit("link-day", who, seconds=DAY) <= MAILS_PER_DAY
    return by_network and by_hour and by_day


def _take(raised: list[tuple[str, str, int]], name: str, who: str, seconds: int, limit: int) -> bool:
    raised.append((name, who, seconds))
    return throttle.hit(name, who, seconds=seconds) <= limit


def _give_back(name: str, who: str, seconds: int) -> None:
    key, _expires_at = throttle._window(name, who, seconds)
    count = throttle.ThrottleCount
    db.session.execute(sa.update(count).where(count.key == key, count.count > 0).values(count=count.count - 1))
