"""Sections "address": where the child lives, and where one lives oneself. One address is one item: decided as a whole.

An approved move makes a new household, so that who stays behind keeps the old address and an undo finds it again.
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.changes.models import Subject
from app.changes.plain import SectionBase
from app.changes.reading import read_all
from app.changes.registry import Item, Policy, Risk, Values, Viewer
from app.core.db import db
from app.core.languages import gettext as _
from app.core.languages import lazy_gettext as _l
from app.records.address_form import OwnAddressForm, PupilAddressForm
from app.school.models import Guardian, Guardianship, Household, Pupil

SECRET: Values = {"secret": True}  # the address of a child as who may not know it sees it
PARTS = ("postcode", "house_number", "addition", "street", "city", "abroad")


def address_of(household_id: uuid.UUID | None, *parts: Any) -> dict[str, Any] | None:
    """The address as a value, from a household's `PARTS`; None for none."""
    if household_id is None:
        return None
    *dutch, abroad = parts
    return {"abroad": abroad} if abroad else dict(zip(PARTS[:-1], dutch, strict=True))


def address_lines(value: Any) -> list[str]:
    """`Lindelaan 14` / `3581 KB Utrecht`."""
    if not value:
        return []
    if value == SECRET:
        return [_("Dit adres is geheim.")]
    if value.get("abroad"):
        return [line for line in value["abroad"].splitlines() if line.strip()]
    number = f"{value.get('house_number') or ''}{_joint(value.get('addition') or '')}"
    lines = (
        f"{value.get('street', '')} {number}".strip(),
        f"{value.get('postcode', '')} {value.get('city', '')}".strip(),
    )
    return [line for line in lines if line] + _movers(value)


def _joint(addition: str) -> str:
    """14a, but 14 bis and 14-2."""
    if not addition:
        return ""
    if len(addition) == 1 and addition.isalpha():
        return addition
    return f"-{addition}" if addition[0].isdigit() else f" {addition}"


def _movers(value: Any) -> list[str]:
    lines = []
    if value.get("with_siblings"):
        lines.append(_("Broers en zussen op dit adres verhuizen mee"))
    if value.get("with_me"):
        lines.append(_("De ouder verhuist mee"))
    return lines


class AddressSection(SectionBase):
    """What both address sections share."""

    key = "address"
    form: Any = PupilAddressForm
    form_template = "records/_address_form.html"
    model: Any = Pupil
    columns = (Household.id, *(getattr(Household, part) for part in PARTS))
    movers: tuple[str, ...] = ()
    address_item = Item("address", _l("Adres"), risk=Risk.CARE, show=address_lines)

    def items(self, values: Values) -> list[Item]:
        return [self.address_item]

    def bare(self, value: Any) -> Any:
        return {part: value[part] for part in PARTS if part in value} if value else None

    def kept(self, subject_id: uuid.UUID, key: str, current: Any, proposed: Any, viewer: Viewer) -> Any:
        """The address, and who of the family lived in which household: each goes back to the own one."""
        row = self._row(subject_id)
        people = [row, *self._movers(row, proposed or {}, row.household_id, viewer)]
        lived = [[str(person.id), str(person.household_id) if person.household_id else None] for person in people]
        return {**(current or {}), "lived": lived}

    def _row(self, subject_id: uuid.UUID) -> Any:
        return db.session.get_one(self.model, subject_id)

    @cached_property
    def joined(self) -> tuple[Any, Any]:
        return Household, Household.id == self.model.household_id

    def read(self, subject_id: uuid.UUID, viewer: Viewer) -> Values:
        return read_all((self,), {subject_id: viewer})[subject_id][self.key]

    def of_row(self, row: Sequence[Any], viewer: Viewer) -> Values:
        return {"address": address_of(*row)}

    def fill(self, values: Values) -> dict[str, Any]:
        value = values.get("address") or {}
        return {
            **{part: value.get(part, "") for part in PARTS},
            **_ticks(value, self.movers),
            "outside": bool(value.get("abroad")),
        }

    def typed(self, form: Any, values: Values) -> Values:
        if form.outside.data:
            return {"address": {"abroad": form.abroad.data} | _ticked(form, self.movers)}
        value = {
            "postcode": form.postcode.data,
            "house_number": int(form.house_number.data),
            "addition": form.addition.data or "",
            "street": form.street.data,
            "city": form.city.data,
        }
        return {"address": value | (_ticked(form, self.movers) if value != values.get("address") else {})}

    def apply(self, subject_id: uuid.UUID, key: str, value: Any, viewer: Viewer) -> None:
        row = self._row(subject_id)
        if value and "lived" in value:
            self._move_back(row, value["lived"])
        else:
            self._move(row, value, viewer)
        db.session.flush()

    def _move(self, row: Any, value: Any, viewer: Viewer) -> None:
        before = row.household_id
        household = self._household_for(row, value)
        row.household, row.household_id = household, household.id if household else None
        for person in self._movers(row, value or {}, before, viewer):
            person.household, person.household_id = household, row.household_id

    def _move_back(self, row: Any, lived: list[list[str | None]]) -> None:
        """Whoever has moved on since stays there."""
        together = row.household_id
        for person_id, household_id in lived:
            person = db.session.get(Pupil, uuid.UUID(person_id)) or db.session.get(Guardian, uuid.UUID(person_id))
            if person is not None and person.household_id == together:
                person.household = db.session.get(Household, uuid.UUID(household_id)) if household_id else None
                person.household_id = person.household.id if person.household else None

    def _household_for(self, row: Any, value: Any) -> Household | None:
        if not value:
            return None
        address = {part: value.get(part, None if part == "house_number" else "") for part in PARTS}
        conditions = [getattr(Household, part) == address[part] for part in PARTS]
        existing = db.session.scalar(
            sa.select(Household)
            .where(Household.school_id == row.school_id, *conditions)
            .order_by(Household.id)
            .limit(1)
        )
        if existing is not None and self._same_family(row, existing):
            return existing
        household = Household(school_id=row.school_id, **address)
        db.session.add(household)
        db.session.flush()
        return household

    def _same_family(self, row: Any, household: Household) -> bool:
        """Whether the household is this family's own (their guardian or child lives there): neighbours are not."""
        pupils = self._family_pupils(row)
        guardians = sa.select(Guardianship.guardian_id).where(Guardianship.pupil_id.in_(pupils))
        lives_there = sa.or_(
            sa.exists().where(Guardian.id.in_(guardians), Guardian.household_id == household.id),
            sa.exists().where(Pupil.id.in_(pupils), Pupil.household_id == household.id),
        )
        return bool(db.session.scalar(sa.select(lives_there)))

    def _family_pupils(self, row: Any) -> sa.Select:
        raise LookupError(row)

    def _movers(self, row: Any, value: dict[str, Any], before: uuid.UUID | None, viewer: Viewer) -> list[Any]:
        return []


def _ticks(value: dict[str, Any], movers: tuple[str, ...]) -> dict[str, bool]:
    return {mover: bool(value.get(mover)) for mover in movers}


def _ticked(form: Any, movers: tuple[str, ...]) -> dict[str, bool]:
    return {mover: True for mover in movers if form._fields[mover].data}


# Whether the address is secret: the child's own, or that of a guardian who lives there too.
SECRECY = sa.or_(
    Pupil.address_hidden, sa.exists().where(Guardian.household_id == Pupil.household_id, Guardian.address_hidden)
)


class PupilAddress(AddressSection):
    columns = (*AddressSection.columns, SECRECY)
    movers = ("with_siblings", "with_me")

    def title(self, name: str) -> str:
        return _("Adres van %(name)s", name=name)

    def items(self, values: Values) -> list[Item]:
        """What one may not know, one does not change either."""
        if values.get("address") == SECRET:
            return [replace(self.address_item, policy=Policy.ASK)]
        return super().items(values)

    def of_row(self, row: Sequence[Any], viewer: Viewer) -> Values:
        """A secret address is read by the school and by who lives there: never by the parent who lives apart."""
        *household, secret = row
        if household[0] is not None and secret and viewer.guardian_id and viewer.household_id != household[0]:
            return {"address": SECRET}
        return {"address": address_of(*household)}

    def _family_pupils(self, row: Pupil) -> sa.Select:
        return sa.select(Pupil.id).where(Pupil.id == row.id)

    def _movers(self, row: Pupil, value: dict[str, Any], before: uuid.UUID | None, viewer: Viewer) -> list[Any]:
        """Brothers and sisters of whom the proposer is a guardian too, and the proposer, as far as they lived there."""
        people: list[Any] = []
        if value.get("with_siblings") and before:
            own = sa.select(Guardianship.pupil_id).where(Guardianship.guardian_id == viewer.guardian_id)
            siblings = sa.select(Pupil).where(Pupil.household_id == before, Pupil.id.in_(own), Pupil.id != row.id)
            people += db.session.scalars(siblings)
        if value.get("with_me") and viewer.guardian_id:
            people.append(db.session.get_one(Guardian, viewer.guardian_id))
        return people


class OwnAddress(AddressSection):
    subject = Subject.GUARDIAN
    note = _l("Alleen u en de school zien dit.")
    form = OwnAddressForm
    model = Guardian

    def title(self, name: str) -> str:
        return _("Uw adres")

    def _family_pupils(self, row: Guardian) -> sa.Select:
        return sa.select(Guardianship.pupil_id).where(Guardianship.guardian_id == row.id)
