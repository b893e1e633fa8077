"""A school to load files into, and a digest of everything that an import may touch."""

from datetime import date

import pytest
import sqlalchemy as sa

from app.core.actor import Actor
from app.core.db import db
from app.roster import operations
from app.roster.dry_run import dry_run
from app.roster.plan import Choices
from app.school.models import (
    Group,
    GroupTeacher,
    Guardian,
    Guardianship,
    Household,
    Placement,
    Pupil,
    SchoolYear,
    Staff,
)
from tests.roster.builders import read

TODAY = date(2026, 11, 24)
TABLES = (SchoolYear, Group, Pupil, Placement, Staff, GroupTeacher, Household, Guardian, Guardianship)


@pytest.fixture
def school(factories):
    return factories.school(board=factories.board(name="Stichting Wind"), name="De Vlieger", brin="99AB")


class Desk:
    """Looks at files and applies them, as the worker does."""

    def __init__(self, school):
        self.school = school

    def plan(self, data: bytes, *ticked: str, all_of=(), today=TODAY):
        """The dry run."""
        choices = Choices(frozenset(ticked), frozenset(all_of))
        return dry_run(read(data), school_id=self.school.id, today=today, choices=choices)

    def load(self, data: bytes, *ticked: str, **options):
        """Apply it; gives the plan that was applied."""
        plan = self.plan(data, *ticked, **options)
        operations.apply_plan(plan, actor=Actor(account_id=None))
        return plan


@pytest.fixture
def desk(school):
    return Desk(school)


def digest() -> dict[str, list]:
    """Every row that an import may touch, but for when it was touched."""
    found = {}
    for model in TABLES:
        columns = [column for column in model.__table__.c if column.name not in ("created_at", "updated_at")]
        found[model.__tablename__] = sorted(map(repr, db.session.execute(sa.select(*columns)).all()))
    return found


def pupils() -> dict[str, Pupil]:
    """All pupils by first name."""
    return {pupil.first_name: pupil for pupil in db.session.scalars(sa.select(Pupil))}


def guardians() -> dict[str, Guardian]:
    """All guardians by first name."""
    return {guardian.first_name: guardian for guardian in db.session.scalars(sa.select(Guardian))}


def groups_of(pupil: Pupil) -> list[tuple]:
    """A pupil's placements: (group, level, first day, last day)."""
    statement = (
        sa.select(Group.name, Placement.year_level, Placement.starts_on, Placement.ends_on)
        .join(Group, Group.id == Placement.group_id)
        .where(Placement.pupil_id == pupil.id)
        .order_by(Placement.starts_on, Group.name)
    )
    return [tuple(row) for row in db.session.execute(statement)]


def link(guardian: Guardian, pupil: Pupil) -> Guardianship | None:
    found = sa.select(Guardianship).where(Guardianship.guardian_id == guardian.id, Guardianship.pupil_id == pupil.id)
    return db.session.scalar(found)
