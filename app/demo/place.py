"""What a demo school is made of, row by row: the same every time it is made in the same school year."""

import random
import uuid
from collections import defaultdict
from datetime import date, timedelta
from itertools import count
from typing import Any, TypeVar

from app.accounts.usernames import folded
from app.core.db import db
from app.demo import faces, names
from app.school.models import (
    Group,
    Guardian,
    Guardianship,
    Household,
    Placement,
    Pupil,
    Relation,
    School,
    SchoolYear,
    Sex,
    Staff,
)

COLOURS = ("mint", "sun", "sky", "coral", "lilac")
Row = TypeVar("Row")


class Maker:
    """Makes rows, keeps them, and writes them all at once: parents before children, a table at a time."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.first_year = today.year if today.month >= 8 else today.year - 1
        self.random = random.Random(2026)  # noqa: S311 - it only has to be the same every time
        self.rows: dict[str, list[Any]] = defaultdict(list)
        self._addresses: set[str] = set()
        self._phone = count(1)

    @property
    def year_starts(self) -> date:
        return date(self.first_year, 8, 1)

    def add(self, row: Row) -> Row:
        """Keep a row, with an id that is the same every time (faces are drawn from it)."""
        if hasattr(type(row), "id") and row.id is None:  # type: ignore[attr-defined]
            row.id = uuid.UUID(int=self.random.getrandbits(128), version=4)  # type: ignore[attr-defined]
        self.rows[row.__tablename__].append(row)  # type: ignore[attr-defined]
        return row

    def write(self) -> None:
        """Hand everything to the database, in the order in which rows depend on each other."""
        for table in db.metadata.sorted_tables:
            db.session.add_all(self.rows.pop(table.name, []))
            db.session.flush()

    def mobile(self) -> str:
        """A number that nobody else has."""
        return f"+3161{4_000_000 + next(self._phone) * 137:07d}"

    def landline(self) -> str:
        return f"+3130{2_100_000 + next(self._phone) * 211:07d}"

    def email(self, first: str, surname: str) -> str:
        """`anouk.visser@voorbeeld.nl`, with a number when that is taken."""
        stem = f"{folded(first)}.{folded(surname)}"
        address = next(a for n in count(1) if (a := f"{stem}{n if n > 1 else ''}@voorbeeld.nl") not in self._addresses)
        self._addresses.add(address)
        return address

    def chance(self, percent: float) -> bool:
        return self.random.random() * 100 < percent


def split(surname: str) -> tuple[str, str]:
    """`van der Berg` → ("van der", "Berg")."""
    words = surname.split(" ")
    at = next((place for place, word in enumerate(words) if word[0].isupper()), 0)
    return " ".join(words[:at]), " ".join(words[at:])


class DemoSchool:
    """One school under construction, with its groups of this year."""

    def __init__(self, maker: Maker, *, board_id: uuid.UUID, name: str, brin: str, **values: Any) -> None:
        self.maker = maker
        self.school = maker.add(School(board_id=board_id, name=name, short_name=name, brin=brin, **values))
        first = maker.first_year
        self.year = maker.add(
            SchoolYear(
                school_id=self.school.id,
                name=f"{first}-{first + 1}",
                starts_on=maker.year_starts,
                ends_on=date(first + 1, 7, 31),
            )
        )
        self.groups: dict[int, Group] = {}
        self._keys = count(1)

    @property
    def id(self) -> uuid.UUID:
        return self.school.id

    def group(self, level: int) -> Group:
        """The group of a year level; made when it is first asked for."""
        if level not in self.groups:
            name = f"Groep {level}"
            group = Group(school_id=self.id, school_year_id=self.year.id, key=name, name=name, year_level=str(level))
            self.groups[level] = self.maker.add(group)
        return self.groups[level]

    def staff(self, first: str, surname: str, form_of_address: str = "", **values: Any) -> Staff:
        prefix, surname = split(surname)
        number = next(self._keys)
        return self.maker.add(
            Staff(
                school_id=self.id,
                key=f"M{number}",
                first_name=first,
                initials=f"{first[0]}.",
                prefix=prefix,
                surname=surname,
                email=self.maker.email(first, surname),
                form_of_address=form_of_address,
                **values,
            )
        )

    def household(self, street: str = "", number: int = 0, postcode: str = "", **values: Any) -> Household:
        """A household at this address, or at one of the quarter's own."""
        if not street:
            street, postcode = self.maker.random.choice(names.STREETS)
            number = self.maker.random.randint(1, 160)
            values.setdefault("addition", "A" if self.maker.chance(8) else "")
        values.setdefault("city", "Utrecht")
        row = Household(school_id=self.id, street=street, house_number=number, postcode=postcode, **values)
        return self.maker.add(row)

    def guardian(self, first: str, surname: str, *, home: Household | None, **values: Any) -> Guardian:
        """A guardian with a mobile number and a mail address, unless the values say otherwise."""
        prefix, surname = split(surname)
        values.setdefault("mobile", self.maker.mobile())
        if "email" not in values:
            values["email"] = self.maker.email(first, surname)
        return self.maker.add(
            Guardian(
                school_id=self.id,
                key=f"V{next(self._keys)}",
                first_name=first,
                initials=f"{first[0]}.",
                prefix=prefix,
                surname=surname,
                household_id=home.id if home else None,
                **values,
            )
        )

    def pupil(self, first: str, surname: str, *, level: int, home: Household | None, **values: Any) -> Pupil:
        """A pupil in a group of this year, of an age that fits."""
        prefix, surname = split(surname)
        number = next(self._keys)
        born = values.pop("birth_date", None) or self._birthday(level)
        sex = values.setdefault("sex", Sex.FEMALE if first in names.NAMED_GIRLS else Sex.MALE)
        looks = values.pop("looks", None) or names.NAMED_LOOKS.get(first, names.ORIGINS[0].looks)
        starts = max(values.pop("enrolled_on", None) or self._fourth(born), self._first_day(level))
        row = Pupil(
            id=faces.new_id(self.maker.random, sex, looks),
            school_id=self.id,
            key=f"L{number}",
            number=str(1000 + number),
            first_name=first,
            initials=f"{first[0]}.",
            prefix=prefix,
            surname=surname,
            birth_date=born,
            enrolled_on=starts,
            household_id=home.id if home else None,
            **self._usual(first) | values,
        )
        self.maker.add(row)
        self._place(row, level)
        return row

    def _usual(self, first: str) -> dict[str, str]:
        place = self.maker.random.choice(names.PLACES)
        return {"official_first_names": first, "birth_place": place, "nationality": "Nederlandse"}

    def _first_day(self, level: int) -> date:
        """Of a pupil who has been here since group 1."""
        return date(self.maker.first_year + 1 - level, 8, 1)

    def _fourth(self, born: date) -> date:
        return date(born.year + 4, born.month, min(born.day, 28))

    def _birthday(self, level: int) -> date:
        """Group 1 has those who become 4 before the year begins or a little later; each next group is a year older."""
        oldest = date(self.maker.first_year - 4 - level, 10, 1)
        return oldest + timedelta(days=self.maker.random.randrange(304 if level == 1 else 365))

    def _place(self, pupil: Pupil, level: int) -> None:
        starts = max(self.maker.year_starts, pupil.enrolled_on or self.maker.year_starts)
        if pupil.left_on:
            starts = min(starts, pupil.left_on)
        placement = Placement(
            school_id=self.id,
            pupil_id=pupil.id,
            group_id=self.group(level).id,
            year_level=str(level),
            starts_on=starts,
            ends_on=pupil.left_on,
        )
        self.maker.add(placement)

    def link(self, guardian: Guardian, pupil: Pupil, relation: Relation, order: int = 1, **values: Any) -> Guardianship:
        """Make somebody the guardian of a pupil."""
        row = Guardianship(
            school_id=self.id,
            guardian_id=guardian.id,
            pupil_id=pupil.id,
            relation=relation,
            call_order=order,
            **values,
        )
        return self.maker.add(row)
