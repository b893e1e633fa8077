"""An import: a file that was handed in, what it would do, and what became of it."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Keyed, Model
from app.school.models import text_enum


class ImportState(StrEnum):
    """Where an import is."""

    READING = "reading"
    REFUSED = "refused"  # can't be read at all
    BLOCKED = "blocked"  # was read; errors in rows stand in the way
    READY = "ready"  # the dry run waits for a yes
    APPLYING = "applying"
    APPLIED = "applied"
    OUTDATED = "outdated"  # the register changed after the dry run, or the work failed: nothing was applied
    DISCARDED = "discarded"


UNDER_WAY = (ImportState.READING, ImportState.APPLYING)
ENDED = (ImportState.REFUSED, ImportState.APPLIED, ImportState.DISCARDED)


class RosterImport(Keyed, Model):
    """One file of one school. `data` and `report` hold people's data: they go when they are not needed any more.

    `report` is the dry run as the page shows it; `fingerprint` is the plan's, so that what was seen is what is applied.
    """

    __tablename__ = "roster_import"
    __table_args__ = (sa.Index("ix_roster_import_school_id_uploaded_at", "school_id", "uploaded_at"),)

    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    account_id: Mapped[uuid.UUID | None]
    account_name: Mapped[str] = mapped_column(sa.String(120), default="")
    uploaded_at: Mapped[datetime]
    source_name: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    kind: Mapped[str] = mapped_column(sa.String(20), default="")
    state: Mapped[ImportState] = mapped_column(text_enum(ImportState), default=ImportState.READING)
    data: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    report: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    choices: Mapped[list[Any]] = mapped_column(default=list)
    fingerprint: Mapped[str] = mapped_column(sa.String(64), default="")
    message: Mapped[str] = mapped_column(sa.String(500), default="")  # why it was refused
    job_id: Mapped[uuid.UUID | None]
    ended_at: Mapped[datetime | None]

    @property
    def under_way(self) -> bool:
        return self.state in UNDER_WAY
