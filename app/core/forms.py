"""What forms share: the base with its token, and fields that know how Dutch people write phones and postcodes.

A field cleans what was typed and says in plain words what is wrong with it; what was typed stays on the screen.
"""

import re
from collections.abc import Callable
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import EmailField, PasswordField, StringField, TelField
from wtforms.validators import ValidationError

ERR_PHONE = _l("Vul een nummer in van 10 cijfers. Bijvoorbeeld 06 12 34 56 78.")
ERR_EMAIL = _l("Vul een e-mailadres in met een @. Bijvoorbeeld naam@voorbeeld.nl.")
ERR_POSTCODE = _l("Vul een postcode in met 4 cijfers en 2 letters. Bijvoorbeeld 3581 KB.")
ERR_CHARACTERS = _l("Er staat een teken in dat we niet kunnen bewaren. Typ de tekst opnieuw.")

POSTCODE = re.compile(r"[1-9][0-9]{3}(?!SA|SD|SS)[A-Z]{2}\Z")
# NUL stops PostgreSQL, lone surrogates stop UTF-8, the rest has no place in a line of text.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def strip(value: str | None) -> str | None:
    """Without white space at the ends of the text and of its lines, with single spaces inside; None stays None."""
    return re.sub(r" ?\n ?", "\n", re.sub(r"[^\S\n]+", " ", value)).strip() if isinstance(value, str) else value


def printable(_form: Any, field: Any) -> None:
    """Validator: refuses characters that can't be stored or that turn text around."""
    if isinstance(field.data, str) and UNPRINTABLE.search(field.data):
        raise ValidationError(ERR_CHARACTERS)


class Readable:
    """For a form's Meta: what was typed is shown again without the characters that have no place in a page either."""

    def render_field(self, field: Any, render_kw: dict[str, Any]) -> Markup:
        return Markup(UNPRINTABLE.sub("", super().render_field(field, render_kw)))  # type: ignore[misc]  # noqa: S704


class BaseForm(FlaskForm):
    """A form with its token; every text field is stripped and checked for characters that can't be stored."""

    class Meta(Readable, FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            field_class = unbound_field.field_class
            if issubclass(field_class, StringField) and not issubclass(field_class, PasswordField):
                options = {**options, "filters": [strip, *unbound_field.kwargs.get("filters", ())]}
            return unbound_field.bind(form=form, **options)

    def field_of(self, name: str) -> Any | None:
        """The field that an error of the domain is about; None when the error is about the whole form."""
        return self._fields.get(name)

    def validate(self, extra_validators: Any = None) -> bool:
        extra = {name: [printable] for name, field in self._fields.items() if isinstance(field, StringField)}
        for name, validators in (extra_validators or {}).items():
            extra.setdefault(name, []).extend(validators)
        return super().validate(extra)


def normal_phone(text: str, *, region: str = "NL") -> str:
    """The number in E.164 (+31612345678), from any common notation.

    Raises ValueError for what is no possible number.
    """
    try:
        number = phonenumbers.parse(text.replace("(0)", ""), region)
    except phonenumbers.NumberParseException as error:
        raise ValueError(text) from error
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise ValueError(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_postcode(text: str) -> str:
    """The postcode as `1234 AB`, from any spacing, case or stray dot.

    Raises ValueError for what is no Dutch postcode.
    """
    squeezed = re.sub(r"[\s.\-]", "", text).upper()
    if not POSTCODE.match(squeezed):
        raise ValueError(text)
    return f"{squeezed[:4]} {squeezed[4:]}"


def normal_email(text: str) -> str:
    """The address with its domain in lower case.

    Raises ValueError for what is no mail address, or one that not every mail server takes (a letter with an accent
    before the @): the portal could never write to it.
    """
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError as error:
        raise ValueError(text) from error


def _normalising(base: type, normal: Callable[[str], str], message: Any) -> type:
    """A field class whose data is what `normal` makes of the text, and whose error is `message`."""

    class Normalising(base):  # type: ignore[misc, valid-type]
        def post_validate(self, form: Any, validation_stopped: bool) -> None:
            if self.data and not self.errors:
                try:
                    self.data = normal(self.data)
                except ValueError as error:
                    raise ValidationError(message) from error

        def _value(self) -> str:
            return self.raw_data[0] if self.raw_data and isinstance(self.raw_data[0], str) else (self.data or "")

    return Normalising


PhoneField = _normalising(TelField, normal_phone, ERR_PHONE)
PostcodeField = _normalising(StringField, normal_postcode, ERR_POSTCODE)
MailField = _normalising(EmailField, normal_email, ERR_EMAIL)
