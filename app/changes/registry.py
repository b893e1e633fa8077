"""Sections: what a card of the record is, as a declaration. The engine does the rest the same way for all of them.

A section hands itself in at start (`register`). Its values are JSON: a text, or for a composite item (a whole address,
one emergency contact) an object. An *item* is the unit of proposal and of decision.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from app.changes.models import Subject
from app.school.models import Custody

Values = dict[str, Any]


class Policy(StrEnum):
    """How a parent may touch an item: look at it, tell the school about it, or propose another value (M8)."""

    READ = "read"
    ASK = "ask"
    CHANGE = "change"


POLICIES = frozenset(Policy)
STRICTNESS = (Policy.CHANGE, Policy.ASK, Policy.READ)


class Risk(StrEnum):
    """How carefully a change is looked at: a phone number quickly, an address or a log-in address with care."""

    LOW = "low"
    CARE = "care"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Through whose eyes a section is read. Staff see everything: `guardian_id` is None."""

    guardian_id: uuid.UUID | None = None
    household_id: uuid.UUID | None = None
    custody: Custody = Custody.FULL


STAFF = Viewer()


def lines_of(value: Any) -> list[str]:
    """A plain value as lines on the screen."""
    return [str(value)] if value not in (None, "", []) else []


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a section: label, policy, risk, and how its value is shown (a list of lines; none means empty)."""

    key: str
    label: Any
    policy: Policy = Policy.CHANGE
    risk: Risk = Risk.LOW
    show: Callable[[Any], list[str]] = lines_of
    confirm_address: bool = False  # a mail address: its reader confirms it before the record takes it
    latin: bool = False  # phone, mail, postcode: stays left to right in every language
    quiet: bool = False  # only a row while something is proposed for it (the order of a list)

    @property
    def kind(self) -> str:
        """What a school's policies name it by: `contact` for every `contact:<id>` of a list."""
        return self.key.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a reviewer should know before answering, in words. Only said when there is something to say."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    serious: bool = True


class Section(Protocol):
    """What a section declares. `subject_id` is the pupil's or the guardian's id."""

    key: str
    module: str
    subject: Subject
    urgent: bool
    form: Any
    form_template: str

    def title(self, name: str) -> Any:
        """The card's heading; `name` is the child's first name."""

    def items(self, values: Values) -> list[Item]:
        """The items in the order of the card; for a list these depend on what is in it."""

    def admits(self, viewer: Viewer) -> bool:
        """Whether this viewer gets the section at all."""

    def read(self, subject_id: uuid.UUID, viewer: Viewer) -> Values:
        """The school's values by item key, as the viewer may see them."""

    def fill(self, values: Values) -> dict[str, Any]:
        """The form's data for these values."""

    def typed(self, form: Any, values: Values) -> Values:
        """The values that a valid form asks for, by item key; keys that are left out are left alone."""

    def check(self, subject_id: uuid.UUID, typed: Values, viewer: Viewer) -> None:
        """Rules that need other rows. Raises DomainError with the form's field."""

    def apply(self, subject_id: uuid.UUID, key: str, value: Any, viewer: Viewer) -> None:
        """Write an approved value into the record."""

    def bare(self, value: Any) -> Any:
        """The value as the record will hold it."""

    def agrees(self, current: Any, proposed: Any) -> bool:
        """Whether the record's value is what was proposed."""

    def kept(self, subject_id: uuid.UUID, key: str, current: Any, proposed: Any, viewer: Viewer) -> Any:
        """What `apply` is to be given to take `proposed` back and have `current` again, asked before it is applied:
        with what a value does not say of itself (a place in a list, who lived where)."""

    def compete(self, one: Any, other: Any) -> bool:
        """Whether two parents' proposals for one item are about the same thing."""

    def remarks(self, subject_id: uuid.UUID, key: str, value: Any, viewer: Viewer) -> list[Remark]:
        """What a reviewer should know about this proposed value."""


_sections: dict[tuple[Subject, str], Any] = {}


def register(section: Any) -> None:
    """Hand in a section. Raises ValueError when its address is taken."""
    address = (section.subject, section.key)
    if _sections.get(address, section) is not section:
        raise ValueError(f"section {address} is there already")
    _sections[address] = section


def section(subject: Subject, key: str) -> Any | None:
    """The section at that address, or None."""
    return _sections.get((subject, key))


def sections(subject: Subject) -> list[Any]:
    """The sections of a pupil's or guardian's record, in the order in which they were handed in."""
    return [section for (about, _key), section in _sections.items() if about is subject]


def fingerprint(value: Any) -> str:
    """A short hash of a value: what the form remembers of what the parent saw."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


def version_of(values: Values) -> str:
    """The fingerprints of all values, as the form carries them."""
    return " ".join(f"{key}={fingerprint(value)}" for key, value in sorted(values.items()))


def read_version(text: str) -> dict[str, str]:
    """The fingerprints by item key; whatever is no version reads as none."""
    pairs = (part.partition("=") for part in (text or "").split(" "))
    return {key: mark for key, separator, mark in pairs if separator}


def tightened(item: Item, section_key: str, field_policies: Mapping[str, str]) -> Policy:
    """The item's policy at a school: the stricter of what the section and the school say (a school never widens it)."""
    own = field_policies.get(f"{section_key}.{item.kind}") if field_policies else None
    if own not in POLICIES:
        return item.policy
    return max(item.policy, Policy(own), key=STRICTNESS.index)
