"""One function per mail: what is written to people about their log-in. The text is made when the mail leaves.

Nothing personal stands in them but the reader's own name and user name.
"""

import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts import queries
from app.accounts.models import Account, AccountGuardian, Link, Purpose
from app.core import clock, tokens
from app.core.db import db
from app.outbox.links import link as address_of_page
from app.outbox.models import Message
from app.outbox.operations import post
from app.outbox.registry import mail

REMIND_AFTER = timedelta(days=5)
PAGES = {
    Purpose.SETUP: "accounts.open_setup",
    Purpose.RESET: "accounts.open_reset",
    Purpose.NOT_ME: "accounts.open_not_me",
}


def password_link(account: Account, link: Link) -> None:
    """The mail with the link that makes a password: M1 for the first, M3 for a new one."""
    kind = "accounts/invitation" if link.purpose is Purpose.SETUP else "accounts/reset"
    _post(kind, account, link)


def reminder(account: Account, link: Link) -> None:
    """M2, once, five days after the invitation; it does not leave when the link was used or replaced by then."""
    post(
        kind="accounts/reminder",
        address=link.address,
        context={"link": str(link.id)},
        language=account.language,
        school_id=link.school_id,
        account_id=account.id,
        topic=f"link:{link.id}",
        not_before=link.issued_at + REMIND_AFTER,
    )


def password_changed(account: Account, link: Link) -> None:
    """M4, always; with the link for "that was not I"."""
    _post("accounts/password_changed", account, link)


def school_added(account: Account, *, address: str, school_id: uuid.UUID) -> None:
    """To a parent who logs in already: the same log-in now shows another school too."""
    post(
        kind="accounts/school_added",
        address=address,
        context={},
        language=account.language,
        school_id=school_id,
        account_id=account.id,
    )


def _post(kind: str, account: Account, link: Link) -> None:
    post(
        kind=kind,
        address=link.address,
        context={"link": str(link.id)},
        language=account.language,
        school_id=link.school_id,
        account_id=account.id,
        topic=f"link:{link.id}",
    )


def _link_values(message: Message) -> dict[str, Any] | None:
    """The values of a mail that carries a link; None when that link no longer works."""
    opened = queries.opened_link(uuid.UUID(message.context["link"]))
    if opened is None or not opened.works or opened.link.address != message.address:
        return None
    token = tokens.make(opened.link.purpose.value, opened.link.id)
    return {
        "recipient_name": opened.name,
        "username": opened.account.username,
        "url": address_of_page(PAGES[opened.link.purpose], token=token),
        "until": clock.local(opened.link.expires_at).date(),
    }


@mail("accounts/invitation")
def _invitation(message: Message) -> dict[str, Any] | None:
    values = _link_values(message)
    is_guardian = sa.exists().where(AccountGuardian.account_id == message.account_id)
    return values and {**values, "for_parent": db.session.scalar(sa.select(is_guardian))}


@mail("accounts/reminder")
def _reminder(message: Message) -> dict[str, Any] | None:
    return _link_values(message)


@mail("accounts/reset")
def _reset(message: Message) -> dict[str, Any] | None:
    return _link_values(message)


@mail("accounts/password_changed")
def _password_changed(message: Message) -> dict[str, Any] | None:
    return _link_values(message)


@mail("accounts/school_added")
def _school_added(message: Message) -> dict[str, Any] | None:
    account = db.session.get(Account, message.account_id)
    if account is None or account.disabled_at is not None:
        return None
    here = [address for address in queries.addresses_of(account.id) if address.email == message.address]
    if not here:
        return None
    return {
        "recipient_name": here[0].name,
        "username": account.username,
        "url": address_of_page("accounts.login"),
    }
