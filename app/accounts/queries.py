"""Reads about log-ins: who somebody is, which accounts a typed name may mean, where an account's mail goes."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts import policy
from app.accounts.models import Account, AccountGuardian, AccountPost, Link
from app.core import clock
from app.core.actor import Actor, Post
from app.core.db import db
from app.school.models import Guardian, MailState, School, Staff

CANDIDATES = 4  # accounts that one mail address may mean at a log-in


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that a typed name may mean, as plain data: hashing happens outside any transaction."""

    account_id: uuid.UUID
    password_hash: str


@dataclass(frozen=True, slots=True)
class Address:
    """An address at which the person of an account is reached, as one school has it."""

    email: str
    school_id: uuid.UUID
    name: str
    reachable: bool  # nothing bad is known of it


def people(*columns: Any) -> sa.Select[Any]:
    """Accounts with the guardians and posts that still hold, one row for each pair; other columns come first."""
    today = clock.today()
    return (
        sa.select(*columns, Account, Guardian, AccountPost, Staff)
        .select_from(Account)
        .outerjoin(AccountGuardian, AccountGuardian.account_id == Account.id)
        .outerjoin(Guardian, sa.and_(Guardian.id == AccountGuardian.guardian_id, policy.stands(today)))
        .outerjoin(AccountPost, AccountPost.account_id == Account.id)
        .outerjoin(Staff, Staff.id == AccountPost.staff_id)
    )


def actor_of(rows: Sequence[Any]) -> Actor | None:
    """The actor that rows of `people` describe; None when nothing is left to log in for."""
    guardians = {row.Guardian.id: row.Guardian for row in rows if row.Guardian}
    posts = {row.AccountPost.id: row for row in rows if row.AccountPost and _holds(row.Staff)}
    if not guardians and not posts:
        return None
    named = [*guardians.values(), *(row.Staff for row in posts.values() if row.Staff)]
    account = rows[0].Account
    return Actor(
        account_id=account.id,
        name=named[0].full_name if named else account.username.capitalize(),
        guardian_ids=tuple(guardians),
        posts=tuple(
            Post(row.AccountPost.school_id, row.AccountPost.role, row.AccountPost.staff_id) for row in posts.values()
        ),
    )


def _holds(staff: Staff | None, today: date | None = None) -> bool:
    return staff is None or staff.left_on is None or staff.left_on > (today or clock.today())


def actor_for(account_id: uuid.UUID) -> Actor | None:
    """Who this account is now; None when blocked, or when nothing is left to log in for."""
    wanted = people().where(Account.id == account_id, Account.disabled_at.is_(None))
    rows = db.session.execute(wanted).all()
    return actor_of(rows) if rows else None


def candidates(name: str) -> list[Candidate]:
    """The accounts that may be meant: the one with this user name, or those of whoever has this mail address."""
    open_accounts = sa.select(Account.id, Account.password_hash).where(Account.disabled_at.is_(None))
    if "@" not in name:
        found = open_accounts.where(Account.username == name.casefold())
    else:
        found = open_accounts.where(Account.id.in_(accounts_at(name))).order_by(Account.id).limit(CANDIDATES)
    return [Candidate(*row) for row in db.session.execute(found)]


def accounts_at(email: str) -> sa.Select[Any]:
    """The ids of the accounts of whoever has this mail address."""
    today, email = clock.today(), email.lower()
    guardians = (
        sa.select(AccountGuardian.account_id)
        .join(Guardian, Guardian.id == AccountGuardian.guardian_id)
        .where(Guardian.email == email, policy.stands(today))
    )
    staff = (
        sa.select(AccountPost.account_id)
        .join(Staff, Staff.id == AccountPost.staff_id)
        .where(sa.func.lower(Staff.email) == email, policy.works_here(today))
    )
    return sa.select(sa.union(guardians, staff).subquery().c.account_id)


def addresses_of(account_id: uuid.UUID) -> list[Address]:
    """Where mail to this account goes, the guardian's addresses first."""
    rows = db.session.execute(people().where(Account.id == account_id).order_by(Guardian.id, AccountPost.id)).all()
    found: dict[tuple[str, uuid.UUID], Address] = {}
    for person in [row.Guardian for row in rows] + [row.Staff for row in rows if _holds(row.Staff)]:
        if person is not None and person.email:
            key = (person.email.lower(), person.school_id)
            reachable = getattr(person, "email_state", MailState.OK) == MailState.OK
            found.setdefault(key, Address(*key, person.full_name, reachable))
    return list(found.values())


def address_at(account_id: uuid.UUID, school_id: uuid.UUID | None) -> Address | None:
    """Where to write to: the address that this school has, else another school's; None when there is no good one."""
    addresses = [address for address in addresses_of(account_id) if address.reachable]
    here = [address for address in addresses if address.school_id == school_id]
    return next(iter(here or addresses), None)


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link with what its page needs to know."""

    link: Link
    account: Account
    addresses: tuple[str, ...]
    name: str
    school_name: str

    @property
    def works(self) -> bool:
        return policy.works(self.link, self.account, self.addresses, clock.now())

    @property
    def own_words(self) -> tuple[str, ...]:
        """What a password may not be made of."""
        return (self.account.username, self.name, self.school_name, *self.addresses)


def opened_link(link_id: uuid.UUID) -> OpenedLink | None:
    """The link with its account and where that account's mail goes now."""
    wanted = sa.select(Link, Account, School.name).join(Link.account).outerjoin(School, School.id == Link.school_id)
    row = db.session.execute(wanted.where(Link.id == link_id)).first()
    if row is None:
        return None
    link, account, school_name = row
    addresses = addresses_of(account.id)
    name = next((address.name for address in addresses if address.email == link.address), "")
    return OpenedLink(link, account, tuple(address.email for address in addresses), name, school_name or "")
