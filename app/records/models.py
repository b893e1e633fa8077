"""What the record holds beside the register: emergency contacts and medical data, each a table of its own."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Keyed, Model, Timed


class EmergencyContact(Keyed, Timed, Model):
    """A third party to call after the guardians (M10). `guardian_id`: whose contact it is; empty means everybody's.

    Parents who live apart each keep their own list: a new partner's number is not for the other to see.
    """

    __tablename__ = "emergency_contact"
    __table_args__ = (sa.Index("ix_emergency_contact_pupil_id", "pupil_id", "position"),)

    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    pupil_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pupil.id"))
    guardian_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("guardian.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(sa.String(80))
    relation: Mapped[str] = mapped_column(sa.String(40), default="")
    phone: Mapped[str] = mapped_column(sa.String(20))


class MedicalRecord(Timed, Model):
    """Health data of a pupil (AVG art. 9): kept apart, read under its own section, no field without a purpose at school."""

    __tablename__ = "medical_record"

    pupil_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pupil.id"), primary_key=True)
    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    doctor_name: Mapped[str] = mapped_column(sa.String(80), default="")
    doctor_phone: Mapped[str] = mapped_column(sa.String(20), default="")
    dentist_name: Mapped[str] = mapped_column(sa.String(80), default="")
    dentist_phone: Mapped[str] = mapped_column(sa.String(20), default="")
    insurer: Mapped[str] = mapped_column(sa.String(80), default="")
    diet: Mapped[str] = mapped_column(sa.String(300), default="")
    allergies: Mapped[str] = mapped_column(sa.String(500), default="")
    medication: Mapped[str] = mapped_column(sa.String(500), default="")
