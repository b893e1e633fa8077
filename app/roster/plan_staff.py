"""The teachers of an EDEXML file against the register's staff.

Roles are noted and give nobody any right (handbook 2.1).
"""

import uuid
from collections.abc import Sequence
from typing import Any

from app.core.db import new_id
from app.roster.matching import People, folded
from app.roster.plan import Action, Change, Choices, Held, Kind, Plan, Step, choice_id, compared
from app.roster.queries import Register
from app.roster.records import RosterTeacher
from app.roster.values import label
from app.school.models import Staff

PARENT = "OUD"
"""A parent who helps: no staff, and not made one by a file."""

ROLES_LENGTH: int = Staff.__table__.c.file_roles.type.length
KEY_LENGTH: int = Staff.__table__.c.key.type.length


def plan_staff(
    teachers: Sequence[RosterTeacher],
    register: Register,
    plan: Plan,
    choices: Choices,
    group_ids: dict[str, uuid.UUID],
) -> None:
    """A step for each teacher; and, in a file that has teachers, for each member of staff whom it does not mention."""
    planner = _StaffPlanner(register, plan, choices, group_ids)
    for teacher in teachers:
        if teacher.roles and set(teacher.roles) == {PARENT}:
            plan.skipped["parents"] += 1
        else:
            planner.take(teacher)
    if teachers:
        planner.absent()


class _StaffPlanner:
    def __init__(self, register: Register, plan: Plan, choices: Choices, group_ids: dict[str, uuid.UUID]) -> None:
        self._register = register
        self._plan = plan
        self._choices = choices
        self._group_ids = group_ids
        self._people = People(register.staff)
        self._seen: set[uuid.UUID] = set()

    def take(self, teacher: RosterTeacher) -> None:
        match = self._people.certain(teacher)
        if match.trouble:
            self._error("plan.staff_identity", match.trouble, teacher)
            return
        row = match.row if match.row is not None else self._by_email(teacher)
        if row is None and (alike := self._people.alike(teacher, free=lambda row: row.id not in self._seen)):
            self._suggest(teacher, alike[0])
            return
        self._plan.steps.append(self._new(teacher) if row is None else self._known(teacher, row))

    def absent(self) -> None:
        """Staff whom the file does not mention stay, unless somebody ticks that they left."""
        for row in self._register.staff:
            if row.id in self._seen or row.left_on is not None or not row.key:
                continue  # without a key they never came from such a file
            choice = choice_id("gone", "staff", row.id)
            step = Step(Kind.STAFF, Action.GONE, _name(row), row.key, None, row.id, choice=choice)
            step.changes.append(Change("left_on", None, self._plan.today, Held.ABSENT, choice))
            if self._choices.takes(choice):
                step.values = {"left_on": self._plan.today}
            self._plan.steps.append(step)

    def _by_email(self, teacher: RosterTeacher) -> Any:
        """Somebody whom the school gave an account before the file came: the same address and the same name."""
        if not teacher.email:
            return None
        surname = folded(" ".join(part for part in (teacher.name.prefix, teacher.name.surname) if part))
        for row in self._register.staff:
            known = folded(" ".join(part for part in (row.prefix, row.surname) if part))
            free = row.id not in self._seen and not (row.key and teacher.matchable_key)
            if free and row.email.casefold() == teacher.email.casefold() and known == surname:
                return row
        return None

    def _suggest(self, teacher: RosterTeacher, row: Any) -> None:
        same, other = choice_id("same", "staff", teacher.key, row.id), choice_id("new", "staff", teacher.key)
        self._seen.add(row.id)
        if self._choices.takes(same):
            self._plan.steps.append(self._known(teacher, row))
        elif self._choices.takes(other):
            self._plan.steps.append(self._new(teacher))
        else:
            self._plan.steps.append(
                Step(
                    Kind.STAFF,
                    Action.SUGGESTED,
                    str(teacher.name),
                    teacher.key,
                    teacher.line,
                    row.id,
                    choice=same,
                    extra=other,
                )
            )

    def _new(self, teacher: RosterTeacher) -> Step:
        if teacher.matchable_key and len(teacher.matchable_key) > KEY_LENGTH:
            self._error("plan.key_too_long", "De sleutel (key) is langer dan het portaal kan bewaren.", teacher)
        values = {name: value for name, value in _fields(teacher) if value is not None}
        step = Step(
            Kind.STAFF, Action.NEW, str(teacher.name), teacher.key, teacher.line, values=values, new_id=new_id()
        )
        step.extra = (self._taught_by(teacher), set())
        return step

    def _known(self, teacher: RosterTeacher, row: Any) -> Step:
        """The file leads in who teaches which group this year, for teachers of whom it names a group."""
        self._seen.add(row.id)
        values, changes = compared(_fields(teacher), row, hold=lambda *_: None, choices=self._choices, kind=Kind.STAFF)
        taught, known = self._taught_by(teacher), self._register.taught.get(row.id, set())
        added, removed = (taught - known, known - taught) if taught else (set(), set())
        if added or removed:
            changes.append(Change("groups", self._group_names(known), self._group_names(taught)))
        if row.left_on is not None:
            choice = choice_id("take", "staff", row.id, "left_on")
            changes.append(Change("left_on", row.left_on, None, Held.CUSTODY, choice))
            values |= {"left_on": None} if self._choices.takes(choice) else {}
        action = Action.CHANGED if changes else Action.UNCHANGED
        step = Step(Kind.STAFF, action, str(teacher.name), teacher.key, teacher.line, row.id, values, changes)
        step.extra = (added, removed) if added or removed else None
        return step

    def _taught_by(self, teacher: RosterTeacher) -> set[uuid.UUID]:
        return {self._group_ids[key] for key in teacher.group_keys if key in self._group_ids}

    def _group_names(self, ids: set[uuid.UUID]) -> str:
        names = {row.id: row.name for row in self._register.groups}
        names |= {step.id: step.name for step in self._plan.steps if step.kind is Kind.GROUP}
        return ", ".join(sorted(names[group_id] for group_id in ids if group_id in names))

    def _error(self, key: str, message: str, teacher: RosterTeacher) -> None:
        self._plan.problems.error(key, message, line=teacher.line, subject=f"leerkracht {label(teacher.key)}")


def _fields(teacher: RosterTeacher) -> list[tuple[str, Any]]:
    """The register's columns that the file speaks about."""
    name = teacher.name
    return [
        ("key", teacher.matchable_key),
        ("eckid", teacher.eck_id),
        ("initials", name.initials),
        ("first_name", name.first_name),
        ("prefix", name.prefix if name.surname is None else name.prefix or ""),
        ("surname", name.surname),
        ("email", teacher.email.lower() if teacher.email else None),
        ("file_roles", _roles(teacher)),
    ]


def _roles(teacher: RosterTeacher) -> str | None:
    """The roles that fit, with commas between them."""
    text = ""
    for role in teacher.roles:
        longer = f"{text},{role}" if text else role
        text = longer if len(longer) <= ROLES_LENGTH else text
    return text or None


def _name(row: Any) -> str:
    return " ".join(part for part in (row.first_name or row.initials, row.prefix, row.surname) if part)
