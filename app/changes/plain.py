"""What sections share, and the plain one: one row of one table, one form field an item. Most are this and no more."""

import uuid
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.changes.models import Subject
from app.changes.reading import ROOTS, read_all
from app.changes.registry import Item, Policy, Remark, Values, Viewer
from app.core.db import db


class SectionBase:
    """What a section is unless it says otherwise."""

    key: str
    module = "administrative"
    subject = Subject.PUPIL
    urgent = False
    form: Any = None
    form_template = "changes/_fields.html"
    columns: Sequence[Any] = ()  # what `reading.read_all` asks for it together with other sections
    joined: tuple[Any, Any] | None = (
        None  # the table of the columns with its condition, when it is not the record's own
    )
    note: Any = ""  # who else sees this, under the card's title
    list_key = ""  # for a list: the kind of its items, so that an empty one can be added to

    def admits(self, viewer: Viewer) -> bool:
        return True

    def of_row(self, row: Sequence[Any], viewer: Viewer) -> Values:
        """The values in a row of `columns`; a missing row is one of None."""
        raise NotImplementedError

    def check(self, subject_id: uuid.UUID, typed: Values, viewer: Viewer) -> None:
        """No rules that need other rows."""

    def bare(self, value: Any) -> Any:
        """The value as the record will hold it: without what a proposal says beside it (who else moves)."""
        return value

    def agrees(self, current: Any, proposed: Any) -> bool:
        """Whether the record's value is what was proposed."""
        return self.bare(current) == self.bare(proposed)

    def kept(self, subject_id: uuid.UUID, key: str, current: Any, proposed: Any, viewer: Viewer) -> Any:
        """What `apply` is to be given to take the proposal back, once it is carried out."""
        return current

    def compete(self, one: Any, other: Any) -> bool:
        """Whether two parents' proposals for one item are about the same thing."""
        return True

    def remarks(self, subject_id: uuid.UUID, key: str, value: Any, viewer: Viewer) -> list[Remark]:
        return []


class PlainSection(SectionBase):
    """A section over the columns of one row; item keys are the names of the columns and of the form's fields."""

    model: Any
    declared: Sequence[Item] = ()

    def items(self, values: Values) -> list[Item]:
        return list(self.declared)

    def row(self, subject_id: uuid.UUID) -> Any | None:
        """The row that holds the values, or None when there is none yet."""
        return db.session.get(self.model, subject_id)

    @cached_property
    def columns(self) -> tuple[Any, ...]:
        return tuple(getattr(self.model, item.key) for item in self.declared)

    @cached_property
    def joined(self) -> tuple[Any, Any] | None:
        root = ROOTS[self.subject]
        (key,) = sa.inspect(self.model).primary_key
        return None if self.model is root else (self.model, key == root.id)

    def read(self, subject_id: uuid.UUID, viewer: Viewer) -> Values:
        return read_all((self,), {subject_id: viewer})[subject_id][self.key]

    def of_row(self, row: Sequence[Any], viewer: Viewer) -> Values:
        return {item.key: _as_json(value) for item, value in zip(self.declared, row, strict=False)}

    def fill(self, values: Values) -> dict[str, Any]:
        return dict(values)

    def typed(self, form: Any, values: Values) -> Values:
        """What was typed in the fields that a parent may change; a field that is not in the form is left alone."""
        keys = [item.key for item in self.declared if item.policy is Policy.CHANGE]
        return {key: form._fields[key].data or "" for key in keys if key in form._fields}

    def apply(self, subject_id: uuid.UUID, key: str, value: Any, viewer: Viewer) -> None:
        setattr(self.row(subject_id), key, value or "")


def _as_json(value: Any) -> str:
    """One value of a row: empty text for nothing."""
    return value if isinstance(value, str) else "" if value is None else str(value)
