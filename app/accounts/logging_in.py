"""A log-in from a typed name to a session, in short transactions with the slow hashing between them.

Known and unknown names cost the same work and get the same answer.
"""

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from app.accounts import brakes, events, passwords, queries
from app.accounts.brakes import Device, Try, Verdict
from app.accounts.models import Account
from app.accounts.queries import Candidate
from app.core import audit
from app.core.actor import NOBODY, Actor
from app.core.db import begin_read, begin_write, db


class Answer(StrEnum):
    """What a try to log in came to."""

    RIGHT = "right"
    WRONG = "wrong"
    SEVERAL = "several"  # two people share the address and the password
    WAIT = "wait"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer, and the account when the password was right."""

    answer: Answer
    account: Account | None = None


def try_password(name: str, password: str, *, network: str, device: Device | None) -> Outcome:
    """Try a password. Ends inside a write transaction: the caller adds the session when it was right, and commits."""
    candidates = queries.candidates(name)
    begin_write()
    attempt = brakes.begin_try(name, candidates, network=network, device=device)
    db.session.commit()
    if attempt.verdict is not Verdict.GO:
        return _refused(Answer(attempt.verdict.value))
    begin_read()
    right = _right_ones(attempt.candidates, password, at_least=2 if "@" in name else 1)
    fresh = passwords.hash_password(password) if right and passwords.needs_rehash(right[0].password_hash) else ""
    begin_write()
    if len(right) == 1:
        return _accepted(attempt, right[0], fresh)
    if right:
        brakes.give_back(attempt)
        return _refused(Answer.SEVERAL)
    return _refused(Answer.WRONG)


def _right_ones(candidates: tuple[Candidate, ...], password: str, *, at_least: int) -> list[Candidate]:
    """Those whose password this is. Every one is tried, and nobody in the place of those who are missing."""
    nobody = max(0, at_least - len(candidates))
    right = [candidate for candidate in candidates if passwords.verify(candidate.password_hash, password)]
    for _ in range(nobody):
        passwords.verify("", password)
    return right


def _accepted(attempt: Try, candidate: Candidate, fresh: str) -> Outcome:
    # Once more, and locked: a new password may have been made while this one was being checked.
    wanted = sa.select(Account).where(Account.id == candidate.account_id).with_for_update()
    account = db.session.scalar(wanted)
    unchanged = account is not None and account.password_hash == candidate.password_hash
    if account is None or not unchanged or queries.actor_for(account.id) is None:
        return _refused(Answer.WRONG)
    brakes.succeed(attempt, account.id)
    if fresh:
        account.password_hash = fresh
    return Outcome(Answer.RIGHT, account)


def _refused(answer: Answer) -> Outcome:
    audit.record(events.LOGIN_FAILED, actor=NOBODY, verdict=answer.value)
    db.session.commit()
    return Outcome(answer)


def record_login(actor: Actor, *, shared: bool) -> None:
    """Write down that somebody logged in."""
    audit.record(events.LOGIN, actor=actor, subject_id=actor.account_id, shared=shared)
