"""Whose child is whose: the links between guardians and pupils, with what the list says about relation, custody and
order.

Custody without a word in the list is full, as it is in the register by default and with most parents in law; `onbekend`
and `nee` show nothing until staff decide. A file may take rights away by itself; giving more than there is now waits
for a tick.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.roster import records
from app.roster.plan import Action, Change, Choices, Held, Kind, Plan, Step, choice_id
from app.roster.queries import Register
from app.school.models import Custody, Relation

NEW_CUSTODY = {
    None: Custody.FULL,
    records.Custody.YES: Custody.FULL,
    records.Custody.NO: Custody.NONE,
    records.Custody.UNKNOWN: Custody.NONE,
}

RELATIONS = {
    records.Relation.MOTHER: Relation.MOTHER,
    records.Relation.FATHER: Relation.FATHER,
    records.Relation.STEP_PARENT: Relation.STEP_PARENT,
    records.Relation.FOSTER_PARENT: Relation.FOSTER_PARENT,
    records.Relation.LEGAL_GUARDIAN: Relation.LEGAL_GUARDIAN,
    records.Relation.PARENT: Relation.PARENT,
    records.Relation.GRANDPARENT: Relation.GRANDPARENT,
}


@dataclass(slots=True)
class Linking:
    """What changes in one guardian's links: rows to add, and values of rows that are there."""

    added: list[dict[str, Any]] = field(default_factory=list)
    updates: list[tuple[uuid.UUID, dict[str, Any]]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.updates)


def relation_of(said: records.Relation | None) -> Relation | None:
    """The register's relation; it has no word of its own for "ouder" or grandparents."""
    return None if said is None else RELATIONS.get(said, Relation.OTHER)


class Links:
    """Compares the links of a list with those of the register."""

    def __init__(self, register: Register, plan: Plan, choices: Choices) -> None:
        self._plan = plan
        self._choices = choices
        self._links = {(link.guardian_id, link.pupil_id): link for link in register.links}
        self._of_pupil: dict[uuid.UUID, list[Any]] = defaultdict(list)
        for link in register.links:
            self._of_pupil[link.pupil_id].append(link)
        self._gone = {row.id for row in register.guardians if row.left_on is not None or row.deceased_on is not None}
        self._rights: dict[uuid.UUID, set[uuid.UUID]] = {}

    def after(self, people: Sequence[Any]) -> list[set[uuid.UUID]]:
        """For each pupil of the list, its guardians once the list is applied."""
        found = {pupil.id: {link.guardian_id for link in self._of_pupil[pupil.id]} for _, pupil in _pairs(people)}
        for person, pupil in _pairs(people):
            found[pupil.id].add(person.id)
        return list(found.values())

    def together(self, people: Sequence[Any]) -> dict[uuid.UUID, set[uuid.UUID]]:
        """For each pupil of the list, its guardians who are still there, whatever their custody: all must live
        together.
        """
        found = {
            pupil.id: {link.guardian_id for link in self._of_pupil[pupil.id]} - self._gone
            for _, pupil in _pairs(people)
        }
        for person, pupil in _pairs(people):
            found[pupil.id].add(person.id)
        return found

    def add_to(self, step: Step, guardian_id: uuid.UUID, children: Sequence[tuple[records.RosterChild, Any]]) -> None:
        """Put into the step what changes between this guardian and these children."""
        linking = Linking()
        for child, pupil in children:
            link = self._links.get((guardian_id, pupil.id))
            if link is None:
                self._add(step, linking, guardian_id, child, pupil)
            else:
                self._compare(step, linking, link, child, pupil)
        step.extra = linking or None

    def absent(self, link: Any, guardian: Any, pupil: Any) -> Step:
        """A guardian of a listed child whom the list leaves out. Ticked, the link ends and all access with it."""
        choice = choice_id("gone", "guardian", link.guardian_id, link.pupil_id)
        name = " ".join(
            part for part in (guardian.first_name or guardian.initials, guardian.prefix, guardian.surname) if part
        )
        step = Step(Kind.GUARDIAN, Action.GONE, name or guardian.email, guardian.key, None, guardian.id, choice=choice)
        last = self._plan.today - timedelta(days=1)
        step.changes.append(Change("link", _called(pupil), None, Held.ABSENT, choice))
        if self._choices.takes(choice):
            step.extra = Linking(updates=[(link.id, {"ends_on": last})])
        return step

    def _add(
        self, step: Step, linking: Linking, guardian_id: uuid.UUID, child: records.RosterChild, pupil: Any
    ) -> None:
        order = child.emergency_order or child.sequence or len(self._of_pupil[pupil.id]) + 1
        linking.added.append(
            {
                "guardian_id": guardian_id,
                "pupil_id": pupil.id,
                "relation": relation_of(child.relation) or Relation.OTHER,
                "custody": NEW_CUSTODY[child.custody],
                "call_order": order,
            }
        )
        step.changes.append(Change("link", None, _called(pupil)))

    def _compare(self, step: Step, linking: Linking, link: Any, child: records.RosterChild, pupil: Any) -> None:
        said = {
            "relation": _unless_vague(relation_of(child.relation), link.relation),
            "call_order": child.emergency_order or child.sequence,
        }
        values = {name: value for name, value in said.items() if value not in (None, getattr(link, name))}
        for name, value in values.items():
            step.changes.append(Change(f"{name}:{_called(pupil)}", getattr(link, name), value))
        values |= self._custody(step, link, child, pupil)
        if values:
            linking.updates.append((link.id, values))

    def _custody(self, step: Step, link: Any, child: records.RosterChild, pupil: Any) -> dict[str, Any]:
        """Less right at once, more right only with a tick. Who is informed only (BW 1:377c) has no gezag either."""
        ended = link.ends_on is not None and link.ends_on < self._plan.today
        name = f"custody:{_called(pupil)}"
        if child.custody is records.Custody.NO and link.custody is Custody.FULL and not ended:
            step.changes.append(Change(name, link.custody, Custody.NONE))
            return {"custody": Custody.NONE}
        if child.custody is records.Custody.YES and (link.custody is not Custody.FULL or ended):
            choice = choice_id("take", "guardian", link.guardian_id, "custody", link.pupil_id)
            before = Custody.NONE if ended else link.custody
            step.changes.append(Change(name, before, Custody.FULL, Held.CUSTODY, choice))
            return {"custody": Custody.FULL, "ends_on": None} if self._choices.takes(choice) else {}
        return {}


def _pairs(people: Iterable[Any]) -> list[tuple[Any, Any]]:
    return [(person, pupil) for person in people for _, pupil in person.children]


def _unless_vague(said: Relation | None, known: Relation) -> Relation | None:
    """A list that only says "ouder" does not know better than the register."""
    vague = (Relation.OTHER, Relation.PARENT)
    return None if said in vague and known not in vague else said


def _called(pupil: Any) -> str:
    return " ".join(part for part in (pupil.first_name, pupil.prefix, pupil.surname) if part)
