"""Section "family": who belongs to the child at this school. Only names and relations: never a parent's contact data.

Nothing here has a pencil: relation and custody change on paper, at school (domain facts §3).
"""

import uuid
from typing import Any

import sqlalchemy as sa

from app.changes.plain import SectionBase
from app.changes.registry import Item, Policy, Values, Viewer
from app.core import clock
from app.core.db import rows
from app.core.languages import gettext as _
from app.core.languages import lazy_gettext as _l
from app.school.models import Custody, Guardian, Guardianship, Pupil, Relation

RELATIONS = {
    Relation.MOTHER: _l("moeder"),
    Relation.FATHER: _l("vader"),
    Relation.STEP_PARENT: _l("stiefouder"),
    Relation.FOSTER_PARENT: _l("pleegouder"),
    Relation.LEGAL_GUARDIAN: _l("voogd"),
    Relation.PARENT: _l("ouder"),
    Relation.GRANDPARENT: _l("opa of oma"),
    Relation.OTHER: _l("verzorger"),
}


def _people(value: Any) -> list[str]:
    return [_with_relation(*person) for person in value or []]


def _with_relation(name: str, relation: str) -> str:
    return f"{name} ({RELATIONS[Relation(relation)]})" if relation else name


_TODAY = sa.bindparam("today", type_=sa.Date())
# The guardianship has custody, and its dates are not over: who lost a child sees its name no longer.
_HOLDS_TODAY = sa.and_(
    Guardianship.custody != Custody.NONE,
    sa.or_(Guardianship.starts_on.is_(None), Guardianship.starts_on <= _TODAY),
    sa.or_(Guardianship.ends_on.is_(None), Guardianship.ends_on >= _TODAY),
)
# Made once: putting a statement together costs more than asking it. The child's guardians of today, and the brothers and
# sisters of whom the viewer is a guardian too: not the other parent's next family.
_GUARDIANS = (
    sa.select(
        sa.literal("guardians").label("kind"),
        sa.func.coalesce(sa.func.nullif(Guardian.first_name, ""), Guardian.initials).label("first"),
        Guardian.prefix,
        Guardian.surname,
        sa.type_coerce(Guardianship.relation, sa.String).label("relation"),
        Guardianship.call_order.label("place"),
        sa.cast(sa.null(), sa.Date).label("born"),
    )
    .join(Guardianship, Guardianship.guardian_id == Guardian.id)
    .where(
        Guardianship.pupil_id == sa.bindparam("pupil_id"),
        Guardian.left_on.is_(None),
        Guardian.deceased_on.is_(None),
        _HOLDS_TODAY,
    )
)
_SIBLINGS = (
    sa.select(
        sa.literal("siblings"),
        Pupil.first_name,
        Pupil.prefix,
        Pupil.surname,
        sa.literal(""),
        sa.literal(0),
        Pupil.birth_date,
    )
    .join(Guardianship, Guardianship.pupil_id == Pupil.id)
    .where(
        Guardianship.guardian_id == sa.bindparam("guardian_id"),
        _HOLDS_TODAY,
        Pupil.id != sa.bindparam("pupil_id"),
        Pupil.left_on.is_(None),
    )
)
_FAMILY = sa.union_all(_GUARDIANS, _SIBLINGS).order_by("kind", "place", "born", "surname", "first")


class Family(SectionBase):
    key = "family"
    module = "family"
    declared = (
        Item("guardians", _l("Ouders en verzorgers"), policy=Policy.ASK, show=_people),
        Item("siblings", _l("Broers en zussen op school"), policy=Policy.READ, show=_people),
    )

    def title(self, name: str) -> str:
        return _("Gezin van %(name)s", name=name)

    def items(self, values: Values) -> list[Item]:
        return [item for item in self.declared if item.key == "guardians" or values.get(item.key)]

    def read(self, subject_id: uuid.UUID, viewer: Viewer) -> Values:
        found: Values = {"guardians": [], "siblings": []}
        people = rows(_FAMILY, pupil_id=subject_id, guardian_id=viewer.guardian_id, today=clock.today())
        for kind, first, prefix, surname, relation, *_order in people:
            found[kind].append([" ".join(part for part in (first, prefix, surname) if part), relation])
        return found

    def fill(self, values: Values) -> dict[str, Any]:
        return {}

    def typed(self, form: Any, values: Values) -> Values:
        return {}

    def apply(self, subject_id: uuid.UUID, key: str, value: Any, viewer: Viewer) -> None:
        raise LookupError(key)  # nothing here can be proposed
