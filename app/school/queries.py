"""Reads of the register, always through the person who asks: what is not theirs is not found."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.actor import Actor
from app.core.db import rows
from app.core.errors import NotFound
from app.school import policy
from app.school.models import (
    Custody,
    Group,
    GroupTeacher,
    Guardian,
    Guardianship,
    Placement,
    Pupil,
    Relation,
    School,
    Staff,
)

COLOURS = ("mint", "sun", "sky", "coral", "lilac")


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What a page needs of a school."""

    id: uuid.UUID
    name: str
    short_name: str
    phone: str
    administration_email: str
    answer_days: int
    field_policies: dict[str, Any]


SCHOOL_FACTS = (
    School.id,
    School.name,
    School.short_name,
    School.phone,
    School.administration_email,
    School.answer_days,
    School.field_policies,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A guardian as one school knows them: who somebody is there, and where they live."""

    guardian_id: uuid.UUID
    first_name: str
    household_id: uuid.UUID | None
    school: SchoolFacts


STANDING = (Guardian.id, Guardian.first_name, Guardian.household_id, *SCHOOL_FACTS)


def _standing(row: Sequence[Any]) -> Standing:
    return Standing(row[0], row[1], row[2], SchoolFacts(*row[3:]))


@dataclass(slots=True)
class Child:
    """A pupil as one of its guardians meets it: with the custody that holds today, the group and its teachers."""

    id: uuid.UUID
    first_name: str
    prefix: str
    surname: str
    colour: str
    relation: Relation
    custody: Custody
    household_id: uuid.UUID | None
    standing: Standing
    group_name: str = ""
    year_level: str = ""
    teachers: list[str] = field(default_factory=list)

    @property
    def school(self) -> SchoolFacts:
        return self.standing.school

    @property
    def school_id(self) -> uuid.UUID:
        return self.standing.school.id

    @property
    def school_name(self) -> str:
        return self.standing.school.short_name

    @property
    def guardian_id(self) -> uuid.UUID:
        return self.standing.guardian_id

    @property
    def may_propose(self) -> bool:
        return policy.may_propose(self.custody)

    @property
    def sees_medical(self) -> bool:
        return policy.sees_medical(self.custody)

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.first_name, self.prefix, self.surname) if part)


def current_placement(day: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """The placements that hold on that day, in home groups."""
    return sa.and_(Placement.starts_on <= day, sa.or_(Placement.ends_on.is_(None), Placement.ends_on >= day))


# Made once: putting a statement together costs more than asking it.
_DAY = sa.bindparam("day", type_=sa.Date())
_CHILDREN = (
    sa.select(
        Pupil.id,
        Pupil.first_name,
        Pupil.prefix,
        Pupil.surname,
        Pupil.colour,
        Guardianship.relation,
        Guardianship.custody,
        Pupil.household_id,
        Group.name,
        sa.func.coalesce(sa.func.nullif(Placement.year_level, ""), Group.year_level, ""),
        Staff.form_of_address,
        Staff.first_name,
        *STANDING,
    )
    .select_from(Pupil)
    .join(Guardianship, Guardianship.pupil_id == Pupil.id)
    .join(Guardian, Guardian.id == Guardianship.guardian_id)
    .join(School, School.id == Pupil.school_id)
    .outerjoin(Placement, sa.and_(Placement.pupil_id == Pupil.id, current_placement(_DAY)))
    .outerjoin(Group, sa.and_(Group.id == Placement.group_id, Group.composed.is_(False)))
    .outerjoin(GroupTeacher, GroupTeacher.group_id == Group.id)
    .outerjoin(Staff, Staff.id == GroupTeacher.staff_id)
    .where(
        Guardianship.guardian_id.in_(sa.bindparam("guardian_ids", expanding=True)),
        Guardianship.custody != Custody.NONE,
        sa.or_(Guardianship.starts_on.is_(None), Guardianship.starts_on <= _DAY),
        sa.or_(Guardianship.ends_on.is_(None), Guardianship.ends_on >= _DAY),
        sa.or_(Pupil.left_on.is_(None), Pupil.left_on >= _DAY),
    )
    .order_by(Pupil.birth_date, Pupil.first_name, Pupil.id, Staff.surname)
)


def children_of(actor: Actor) -> list[Child]:
    """The pupils that this person may see today, eldest first. One query, however many there are."""
    if not actor.guardian_ids:
        return []
    children: dict[uuid.UUID, Child] = {}
    for row in rows(_CHILDREN, day=clock.today(), guardian_ids=actor.guardian_ids):
        child = children.get(row[0])
        if child is None:
            child = children[row[0]] = Child(*row[:8], _standing(row[12:]))
        if row[8]:
            child.group_name, child.year_level = row[8], row[9]
        teacher = " ".join(part for part in (row[10], row[11]) if part)
        if teacher and teacher not in child.teachers:
            child.teachers.append(teacher)
    return _told_apart(list(children.values()))


def _told_apart(children: list[Child]) -> list[Child]:
    """The children of one parent in different colours, as long as there are: whose card this is, is seen before it is read."""
    free = list(COLOURS)
    for child in children:
        if child.colour not in free and free:
            child.colour = free[0]
        if child.colour in free:
            free.remove(child.colour)
    return children


def child_of(actor: Actor, pupil_id: uuid.UUID, children: list[Child] | None = None) -> Child:
    """The pupil with that id, if this person may see it.

    Raises NotFound otherwise, whether the pupil exists or not.
    """
    for child in children_of(actor) if children is None else children:
        if child.id == pupil_id:
            return child
    raise NotFound


_STANDING = (
    sa.select(*STANDING).join(School, School.id == Guardian.school_id).where(Guardian.id == sa.bindparam("guardian_id"))
)


def standing_of(actor: Actor, children: Sequence[Child], guardian_id: uuid.UUID | None = None) -> Standing:
    """Who this person is at a school: the one of `guardian_id`, or the only or first one. No query when a child tells it.

    Raises NotFound when they are no guardian, or not that one.
    """
    wanted = guardian_id or next(iter(actor.guardian_ids), None)
    if wanted is None or wanted not in actor.guardian_ids:
        raise NotFound
    for child in children:
        if child.guardian_id == wanted:
            return child.standing
    row = rows(_STANDING, guardian_id=wanted).first()
    if row is None:
        raise NotFound
    return _standing(row)
