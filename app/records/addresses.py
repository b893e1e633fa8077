"""Sections "address": where the child lives, and where one lives oneself. One address is one item: decided as a whole.

An approved move makes a new household, so that who stays behind keeps the old address and an undo finds it again.
"""

import re
import uuid
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from app.changes.models import Subject
from app.changes.plain import SectionBase
from app.changes.registry import Item, Risk, Values, Viewer
from app.core.db import db
from app.core.forms import BaseForm, PostcodeField
from app.school.models import Guardian, Guardianship, Household, Pupil

HOUSE_NUMBER = re.compile(r"\s*(\d{1,5})\s*[-/]?\s*(.{0,10}?)\s*\Z")
TOO_LONG = _l("Dit is te lang.")


class HouseNumberField(StringField):
    """Takes "7", "7 b" or "7-2": the number goes here, the rest to the form's `addition` when that is empty."""

    rest = ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        match = HOUSE_NUMBER.match(self.data or "")
        if match:
            self.data, self.rest = match[1], match[2]

    def pre_validate(self, form: Any) -> None:
        if self.data and not self.data.isdecimal():
            raise ValidationError(_l("Vul het huisnummer in."))


class AddressForm(BaseForm):
    """Order of ux C10: with postcode and number first, a phone's autofill puts the rest right."""

    postcode = PostcodeField(
        _l("Postcode"),
        [Optional()],
        render_kw={
            "autocomplete": "postal-code",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "size": 8,
            "maxlength": 12,
        },
    )
    house_number = HouseNumberField(
        _l("Huisnummer"), render_kw={"inputmode": "numeric", "autocomplete": "off", "size": 6, "maxlength": 16}
    )
    addition = StringField(
        _l("Letter of toevoeging"),
        [Length(max=10, message=TOO_LONG)],
        render_kw={"autocomplete": "off", "size": 6, "maxlength": 10},
    )
    street = StringField(
        _l("Straat"), [Length(max=100, message=TOO_LONG)], render_kw={"autocomplete": "address-line1", "maxlength": 100}
    )
    city = StringField(
        _l("Plaats"), [Length(max=80, message=TOO_LONG)], render_kw={"autocomplete": "address-level2", "maxlength": 80}
    )
    outside = BooleanField(_l("Dit adres is niet in Nederland"))
    abroad = TextAreaField(
        _l("Adres in het buitenland"),
        [Length(max=300, message=TOO_LONG)],
        render_kw={"autocomplete": "street-address", "rows": 4, "maxlength": 300},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        return (self._validate_abroad() if self.outside.data else self._validate_dutch()) and valid

    def _validate_abroad(self) -> bool:
        return _required(self.abroad, _l("Vul het adres in."))

    def _validate_dutch(self) -> bool:
        self._tidy()
        needed = (
            (self.postcode, _l("Vul de postcode in. Bijvoorbeeld 3581 KB.")),
            (self.house_number, _l("Vul het huisnummer in.")),
            (self.street, _l("Vul de straat in.")),
            (self.city, _l("Vul de plaats in.")),
        )
        return all([_required(field, message) for field, message in needed])

    def _tidy(self) -> None:
        """ "7 b" in the number, or "Kerkstraat 7" in the street (autofill does that), are put where they belong."""
        if self.house_number.rest and not self.addition.data:
            self.addition.data = self.house_number.rest
        number = self.house_number.data
        if number and self.street.data:
            self.street.data = re.sub(
                rf"\s+{re.escape(number)}\s*{re.escape(self.addition.data or '')}\Z", "", self.street.data
            )


def _required(field: Any, message: Any) -> bool:
    if not field.data and not field.errors:
        field.errors = [message]
    return not field.errors


class OwnAddressForm(AddressForm):
    """One's own address: may move the children along that live with this parent."""


class PupilAddressForm(AddressForm):
    """The child's address; brothers and sisters, and the parent, may move along."""

    with_siblings = BooleanField(_l("Broers en zussen op dit adres verhuizen mee"))
    with_me = BooleanField(_l("Ik verhuis ook mee"))


PARTS = ("postcode", "house_number", "addition", "street", "city", "abroad")


def address_of(household: Household | None) -> dict[str, Any] | None:
    """The address as a value; None for none."""
    if household is None:
        return None
    if household.abroad:
        return {"abroad": household.abroad}
    return {
        "postcode": household.postcode,
        "house_number": household.house_number,
        "addition": household.addition,
        "street": household.street,
        "city": household.city,
    }


def address_lines(value: Any) -> list[str]:
    """`Lindelaan 14` / `3581 KB Utrecht`."""
    if not value:
        return []
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
    movers: tuple[str, ...] = ()
    address_item = Item("address", _l("Adres"), risk=Risk.CARE, show=address_lines)

    def items(self, values: Values) -> list[Item]:
        return [self.address_item]

    def bare(self, value: Any) -> Any:
        return {part: value[part] for part in PARTS if part in value} if value else None

    def undo_value(self, current: Any, proposed: Any) -> Any:
        """Whoever moved along moves back along."""
        return current and {**current, **{mover: True for mover in self.movers if proposed.get(mover)}}

    def _row(self, subject_id: uuid.UUID) -> Any:
        return db.session.get_one(self.model, subject_id)

    def _value(self, row: Any) -> Any:
        return address_of(row.household)

    def read(self, subject_id: uuid.UUID, viewer: Viewer) -> Values:
        return {"address": self._value(self._row(subject_id))}

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
        before = row.household_id
        household = self._household_for(row, value)
        row.household, row.household_id = household, household.id if household else None
        for person in self._movers(row, value or {}, before, viewer):
            person.household, person.household_id = household, row.household_id
        db.session.flush()

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


class PupilAddress(AddressSection):
    movers = ("with_siblings", "with_me")

    def title(self, name: str) -> str:
        return _("Adres van %(name)s", name=name)

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
    form = OwnAddressForm
    model = Guardian

    def title(self, name: str) -> str:
        return _("Uw adres")

    def _family_pupils(self, row: Guardian) -> sa.Select:
        return sa.select(Guardianship.pupil_id).where(Guardianship.guardian_id == row.id)
