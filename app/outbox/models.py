"""Mail that leaves the house, as rows: written in the transaction that caused it, sent by the worker."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Keyed, Model


class MessageState(StrEnum):
    """What became of a message."""

    QUEUED = "queued"
    SENT = "sent"
    CANCELLED = "cancelled"  # taken back, or no longer right when its turn came
    FAILED = "failed"  # refused for good, or given up


class Message(Keyed, Model):
    """One mail to one address. Holds ids only: the text is made when it is sent, from what is true then.

    `message_id` (RFC 5322 Message-ID) is made with the row and stays the same over every try.
    """

    __tablename__ = "message"
    __table_args__ = (sa.Index("ix_message_state_not_before", "state", "not_before"),)

    kind: Mapped[str] = mapped_column(sa.String(60))  # the folder of its templates: "accounts/invitation"
    school_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    account_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(sa.String(254))
    language: Mapped[str] = mapped_column(sa.String(5), default="nl")
    context: Mapped[dict[str, Any]]
    topic: Mapped[str | None] = mapped_column(sa.String(80), index=True)  # what `cancel` finds it by
    message_id: Mapped[str] = mapped_column(sa.String(120), unique=True)
    state: Mapped[str] = mapped_column(sa.String(12), default=MessageState.QUEUED)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    first_failed_at: Mapped[datetime | None]  # since when it has been tried in vain
    error: Mapped[str] = mapped_column(sa.String(200), default="")  # the server's code and class, never its text
