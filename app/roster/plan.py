"""The dry run: what applying a file would do, step by step and field by field. Plain data; nothing is written here.

A **step** is about one group, pupil, member of staff or guardian. What the file says about a field that must not be
overwritten silently is **held**: it stays as it is unless staff tick it. So are people who are not in the file
(**gone**) and likenesses by name (**suggested**).
"""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.roster.problems import Problems
from app.roster.records import FileKind


class Kind(StrEnum):
    """What a step is about, in the order of the report."""

    YEAR = "year"
    GROUP = "group"
    PUPIL = "pupil"
    STAFF = "staff"
    GUARDIAN = "guardian"


class Action(StrEnum):
    """What a step does.

    MOVED is a pupil who changes group; SUGGESTED waits for somebody to say whether two are the same.
    """

    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    GONE = "gone"
    SUGGESTED = "suggested"
    UNCHANGED = "unchanged"


class Held(StrEnum):
    """Why a value of the file is not taken over by itself."""

    PENDING = "pending"  # a parent asked for another value, and the school has not answered yet
    STALE = "stale"  # the school approved another value, and the file still has the one from before
    CUSTODY = "custody"  # would give somebody more right to see or decide than they have
    SECRECY = "secrecy"  # would show an address or number that is hidden now
    ABSENT = "absent"  # the file does not mention somebody whom the register has


@dataclass(frozen=True, slots=True)
class Change:
    """One field by its stable name, with its values before and after (None: empty). `choice` ticks a held one."""

    field: str
    before: Any
    after: Any
    held: Held | None = None
    choice: str | None = None


@dataclass(slots=True)
class Step:
    """One record of the file against one row of the register.

    `row_id` is None for what is new; `values` are the columns that will be written; `extra` is what this kind alone
    needs.
    """

    kind: Kind
    action: Action
    name: str
    key: str | None = None
    line: int | None = None
    row_id: uuid.UUID | None = None
    values: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    choice: str | None = None
    extra: Any = None
    new_id: uuid.UUID | None = None

    @property
    def id(self) -> uuid.UUID | None:
        """The row's id: the one that it has, or will have."""
        return self.row_id or self.new_id

    @property
    def held(self) -> list[Change]:
        return [change for change in self.changes if change.held]


@dataclass(frozen=True, slots=True)
class Choices:
    """What staff ticked: ids of choices, or everything of one sort (the command's flags)."""

    ticked: frozenset[str] = frozenset()
    all_of: frozenset[str] = frozenset()

    def takes(self, choice: str) -> bool:
        """Whether this choice was made. A choice's id begins with its sort: `take`, `gone` or `same`."""
        return choice in self.ticked or choice.partition(":")[0] in self.all_of


@dataclass(slots=True)
class Plan:
    """All steps for one school. Errors in `problems` block applying."""

    file_kind: FileKind
    sha256: str
    school_id: uuid.UUID | None
    today: date
    problems: Problems
    steps: list[Step] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    households: dict[uuid.UUID, Any] = field(default_factory=dict)  # addresses that get a row, by its id

    @property
    def blocked(self) -> bool:
        return self.problems.errors > 0

    @property
    def is_empty(self) -> bool:
        """Whether applying would write nothing."""
        return not any(writes(step) for step in self.steps)

    def of(self, kind: Kind) -> list[Step]:
        return [step for step in self.steps if step.kind is kind]

    def counts(self) -> dict[str, dict[str, int]]:
        """How many steps of each outcome, by kind; kinds without any are left out."""
        found: dict[str, Counter[str]] = {}
        for step in self.steps:
            found.setdefault(step.kind.value, Counter())[outcome(step)] += 1
        return {kind: dict(counted) for kind, counted in found.items()}

    def totals(self) -> dict[str, int]:
        """How many steps of each outcome, over all kinds."""
        counted = Counter(outcome(step) for step in self.steps)
        return {name: counted[name] for name in OUTCOMES}

    @property
    def fingerprint(self) -> str:
        """Changes whenever the plan says something else; what was shown must be what is applied."""
        text = json.dumps([self.sha256, *map(_essence, self.steps)], default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


OUTCOMES = (*(action.value for action in Action), "absent", "held")
"""What becomes of a step: its action, or that it waits for a tick (`absent` for who is not in the file)."""


def outcome(step: Step) -> str:
    """What becomes of this step when the plan is applied as it is."""
    if writes(step) or step.action in (Action.UNCHANGED, Action.SUGGESTED):
        return step.action.value
    return "absent" if step.action is Action.GONE else "held"


def writes(step: Step) -> bool:
    """Whether applying this step changes the register."""
    return step.action not in (Action.UNCHANGED, Action.SUGGESTED) and (
        step.row_id is None or bool(step.values or step.extra)
    )


def choice_id(sort: str, *parts: object) -> str:
    """The id of a choice, the same in every dry run of the same file."""
    return ":".join((sort, *map(str, parts)))


def compared(
    fields: Iterable[tuple[str, Any]], row: Any, *, hold: Any, choices: Choices, kind: Kind
) -> tuple[dict[str, Any], list[Change]]:
    """The values to write and the changes to show, where the file says something (not None) and the row says another.

    `hold(field, before, after)` gives the reason why a change must wait for a tick, or None.
    """
    values: dict[str, Any] = {}
    changes: list[Change] = []
    for name, after in fields:
        before = getattr(row, name)
        if after is None or after == before or (after == "" and not before):
            continue
        reason = hold(name, before, after)
        choice = choice_id("take", kind.value, row.id, name) if reason else None
        if choice is None or choices.takes(choice):
            values[name] = after
        changes.append(Change(name, before, after, reason, choice))
    return values, changes


def _essence(step: Step) -> list[Any]:
    changes = [[change.field, change.before, change.after, change.held] for change in step.changes]
    return [step.kind, step.action, step.key, step.name, step.row_id, step.line, changes, step.choice]
