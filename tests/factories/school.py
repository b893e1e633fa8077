"""Builders of the register."""

from datetime import date

from app.school.models import (
    Board,
    Custody,
    Group,
    GroupTeacher,
    Guardian,
    Guardianship,
    Household,
    Placement,
    Pupil,
    Relation,
    School,
    SchoolYear,
    Staff,
)
from tests.factories.base import Builders


class SchoolFactories(Builders):
    def board(self, *, name):
        return self._add(Board(name=name))

    def school(self, *, board, name, **values):
        values = {
            "short_name": name,
            "phone": "+31302345678",
            "administration_email": "administratie@example.nl",
        } | values
        return self._add(School(board_id=board.id, name=name, **values))

    def school_year(self, *, school, name="2026-2027"):
        first = int(name[:4])
        return self._add(
            SchoolYear(school_id=school.id, name=name, starts_on=date(first, 8, 1), ends_on=date(first + 1, 7, 31))
        )

    def group(self, *, school, year, name, year_level="5"):
        row = Group(school_id=school.id, school_year_id=year.id, key=name, name=name, year_level=year_level)
        return self._add(row)

    def staff(self, *, school, first_name, surname, **values):
        return self._add(Staff(school_id=school.id, first_name=first_name, surname=surname, **values))

    def teaches(self, *, staff, group):
        return self._add(GroupTeacher(school_id=group.school_id, group_id=group.id, staff_id=staff.id))

    def household(self, *, school, street="Lindelaan", house_number=14, postcode="3581 KB", city="Utrecht", **values):
        return self._add(
            Household(
                school_id=school.id, street=street, house_number=house_number, postcode=postcode, city=city, **values
            )
        )

    def pupil(self, *, school, first_name, surname, group=None, **values):
        pupil = self._add(Pupil(school_id=school.id, first_name=first_name, surname=surname, **values))
        if group is not None:
            self._add(
                Placement(
                    school_id=school.id,
                    pupil_id=pupil.id,
                    group_id=group.id,
                    year_level=group.year_level,
                    starts_on=date(2026, 8, 1),
                )
            )
        return pupil

    def guardian(self, *, school, first_name, surname, **values):
        return self._add(Guardian(school_id=school.id, first_name=first_name, surname=surname, **values))

    def guardianship(self, *, guardian, pupil, relation=Relation.MOTHER, custody=Custody.FULL, **values):
        return self._add(
            Guardianship(
                school_id=pupil.school_id,
                guardian_id=guardian.id,
                pupil_id=pupil.id,
                relation=relation,
                custody=custody,
                **values,
            )
        )
