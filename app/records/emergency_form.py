"""The form of the emergency contacts: a list that can be added to, changed, removed and put in another order.

Works without JavaScript: "add" and the arrows are submit buttons that give the form back in its new shape.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, StringField
from wtforms.validators import Length

from app.core.forms import BaseForm, PhoneField, Readable, printable, strip
from app.core.languages import gettext as _
from app.core.languages import lazy_gettext as _l

MAX_CONTACTS = 6
TOO_LONG = _l("Dit is te lang.")
# In the one spelling that `uuid` gives: another of the same id would be another item.
KEY = re.compile(r"contact:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
ROW_NUMBER = re.compile(r"[0-9]{1,2}\Z")
MOVE = re.compile(r"(\d):(up|down)\Z")


def new_key() -> str:
    """The key of a contact that is not there yet."""
    return f"contact:{uuid.uuid4()}"


class ContactRow(Form):
    """One contact. A new one that is left empty is no contact."""

    class Meta(Readable):
        pass

    key = HiddenField()
    name = StringField(
        _l("Naam"),
        [printable, Length(max=80, message=TOO_LONG)],
        filters=[strip],
        render_kw={"autocomplete": "off", "maxlength": 80},
    )
    relation = StringField(
        _l("Wie is dit van het kind?"),
        [printable, Length(max=40, message=TOO_LONG)],
        filters=[strip],
        render_kw={"autocomplete": "off", "maxlength": 40},
    )
    phone = PhoneField(
        _l("Telefoonnummer"),
        [printable],
        filters=[strip],
        render_kw={"inputmode": "tel", "autocomplete": "off", "maxlength": 30},
    )
    remove = BooleanField(_l("Haal dit noodnummer weg"))

    @property
    def blank(self) -> bool:
        return not (self.name.data or self.phone.data or self.relation.data)

    def validate(self, extra_validators: Any = None) -> bool:
        if self.remove.data or self.blank:
            return True
        valid = super().validate(extra_validators)
        for field, message in ((self.name, _l("Vul een naam in.")), (self.phone, _l("Vul een telefoonnummer in."))):
            if not field.data and not field.errors:
                field.errors = [message]
                valid = False
        return valid


class Rows(FieldList):
    """A list whose rows have ordinary numbers: WTForms stumbles over `contacts-²-name`, and over thousands of digits."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        names = (name.removeprefix(f"{prefix}-") for name in formdata if name.startswith(f"{prefix}-"))
        numbers = (name.partition("-")[0] for name in names)
        return (int(number) for number in numbers if ROW_NUMBER.match(number))


class EmergencyForm(BaseForm):
    contacts = Rows(FormField(ContactRow), max_entries=MAX_CONTACTS)
    landing: tuple[int, str] | None = None  # after "add" or an arrow: the contact and what of it takes the focus

    @property
    def errors(self) -> dict[Any, Any]:
        """With what is wrong in a contact, also when a rule about other rows found it."""
        rows = [row.form.errors for row in self.contacts]
        return {**super().errors, **({"contacts": rows} if any(rows) else {})}

    @property
    def nested_errors(self) -> Iterator[tuple[str, Any]]:
        """What the summary lists: the contact in words, and its field that is wrong."""
        for number, row in enumerate(self.contacts, 1):
            for field in row.form:
                if field.errors:
                    yield _("Noodnummer %(number)s", number=number), field

    def validate(self, extra_validators: Any = None) -> bool:
        valid = all([row.form.validate() for row in self.contacts])
        keys = [row.form.key.data or "" for row in self.contacts]
        sound = all(KEY.match(key) for key in keys) and len(set(keys)) == len(keys)
        return super(BaseForm, self).validate() and valid and sound

    def reshape(self, formdata: Any) -> bool:
        """Carry out "add" or an arrow. Whether there was one: then nothing is sent yet."""
        if "add" in formdata:
            if len(self.contacts) < MAX_CONTACTS:
                self.contacts.append_entry({"key": new_key()})
                self.landing = (len(self.contacts) - 1, "name")
            return True
        match = MOVE.match(formdata.get("move", ""))
        if match:
            self._move(int(match[1]), -1 if match[2] == "up" else 1)
        return bool(match)

    def _move(self, index: int, step: int) -> None:
        rows = [row.data for row in self.contacts]
        if 0 <= index + step < len(rows) and index < len(rows):
            rows[index], rows[index + step] = rows[index + step], rows[index]
            self.landing = (index + step, "up" if step < 0 else "down")
        while len(self.contacts):
            self.contacts.pop_entry()
        for row in rows:
            self.contacts.append_entry(row)

    def field_of(self, name: str) -> Any | None:
        """The phone of the contact with this key: that is what the rules are about."""
        return next((row.form.phone for row in self.contacts if row.form.key.data == name), None)
