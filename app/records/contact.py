"""Section "contact": how the school reaches a parent. The mail address is also the log-in name, so it is confirmed."""

import uuid
from typing import Any

import sqlalchemy as sa
from wtforms.validators import DataRequired, Length, Optional

from app.changes.models import Subject
from app.changes.plain import PlainSection
from app.changes.registry import Item, Remark, Risk, Values, Viewer
from app.core.db import db
from app.core.forms import BaseForm, MailField, PhoneField
from app.core.jinja import phone
from app.core.languages import gettext as _
from app.core.languages import lazy_gettext as _l
from app.school.models import Guardian, Guardianship, MailState

PHONE_KW = {"inputmode": "tel", "maxlength": 30}


class ContactForm(BaseForm):
    mobile = PhoneField(
        _l("Mobiel nummer"),
        [DataRequired(_l("Vul uw mobiele nummer in. Bijvoorbeeld 06 12 34 56 78."))],
        render_kw={**PHONE_KW, "autocomplete": "tel"},
    )
    other_phone = PhoneField(_l("Ander nummer"), [Optional()], render_kw={**PHONE_KW, "autocomplete": "off"})
    work_phone = PhoneField(_l("Nummer op het werk"), [Optional()], render_kw={**PHONE_KW, "autocomplete": "work tel"})
    email = MailField(
        _l("E-mailadres"),
        [
            DataRequired(_l("Vul uw e-mailadres in. Bijvoorbeeld naam@voorbeeld.nl.")),
            Length(max=254, message=_l("Dit e-mailadres is te lang.")),
        ],
        render_kw={
            "inputmode": "email",
            "autocomplete": "email",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": 254,
        },
    )


def phone_lines(value: Any) -> list[str]:
    """A stored number as it is read."""
    return [phone(value)] if value else []


class Contact(PlainSection):
    key = "contact"
    subject = Subject.GUARDIAN
    form = ContactForm
    form_template = "records/_contact_form.html"
    note = _l("Alleen u en de school zien dit.")
    model = Guardian
    declared = (
        Item("mobile", _l("Mobiel nummer"), show=phone_lines, latin=True),
        Item("other_phone", _l("Ander nummer"), show=phone_lines, latin=True),
        Item("work_phone", _l("Nummer op het werk"), show=phone_lines, latin=True),
        Item("email", _l("E-mailadres"), risk=Risk.CARE, latin=True, confirm_address=True),
    )

    def title(self, name: str) -> str:
        return _("Zo bereiken we u")

    def fill(self, values: Values) -> dict[str, Any]:
        return {key: value if key == "email" else phone(value) for key, value in values.items()}

    def typed(self, form: Any, values: Values) -> Values:
        typed = super().typed(form, values)
        typed["email"] = typed["email"].lower() if "email" in typed else ""
        return typed

    def apply(self, subject_id: uuid.UUID, key: str, value: Any, viewer: Viewer) -> None:
        super().apply(subject_id, key, value, viewer)
        if key == "email":
            db.session.get_one(Guardian, subject_id).email_state = MailState.OK
        db.session.flush()

    def remarks(self, subject_id: uuid.UUID, key: str, value: Any, viewer: Viewer) -> list[Remark]:
        if key == "email":
            return [
                Remark("De ouder logt hiermee in, en bevestigt het nieuwe adres zelf via een e-mail.", serious=False)
            ]
        return self._used_elsewhere(subject_id, value) if value else []

    def _used_elsewhere(self, subject_id: uuid.UUID, number: str) -> list[Remark]:
        """A number that another family already has is often a slip of the finger."""
        own_pupils = sa.select(Guardianship.pupil_id).where(Guardianship.guardian_id == subject_id)
        family = sa.select(Guardianship.guardian_id).where(Guardianship.pupil_id.in_(own_pupils))
        school_id = sa.select(Guardian.school_id).where(Guardian.id == subject_id).scalar_subquery()
        columns = (Guardian.mobile, Guardian.other_phone, Guardian.work_phone)
        other = db.session.scalar(
            sa.select(Guardian)
            .where(Guardian.school_id == school_id, Guardian.id.not_in(family), sa.or_(*(c == number for c in columns)))
            .limit(1)
        )
        return [Remark("Dit nummer staat ook bij %(name)s.", {"name": other.full_name})] if other else []
