"""Change requests: what a parent proposed, item by item, and what the school answered."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Keyed, Model, Timed
from app.school.models import text_enum


class ItemState(StrEnum):
    """What became of one proposed value."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # by the parent, or replaced by the parent's newer proposal for the same item
    LAPSED = "lapsed"  # the record already says so, or the other proposal for it was chosen


class Subject(StrEnum):
    """Whose record a section belongs to."""

    PUPIL = "pupil"
    GUARDIAN = "guardian"


class ChangeRequest(Keyed, Timed, Model):
    """What one guardian asks for in one section of one record. Open while an item is still proposed.

    There is at most one open request per guardian, section and record: what is sent later is added to it.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        sa.Index("ix_change_request_school_id_open", "school_id", "open", "urgent", "sent_at"),
        sa.Index("ix_change_request_subject_id", "subject_id", "section"),
        sa.Index("ix_change_request_guardian_id_sent_at", "guardian_id", "sent_at"),
        sa.Index(
            "uq_change_request_open",
            "guardian_id",
            "section",
            "subject_id",
            unique=True,
            sqlite_where=sa.text("open"),
            postgresql_where=sa.text("open"),
        ),
    )

    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    section: Mapped[str] = mapped_column(sa.String(30))
    subject: Mapped[Subject] = mapped_column(text_enum(Subject))
    subject_id: Mapped[uuid.UUID]  # pupil or guardian
    guardian_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("guardian.id"))  # who proposed
    pupil_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("pupil.id"), index=True
    )  # the child whose photo stands beside it
    open: Mapped[bool] = mapped_column(default=True)
    urgent: Mapped[bool] = mapped_column(default=False)  # emergency numbers come first in the queue
    sent_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    undo_until: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None]  # account
    decided_name: Mapped[str] = mapped_column(sa.String(120), default="")
    reviewer: Mapped[uuid.UUID | None]  # account that has it open on the desk
    reviewer_name: Mapped[str] = mapped_column(sa.String(120), default="")
    reviewer_until: Mapped[datetime | None]
    items: Mapped[list["ChangeItem"]] = relationship(
        back_populates="request", order_by="ChangeItem.position, ChangeItem.id", cascade="all, delete-orphan"
    )


class ChangeItem(Keyed, Model):
    """One unit of decision: a phone number, a whole address, one emergency contact.

    `seen` is the value that the parent saw, `proposed` the one asked for, `previous` the one that stood in the record
    when an approval was applied (undo puts it back). All three are JSON of the section's own making.
    """

    __tablename__ = "change_item"
    __table_args__ = (sa.Index("ix_change_item_request_id", "request_id"),)

    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    request_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("change_request.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(sa.String(60))
    position: Mapped[int] = mapped_column(default=0)
    seen: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True)
    proposed: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True)
    previous: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True)
    state: Mapped[ItemState] = mapped_column(text_enum(ItemState), default=ItemState.PROPOSED)
    reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    decided_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]  # "Begrepen": the parent closed the box with the answer
    address: Mapped[str] = mapped_column(
        sa.String(254), default=""
    )  # a mail address that must be confirmed by its reader
    confirmed_at: Mapped[datetime | None]
    # The request whose decision closed this item too (the other parent's proposal); its undo opens this again.
    closed_with: Mapped[uuid.UUID | None]
    request: Mapped[ChangeRequest] = relationship(back_populates="items")


class SentForm(Model):
    """A form that was handled, by the key that it carried: a double tap or a repeated send has no second effect."""

    __tablename__ = "sent_form"

    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    account_id: Mapped[uuid.UUID]
    sent_at: Mapped[datetime] = mapped_column(index=True)
