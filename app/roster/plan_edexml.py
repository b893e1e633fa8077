"""An EDEXML file against the register: school year, groups, pupils with their placements, staff."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from app.core.db import new_id
from app.core.errors import N_
from app.roster.holds import Holds
from app.roster.matching import People, pupil_trouble
from app.roster.placements import Placing, end_all, first_day_of, place_in_composites, place_in_home_group
from app.roster.plan import Action, Change, Choices, Held, Kind, Plan, Step, choice_id, compared
from app.roster.plan_staff import plan_staff
from app.roster.problems import Problems
from app.roster.queries import Register
from app.roster.records import RosterFile, RosterGroup, RosterPupil, RosterSchool, Sex
from app.roster.values import label
from app.school import models as school_models

SEXES = {Sex.BOY: school_models.Sex.MALE, Sex.GIRL: school_models.Sex.FEMALE}
"""The register's own values; what the file doesn't know, changes nothing."""

KEY_LENGTH: int = school_models.Pupil.__table__.c.key.type.length

NUMBER_LENGTH: int = school_models.Pupil.__table__.c.number.type.length


def plan_edexml(roster: RosterFile, register: Register, *, choices: Choices, today: date) -> Plan:
    """The dry run. What stands in the way is added to `problems`; the steps then only show what would have been."""
    school = roster.school
    if school is None:
        raise ValueError("an EDEXML file without a school was let through")
    plan = Plan(roster.kind, roster.sha256, register.school.id, today, Problems())
    _check_year(school, register, plan.problems)
    year_id = _plan_year(school, register, plan)
    group_ids = _plan_groups(roster.groups, register, plan, year_id)
    _PupilPlanner(roster, register, plan, choices, group_ids).run()
    plan_staff(roster.teachers, register, plan, choices, group_ids)
    return plan


def _check_year(school: RosterSchool, register: Register, problems: Problems) -> None:
    """A file of an earlier school year than the register is in would put everybody back."""
    newest = max((year.name for year in register.years), default="")
    if school.school_year < newest:
        problems.error(
            "plan.old_year",
            "Dit bestand is van schooljaar %(file)s; in het portaal is het al %(newest)s.",
            line=school.line,
            file=school.school_year,
            newest=newest,
        )


def _plan_year(school: RosterSchool, register: Register, plan: Plan) -> uuid.UUID:
    if register.year is not None:
        return register.year.id
    first = school.first_day
    values = {"name": school.school_year, "starts_on": first, "ends_on": date(first.year + 1, 7, 31)}
    step = Step(Kind.YEAR, Action.NEW, school.school_year, line=school.line, values=values, new_id=new_id())
    plan.steps.append(step)
    return step.new_id or uuid.UUID(int=0)


def _plan_groups(
    groups: Sequence[RosterGroup], register: Register, plan: Plan, year_id: uuid.UUID
) -> dict[str, uuid.UUID]:
    """A step for each group; gives the row's id by the file's key. A group without a stable key goes by its name."""
    by_key = {row.key: row for row in register.groups}
    ids: dict[str, uuid.UUID] = {}
    used: set[str] = set()
    for group in groups:
        key = group.matchable_key or group.name
        if key in used or len(key) > school_models.Group.__table__.c.key.type.length:
            message = N_("De sleutel van deze groep is te lang, of een andere groep heeft dezelfde.")
            plan.problems.error("plan.group_key", message, line=group.line, subject=f"groep {label(group.key)}")
            continue
        used.add(key)
        step = _group_step(group, key, by_key.get(key), year_id)
        plan.steps.append(step)
        ids[group.key] = step.id or year_id
    return ids


def _group_step(group: RosterGroup, key: str, row: Any, year_id: uuid.UUID) -> Step:
    values = {"name": group.name, "year_level": group.year or "", "composed": group.composite}
    if row is None:
        values |= {"key": key, "school_year_id": year_id}
        return Step(Kind.GROUP, Action.NEW, group.name, key, group.line, values=values, new_id=new_id())
    changes = [Change(name, getattr(row, name), after) for name, after in values.items() if getattr(row, name) != after]
    action = Action.CHANGED if changes else Action.UNCHANGED
    step = Step(Kind.GROUP, action, group.name, key, group.line, row.id, changes=changes)
    step.values = {change.field: change.after for change in changes}
    return step


class _PupilPlanner:
    """A step for each pupil of the file, and one for each pupil of the register whom the file does not mention."""

    def __init__(
        self,
        roster: RosterFile,
        register: Register,
        plan: Plan,
        choices: Choices,
        group_ids: dict[str, uuid.UUID],
    ) -> None:
        self._pupils = roster.pupils
        self._names = {group.key: group.name for group in roster.groups}
        self._school: RosterSchool = roster.school  # type: ignore[assignment]
        self._register = register
        self._plan = plan
        self._choices = choices
        self._group_ids = group_ids
        self._holds = Holds(register)
        self._people = People(register.pupils)
        self._day = first_day_of(self._school)
        self._seen: set[uuid.UUID] = set()

    def run(self) -> None:
        matches = [(pupil, self._people.certain(pupil)) for pupil in self._pupils]
        self._seen = {match.row.id for _, match in matches if match.row is not None}
        for pupil, match in matches:
            trouble = match.trouble or (pupil_trouble(pupil, match.row) if match.row is not None else None)
            if trouble:
                self._error("plan.pupil_identity", trouble, pupil)
            elif match.row is not None:
                self._plan.steps.append(self._known(pupil, match.row))
            elif pupil.left:
                self._plan.skipped["left"] += 1
            else:
                self._unknown(pupil)
        self._absent()

    def _unknown(self, pupil: RosterPupil) -> None:
        """New, unless somebody in the register looks like it: then nothing happens until staff say who it is."""
        alike = self._people.alike(pupil, free=lambda row: row.id not in self._seen)
        self._seen.update(row.id for row in alike)
        if not alike:
            self._plan.steps.append(self._new(pupil))
        elif len(alike) == 1:
            self._plan.steps.append(self._suggested(pupil, alike[0]))
        else:
            message = N_("Er zijn in het portaal meer leerlingen met deze naam en geboortedatum.")
            self._error("plan.pupil_ambiguous", message, pupil)

    def _suggested(self, pupil: RosterPupil, row: Any) -> Step:
        same, other = choice_id("same", "pupil", pupil.key, row.id), choice_id("new", "pupil", pupil.key)
        if self._choices.takes(same):
            return self._known(pupil, row)
        if self._choices.takes(other):
            return self._new(pupil)
        name = str(pupil.name)
        return Step(Kind.PUPIL, Action.SUGGESTED, name, pupil.key, pupil.line, row.id, choice=same, extra=other)

    def _new(self, pupil: RosterPupil) -> Step:
        if pupil.matchable_key and len(pupil.matchable_key) > KEY_LENGTH:
            self._error("plan.key_too_long", "De sleutel (key) is langer dan het portaal kan bewaren.", pupil)
        values = {name: value for name, value in _fields(pupil) if value is not None}
        values["number"] = (pupil.matchable_key or "")[:NUMBER_LENGTH]
        step = Step(Kind.PUPIL, Action.NEW, str(pupil.name), pupil.key, pupil.line, values=values, new_id=new_id())
        step.extra = self._placing(pupil, [])
        if pupil.group_key:
            step.changes.append(Change("group", None, self._names.get(pupil.group_key)))
        return step

    def _known(self, pupil: RosterPupil, row: Any) -> Step:
        hold = self._holds.of_pupil(row.id)
        values, changes = compared(_fields(pupil), row, hold=hold, choices=self._choices, kind=Kind.PUPIL)
        step = Step(Kind.PUPIL, Action.UNCHANGED, str(pupil.name), pupil.key, pupil.line, row.id, values, changes)
        rows = self._register.placements.get(row.id, [])
        if pupil.left:
            self._leave(step, row, pupil.left_on or row.left_on or self._day)
            return step
        if row.left_on is not None and row.left_on < self._day and pupil.left_on is None:
            step.values["left_on"] = None
            step.changes.append(Change("left_on", row.left_on, None))
        placing = self._placing(pupil, rows)
        if placing.outdated:
            message = N_("Het portaal weet van een latere groep dan dit bestand; de groep blijft zoals ze is.")
            self._plan.problems.warning(
                "plan.outdated", message, line=pupil.line, subject=f"leerling {label(pupil.key)}"
            )
        step.extra = placing or None
        self._name_action(step, pupil, placing)
        return step

    def _name_action(self, step: Step, pupil: RosterPupil, placing: Placing) -> None:
        home = self._group_ids.get(pupil.group_key or "")
        moved = any(group_id == home for group_id, _, _ in placing.starts)
        if moved:
            step.changes.append(Change("group", placing.before or None, self._names.get(pupil.group_key or "")))
        elif placing:
            step.changes.append(Change("placement", None, self._names.get(pupil.group_key or "") or None))
        if step.changes:
            step.action = Action.MOVED if moved else Action.CHANGED

    def _leave(self, step: Step, row: Any, day: date) -> None:
        """The file says that the pupil left. Placements end, and the parents' access with them."""
        step.values["left_on"] = day
        placing = Placing()
        end_all(placing, self._register.placements.get(row.id, []), day=day)
        step.extra = placing or None
        if row.left_on != day:
            step.changes = [change for change in step.changes if change.field != "left_on"]
            step.changes.append(Change("left_on", row.left_on, day))
            step.action = Action.GONE if row.left_on is None else Action.CHANGED
        elif step.changes or placing:
            step.action = Action.CHANGED
        else:
            step.values = {}

    def _absent(self) -> None:
        """Pupils whom the file does not mention stay, unless staff tick that they left."""
        for row in self._register.pupils:
            if row.id in self._seen or (row.left_on is not None and row.left_on <= self._plan.today):
                continue
            choice = choice_id("gone", "pupil", row.id)
            name = " ".join(part for part in (row.first_name, row.prefix, row.surname) if part)
            step = Step(Kind.PUPIL, Action.GONE, name, row.key, None, row.id, choice=choice)
            day = min(max(self._day, row.enrolled_on or self._day), self._plan.today)
            step.changes.append(Change("left_on", row.left_on, day, Held.ABSENT, choice))
            if self._choices.takes(choice):
                step.values = {"left_on": day}
                step.extra = Placing()
                end_all(step.extra, self._register.placements.get(row.id, []), day=day)
            self._plan.steps.append(step)

    def _placing(self, pupil: RosterPupil, rows: Sequence[Any]) -> Placing:
        placing = Placing()
        day = max(self._day, pupil.enrolled_on or self._day)
        level = pupil.year or ""
        home = self._group_ids.get(pupil.group_key or "")
        if home is not None:
            place_in_home_group(placing, rows, group_id=home, level=level, day=day)
        composites = [self._group_ids[key] for key in pupil.composite_group_keys if key in self._group_ids]
        place_in_composites(placing, rows, group_ids=composites, level=level, day=day)
        return placing

    def _error(self, key: str, message: str, pupil: RosterPupil) -> None:
        self._plan.problems.error(key, message, line=pupil.line, subject=f"leerling {label(pupil.key)}")


def _fields(pupil: RosterPupil) -> list[tuple[str, Any]]:
    """The register's columns that the file speaks about."""
    name = pupil.name
    return [
        ("key", pupil.matchable_key),
        ("eckid", pupil.eck_id),
        ("official_first_names", name.official_first_names),
        ("initials", name.initials),
        ("first_name", name.first_name),
        ("prefix", name.prefix if name.surname is None else name.prefix or ""),
        ("surname", name.surname),
        ("birth_date", pupil.birth_date),
        ("sex", SEXES.get(pupil.sex)),
        ("enrolled_on", pupil.enrolled_on),
        ("left_on", pupil.left_on),
    ]
