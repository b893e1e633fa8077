"""Where in the portal a card stands, and through whose eyes it is seen: the first line of every view of the pencil."""

import uuid
from typing import Any

from flask import g, request

from app.changes import cards, queries, subjects
from app.changes.cards import Card, Subjected
from app.changes.models import ChangeRequest, Subject
from app.changes.operations import Draft
from app.changes.registry import Policy, Values, section, tightened
from app.core.access import current_actor
from app.core.errors import NotFound
from app.school.queries import Child, children_of


class Place:
    """Where in the portal a card stands: the child's (or one's own) page, with what its shell shows."""

    def __init__(self, pupil_id: uuid.UUID | None, key: str, guardian_id: uuid.UUID | None = None) -> None:
        actor = current_actor()
        self.chosen = guardian_id or _chosen_guardian()
        self.children: list[Child] = children_of(actor)
        self.child: Child | None = None
        self.whose: Subjected
        if pupil_id is None:
            self.whose = subjects.of_oneself(actor, self.children, self.chosen)
        else:
            self.child, self.whose = subjects.of_child(actor, pupil_id, self.children)
        found = section(Subject.GUARDIAN if pupil_id is None else Subject.PUPIL, key)
        if found is None or not found.admits(self.whose.viewer):
            raise NotFound
        self.section = found
        self.values: Values = found.read(self.whose.subject_id, self.whose.viewer)
        g.child, g.children = self.child, self.children  # for the shell around the card

    def card(self) -> Card:
        marks = queries.marks_of((self.whose.guardian_id,), [self.whose.subject_id])
        own = marks.get((self.whose.subject_id, self.section.key), [])
        return cards.build(self.section, self.whose, own, self.values)

    @property
    def url(self) -> str:
        return f"{self.whose.url}/{self.section.key}{self.suffix}"

    @property
    def edit_url(self) -> str:
        return f"{self.whose.url}/{self.section.key}/edit{self.suffix}"

    @property
    def suffix(self) -> str:
        """Who is a guardian at two schools says for which one."""
        return f"?guardian={self.whose.guardian_id}" if self.chosen and self.child is None else ""

    def draft(self, form_key: str, version: str) -> Draft:
        return Draft(
            section=self.section,
            school=self.whose.school,
            subject_id=self.whose.subject_id,
            guardian_id=self.whose.guardian_id,
            viewer=self.whose.viewer,
            version=version,
            form_key=form_key,
            pupil_id=self.whose.pupil_id,
        )

    def shell(self) -> dict[str, Any]:
        return {"child": self.child, "whose": self.whose}

    def form(self, **source: Any) -> Any:
        """The section's form without the fields that this school does not let parents change."""
        form = self.section.form(**source)
        for key in _locked_fields(self) & set(form._fields):
            del form[key]
        return form


def _chosen_guardian() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get("guardian", ""))
    except ValueError:
        return None


def place_of(change: ChangeRequest) -> Place:
    """Who is a guardian at two schools takes back what was asked at that school, not the same card of the other."""
    if change.subject is Subject.PUPIL:
        return Place(change.subject_id, change.section)
    several = len(current_actor().guardian_ids) > 1
    return Place(None, change.section, change.guardian_id if several else None)


def _locked_fields(place: Place) -> set[str]:
    """Items of the form that this school does not let parents change."""
    policies = place.whose.school.field_policies
    items = place.section.items(place.values)
    return {item.key for item in items if tightened(item, place.section.key, policies) is not Policy.CHANGE}
