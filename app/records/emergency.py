"""Section "emergency": third parties to call when the guardians don't answer (M10). A guardian's own number is refused.

Each contact is an item of its own, the order of the list another. Parents who live apart each keep their own contacts:
neither sees the other's.
"""

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.changes.plain import SectionBase
from app.changes.registry import Item, Remark, Values, Viewer
from app.core.db import db, rows
from app.core.errors import N_, Conflict, DomainError
from app.core.jinja import phone
from app.core.languages import gettext as _
from app.core.languages import lazy_gettext as _l
from app.records.emergency_form import EmergencyForm, new_key
from app.records.models import EmergencyContact
from app.school.models import Guardian, Guardianship, Pupil

PARENTS_NUMBER = N_(
    "Dit is een nummer van een ouder. Ouders bellen we altijd eerst. "
    "Vul hier iemand anders in, bijvoorbeeld opa, oma of de oppas."
)
NOT_YOURS = N_("Dit noodnummer kunt u niet wijzigen.")
TWICE = N_("Dit nummer staat er al. Elk noodnummer hoeft maar één keer.")


def contact_lines(value: Any) -> list[str]:
    """`Riet de Vries (oma)` / `06 …`; nothing for a contact that is taken away."""
    if not value:
        return []
    relation = f" ({value['relation']})" if value.get("relation") else ""
    return [f"{value['name']}{relation}", phone(value["phone"])]


def order_lines(value: Any) -> list[str]:
    """`1. Riet` / `2. Ans`."""
    return [f"{place}. {name}" for place, (_key, name) in enumerate(value or [], 1)]


# Made once: putting a statement together costs more than asking it.
_ALL = (
    sa.select(EmergencyContact.id, EmergencyContact.name, EmergencyContact.relation, EmergencyContact.phone)
    .where(EmergencyContact.pupil_id == sa.bindparam("pupil_id"))
    .order_by(EmergencyContact.position, EmergencyContact.id)
)
# Everybody's, the viewer's own, and those of whoever lives in the same household; an unknown one is nobody's.
_SEEN = _ALL.where(
    sa.or_(
        EmergencyContact.guardian_id.is_(None),
        EmergencyContact.guardian_id == sa.bindparam("guardian_id"),
        EmergencyContact.guardian_id.in_(
            sa.select(Guardian.id).where(Guardian.household_id == sa.bindparam("household_id"))
        ),
    )
)


class Emergency(SectionBase):
    key = "emergency"
    urgent = True
    form = EmergencyForm
    form_template = "records/_emergency_form.html"
    note = _l("Ouders die apart wonen, zien elkaars noodnummers niet.")
    list_key = "contact"

    def title(self, name: str) -> str:
        return _("Noodnummers van %(name)s", name=name)

    def items(self, values: Values) -> list[Item]:
        """The contacts in their order, new ones last; the order itself only while a new one is proposed."""
        known = [key for key, _name in values.get("order") or [] if key in values]
        keys = known + [key for key in values if key.startswith("contact:") and key not in known]
        contacts = [
            Item(key, _("Noodnummer %(number)s", number=number), show=contact_lines)
            for number, key in enumerate(keys, 1)
        ]
        return [*contacts, Item("order", _l("Volgorde"), show=order_lines, quiet=True)]

    def _rows(self, subject_id: uuid.UUID, viewer: Viewer) -> Sequence[sa.Row[Any]]:
        if viewer.guardian_id is None:
            return rows(_ALL, pupil_id=subject_id).all()
        return rows(_SEEN, pupil_id=subject_id, guardian_id=viewer.guardian_id, household_id=viewer.household_id).all()

    def read(self, subject_id: uuid.UUID, viewer: Viewer) -> Values:
        found = self._rows(subject_id, viewer)
        values: Values = {
            f"contact:{row.id}": {"name": row.name, "relation": row.relation, "phone": row.phone} for row in found
        }
        return {**values, "order": [[f"contact:{row.id}", row.name] for row in found]}

    def fill(self, values: Values) -> dict[str, Any]:
        """A row for each contact, in the proposed order, and an empty one when there are none."""
        order = [key for key, _name in values.get("order") or []]
        keys = sorted((key for key in values if key.startswith("contact:")), key=lambda key: _place(order, key))
        filled = [_form_row(key, values[key]) for key in keys]
        return {"contacts": filled or [{"key": new_key()}]}

    def typed(self, form: EmergencyForm, values: Values) -> Values:
        typed: Values = {}
        order = []
        names = dict(values.get("order") or [])
        for row in (entry.form for entry in form.contacts):
            if row.key.data in names:
                order.append([row.key.data, names[row.key.data]])
            if row.remove.data or (row.blank and row.key.data not in values):
                typed[row.key.data] = None
            else:
                if row.key.data not in names:
                    order.append([row.key.data, row.name.data])
                typed[row.key.data] = {
                    "name": row.name.data,
                    "relation": row.relation.data or "",
                    "phone": row.phone.data,
                }
        while order and order[-1][0] not in names:
            order.pop()  # a new contact comes last by itself; only another place is asked for
        missing = [[key, name] for key, name in names.items() if key not in typed]  # came while the form was open
        return {**typed, "order": order + missing}

    def check(self, subject_id: uuid.UUID, typed: Values, viewer: Viewer) -> None:
        """Third parties only: a number of any of the child's guardians is refused (M10), whoever's it is."""
        self._refuse_others(subject_id, typed, viewer)
        parents = self._guardians_numbers(subject_id)
        others = [row.phone for row in self._rows(subject_id, viewer) if f"contact:{row.id}" not in typed]
        for key, value in typed.items():
            if key == "order" or value is None:
                continue
            if value["phone"] in parents:
                raise DomainError(PARENTS_NUMBER, field=key)
            if value["phone"] in others:
                raise DomainError(TWICE, field=key)
            others.append(value["phone"])

    def _refuse_others(self, subject_id: uuid.UUID, typed: Values, viewer: Viewer) -> None:
        """A contact that this viewer does not see (the other parent's, another child's) is not theirs to change."""
        own = {f"contact:{row.id}" for row in self._rows(subject_id, viewer)}
        unknown = {uuid.UUID(key.removeprefix("contact:")): key for key in typed if key != "order" and key not in own}
        taken = db.session.scalars(sa.select(EmergencyContact.id).where(EmergencyContact.id.in_(unknown))).first()
        if taken is not None:
            raise DomainError(NOT_YOURS, field=unknown[taken])

    def _guardians_numbers(self, pupil_id: uuid.UUID) -> set[str]:
        guardians = db.session.scalars(
            sa.select(Guardian)
            .join(Guardianship, Guardianship.guardian_id == Guardian.id)
            .where(Guardianship.pupil_id == pupil_id)
        )
        return {number for guardian in guardians for number in guardian.phones}

    def bare(self, value: Any) -> Any:
        """A contact without its place and owner; of an order only which contact comes where."""
        if isinstance(value, list):
            return [key for key, _name in value]
        return {part: value[part] for part in ("name", "relation", "phone")} if value else None

    def agrees(self, current: Any, proposed: Any) -> bool:
        """An order is carried out when the contacts that are still there stand in it."""
        if isinstance(current, list) and isinstance(proposed, list):
            shared = set(self.bare(current)) & set(self.bare(proposed))
            now, asked = ([key for key in self.bare(value) if key in shared] for value in (current, proposed))
            return now == asked
        return super().agrees(current, proposed)

    def kept(self, subject_id: uuid.UUID, key: str, current: Any, proposed: Any, viewer: Viewer) -> Any:
        """A contact that goes may come back: then to its old place, and to the parent whose contact it was."""
        row = db.session.get(EmergencyContact, uuid.UUID(key.removeprefix("contact:"))) if key != "order" else None
        if current is None or row is None:
            return current
        return {**current, "position": row.position, "owner": str(row.guardian_id) if row.guardian_id else None}

    def compete(self, one: Any, other: Any) -> bool:
        """Parents who live apart each have their own list: the order of one is not the order of the other."""
        if isinstance(one, list) and isinstance(other, list):
            return bool(set(self.bare(one)) & set(self.bare(other)))
        return True

    def apply(self, subject_id: uuid.UUID, key: str, value: Any, viewer: Viewer) -> None:
        if key == "order":
            self._put_in_order(subject_id, [contact for contact, _name in value or []])
        else:
            self._write(subject_id, uuid.UUID(key.removeprefix("contact:")), value, viewer)
        db.session.flush()

    def _write(self, subject_id: uuid.UUID, contact_id: uuid.UUID, value: Any, viewer: Viewer) -> None:
        row = db.session.get(EmergencyContact, contact_id)
        if row is not None and row.pupil_id != subject_id:
            raise Conflict("Dit noodnummer hoort bij een ander kind.")
        if value is None:
            if row is not None:
                db.session.delete(row)
            return
        if row is None:
            row = self._new(subject_id, contact_id, viewer)
        row.name, row.relation, row.phone = value["name"], value["relation"], value["phone"]
        if "position" in value:  # it comes back
            row.position = value["position"]
            row.guardian_id = uuid.UUID(value["owner"]) if value["owner"] else None

    def _new(self, subject_id: uuid.UUID, contact_id: uuid.UUID, viewer: Viewer) -> EmergencyContact:
        last = db.session.scalar(
            sa.select(sa.func.max(EmergencyContact.position)).where(EmergencyContact.pupil_id == subject_id)
        )
        row = EmergencyContact(
            id=contact_id,
            school_id=db.session.get_one(Pupil, subject_id).school_id,
            pupil_id=subject_id,
            guardian_id=viewer.guardian_id if self._lives_apart(subject_id, viewer) else None,
            position=(last or 0) + 1,
        )
        db.session.add(row)
        return row

    def _lives_apart(self, pupil_id: uuid.UUID, viewer: Viewer) -> bool:
        """Whether another guardian of the child lives elsewhere than the proposer."""
        elsewhere = sa.or_(Guardian.household_id.is_(None), Guardian.household_id != viewer.household_id)
        statement = (
            sa.select(Guardian.id)
            .join(Guardianship, Guardianship.guardian_id == Guardian.id)
            .where(Guardianship.pupil_id == pupil_id, Guardian.id != viewer.guardian_id, elsewhere)
            .limit(1)
        )
        return db.session.scalar(statement) is not None

    def _put_in_order(self, subject_id: uuid.UUID, keys: list[str]) -> None:
        rows = db.session.scalars(sa.select(EmergencyContact).where(EmergencyContact.pupil_id == subject_id))
        for row in rows:
            key = f"contact:{row.id}"
            row.position = keys.index(key) + 1 if key in keys else len(keys) + row.position

    def remarks(self, subject_id: uuid.UUID, key: str, value: Any, viewer: Viewer) -> list[Remark]:
        if key != "order" and value is None:
            return [Remark("De ouder wil dit noodnummer weghalen.", serious=False)]
        return []


def _place(order: list[str], key: str) -> int:
    return order.index(key) if key in order else len(order)


def _form_row(key: str, value: Any) -> dict[str, Any]:
    """A row of the form; a contact that is proposed to go keeps its tick."""
    if value is None:
        return {"key": key, "remove": True}
    return {"key": key, "name": value["name"], "relation": value["relation"], "phone": phone(value["phone"])}
