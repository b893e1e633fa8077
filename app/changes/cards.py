"""From a section's values and a parent's proposals to what a card shows: rows in ink, in pencil, and answers."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.changes.models import ItemState
from app.changes.queries import Mark
from app.changes.reading import read_all
from app.changes.registry import Item, Policy, Values, Viewer, tightened
from app.school.queries import SchoolFacts


@dataclass(slots=True)
class Row:
    """One line of a card. `state` is "", "pending", "rejected" or "approved"; `now` what the school has beside a proposal."""

    key: str
    label: Any
    value: list[str]
    policy: Policy
    state: str = ""
    now: list[str] = field(default_factory=list)
    date: datetime | None = None
    code: bool = False
    proposed: list[str] = field(default_factory=list)
    reason: str = ""
    item_id: uuid.UUID | None = None
    waits_for_address: bool = False


@dataclass(slots=True)
class Card:
    """A section as one parent sees it."""

    section: Any
    title: Any
    url: str
    rows: list[Row]
    may_change: bool
    request_id: uuid.UUID | None = None
    sent_at: datetime | None = None
    answer_days: int = 0
    mark: str = ""  # tells the same card of a second school apart on one page

    @property
    def id(self) -> str:
        return f"{self.section.subject.value}-{self.section.key}{self.mark}"

    @property
    def asks(self) -> bool:
        """Whether something on the card is told to the school instead of changed (M8)."""
        return any(row.policy is Policy.ASK for row in self.rows)


@dataclass(frozen=True, slots=True)
class Subjected:
    """Whose card it is and through whose eyes: everything that reading a section needs."""

    school: SchoolFacts
    subject_id: uuid.UUID
    guardian_id: uuid.UUID
    viewer: Viewer
    name: str
    url: str
    may_propose: bool
    pupil_id: uuid.UUID | None = None
    mark: str = ""


def build_all(
    sections: Sequence[Any],
    whose: Subjected,
    marks: Mapping[tuple[uuid.UUID, str], list[Mark]],
    values: Mapping[str, Values] | None = None,
) -> list[Card]:
    """The cards of a record's sections, as far as this viewer gets them, in their order. `marks`: `queries.marks_of`."""
    admitted = [section for section in sections if section.admits(whose.viewer)]
    known = read_all(admitted, {whose.subject_id: whose.viewer})[whose.subject_id] if values is None else values
    return [
        build(section, whose, marks.get((whose.subject_id, section.key), []), known[section.key])
        for section in admitted
    ]


def build(section: Any, whose: Subjected, marks: list[Mark], values: Values) -> Card:
    """The card of a section. `marks` are the parent's own proposals for it (`queries.marks_of`)."""
    by_key = {mark.key: mark for mark in marks}
    asked = {key: mark.proposed for key, mark in by_key.items() if key not in values and _is_open(mark)}
    items = [item for item in section.items({**values, **asked}) if not item.quiet or item.key in by_key]
    rows = [_row(section, whose, item, values, by_key.get(item.key)) for item in items]
    open_marks = [mark for mark in marks if mark.state is ItemState.PROPOSED]
    return Card(
        section=section,
        title=section.title(whose.name),
        url=f"{whose.url}/{section.key}",
        rows=rows,
        may_change=whose.may_propose and any(row.policy is Policy.CHANGE for row in rows + _empty_row(section, whose)),
        request_id=open_marks[0].request_id if open_marks else None,
        sent_at=max((mark.sent_at for mark in open_marks), default=None),
        answer_days=whose.school.answer_days,
        mark=whose.mark,
    )


def _empty_row(section: Any, whose: Subjected) -> list[Row]:
    """A list that is empty has no rows yet, but may be added to."""
    if not getattr(section, "list_key", ""):
        return []
    item = Item(section.list_key, "")
    policy = tightened(item, section.key, whose.school.field_policies)
    return [Row(section.list_key, "", [], policy)]


def _is_open(mark: Mark) -> bool:
    return mark.state is ItemState.PROPOSED or (mark.state is ItemState.APPROVED and mark.waits_for_address)


def _row(section: Any, whose: Subjected, item: Item, values: Values, mark: Mark | None) -> Row:
    policy = tightened(item, section.key, whose.school.field_policies)
    current = item.show(values.get(item.key))
    row = Row(item.key, item.label, current, policy, code=item.latin)
    if mark is None:
        return row
    row.item_id, row.date, row.proposed = mark.item_id, mark.decided_at, item.show(mark.proposed)
    row.waits_for_address = mark.waits_for_address
    if _is_open(mark):
        row.state, row.value, row.now = "pending", row.proposed, current
    elif mark.state is ItemState.REJECTED:
        row.state, row.reason = "rejected", mark.reason
    elif section.bare(mark.proposed) == values.get(item.key):
        row.state = "approved"
    return row
