"""A word of its own in every text field, so that an answer shows whose data is in it."""

import itertools
import re
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.changes.models import ChangeItem
from app.core.db import db
from app.records.models import EmergencyContact, MedicalRecord
from app.school.models import Guardian, Household, Pupil, Staff

# Not text of a person: choices, states, and what the page's own look depends on.
NOT_TEXT = {"language", "colour", "email_state", "sex", "form_of_address", "file_roles"}
PHONES = re.compile(r"phone\Z|mobile\Z")
SPACES = re.compile(r"[\s\u00a0\-–()]+")


@dataclass(frozen=True, slots=True)
class Owner:
    """What a word is part of: `kind` says which part, `id` of whom or what."""

    kind: str
    id: object


@dataclass
class Canaries:
    """All words that were put into the database, with their owners."""

    words: dict[str, Owner] = field(default_factory=dict)
    phones: dict[str, Owner] = field(default_factory=dict)
    _numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    def word(self, owner: Owner) -> str:
        text = f"zq{next(self._numbers):04d}x"
        self.words[text] = owner
        return text

    def mail(self, owner: Owner) -> str:
        return self.word(owner) + "@canary.example"

    def phone(self, owner: Owner) -> str:
        """A mobile number that is one; found again in any notation by its last nine figures."""
        figures = f"61234{next(self._numbers):04d}"
        self.phones[figures] = owner
        return "+31" + figures

    def found_in(self, text: str) -> set[Owner]:
        """The owners of every word and number in an answer."""
        found = {self.words[word] for word in set(re.findall(r"zq\d{4}x", text.lower())) if word in self.words}
        figures = SPACES.sub("", text)
        for number in set(re.findall(r"61234\d{4}", figures)):
            if number in self.phones:
                found.add(self.phones[number])
        return found


NAMES = {"first_name", "initials", "prefix", "surname"}
REGISTER = {"key", "eckid", "number"}


def _kind(row, column: str) -> str:
    if isinstance(row, Pupil):
        return "pupil-register" if column in REGISTER else "pupil"
    if isinstance(row, Guardian | Staff):
        who = "guardian" if isinstance(row, Guardian) else "staff"
        return f"{who}-name" if column in NAMES else f"{who}-register" if column in REGISTER else f"{who}-contact"
    return {Household: "household", EmergencyContact: "contact", MedicalRecord: "medical"}[type(row)]


def _text_columns(row) -> list[str]:
    columns = sa.inspect(type(row)).columns
    return [
        column.name
        for column in columns
        if isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum) and column.name not in NOT_TEXT
    ]


def paint(canaries: Canaries) -> None:
    """Put a word into every text column of everybody's rows, and into what was proposed."""
    for model in (Pupil, Guardian, Household, EmergencyContact, MedicalRecord, Staff):
        for row in db.session.scalars(sa.select(model)):
            for column in _text_columns(row):
                owner = Owner(_kind(row, column), getattr(row, "id", None) or row.pupil_id)
                if PHONES.search(column):
                    text = canaries.phone(owner)
                elif column == "email":
                    text = canaries.mail(owner)
                elif column == "abroad":
                    continue  # would stand in the place of the Dutch address
                else:
                    text = canaries.word(owner)
                setattr(row, column, text)
    for item in db.session.scalars(sa.select(ChangeItem)):
        _paint_item(canaries, item)
    db.session.flush()


def _paint_item(canaries: Canaries, item: ChangeItem) -> None:
    owner = Owner("request", item.request_id)
    item.reason = canaries.word(owner)
    for side in ("seen", "proposed"):
        setattr(item, side, _painted(canaries, owner, item.key, getattr(item, side)))


def _painted(canaries: Canaries, owner: Owner, key: str, value):
    if isinstance(value, dict):
        return {part: _painted(canaries, owner, part, text) for part, text in value.items()}
    if not isinstance(value, str) or not value:
        return value
    if PHONES.search(key):
        return canaries.phone(owner)
    return canaries.mail(owner) if key == "email" else canaries.word(owner)
