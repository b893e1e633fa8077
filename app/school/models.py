"""The register: who is at which school. Tables and predicates on one row, nothing that decides or writes.

Name parts are kept apart and sorted without the prefix ("de Vries" under V). Every row of a school bears its `school_id`.
"""

import uuid
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Keyed, Model, Timed


class Sex(StrEnum):
    """As registered. EDEXML 1 = male, 2 = female; OSO has it the other way round, so files never reach this unmapped."""

    MALE = "male"
    FEMALE = "female"
    UNKNOWN = "unknown"


class Custody(StrEnum):
    """What the law lets a guardian know and decide (gezag): everything, being informed (BW 1:377c), or nothing."""

    FULL = "full"
    INFORMED = "informed"
    NONE = "none"


class Relation(StrEnum):
    """What the guardian is to the pupil."""

    MOTHER = "mother"
    FATHER = "father"
    STEP_PARENT = "step_parent"
    FOSTER_PARENT = "foster_parent"
    LEGAL_GUARDIAN = "legal_guardian"
    PARENT = "parent"  # as lists say "ouder" and no more
    GRANDPARENT = "grandparent"
    OTHER = "other"


class MailState(StrEnum):
    """What is known of an address: nothing bad, the server refused it for good, or somebody said it isn't theirs."""

    OK = "ok"
    BOUNCED = "bounced"
    WRONG = "wrong"


def text_enum(kind: type[StrEnum]) -> sa.Enum:
    """A column that holds the enumeration's values as text, with a check constraint: the same on both databases."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=20,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Board(Keyed, Timed, Model):
    """A school board (bestuur): the controller of the data, owner of schools."""

    __tablename__ = "board"

    name: Mapped[str] = mapped_column(sa.String(120), unique=True)


class School(Keyed, Timed, Model):
    """A school, the tenant. `brin` and `dependance_code` name it in Dutch files."""

    __tablename__ = "school"
    __table_args__ = (sa.UniqueConstraint("brin", "dependance_code"),)

    board_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("board.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    short_name: Mapped[str] = mapped_column(sa.String(40))
    brin: Mapped[str | None] = mapped_column(sa.String(6))
    dependance_code: Mapped[str] = mapped_column(sa.String(2), default="00")
    school_key: Mapped[str | None] = mapped_column(sa.String(128))
    phone: Mapped[str] = mapped_column(sa.String(20), default="")
    content_email: Mapped[str] = mapped_column(sa.String(254), default="")
    administration_email: Mapped[str] = mapped_column(sa.String(254), default="")
    contact_name: Mapped[str] = mapped_column(sa.String(80), default="")
    answer_days: Mapped[int] = mapped_column(default=2)
    undo_minutes: Mapped[int] = mapped_column(default=10)
    # {"medical.diet": "ask"}: a school may tighten what a section allows, never widen it.
    field_policies: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # [{"key": "call", "label": "We bellen u", "text": "…"}]: the reasons that staff tap; empty means the usual three.
    reject_reasons: Mapped[list[Any]] = mapped_column(default=list)


class SchoolYear(Keyed, Model):
    """`2026-2027`: from 1 August to 31 July unless a school says otherwise."""

    __tablename__ = "school_year"
    __table_args__ = (sa.UniqueConstraint("school_id", "name"),)

    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    name: Mapped[str] = mapped_column(sa.String(9))
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class Group(Keyed, Timed, Model):
    """A group (groep) of one school year. `year_level` is "1" to "8", "C" for a combination, or a file's other letter."""

    __tablename__ = "school_group"
    __table_args__ = (sa.UniqueConstraint("school_id", "school_year_id", "key"),)

    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    school_year_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school_year.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(256))
    name: Mapped[str] = mapped_column(sa.String(64))
    year_level: Mapped[str] = mapped_column(sa.String(2), default="")
    composed: Mapped[bool] = mapped_column(default=False)  # EDEXML's samengestelde_groep: beside the home group
    teachers: Mapped[list["GroupTeacher"]] = relationship(back_populates="group", cascade="all, delete-orphan")


def full_name(first: str, prefix: str, surname: str) -> str:
    """`Lotte de Vries`, from the parts that there are."""
    return " ".join(part for part in (first, prefix, surname) if part)


class Person:
    """The parts of a name."""

    initials: Mapped[str] = mapped_column(sa.String(20), default="")
    first_name: Mapped[str] = mapped_column(sa.String(64), default="")  # roepnaam, the name in use
    prefix: Mapped[str] = mapped_column(sa.String(20), default="")  # "de", "van der"
    surname: Mapped[str] = mapped_column(sa.String(200), default="")

    @property
    def full_name(self) -> str:
        """`Lotte de Vries`; initials stand in for a first name that is not known."""
        return full_name(self.first_name or self.initials, self.prefix, self.surname)

    @property
    def sort_name(self) -> str:
        """`Vries, Lotte de`."""
        return f"{self.surname}, {self.first_name or self.initials} {self.prefix}".strip()


class Household(Keyed, Timed, Model):
    """One address and who live there (gezin). `abroad` holds an address outside the Netherlands as free lines."""

    __tablename__ = "household"

    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    street: Mapped[str] = mapped_column(sa.String(100), default="")
    house_number: Mapped[int | None]
    addition: Mapped[str] = mapped_column(sa.String(10), default="")
    postcode: Mapped[str] = mapped_column(sa.String(7), default="")
    city: Mapped[str] = mapped_column(sa.String(80), default="")
    abroad: Mapped[str] = mapped_column(sa.String(300), default="")


class Pupil(Keyed, Timed, Person, Model):
    """A pupil. `key` is the administration system's; one that starts with `#` is no key and is never stored."""

    __tablename__ = "pupil"
    __table_args__ = (
        sa.UniqueConstraint("school_id", "key"),
        sa.UniqueConstraint("school_id", "eckid"),
        sa.Index("ix_pupil_school_id_surname", "school_id", "surname"),
    )

    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    key: Mapped[str | None] = mapped_column(sa.String(256))
    eckid: Mapped[str | None] = mapped_column(sa.String(256))
    number: Mapped[str] = mapped_column(sa.String(20), default="")  # leerlingnummer
    official_first_names: Mapped[str] = mapped_column(sa.String(200), default="")
    official_prefix: Mapped[str] = mapped_column(
        sa.String(20), default=""
    )  # as the municipality has it, where that differs
    official_surname: Mapped[str] = mapped_column(sa.String(200), default="")
    birth_date: Mapped[date | None]
    birth_date_uncertain: Mapped[bool] = mapped_column(default=False)
    birth_place: Mapped[str] = mapped_column(sa.String(80), default="")
    birth_country: Mapped[str] = mapped_column(sa.String(60), default="")
    nationality: Mapped[str] = mapped_column(sa.String(60), default="")
    sex: Mapped[Sex] = mapped_column(text_enum(Sex), default=Sex.UNKNOWN)
    household_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("household.id"), index=True)
    address_hidden: Mapped[bool] = mapped_column(default=False)
    location: Mapped[str] = mapped_column(sa.String(64), default="")  # vestiging, of a school with several
    previous_school: Mapped[str] = mapped_column(sa.String(120), default="")
    registered_on: Mapped[date | None]  # aanmelding; enrolled_on is the first school day
    enrolled_on: Mapped[date | None]
    left_on: Mapped[date | None]
    colour: Mapped[str] = mapped_column(sa.String(10), default="mint")  # the child's own colour on the screen
    household: Mapped[Household | None] = relationship()
    guardianships: Mapped[list["Guardianship"]] = relationship(back_populates="pupil", cascade="all, delete-orphan")
    placements: Mapped[list["Placement"]] = relationship(back_populates="pupil", cascade="all, delete-orphan")

    @property
    def known_as(self) -> str:
        """What everybody calls the child."""
        return self.first_name or self.official_first_names.split(" ")[0] or self.surname


class Placement(Keyed, Model):
    """A pupil in a group, from a day until a day. The pupil's own year level wins over the group's."""

    __tablename__ = "placement"
    __table_args__ = (sa.UniqueConstraint("pupil_id", "group_id", "starts_on"),)

    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    pupil_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pupil.id"))
    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school_group.id"), index=True)
    year_level: Mapped[str] = mapped_column(sa.String(2), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    pupil: Mapped[Pupil] = relationship(back_populates="placements")
    group: Mapped[Group] = relationship()


class Staff(Keyed, Timed, Person, Model):
    """Somebody who works at the school. `form_of_address` is "juf" or "meester". A file's roles never give rights."""

    __tablename__ = "staff"
    __table_args__ = (sa.UniqueConstraint("school_id", "key"),)

    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    key: Mapped[str | None] = mapped_column(sa.String(256))
    eckid: Mapped[str | None] = mapped_column(sa.String(256))
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    form_of_address: Mapped[str] = mapped_column(sa.String(20), default="")
    file_roles: Mapped[str] = mapped_column(
        sa.String(60), default=""
    )  # "LRK,IB": a suggestion for whoever gives out roles
    left_on: Mapped[date | None]


class GroupTeacher(Keyed, Model):
    """A member of staff who teaches a group."""

    __tablename__ = "group_teacher"
    __table_args__ = (sa.UniqueConstraint("group_id", "staff_id"),)

    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school_group.id"))
    staff_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    group: Mapped[Group] = relationship(back_populates="teachers")
    staff: Mapped[Staff] = relationship()


class Guardian(Keyed, Timed, Person, Model):
    """A parent or other person responsible for a pupil (ouder/verzorger), as one school knows them."""

    __tablename__ = "guardian"
    __table_args__ = (
        sa.UniqueConstraint("school_id", "key"),
        sa.Index("ix_guardian_school_id_surname", "school_id", "surname"),
        sa.Index("ix_guardian_email", "email"),
    )

    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"))
    key: Mapped[str | None] = mapped_column(sa.String(256))
    email: Mapped[str] = mapped_column(sa.String(254), default="")  # always in lower case
    email_state: Mapped[MailState] = mapped_column(text_enum(MailState), default=MailState.OK)
    mobile: Mapped[str] = mapped_column(sa.String(20), default="")  # phones in E.164
    other_phone: Mapped[str] = mapped_column(sa.String(20), default="")
    work_phone: Mapped[str] = mapped_column(sa.String(20), default="")
    phone_hidden: Mapped[bool] = mapped_column(default=False)
    household_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("household.id"), index=True)
    address_hidden: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(sa.String(5), default="nl")
    deceased_on: Mapped[date | None]
    left_on: Mapped[date | None]
    household: Mapped[Household | None] = relationship()
    guardianships: Mapped[list["Guardianship"]] = relationship(back_populates="guardian", cascade="all, delete-orphan")

    @property
    def phones(self) -> tuple[str, ...]:
        """Every number that the school has of this person."""
        return tuple(number for number in (self.mobile, self.other_phone, self.work_phone) if number)


class Guardianship(Keyed, Timed, Model):
    """The link between guardian and pupil: relation, custody with its dates, order in which the school calls."""

    __tablename__ = "guardianship"
    __table_args__ = (sa.UniqueConstraint("guardian_id", "pupil_id"),)

    school_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("school.id"), index=True)
    guardian_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("guardian.id"))
    pupil_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("pupil.id"), index=True)
    relation: Mapped[Relation] = mapped_column(text_enum(Relation), default=Relation.OTHER)
    custody: Mapped[Custody] = mapped_column(text_enum(Custody), default=Custody.FULL)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    call_order: Mapped[int] = mapped_column(default=1)
    guardian: Mapped[Guardian] = relationship(back_populates="guardianships")
    pupil: Mapped[Pupil] = relationship(back_populates="guardianships")

    def custody_on(self, day: date) -> Custody:
        """The custody that holds on that day; outside the dates there is none."""
        if (self.starts_on and day < self.starts_on) or (self.ends_on and day > self.ends_on):
            return Custody.NONE
        return self.custody
