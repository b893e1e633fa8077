"""Sessions are rows: what is ended is ended at once, on every worker. The cookie holds a token, the row only its hash.

Parents stay logged in for 30 days without use and 90 in all, staff 60 minutes and 12 hours, a shared phone 10 minutes.
"""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from app import config
from app.accounts import comfort, queries
from app.accounts.models import Account, AccountPost, LoginSession
from app.core import clock, trace
from app.core.actor import Actor
from app.core.db import UtcDateTime, db, rows

KEEP_ENDED = timedelta(days=30)
SIGN_OF_LIFE = timedelta(minutes=5)  # "last seen" is written no more often
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Loaded:
    """The session behind a request, and who it is."""

    session_id: uuid.UUID
    actor: Actor
    username: str
    language: str
    comfort: dict[str, StrEnum]
    shared: bool
    seen_at: datetime
    expires_at: datetime


def start_session(account: Account, *, shared: bool = False, device: str = "") -> str:
    """Add a session for this account and give its token: the only time that the token exists outside the cookie."""
    token, now = secrets.token_urlsafe(32), clock.now()
    staff = db.session.scalar(sa.select(sa.exists().where(AccountPost.account_id == account.id)))
    idle, life = _limits(staff=bool(staff), shared=shared)
    db.session.add(
        LoginSession(
            token_hash=_hash(token),
            account_id=account.id,
            created_at=now,
            seen_at=now,
            idle_until=min(now + idle, now + life),
            expires_at=now + life,
            shared=shared,
            device=device[:80],
        )
    )
    account.last_seen_at = now
    db.session.flush()
    return token


# Made once: putting a statement together costs more than asking it, and this one is asked at every request.
_NOW, _TODAY = sa.bindparam("now", type_=UtcDateTime()), sa.bindparam("today", type_=sa.Date())
_LOAD = (
    queries.people(
        _TODAY,
        *queries.ACTOR,
        Account.language,
        *(getattr(Account, name) for name in comfort.CHOICES),
        LoginSession.id.label("session_id"),
        LoginSession.shared,
        LoginSession.seen_at,
        LoginSession.expires_at,
    )
    .join(LoginSession, LoginSession.account_id == Account.id)
    .where(
        LoginSession.token_hash == sa.bindparam("token_hash"),
        LoginSession.ended_at.is_(None),
        LoginSession.idle_until > _NOW,
        LoginSession.expires_at > _NOW,
        Account.disabled_at.is_(None),
    )
)


def load(token: str) -> Loaded | None:
    """Whose session this is, in one query; None when it was ended, is too old, or the person may not enter any more."""
    today = clock.today()
    found = rows(_LOAD, token_hash=_hash(token), now=clock.now(), today=today).all()
    actor = queries.actor_of(found, today) if found else None
    if actor is None:
        return None
    row = found[0]
    chosen = {name: getattr(row, name) for name in comfort.CHOICES}
    return Loaded(row.session_id, actor, row.username, row.language, chosen, row.shared, row.seen_at, row.expires_at)


def live(account_id: uuid.UUID) -> list[LoginSession]:
    """The devices on which this account is logged in now, the one that was used last first."""
    now = clock.now()
    wanted = sa.select(LoginSession).where(
        LoginSession.account_id == account_id,
        LoginSession.ended_at.is_(None),
        LoginSession.idle_until > now,
        LoginSession.expires_at > now,
    )
    return list(db.session.scalars(wanted.order_by(LoginSession.seen_at.desc(), LoginSession.id).limit(MOST_SHOWN)))


def end(token: str) -> uuid.UUID | None:
    """End this session; gives the account whose it was, None when there was nothing to end."""
    ending = sa.update(LoginSession).where(LoginSession.token_hash == _hash(token), LoginSession.ended_at.is_(None))
    return db.session.scalar(ending.values(ended_at=clock.now()).returning(LoginSession.account_id))


def end_one(session_id: uuid.UUID, account_id: uuid.UUID) -> bool:
    """End this session of this account; whether the account has such a session (also one that had ended before).

    It may have: the same button pressed twice is no fault.
    """
    own = (LoginSession.id == session_id, LoginSession.account_id == account_id)
    ending = sa.update(LoginSession).where(*own, LoginSession.ended_at.is_(None)).values(ended_at=clock.now())
    ended = db.session.execute(ending).rowcount  # type: ignore[attr-defined]
    return bool(ended) or db.session.scalar(sa.select(LoginSession.id).where(*own)) is not None


def end_all(account: Account, except_: uuid.UUID | None = None) -> int:
    """End every session of this account, but for one (by its id); gives how many."""
    ending = sa.update(LoginSession).where(LoginSession.account_id == account.id, LoginSession.ended_at.is_(None))
    if except_ is not None:
        ending = ending.where(LoginSession.id != except_)
    return db.session.execute(ending.values(ended_at=clock.now())).rowcount  # type: ignore[attr-defined]


def wants_sign_of_life(loaded: Loaded) -> bool:
    """Whether it is time to write down again that this session is in use."""
    return clock.now() - loaded.seen_at >= SIGN_OF_LIFE


def note_sign_of_life(loaded: Loaded) -> None:
    """Write down that the session is in use, which moves its idle limit; in transactions of its own."""
    now = clock.now()
    idle, _life = _limits(staff=loaded.actor.is_staff, shared=loaded.shared)
    until = min(now + idle, loaded.expires_at)
    row = sa.update(LoginSession).where(LoginSession.id == loaded.session_id, LoginSession.ended_at.is_(None))
    trace.note(row.values(seen_at=now, idle_until=until))
    trace.note(sa.update(Account).where(Account.id == loaded.actor.account_id).values(last_seen_at=now))


def sweep() -> None:
    """Remove sessions that ended, or came to their end, a month ago."""
    before = clock.now() - KEEP_ENDED
    gone = sa.or_(LoginSession.ended_at < before, LoginSession.expires_at < before, LoginSession.idle_until < before)
    db.session.execute(sa.delete(LoginSession).where(gone).execution_options(synchronize_session=False))


def _limits(*, staff: bool, shared: bool) -> tuple[timedelta, timedelta]:
    idle, life = (config.STAFF_IDLE, config.STAFF_LIFE) if staff else (config.PARENT_IDLE, config.PARENT_LIFE)
    return (config.SHARED_IDLE, config.STAFF_LIFE) if shared else (idle, life)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
