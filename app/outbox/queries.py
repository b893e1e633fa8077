"""What a letter needs to know of the school that sends it."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.core.db import db

# The register lies beside the outbox, not under it: its table is known by name here, its classes are not.
_school = sa.table(
    "school",
    sa.column("id", sa.Uuid()),
    sa.column("name", sa.String()),
    sa.column("phone", sa.String()),
    sa.column("contact_name", sa.String()),
    sa.column("administration_email", sa.String()),
)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who a mail comes from: the school, whom to ask there, and where an answer goes."""

    name: str
    phone: str
    contact_name: str
    administration_email: str


def letterhead(school_id: uuid.UUID | None) -> Letterhead | None:
    """The school's letterhead; None for a mail of no school in particular."""
    if school_id is None:
        return None
    columns = (_school.c.name, _school.c.phone, _school.c.contact_name, _school.c.administration_email)
    row = db.session.execute(sa.select(*columns).where(_school.c.id == school_id)).one_or_none()
    return Letterhead(*row) if row else None
