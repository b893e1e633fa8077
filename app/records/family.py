"""Section "family": who belongs to the child at this school. Only names and relations: never a parent's contact data.

Nothing here has a pencil: relation and custody change on paper, at school (domain facts §3).
"""

import uuid
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.changes.plain import SectionBase
from app.changes.registry import Item, Policy, Values, Viewer
from app.core import clock
from app.core.db import db
from app.school.models import Custody, Guardian, Guardianship, Pupil, Relation

RELATIONS = {
    Relation.MOTHER: _l("moeder"),
    Relation.FATHER: _l("vader"),
    Relation.STEP_PARENT: _l("stiefouder"),
    Relation.FOSTER_PARENT: _l("pleegouder"),
    Relation.LEGAL_GUARDIAN: _l("voogd"),
    Relation.OTHER: _l("verzorger"),
}


def _people(value: Any) -> list[str]:
    return [_with_relation(*person) for person in value or []]


def _with_relation(name: str, relation: str) -> str:
    return f"{name} ({RELATIONS[Relation(relation)]})" if relation else name


class Family(SectionBase):
    key = "family"
    module = "family"
    declared = (
        Item("guardians", _l("Ouders en verzorgers"), policy=Policy.ASK, show=_people),
        Item("siblings", _l("Broers en zussen op school"), policy=Policy.READ, show=_people),
    )

    def title(self, name: str) -> str:
        return _("Gezin")

    def items(self, values: Values) -> list[Item]:
        return [item for item in self.declared if item.key == "guardians" or values.get(item.key)]

    def read(self, subject_id: uuid.UUID, viewer: Viewer) -> Values:
        return {"guardians": self._guardians(subject_id), "siblings": self._siblings(subject_id, viewer)}

    def _guardians(self, subject_id: uuid.UUID) -> list[list[str]]:
        """Whoever is a guardian today."""
        columns = (Guardian.first_name, Guardian.initials, Guardian.prefix, Guardian.surname, Guardianship.relation)
        rows = db.session.execute(
            sa.select(*columns)
            .join(Guardianship, Guardianship.guardian_id == Guardian.id)
            .where(Guardianship.pupil_id == subject_id, Guardian.left_on.is_(None), Guardian.deceased_on.is_(None))
            .where(_holds_today())
            .order_by(Guardianship.call_order, Guardian.surname, Guardian.id)
        )
        return [
            [_name(first or initials, prefix, surname), relation.value]
            for first, initials, prefix, surname, relation in rows
        ]

    def _siblings(self, subject_id: uuid.UUID, viewer: Viewer) -> list[list[str]]:
        """The child's brothers and sisters of whom the viewer is a guardian too: not the other parent's next family."""
        own = sa.select(Guardianship.pupil_id).where(
            Guardianship.guardian_id == viewer.guardian_id, _holds_today()
        )
        rows = db.session.execute(
            sa.select(Pupil.first_name, Pupil.prefix, Pupil.surname)
            .where(Pupil.id.in_(own), Pupil.id != subject_id, Pupil.left_on.is_(None))
            .order_by(Pupil.birth_date, Pupil.first_name)
        )
        return [[_name(*row), ""] for row in rows]

    def fill(self, values: Values) -> dict[str, Any]:
        return {}

    def typed(self, form: Any, values: Values) -> Values:
        return {}

    def apply(self, subject_id: uuid.UUID, key: str, value: Any, viewer: Viewer) -> None:
        raise LookupError(key)  # nothing here can be proposed


def _holds_today() -> sa.ColumnElement[bool]:
    """The guardianship has custody, and its dates are not over: who lost a child sees its name no longer."""
    today = clock.today()
    return sa.and_(
        Guardianship.custody != Custody.NONE,
        sa.or_(Guardianship.starts_on.is_(None), Guardianship.starts_on <= today),
        sa.or_(Guardianship.ends_on.is_(None), Guardianship.ends_on >= today),
    )


def _name(first: str, prefix: str, surname: str) -> str:
    return " ".join(part for part in (first, prefix, surname) if part)
