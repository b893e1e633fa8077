"""The forms of the two address sections: five lines and a tick, in the order in which a phone fills them in."""

import re
from typing import Any

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from app.core.forms import BaseForm, PostcodeField
from app.core.languages import lazy_gettext as _l

HOUSE_NUMBER = re.compile(r"\s*(\d{1,5})(?!\d)\s*[-/]?\s*(.{0,10}?)\s*\Z")
LONGEST_NUMBER = 40  # characters that somebody may type for a number with its addition
FIGURES = re.compile(r"\d{1,5}\Z")
TOO_LONG = _l("Dit is te lang.")


class HouseNumberField(StringField):
    """Takes "7", "7 b" or "7-2": the number goes here, the rest to the form's `addition` when that is empty."""

    rest = ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if len(self.data or "") > LONGEST_NUMBER:
            return  # the pattern takes ages over a long run of spaces
        match = HOUSE_NUMBER.match(self.data or "")
        if match:
            self.data, self.rest = match[1], match[2]

    def pre_validate(self, form: Any) -> None:
        if self.data and not FIGURES.match(self.data):
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
        if number and self.street.data and not (self.street.errors or self.house_number.errors or self.addition.errors):
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
