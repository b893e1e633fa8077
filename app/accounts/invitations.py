"""Inviting guardians: an account where there is none, a link, and a mail in the outbox, all in one transaction."""

import uuid
from collections import defaultdict
from collections.abc import Collection

import sqlalchemy as sa

from app.accounts import events, messages, operations, policy, queries, usernames
from app.accounts.models import Account, AccountGuardian, AccountPost, Purpose
from app.accounts.queries import Address
from app.core import audit, clock, jobs
from app.core.actor import Actor, Role
from app.core.db import db
from app.core.errors import N_, Conflict, DomainError
from app.school.models import Guardian, MailState, School, Staff

INVITE_MANY = "accounts.invite_many"
AT_ONCE = 25  # more than this many become a job, so that nobody waits for a page
BATCH = 25

NO_INVITATION = N_("Deze ouder kan geen uitnodiging krijgen. Kijk of het e-mailadres klopt en of de ouder gezag heeft.")


def invitable(guardian_ids: Collection[uuid.UUID]) -> list[Guardian]:
    """Those of these guardians who may be invited: with a good address, not left or deceased or blocked, with custody."""
    blocked = (
        sa.select(AccountGuardian.guardian_id)
        .join(Account, Account.id == AccountGuardian.account_id)
        .where(Account.disabled_at.is_not(None))
    )
    wanted = sa.select(Guardian).where(Guardian.id.in_(guardian_ids), Guardian.id.not_in(blocked))
    wanted = wanted.where(policy.stands(clock.today()), policy.may_get_mail()).order_by(Guardian.id)
    return list(db.session.scalars(wanted))


def invite(guardian: Guardian, *, actor: Actor) -> Account:
    """Invite one guardian, again if need be: the link before stops working.

    Raises Conflict for one who may not be invited.
    """
    if not invitable([guardian.id]):
        raise Conflict(NO_INVITATION)
    return _invite(guardian, actor=actor)


def invite_many(guardian_ids: Collection[uuid.UUID], *, actor: Actor) -> tuple[int, list[jobs.Job]]:
    """Invite whoever of these may be invited: a few at once (gives their number), many as a job for each school."""
    guardians = invitable(guardian_ids)
    if len(guardians) <= AT_ONCE:
        for guardian in guardians:
            _invite(guardian, actor=actor)
        return len(guardians), []
    by_school: dict[uuid.UUID, list[str]] = defaultdict(list)
    for guardian in guardians:
        by_school[guardian.school_id].append(str(guardian.id))
    return 0, [_enqueue(school_id, ids, actor=actor) for school_id, ids in by_school.items()]


def _enqueue(school_id: uuid.UUID, guardian_ids: list[str], *, actor: Actor) -> jobs.Job:
    payload = {"guardian_ids": guardian_ids, "account_id": str(actor.account_id), "name": actor.name}
    job = jobs.enqueue(INVITE_MANY, payload, school_id=school_id)
    job.progress_total = len(guardian_ids)
    db.session.flush()
    return job


def invite_batch(job: jobs.Job, start: int) -> int:
    """Invite the next few of a job, and write how far it is in the same transaction; gives how far that is."""
    wanted = [uuid.UUID(text) for text in job.payload["guardian_ids"][start : start + BATCH]]
    actor = Actor(account_id=uuid.UUID(job.payload["account_id"]))
    for guardian in invitable(wanted):
        _invite(guardian, actor=actor)
    done = start + len(wanted)
    progress = sa.update(jobs.Job).where(jobs.Job.id == job.id).values(progress_done=done)
    db.session.execute(progress.execution_options(synchronize_session=False))
    return done


def _invite(guardian: Guardian, *, actor: Actor) -> Account:
    account, added = _account_of(guardian)
    audit.record(
        events.INVITE,
        actor=actor,
        school_id=guardian.school_id,
        subject_id=account.id,
        guardian_id=str(guardian.id),
    )
    address = Address(guardian.email, guardian.school_id, guardian.full_name, True)
    if added and account.active_since is not None:
        messages.school_added(account, address=guardian.email, school_id=guardian.school_id)
        return account
    link = operations.send_password_link(account, address=address, actor=actor)
    if link.purpose is Purpose.SETUP:
        messages.reminder(account, link)
    return account


def _account_of(guardian: Guardian) -> tuple[Account, bool]:
    """The guardian's account, and whether the guardian was added to it just now."""
    account = db.session.scalar(
        sa.select(Account).join(AccountGuardian).where(AccountGuardian.guardian_id == guardian.id)
    )
    if account is not None and guardian.email in queries.openers_of(account.id):
        return account, False
    if account is not None:
        _let_go(guardian)
    account = _same_person(guardian)
    if account is None:
        name = usernames.free(guardian.first_name or guardian.initials, guardian.surname)
        account = Account(username=name, language=guardian.language)
        db.session.add(account)
        db.session.flush()
    db.session.add(AccountGuardian(account_id=account.id, guardian_id=guardian.id))
    db.session.flush()
    return account, True


def _let_go(guardian: Guardian) -> None:
    """This school has another address than the one that opens the account: whoever reads it gets a log-in of their own,
    and nothing of what the account shows beside this school's children."""
    link = sa.delete(AccountGuardian).where(AccountGuardian.guardian_id == guardian.id)
    db.session.execute(link.execution_options(synchronize_session="fetch"))


def _same_person(guardian: Guardian) -> Account | None:
    """The account of the same person at another school of the board: the same address and the same name.

    The address alone is not enough: two parents may share one. Nor is an account whose password was made elsewhere:
    whoever did that may be somebody else, whom the other school called by this name.
    """
    board = sa.select(School.board_id).where(School.id == guardian.school_id).scalar_subquery()
    wanted = (
        sa.select(Account, Guardian)
        .join(AccountGuardian, AccountGuardian.account_id == Account.id)
        .join(Guardian, Guardian.id == AccountGuardian.guardian_id)
        .join(School, School.id == Guardian.school_id)
        .where(
            Guardian.email == guardian.email,
            Guardian.school_id != guardian.school_id,
            School.board_id == board,
            Account.disabled_at.is_(None),
            policy.stands(clock.today()),
        )
    )
    name = _name(guardian)
    rows = db.session.execute(wanted.order_by(Account.id)).all()
    alike = (account for account, other in rows if _name(other) == name)
    return next((account for account in alike if _is_read_at(account, guardian.email)), None)


def _is_read_at(account: Account, email: str) -> bool:
    return account.active_since is None or queries.made_at(account.id) == email


def _name(guardian: Guardian) -> tuple[str, str]:
    return usernames.folded(guardian.first_name or guardian.initials), usernames.folded(guardian.surname)


def correct_email(guardian: Guardian, email: str, *, actor: Actor) -> None:
    """Put another address in the register; links that went to the old one stop working by themselves."""
    if guardian.email == email.lower() and guardian.email_state is MailState.OK:
        return
    guardian.email = email.lower()
    guardian.email_state = MailState.OK
    audit.record(events.EMAIL_CORRECT, actor=actor, school_id=guardian.school_id, subject_id=guardian.id)
    db.session.flush()


def note_bounce(address: str, school_id: uuid.UUID | None) -> None:
    """A mail server says that there is no such mailbox: staff see it, and no more mail goes there."""
    refused = sa.update(Guardian).where(Guardian.email == address.lower(), Guardian.email_state == MailState.OK)
    if school_id is not None:
        refused = refused.where(Guardian.school_id == school_id)
    db.session.execute(refused.values(email_state=MailState.BOUNCED))


def add_staff(*, school: School, role: Role, email: str, name: str) -> Account:
    """Give somebody a post at a school and mail the invitation. Who has that address and name there keeps the account.

    Raises DomainError when the person holds this post already.
    """
    first, _space, last = name.strip().partition(" ")
    here = sa.select(Staff).where(Staff.school_id == school.id, sa.func.lower(Staff.email) == email.lower())
    person = db.session.scalar(here.where(Staff.first_name == first))
    if person is None:
        person = Staff(school_id=school.id, first_name=first, surname=last, email=email.lower())
        db.session.add(person)
        db.session.flush()
    account = _staff_account(person)
    held = sa.select(AccountPost.id).where(AccountPost.account_id == account.id, AccountPost.school_id == school.id)
    if db.session.scalar(held.where(AccountPost.role == role)) is not None:
        raise DomainError("Deze persoon heeft deze rol al.")
    db.session.add(AccountPost(account_id=account.id, school_id=school.id, staff_id=person.id, role=role))
    db.session.flush()
    actor = Actor(account_id=None)
    audit.record(events.STAFF_ADD, actor=actor, school_id=school.id, subject_id=account.id, role=role.value)
    if account.active_since is None:
        operations.send_password_link(account, address=Address(email.lower(), school.id, person.full_name, True))
    return account


def _staff_account(person: Staff) -> Account:
    account = db.session.scalar(sa.select(Account).join(AccountPost).where(AccountPost.staff_id == person.id))
    if account is None:
        account = Account(username=usernames.free(person.first_name, person.surname))
        db.session.add(account)
        db.session.flush()
    return account
