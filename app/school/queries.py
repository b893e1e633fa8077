"""Reads of the register, always through the person who asks: what is not theirs is not found."""

import uuid
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotFound
from app.school import policy
from app.school.models import (
    Board,
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


@dataclass(slots=True)
class Child:
    """A pupil as one of its guardians meets it: with the custody that holds today, the group and its teachers."""

    id: uuid.UUID
    school_id: uuid.UUID
    school_name: str
    school_phone: str
    first_name: str
    prefix: str
    surname: str
    colour: str
    guardian_id: uuid.UUID
    relation: Relation
    custody: Custody
    household_id: uuid.UUID | None
    group_name: str = ""
    year_level: str = ""
    teachers: list[str] = field(default_factory=list)

    @property
    def may_propose(self) -> bool:
        return policy.may_propose(self.custody)

    @property
    def sees_medical(self) -> bool:
        return policy.sees_medical(self.custody)

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.first_name, self.prefix, self.surname) if part)


def current_placement(day: date) -> sa.ColumnElement[bool]:
    """The placements that hold on that day, in home groups."""
    return sa.and_(Placement.starts_on <= day, sa.or_(Placement.ends_on.is_(None), Placement.ends_on >= day))


def _children_statement(actor: Actor, day: date) -> sa.Select:
    return (
        sa.select(
            Pupil.id,
            Pupil.school_id,
            School.short_name,
            School.phone,
            Pupil.first_name,
            Pupil.prefix,
            Pupil.surname,
            Pupil.colour,
            Guardianship.guardian_id,
            Guardianship.relation,
            Guardianship.custody,
            Pupil.household_id,
            Group.name,
            sa.func.coalesce(sa.func.nullif(Placement.year_level, ""), Group.year_level, ""),
            Staff.form_of_address,
            Staff.first_name,
        )
        .join(Guardianship, Guardianship.pupil_id == Pupil.id)
        .join(School, School.id == Pupil.school_id)
        .outerjoin(Placement, sa.and_(Placement.pupil_id == Pupil.id, current_placement(day)))
        .outerjoin(Group, sa.and_(Group.id == Placement.group_id, Group.composed.is_(False)))
        .outerjoin(GroupTeacher, GroupTeacher.group_id == Group.id)
        .outerjoin(Staff, Staff.id == GroupTeacher.staff_id)
        .where(
            Guardianship.guardian_id.in_(actor.guardian_ids),
            Guardianship.custody != Custody.NONE,
            sa.or_(Guardianship.starts_on.is_(None), Guardianship.starts_on <= day),
            sa.or_(Guardianship.ends_on.is_(None), Guardianship.ends_on >= day),
            sa.or_(Pupil.left_on.is_(None), Pupil.left_on >= day),
        )
        .order_by(Pupil.birth_date, Pupil.first_name, Pupil.id, Staff.surname)
    )


def children_of(actor: Actor) -> list[Child]:
    """The pupils that this person may see today, eldest first. One query, however many there are."""
    if not actor.guardian_ids:
        return []
    children: dict[uuid.UUID, Child] = {}
    for row in db.session.execute(_children_statement(actor, clock.today())):
        child = children.setdefault(row[0], Child(*row[:12]))
        if row[12]:
            child.group_name, child.year_level = row[12], row[13]
        teacher = " ".join(part for part in (row[14], row[15]) if part)
        if teacher and teacher not in child.teachers:
            child.teachers.append(teacher)
    return list(children.values())


def child_of(actor: Actor, pupil_id: uuid.UUID, children: list[Child] | None = None) -> Child:
    """The pupil with that id, if this person may see it.

    Raises NotFound otherwise, whether the pupil exists or not.
    """
    for child in children_of(actor) if children is None else children:
        if child.id == pupil_id:
            return child
    raise NotFound


def guardian_of(actor: Actor, guardian_id: uuid.UUID | None = None) -> Guardian:
    """The guardian that this person is (at the school of `guardian_id`, or the only or first one).

    Raises NotFound when they are none, or not that one.
    """
    ids = actor.guardian_ids
    wanted = guardian_id or (ids[0] if ids else None)
    if wanted is None or wanted not in ids:
        raise NotFound
    guardian = db.session.scalar(
        sa.select(Guardian).where(Guardian.id == wanted).options(joinedload(Guardian.household))
    )
    if guardian is None:
        raise NotFound
    return guardian


def school_named(school_id: uuid.UUID) -> School:
    """The school. Raises NotFound."""
    school = db.session.get(School, school_id)
    if school is None:
        raise NotFound
    return school


def guardians_of_pupil(pupil_id: uuid.UUID) -> list[tuple[Guardianship, Guardian]]:
    """Everyone who is a guardian of the pupil, in the order in which the school calls. For the school's eyes and rules."""
    statement = (
        sa.select(Guardianship, Guardian)
        .join(Guardian, Guardian.id == Guardianship.guardian_id)
        .where(Guardianship.pupil_id == pupil_id)
        .order_by(Guardianship.call_order, Guardian.surname, Guardian.id)
    )
    return [(link, guardian) for link, guardian in db.session.execute(statement)]


def schools_of_board(board_id: uuid.UUID) -> list[School]:
    """All schools of a board, by name."""
    return list(db.session.scalars(sa.select(School).where(School.board_id == board_id).order_by(School.name)))


def board_named(name: str) -> Board | None:
    """The board with that name."""
    return db.session.scalar(sa.select(Board).where(Board.name == name))
