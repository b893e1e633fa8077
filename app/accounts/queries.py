"""Reads about log-ins: who somebody is, which accounts a typed name may mean, where an account's mail goes."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts import policy
from app.accounts.models import Account, AccountGuardian, AccountPost, Link, Purpose
from app.core import clock
from app.core.actor import Actor, Post
from app.core.db import db
from app.school.models import Guardian, MailState, School, Staff, full_name

Day = date | sa.BindParameter[date]

LONGEST_NAME = 120  # as much as a decision keeps of who took it; a file's names may be longer
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


def people(day: Day, *columns: Any) -> sa.Select[Any]:
    """Accounts with the guardians and posts that hold on that day, one row for each pair."""
    return (
        sa.select(*columns)
        .select_from(Account)
        .outerjoin(AccountGuardian, AccountGuardian.account_id == Account.id)
        .outerjoin(Guardian, sa.and_(Guardian.id == AccountGuardian.guardian_id, policy.stands(day)))
        .outerjoin(AccountPost, AccountPost.account_id == Account.id)
        .outerjoin(Staff, Staff.id == AccountPost.staff_id)
    )


# What `actor_of` needs of each row of `people`.
ACTOR: tuple[Any, ...] = (
    Account.id.label("account_id"),
    Account.username,
    Guardian.id.label("guardian_id"),
    Guardian.first_name.label("guardian_first"),
    Guardian.initials.label("guardian_initials"),
    Guardian.prefix.label("guardian_prefix"),
    Guardian.surname.label("guardian_surname"),
    AccountPost.id.label("post_id"),
    AccountPost.school_id,
    AccountPost.role,
    AccountPost.staff_id,
    Staff.first_name.label("staff_first"),
    Staff.initials.label("staff_initials"),
    Staff.prefix.label("staff_prefix"),
    Staff.surname.label("staff_surname"),
    Staff.left_on,
)


def actor_of(found: Sequence[Any], day: date) -> Actor | None:
    """The actor that rows of `people` describe; None when nothing is left to log in for."""
    guardians = {row.guardian_id: row for row in found if row.guardian_id}
    posts = {row.post_id: row for row in found if row.post_id and _holds(row.left_on, day)}
    if not guardians and not posts:
        return None
    return Actor(
        account_id=found[0].account_id,
        name=_name_of(found[0], guardians.values(), posts.values())[:LONGEST_NAME],
        guardian_ids=tuple(guardians),
        posts=tuple(Post(row.school_id, row.role, row.staff_id) for row in posts.values()),
    )


def _name_of(account: Any, guardians: Collection[Any], posts: Collection[Any]) -> str:
    """As the school knows the guardian, else the member of staff, else the user name."""
    for row in guardians:
        return full_name(row.guardian_first or row.guardian_initials, row.guardian_prefix, row.guardian_surname)
    for row in posts:
        if row.staff_id and row.staff_surname is not None:
            return full_name(row.staff_first or row.staff_initials, row.staff_prefix, row.staff_surname)
    return account.username.capitalize()


def _holds(left_on: date | None, day: date) -> bool:
    return left_on is None or left_on > day


def actor_for(account_id: uuid.UUID) -> Actor | None:
    """Who this account is now; None when blocked, or when nothing is left to log in for."""
    today = clock.today()
    wanted = people(today, *ACTOR).where(Account.id == account_id, Account.disabled_at.is_(None))
    found = db.session.execute(wanted).all()
    return actor_of(found, today) if found else None


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


def names_of(account_id: uuid.UUID) -> set[str]:
    """What the person may type to log in: the user name, or an address."""
    username = db.session.scalar(sa.select(Account.username).where(Account.id == account_id)) or ""
    return {username, *(address.email for address in addresses_of(account_id))}


def addresses_of(account_id: uuid.UUID) -> list[Address]:
    """Where mail to this account goes, the guardian's addresses first."""
    today = clock.today()
    wanted = people(today, Guardian, Staff).where(Account.id == account_id).order_by(Guardian.id, AccountPost.id)
    found_rows = db.session.execute(wanted).all()
    staff = [row.Staff for row in found_rows if row.Staff and _holds(row.Staff.left_on, today)]
    found: dict[tuple[str, uuid.UUID], Address] = {}
    for person in [*(row.Guardian for row in found_rows), *staff]:
        if person is not None and person.email:
            key = (person.email.lower(), person.school_id)
            reachable = getattr(person, "email_state", MailState.OK) == MailState.OK
            found.setdefault(key, Address(*key, person.full_name, reachable))
    return list(found.values())


def openers_of(account_id: uuid.UUID) -> frozenset[str]:
    """The addresses at which a link may be read that makes a password for this account.

    One that every school has of the person, in every role; else the one at which the present password was made. So
    what one school writes into its register never opens what another, or a role, knows of the person.
    """
    today = clock.today()
    columns = (Guardian.id, Guardian.email, AccountPost.id, Staff.email, Staff.left_on)
    known: set[str] = set()
    for guardian_id, email, post_id, post_email, left_on in db.session.execute(
        people(today, *columns).where(Account.id == account_id)
    ):
        if guardian_id:
            known.add(email.lower())
        if post_id and _holds(left_on, today):
            known.add((post_email or "").lower())
    if len(known) > 1:
        known &= {made_at(account_id)}
    return frozenset(known - {""})


def made_at(account_id: uuid.UUID) -> str:
    """The address at which the link was read that made the present password; empty when no link is known."""
    used = sa.select(Link.address).where(Link.account_id == account_id, Link.used_at.is_not(None))
    used = used.where(Link.purpose.in_((Purpose.SETUP, Purpose.RESET))).order_by(Link.used_at.desc()).limit(1)
    return (db.session.scalar(used) or "").lower()


def address_at(account_id: uuid.UUID, school_id: uuid.UUID | None) -> Address | None:
    """Where a link for a password goes: the address that this school has, else another school's; None without a good
    one."""
    openers = openers_of(account_id)
    addresses = [address for address in addresses_of(account_id) if address.reachable and address.email in openers]
    here = [address for address in addresses if address.school_id == school_id]
    return next(iter(here or addresses), None)


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link with what its page needs to know."""

    link: Link
    account: Account
    addresses: tuple[str, ...]
    openers: frozenset[str]
    name: str
    school_name: str

    @property
    def works(self) -> bool:
        """Every address may say "that was not I"; a password is made at few."""
        warns = self.link.purpose is Purpose.NOT_ME
        return policy.works(self.link, self.account, self.addresses if warns else self.openers, clock.now())

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
    emails = tuple(address.email for address in addresses)
    return OpenedLink(link, account, emails, openers_of(account.id), name, school_name or "")
