"""Another password, by who is logged in and knows the present one; in short transactions with the slow hashing between.

A try counts as one to log in does: whoever picks up a phone that was left open guesses no more than anybody else.
"""

import uuid

import sqlalchemy as sa

from app.accounts import brakes, events, operations, passwords, queries
from app.accounts.brakes import Device, Try, Verdict
from app.accounts.logging_in import Answer, Outcome
from app.accounts.models import Account, AccountPost
from app.accounts.queries import Candidate
from app.core import audit, clock
from app.core.actor import Actor
from app.core.db import begin_read, begin_write, db
from app.school.models import Guardian, School, Staff


def own_words(account_id: uuid.UUID) -> tuple[str, ...]:
    """What this person's password may not be made of: the own names and addresses, the names of the schools."""
    wanted = queries.people(clock.today(), Account.username, Guardian, Staff, School.name)
    wanted = wanted.outerjoin(School, School.id.in_((Guardian.school_id, AccountPost.school_id)))
    words: set[str] = set()
    for username, guardian, member, school in db.session.execute(wanted.where(Account.id == account_id)):
        words |= {username, school or ""}
        for person in filter(None, (guardian, member)):
            words |= {person.full_name, person.email}
    return tuple(sorted(words))


def try_change(actor: Actor, *, current: str, password: str, network: str, device: Device | None) -> Outcome:
    """Make `password` the account's, when `current` is. Ends inside a write transaction: the caller adds the session
    that goes on here, and commits.
    """
    account = db.session.get_one(Account, actor.account_id)
    username, candidate = account.username, Candidate(account.id, account.password_hash)
    begin_write()
    attempt = brakes.begin_try(username, (candidate,), network=network, device=device)
    db.session.commit()
    if attempt.verdict is not Verdict.GO:
        return _refused(actor, Answer(attempt.verdict.value))
    begin_read()
    if not passwords.verify(candidate.password_hash, current):
        return _refused(actor, Answer.WRONG)
    fresh = passwords.hash_password(password)
    begin_write()
    return _changed(actor, attempt, candidate, fresh)


def _changed(actor: Actor, attempt: Try, candidate: Candidate, fresh: str) -> Outcome:
    # Once more, and locked: the password may have become another while this one was being checked.
    wanted = sa.select(Account).where(Account.id == candidate.account_id).with_for_update()
    account = db.session.scalars(wanted).one()
    if account.password_hash != candidate.password_hash:
        return _refused(actor, Answer.WRONG)
    brakes.give_back(attempt)
    operations.change_password(account, password_hash=fresh, actor=actor)
    return Outcome(Answer.RIGHT, account)


def _refused(actor: Actor, answer: Answer) -> Outcome:
    audit.record(events.PASSWORD_REFUSED, actor=actor, subject_id=actor.account_id, verdict=answer.value)
    db.session.commit()
    return Outcome(answer)
