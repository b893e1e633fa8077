"""A guardians' list against the register: who is new, who changed, which child is whose, where people live."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.db import new_id
from app.core.errors import N_
from app.roster.holds import Holds
from app.roster.household_plan import Address, Households
from app.roster.link_plan import Links, relation_of
from app.roster.matching import GuardianFinder, PupilFinder
from app.roster.plan import Action, Change, Choices, Kind, Plan, Step, choice_id, compared
from app.roster.problems import Problems
from app.roster.queries import Register
from app.roster.records import Custody, RosterChild, RosterFile, RosterGuardian
from app.roster.values import label
from app.school.models import MailState


@dataclass(slots=True)
class _Person:
    """A person of the list with the row that is meant, and the children as rows of the register."""

    record: RosterGuardian
    id: uuid.UUID
    row: Any
    children: list[tuple[RosterChild, Any]]


def plan_guardians(roster: RosterFile, register: Register, *, choices: Choices, today: date) -> Plan:
    """The dry run. What stands in the way is added to `problems`; the steps then only show what would have been."""
    plan = Plan(roster.kind, roster.sha256, register.school.id, today, Problems())
    planner = _Planner(register, plan, choices)
    people = planner.match(roster.guardians)
    planner.households.know_family(planner.links.after(people))
    for person in people:
        plan.steps.append(planner.step(person))
    planner.pupils(people)
    planner.absent(people)
    plan.households = planner.households.created
    if not roster.error_count:
        _warn_about_custody(roster.guardians, plan.problems)
    return plan


class _Planner:
    def __init__(self, register: Register, plan: Plan, choices: Choices) -> None:
        self._register = register
        self._plan = plan
        self._choices = choices
        self._holds = Holds(register)
        self._pupils = PupilFinder(register.pupils)
        self._guardians = GuardianFinder(register.guardians, register.links)
        self._key_length: int = plan_key_length()
        self.links = Links(register, plan, choices)
        self.households = Households(register)

    def match(self, records: Sequence[RosterGuardian]) -> list[_Person]:
        """Everybody whose child is found. A child that is not found is an error; one who left is skipped."""
        people = []
        for record in records:
            children = self._children(record)
            relations = {pupil.id: relation_of(child.relation) for child, pupil in children}
            match = self._guardians.find(
                record, {key: value.value if value else None for key, value in relations.items()}
            )
            if match.trouble:
                self._error("plan.guardian_ambiguous", match.trouble, record)
            elif children:
                row = match.row
                people.append(_Person(record, row.id if row is not None else new_id(), row, children))
        return people

    def step(self, person: _Person) -> Step:
        record = person.record
        if person.row is None:
            step = self._new(person)
        elif person.row.deceased_on is not None or person.row.left_on is not None:
            message = N_("Deze verzorger is volgens het portaal overleden of vertrokken. We veranderen niets.")
            self._plan.problems.warning("plan.guardian_left", message, line=record.line, subject=_subject(record))
            return Step(Kind.GUARDIAN, Action.UNCHANGED, _name(record), record.key, record.line, person.id)
        else:
            step = self._known(person)
        self.links.add_to(step, person.id, person.children)
        if step.action is Action.UNCHANGED and step.changes:
            step.action = Action.CHANGED
        return step

    def pupils(self, people: Sequence[_Person]) -> None:
        """A child lives where all its guardians live together; when they live apart, the list can't say."""
        before = {row.id: row.household_id for row in self._register.guardians}
        hidden = {row.id for row in self._register.guardians if row.address_hidden}
        hidden |= {step.id for step in self._plan.steps if step.values.get("address_hidden")}
        rows = {pupil.id: pupil for person in people for _, pupil in person.children}
        for pupil_id, guardians in self.links.together(people).items():
            homes = {self.households.of(guardian) for guardian in guardians}
            home = next(iter(homes)) if len(homes) == 1 else None
            pupil = rows.get(pupil_id)
            if pupil is None or home is None or home == pupil.household_id:
                continue
            if pupil.household_id is None or pupil.household_id in {before.get(guardian) for guardian in guardians}:
                self._plan.steps.append(self._moved_child(pupil, home, hide=bool(guardians & hidden)))

    def absent(self, people: Sequence[_Person]) -> None:
        """Guardians whom the list does not mention with a child that it does mention: they stay, unless ticked."""
        listed = {pupil.id: pupil for person in people for _, pupil in person.children}
        named = {(person.id, pupil.id) for person in people for _, pupil in person.children}
        rows = {row.id: row for row in self._register.guardians}
        for link in self._register.links:
            ended = link.ends_on is not None and link.ends_on < self._plan.today
            if link.pupil_id in listed and (link.guardian_id, link.pupil_id) not in named and not ended:
                self._plan.steps.append(self.links.absent(link, rows[link.guardian_id], listed[link.pupil_id]))

    def _children(self, record: RosterGuardian) -> list[tuple[RosterChild, Any]]:
        found: dict[uuid.UUID, tuple[RosterChild, Any]] = {}
        for child in record.children:
            match = self._pupils.find(child.pupil)
            if match.row is None:
                trouble, subject = match.trouble or "", f"leerling {label(str(child.pupil))}"
                self._plan.problems.error("plan.pupil_unknown", trouble, line=child.line, subject=subject)
            elif match.row.left_on is not None and match.row.left_on <= self._plan.today:
                self._plan.skipped["left"] += 1
            else:
                found.setdefault(match.row.id, (child, match.row))
        return list(found.values())

    def _new(self, person: _Person) -> Step:
        record = person.record
        if record.key and len(record.key) > self._key_length:
            self._error("plan.key_too_long", "Het verzorgernummer is langer dan het portaal kan bewaren.", record)
        values = {name: value for name, value in _fields(record) if value is not None}
        address = Address.of_file(record.address)
        if address is not None:
            values["household_id"] = self.households.move(person.id, address)
        return Step(Kind.GUARDIAN, Action.NEW, _name(record), record.key, record.line, values=values, new_id=person.id)

    def _known(self, person: _Person) -> Step:
        record, row = person.record, person.row
        hold = self._holds.of_guardian(row.id)
        values, changes = compared(_fields(record), row, hold=hold, choices=self._choices, kind=Kind.GUARDIAN)
        if "email" in values:
            values["email_state"] = MailState.OK
        step = Step(Kind.GUARDIAN, Action.UNCHANGED, _name(record), record.key, record.line, row.id, values, changes)
        address = Address.of_file(record.address)
        home = self.households.row(row.household_id)
        if address is not None and not address.is_in(home):
            self._move(step, row, home, address)
        return step

    def _move(self, step: Step, row: Any, home: Any, address: Address) -> None:
        before = Address.of_row(home) if home is not None else None
        reason = self._holds.of_guardian(row.id)("address", before and before.as_item(), address.as_item())
        choice = choice_id("take", "guardian", row.id, "address") if reason else None
        old = home.abroad if home is not None and home.abroad else (str(before) if before else None)
        step.changes.append(Change("address", old, str(address), reason, choice))
        if choice is None or self._choices.takes(choice):
            step.values["household_id"] = self.households.move(row.id, address)

    def _moved_child(self, pupil: Any, home: uuid.UUID, *, hide: bool) -> Step:
        before = self.households.row(pupil.household_id)
        address = self.households.address_of(home)
        old = Address.of_row(before) if before is not None else None
        reason = self._holds.of_pupil(pupil.id)("address", old and old.as_item(), address.as_item())
        choice = choice_id("take", "pupil", pupil.id, "address") if reason else None
        name = " ".join(part for part in (pupil.first_name, pupil.prefix, pupil.surname) if part)
        step = Step(Kind.PUPIL, Action.CHANGED, name, pupil.key, None, pupil.id)
        step.changes.append(Change("address", str(old) if old else None, str(address), reason, choice))
        if choice is None or self._choices.takes(choice):
            step.values = {"household_id": home} | ({"address_hidden": True} if hide else {})
        return step

    def _error(self, key: str, message: str, record: RosterGuardian) -> None:
        self._plan.problems.error(key, message, line=record.line, subject=_subject(record))


def plan_key_length() -> int:
    """How long a guardian's number may be in the register."""
    from app.school.models import Guardian

    return int(Guardian.__table__.c.key.type.length)  # type: ignore[attr-defined]


def _fields(record: RosterGuardian) -> list[tuple[str, Any]]:
    """The register's columns that the list speaks about."""
    name = record.name
    return [
        ("key", record.key),
        ("initials", name.initials),
        ("first_name", name.first_name),
        ("prefix", name.prefix if name.surname is None else name.prefix or ""),
        ("surname", name.surname),
        ("email", record.email.lower() if record.email else None),
        ("mobile", record.mobile),
        ("other_phone", record.phone_home),
        ("work_phone", record.phone_work),
        ("phone_hidden", record.phone_secret),
        ("address_hidden", record.address_secret),
    ]


def _warn_about_custody(records: Sequence[RosterGuardian], problems: Problems) -> None:
    """Say once how many rows have no gezag or an unknown one, and what that means."""
    counts: dict[Custody | None, int] = defaultdict(int)
    for record in records:
        for child in record.children:
            counts[child.custody] += 1
    if counts[Custody.UNKNOWN]:
        problems.warning(
            "plan.custody_unknown",
            "Bij gezag staat %(count)s keer ‘onbekend’. Wie nieuw is, ziet nog niets tot u het gezag invult.",
            line=None,
            count=counts[Custody.UNKNOWN],
        )
    if counts[None]:
        problems.warning(
            "plan.custody_missing",
            "Bij gezag staat %(count)s keer niets. Wie nieuw is, krijgt gezag.",
            line=None,
            count=counts[None],
        )


def _name(record: RosterGuardian) -> str:
    return str(record.name) or record.email or ""


def _subject(record: RosterGuardian) -> str:
    return f"verzorger {_name(record)}".strip()
