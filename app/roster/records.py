"""What a roster file says, as plain frozen records: no database, no matching, nothing decided yet.

None means that the file says nothing about it, which is never a wish to erase. `line` is where the record starts,
counted from 1. Nothing here holds a BSN, ethnicity, country of birth, weighting or photo address: readers drop those
unread (domain.md §1.7).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.roster.problems import Problem, Severity


class FileKind(StrEnum):
    EDEXML = "edexml"
    GUARDIANS = "guardians"


class Sex(StrEnum):
    """Our own values, because the sources contradict each other: EDEXML has 1 = boy, 2 = girl; OSO 1 = female, 2 =
    male.
    """

    UNKNOWN = "unknown"
    BOY = "boy"
    GIRL = "girl"
    UNSPECIFIED = "unspecified"


class Relation(StrEnum):
    """What the guardian is to the child."""

    MOTHER = "mother"
    FATHER = "father"
    PARENT = "parent"
    STEP_PARENT = "step_parent"
    FOSTER_PARENT = "foster_parent"
    LEGAL_GUARDIAN = "legal_guardian"
    GRANDPARENT = "grandparent"
    OTHER = "other"


class Custody(StrEnum):
    """Gezag, as the list says it. UNKNOWN is an answer ("onbekend"); a list without the column says None."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in parts.

    `initials` without dots ("JP"); `surname` without its prefix; never padded or with double spaces.
    """

    official_first_names: str | None = None
    initials: str | None = None
    first_name: str | None = None
    prefix: str | None = None
    surname: str | None = None

    @property
    def is_blank(self) -> bool:
        return not (self.surname or self.first_name or self.official_first_names or self.initials)

    def __str__(self) -> str:
        first = self.first_name or self.official_first_names or self.initials
        return " ".join(part for part in (first, self.prefix, self.surname) if part)


@dataclass(frozen=True, slots=True)
class RosterSchool:
    """The school that the file is about.

    `school_year` is "2026-2027"; `reference_date` (peildatum) is when the data were true.
    """

    line: int
    school_year: str
    reference_date: date | None = None
    created_on: date | None = None
    brin: str | None = None
    branch: str | None = None
    institution_number: str | None = None
    school_key: str | None = None

    @property
    def first_day(self) -> date:
        """A school year runs from 1 August to 31 July."""
        return date(int(self.school_year[:4]), 8, 1)


@dataclass(frozen=True, slots=True)
class RosterGroup:
    """A group of this school year. `year` is an EDEXML jaargroep ("1"…"8", "0", "C" …); a composite group has none."""

    line: int
    key: str
    name: str
    year: str | None = None
    composite: bool = False
    description: str | None = None

    @property
    def matchable_key(self) -> str | None:
        return matchable(self.key)


@dataclass(frozen=True, slots=True)
class RosterPupil:
    """A pupil.

    `year` is already decided: the pupil's own jaargroep, else the group's; None in a combination group without one.

    `enrolled_on` and `left_on` are the file's instroomdatum and uitstroomdatum; `left` says that the pupil is no longer
    at the school.
    """

    line: int
    key: str
    name: Name
    eck_id: str | None = None
    birth_date: date | None = None
    sex: Sex = Sex.UNKNOWN
    year: str | None = None
    group_key: str | None = None
    composite_group_keys: tuple[str, ...] = ()
    postcode: str | None = None
    enrolled_on: date | None = None
    left_on: date | None = None
    left: bool = False

    @property
    def matchable_key(self) -> str | None:
        return matchable(self.key)


@dataclass(frozen=True, slots=True)
class RosterTeacher:
    """A member of staff.

    `roles` are EDEXML codes ("LRK") or free words: information only, never a ground for access (handbook 2.1).
    """

    line: int
    key: str
    name: Name
    eck_id: str | None = None
    email: str | None = None
    roles: tuple[str, ...] = ()
    group_keys: tuple[str, ...] = ()

    @property
    def matchable_key(self) -> str | None:
        return matchable(self.key)


@dataclass(frozen=True, slots=True)
class PupilReference:
    """Which pupil a row of the guardians' list is about: by number, or by name and birth date where the list has no
    numbers.
    """

    key: str | None = None
    first_name: str | None = None
    prefix: str | None = None
    surname: str | None = None
    birth_date: date | None = None
    group_name: str | None = None

    def __str__(self) -> str:
        return self.key or " ".join(part for part in (self.first_name, self.prefix, self.surname) if part)


@dataclass(frozen=True, slots=True)
class RosterChild:
    """One guardian–child link.

    `sequence` orders the child's guardians; `emergency_order` says whom to phone first, second …
    """

    line: int
    pupil: PupilReference
    relation: Relation | None = None
    custody: Custody | None = None
    sequence: int | None = None
    emergency_order: int | None = None


@dataclass(frozen=True, slots=True)
class RosterAddress:
    """A Dutch address; `postcode` as "1234 AB". A part that the list lacks, or has wrong, is None."""

    street: str | None = None
    number: int | None = None
    addition: str | None = None
    postcode: str | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class RosterGuardian:
    """A guardian with all their children in this file.

    Phones are E.164; `lines` are all rows that speak of this person.
    """

    line: int
    name: Name
    children: tuple[RosterChild, ...]
    key: str | None = None
    email: str | None = None
    mobile: str | None = None
    phone_home: str | None = None
    phone_work: str | None = None
    phone_secret: bool | None = None
    address: RosterAddress | None = None
    address_secret: bool | None = None
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterFile:
    """All that was read from one file.

    `error_count` above 0 blocks the import; `problems` holds at most `MAX_PROBLEMS` of them.
    """

    kind: FileKind
    version: str
    source_name: str
    sha256: str
    school: RosterSchool | None = None
    groups: tuple[RosterGroup, ...] = ()
    pupils: tuple[RosterPupil, ...] = ()
    teachers: tuple[RosterTeacher, ...] = ()
    guardians: tuple[RosterGuardian, ...] = ()
    problems: tuple[Problem, ...] = ()
    error_count: int = 0
    warning_count: int = 0

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is Severity.WARNING)


def matchable(key: str) -> str | None:
    """The key if the source promises that it is stable; one that starts with `#` may mean somebody else next time
    (handbook 2.1).
    """
    return None if key.startswith("#") else key
