"""Verbs about links and passwords. They flush; whoever calls them commits."""

import uuid
from datetime import timedelta
from enum import StrEnum

import sqlalchemy as sa

from app.accounts import brakes, events, messages, queries, sessions
from app.accounts.models import Account, Link, Purpose
from app.accounts.queries import Address, OpenedLink
from app.core import audit, clock, jobs
from app.core.actor import NOBODY, Actor
from app.core.db import db
from app.core.errors import Gone, NotFound

LIFE = {
    Purpose.SETUP: timedelta(days=14),
    Purpose.RESET: timedelta(minutes=60),
    Purpose.NOT_ME: timedelta(days=7),
}
LINK_IS_DEAD = "Deze link werkt niet meer."
SEND_LINKS = "accounts.send_links"


def issue_link(account: Account, *, purpose: Purpose, address: Address) -> Link:
    """A new link to this address; older ones of the same purpose stop working."""
    revoke_links(account, purpose)
    now = clock.now()
    link = Link(
        account_id=account.id,
        purpose=purpose,
        address=address.email,
        school_id=address.school_id,
        issued_at=now,
        expires_at=now + LIFE[purpose],
    )
    db.session.add(link)
    db.session.flush()
    return link


def revoke_links(account: Account, *purposes: Purpose) -> None:
    """Let the links that were not used yet stop working."""
    waiting = sa.update(Link).where(Link.account_id == account.id, Link.purpose.in_(purposes))
    waiting = waiting.where(Link.used_at.is_(None), Link.revoked_at.is_(None))
    db.session.execute(waiting.values(revoked_at=clock.now()))


def send_password_link(account: Account, *, address: Address, actor: Actor = NOBODY) -> Link:
    """Mail a link with which the person makes a password: the first one (14 days), or a new one (60 minutes)."""
    purpose = Purpose.RESET if account.password_hash or account.active_since else Purpose.SETUP
    link = issue_link(account, purpose=purpose, address=address)
    messages.password_link(account, link)
    audit.record(
        events.LINK_SENT, actor=actor, school_id=address.school_id, subject_id=account.id, purpose=purpose.value
    )
    return link


def ask_links(account_ids: list[uuid.UUID]) -> None:
    """Let the worker send password links. For nobody it costs the same: the time of the answer tells nothing."""
    jobs.enqueue(SEND_LINKS, {"account_ids": [str(account_id) for account_id in account_ids]})
    db.session.flush()


def send_fresh_link(opened: OpenedLink) -> Address | None:
    """Mail a new link in place of one that no longer works; only ever to the person's address of today."""
    if opened.account.disabled_at is not None:
        return None
    address = queries.address_at(opened.account.id, opened.link.school_id)
    if address is not None:
        send_password_link(opened.account, address=address)
    return address


def use_link(link_id: uuid.UUID, *, purpose: Purpose) -> OpenedLink:
    """Use a link up. Of many that try at the same time exactly one succeeds.

    Raises Gone for a link that does not work (any more).
    """
    opened = queries.opened_link(link_id)
    if opened is None or opened.link.purpose != purpose or not opened.works:
        raise Gone(LINK_IS_DEAD)
    using = sa.update(Link).where(Link.id == link_id, Link.used_at.is_(None), Link.revoked_at.is_(None))
    if db.session.execute(using.values(used_at=clock.now())).rowcount != 1:  # type: ignore[attr-defined]
        raise Gone(LINK_IS_DEAD)
    return opened


def set_password(link_id: uuid.UUID, *, purpose: Purpose, password_hash: str) -> Account:
    """Use the link up for a new password; every session ends, every other link stops working.

    Raises Gone for a link that does not work (any more).
    """
    opened = use_link(link_id, purpose=purpose)
    account, had_one = opened.account, bool(opened.account.password_hash)
    _replace_password(account, password_hash)
    who = Actor(account_id=account.id)
    audit.record(
        events.PASSWORD_SET, actor=who, school_id=opened.link.school_id, subject_id=account.id, purpose=purpose.value
    )
    if had_one:
        tell_of_new_password(account)
    return account


def change_password(account: Account, *, password_hash: str, actor: Actor) -> None:
    """Another password, by the person, who knew the present one: every session ends, also the one that asks."""
    _replace_password(account, password_hash)
    audit.record(events.PASSWORD_CHANGE, actor=actor, subject_id=account.id)
    tell_of_new_password(account)


def _replace_password(account: Account, password_hash: str) -> None:
    now = clock.now()
    account.password_hash = password_hash
    account.password_changed_at = now
    account.active_since = account.active_since or now
    db.session.flush()
    sessions.end_all(account)
    revoke_links(account, Purpose.SETUP, Purpose.RESET, Purpose.NOT_ME)
    brakes.forget(account.id)


def end_session(session_id: uuid.UUID, *, actor: Actor) -> None:
    """Log out one device of the person's own.

    Raises NotFound for a session of somebody else, or of nobody.
    """
    if actor.account_id is None or not sessions.end_one(session_id, actor.account_id):
        raise NotFound
    audit.record(events.SESSION_END, actor=actor, subject_id=actor.account_id, count=1)


def end_other_sessions(*, actor: Actor, but: uuid.UUID) -> int:
    """Log out every device of the person's own but the one that asks; gives how many."""
    count = sessions.end_all(db.session.get_one(Account, actor.account_id), except_=but)
    audit.record(events.SESSION_END, actor=actor, subject_id=actor.account_id, count=count)
    return count


def choose_comfort(chosen: dict[str, StrEnum], *, actor: Actor) -> None:
    """Keep the size of the text, the room or the colours that somebody likes to read with."""
    db.session.execute(sa.update(Account).where(Account.id == actor.account_id).values(chosen))


def tell_of_new_password(account: Account) -> None:
    """Mail every address of the person that the password is another, with a link for "that was not I"."""
    revoke_links(account, Purpose.NOT_ME)
    told: set[str] = set()
    for address in queries.addresses_of(account.id):
        if address.email in told or not address.reachable:
            continue
        told.add(address.email)
        now = clock.now()
        link = Link(
            account_id=account.id,
            purpose=Purpose.NOT_ME,
            address=address.email,
            school_id=address.school_id,
            issued_at=now,
            expires_at=now + LIFE[Purpose.NOT_ME],
        )
        db.session.add(link)
        db.session.flush()
        messages.password_changed(account, link)


def disown_password(link_id: uuid.UUID) -> Address | None:
    """ "That was not I": nobody is logged in any more, the password is gone, and a link for a new one is under way.

    Raises Gone for a link that does not work (any more).
    """
    opened = use_link(link_id, purpose=Purpose.NOT_ME)
    sessions.end_all(opened.account)
    opened.account.password_hash = ""
    db.session.flush()
    who = Actor(account_id=opened.account.id)
    audit.record(events.NOT_ME, actor=who, school_id=opened.link.school_id, subject_id=opened.account.id)
    address = queries.address_at(opened.account.id, opened.link.school_id)
    if address is not None:
        send_password_link(opened.account, address=address)
    return address
