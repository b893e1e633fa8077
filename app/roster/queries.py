"""Reads: the register of one school as an import compares it, light rows of columns; and the imports that staff may
see.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.changes.models import ChangeItem, ChangeRequest, ItemState, Subject
from app.core.actor import Actor, Permission
from app.core.db import db
from app.core.errors import NotFound
from app.core.jobs import Job
from app.roster.models import RosterImport
from app.school.models import (
    Group,
    GroupTeacher,
    Guardian,
    Guardianship,
    Household,
    Placement,
    Pupil,
    School,
    SchoolYear,
    Staff,
)

RECENT = 20

_NAME = ("initials", "first_name", "prefix", "surname")
PUPIL_COLUMNS = (
    *("id", "key", "eckid", "number", "official_first_names", *_NAME),
    *("birth_date", "sex", "enrolled_on", "left_on", "household_id", "address_hidden"),
)
STAFF_COLUMNS = ("id", "key", "eckid", "email", *_NAME, "file_roles", "left_on")
GUARDIAN_COLUMNS = (
    *("id", "key", *_NAME, "email", "mobile", "other_phone", "work_phone", "phone_hidden"),
    *("household_id", "address_hidden", "deceased_on", "left_on"),
)
LINK_COLUMNS = ("id", "guardian_id", "pupil_id", "relation", "custody", "starts_on", "ends_on", "call_order")
HOUSEHOLD_COLUMNS = ("id", "street", "house_number", "addition", "postcode", "city", "abroad")


@dataclass(frozen=True, slots=True)
class Asked:
    """What parents asked about one item of a record: `open` proposals wait, `before` are values that an approval
    replaced.
    """

    open: bool = False
    before: tuple[Any, ...] = ()


@dataclass(slots=True)
class Register:
    """One school. What an import of this kind does not need is empty."""

    school: Any = None
    year: Any = None
    years: Sequence[Any] = ()
    groups: Sequence[Any] = ()
    pupils: Sequence[Any] = ()
    staff: Sequence[Any] = ()
    placements: dict[uuid.UUID, list[Any]] = field(default_factory=dict)
    taught: dict[uuid.UUID, set[uuid.UUID]] = field(default_factory=dict)
    guardians: Sequence[Any] = ()
    links: Sequence[Any] = ()
    households: dict[uuid.UUID, Any] = field(default_factory=dict)
    asked: dict[tuple[Subject, uuid.UUID, str, str], Asked] = field(default_factory=dict)


def find_school(*, brin: str | None, branch: str | None, school_key: str | None) -> School | None:
    """The school that a file names: by BRIN and branch, else by its key."""
    if brin:
        return db.session.scalar(
            sa.select(School).where(School.brin == brin, School.dependance_code == (branch or "00"))
        )
    if school_key:
        found = db.session.scalars(sa.select(School).where(School.school_key == school_key)).all()
        return found[0] if len(found) == 1 else None
    return None


def schools() -> list[School]:
    """Every school of this installation."""
    return list(db.session.scalars(sa.select(School).order_by(School.name)))


def register_for_edexml(school_id: uuid.UUID, school_year: str) -> Register:
    """Years, this year's groups, pupils with their placements, staff with what they teach."""
    register = _base(school_id)
    register.years = _rows(SchoolYear, ("id", "name", "starts_on", "ends_on"), school_id)
    register.year = next((year for year in register.years if year.name == school_year), None)
    register.staff = _rows(Staff, STAFF_COLUMNS, school_id)
    register.placements = _placements(school_id)
    if register.year is not None:
        columns = ("id", "key", "name", "year_level", "composed")
        register.groups = _rows(Group, columns, school_id, Group.school_year_id == register.year.id)
        register.taught = _taught(register.year.id)
    return register


def register_for_guardians(school_id: uuid.UUID) -> Register:
    """Pupils, guardians, the links between them, and where they live."""
    register = _base(school_id)
    register.guardians = _rows(Guardian, GUARDIAN_COLUMNS, school_id)
    register.links = _rows(Guardianship, LINK_COLUMNS, school_id)
    register.households = {row.id: row for row in _rows(Household, HOUSEHOLD_COLUMNS, school_id)}
    return register


def _base(school_id: uuid.UUID) -> Register:
    columns = ("id", "name", "brin", "dependance_code", "school_key")
    school = db.session.execute(
        sa.select(*(getattr(School, name) for name in columns)).where(School.id == school_id)
    ).one()
    return Register(school=school, pupils=_rows(Pupil, PUPIL_COLUMNS, school_id), asked=_asked(school_id))


def _rows(model: Any, columns: Sequence[str], school_id: uuid.UUID, *conditions: Any) -> Sequence[Any]:
    statement = sa.select(*(getattr(model, name) for name in columns)).where(model.school_id == school_id, *conditions)
    return db.session.execute(statement.order_by(model.id)).all()


def _placements(school_id: uuid.UUID) -> dict[uuid.UUID, list[Any]]:
    statement = (
        sa.select(
            Placement.id,
            Placement.pupil_id,
            Placement.group_id,
            Placement.year_level,
            Placement.starts_on,
            Placement.ends_on,
            Group.name.label("group_name"),
            Group.composed,
            Group.school_year_id,
        )
        .join(Group, Group.id == Placement.group_id)
        .where(Placement.school_id == school_id)
        .order_by(Placement.starts_on, Placement.id)
    )
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in db.session.execute(statement):
        found[row.pupil_id].append(row)
    return found


def _taught(year_id: uuid.UUID) -> dict[uuid.UUID, set[uuid.UUID]]:
    statement = (
        sa.select(GroupTeacher.staff_id, GroupTeacher.group_id)
        .join(Group, Group.id == GroupTeacher.group_id)
        .where(Group.school_year_id == year_id)
    )
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for staff_id, group_id in db.session.execute(statement):
        found[staff_id].add(group_id)
    return found


def _asked(school_id: uuid.UUID) -> dict[tuple[Subject, uuid.UUID, str, str], Asked]:
    """Open proposals, and approved ones with the value that they replaced."""
    statement = (
        sa.select(
            ChangeRequest.subject,
            ChangeRequest.subject_id,
            ChangeRequest.section,
            ChangeItem.key,
            ChangeItem.state,
            ChangeItem.previous,
        )
        .join(ChangeItem, ChangeItem.request_id == ChangeRequest.id)
        .where(ChangeRequest.school_id == school_id, ChangeItem.state.in_([ItemState.PROPOSED, ItemState.APPROVED]))
    )
    found: dict[tuple[Subject, uuid.UUID, str, str], Asked] = {}
    for subject, subject_id, section, key, state, previous in db.session.execute(statement):
        address = (subject, subject_id, section, key)
        known = found.get(address, Asked())
        waiting = known.open or state is ItemState.PROPOSED
        found[address] = Asked(waiting, known.before if state is ItemState.PROPOSED else (*known.before, previous))
    return found


def import_of(actor: Actor, import_id: uuid.UUID, *, lock: bool = False) -> RosterImport:
    """An import at a school where this person may import; `lock` keeps others off it until the commit.

    Raises NotFound for any other.
    """
    statement = sa.select(RosterImport).where(
        RosterImport.id == import_id, RosterImport.school_id.in_(actor.schools_with(Permission.ROSTER_IMPORT))
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def schools_of(actor: Actor) -> list[School]:
    """The schools at which this person may import, by name."""
    ids = actor.schools_with(Permission.ROSTER_IMPORT)
    return list(db.session.scalars(sa.select(School).where(School.id.in_(ids)).order_by(School.name)))


def job_of(row: RosterImport) -> Job | None:
    """The work that is being done for this import."""
    return db.session.get(Job, row.job_id) if row.job_id else None


def recent_imports(actor: Actor) -> list[RosterImport]:
    """The latest imports at this person's schools, newest first."""
    statement = (
        sa.select(RosterImport)
        .where(RosterImport.school_id.in_(actor.schools_with(Permission.ROSTER_IMPORT)))
        .order_by(RosterImport.uploaded_at.desc(), RosterImport.id.desc())
        .limit(RECENT)
    )
    return list(db.session.scalars(statement))
