"""Who may stand behind a log-in, and when a link still works. Decides on rows, reads and writes nothing."""

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa

from app.accounts.models import Account, Link
from app.school.models import Custody, Guardian, Guardianship, MailState, Staff


def stands(day: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """The guardian is still one: has not left or died, and has custody (all of it, or being informed) of a child."""
    custody = sa.exists().where(
        Guardianship.guardian_id == Guardian.id,
        Guardianship.custody != Custody.NONE,
        sa.or_(Guardianship.starts_on.is_(None), Guardianship.starts_on <= day),
        sa.or_(Guardianship.ends_on.is_(None), Guardianship.ends_on >= day),
    )
    here = sa.or_(Guardian.left_on.is_(None), Guardian.left_on > day)
    return sa.and_(here, Guardian.deceased_on.is_(None), custody)


def may_get_mail() -> sa.ColumnElement[bool]:
    """There is an address, and nothing bad is known of it."""
    return sa.and_(Guardian.email != "", Guardian.email_state == MailState.OK)


def works_here(day: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """The member of staff has not left."""
    return sa.or_(Staff.left_on.is_(None), Staff.left_on > day)


def works(link: Link, account: Account, addresses: Iterable[str], now: datetime) -> bool:
    """A link works once; not when it is too old or replaced, nor after the address, password or right changed."""
    return (
        link.used_at is None
        and link.revoked_at is None
        and now < link.expires_at
        and account.disabled_at is None
        and link.address in addresses
        and (account.password_changed_at is None or account.password_changed_at <= link.issued_at)
    )
