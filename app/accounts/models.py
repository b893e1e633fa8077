"""Who can log in: accounts, whom they stand for, their sessions and the links that were mailed to them."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.comfort import Spacing, TextSize, Theme
from app.core.actor import Role
from app.core.db import Keyed, Model, Timed
from app.school.models import Guardian, Staff, text_enum


class Purpose(StrEnum):
    """What a mailed link is for. A link of one purpose never opens another's page."""

    SETUP = "setup"
    RESET = "reset"
    NOT_ME = "not_me"  # "that was not I", in the mail about a changed password


class Account(Keyed, Timed, Model):
    """One person's log-in. The user name never changes; the password hash is empty until the person chose one."""

    __tablename__ = "account"

    username: Mapped[str] = mapped_column(sa.String(40), unique=True)
    password_hash: Mapped[str] = mapped_column(sa.String(200), default="")
    password_changed_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(sa.String(5), default="nl")
    text_size: Mapped[TextSize] = mapped_column(text_enum(TextSize), default=TextSize.NORMAL)
    spacing: Mapped[Spacing] = mapped_column(text_enum(Spacing), default=Spacing.NORMAL)
    theme: Mapped[Theme] = mapped_column(text_enum(Theme), default=Theme.SYSTEM)
    active_since: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    guardian_links: Mapped[list["AccountGuardian"]] = relationship(
        back_populates="account", cascade="all, delete-orphan"
    )
    posts: Mapped[list["AccountPost"]] = relationship(back_populates="account", cascade="all, delete-orphan")


class AccountGuardian(Model):
    """The account is this guardian: one a school, so that a parent with children at two schools has one log-in."""

    __tablename__ = "account_guardian"

    guardian_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("guardian.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    account: Mapped[Account] = relationship(back_populates="guardian_links")
    guardian: Mapped[Guardian] = relationship()


class AccountPost(Keyed, Timed, Model):
    """The account holds this role at this school."""

    __tablename__ = "account_post"
    __table_args__ = (sa.UniqueConstraint("account_id", "school_id", "role"),)

    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    staff_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    role: Mapped[Role] = mapped_column(text_enum(Role))
    account: Mapped[Account] = relationship(back_populates="posts")
    staff: Mapped[Staff | None] = relationship()


class LoginSession(Keyed, Model):
    """A device that is logged in. Only the hash of its token is kept; an ended row never comes to life again."""

    __tablename__ = "login_session"

    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    idle_until: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    shared: Mapped[bool] = mapped_column(default=False)  # "this is a shared phone"
    device: Mapped[str] = mapped_column(sa.String(80), default="")
    account: Mapped[Account] = relationship()


class Link(Keyed, Model):
    """A link that was mailed: what for, to whom, until when, and what became of it."""

    __tablename__ = "link"
    __table_args__ = (sa.Index("ix_link_account_id_purpose", "account_id", "purpose"),)

    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    purpose: Mapped[Purpose] = mapped_column(text_enum(Purpose))
    address: Mapped[str] = mapped_column(sa.String(254))  # where it went: dead once the person's address is another
    school_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("school.id"))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    account: Mapped[Account] = relationship()
