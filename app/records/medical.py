"""Section "medical". Doctor and dentist may be changed; allergies and medication are told to the school (M8), because
the school then has to change something in its own house."""

import uuid
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.changes.plain import PlainSection
from app.changes.registry import Item, Policy, Risk, Values, Viewer
from app.core.db import db
from app.core.forms import BaseForm, PhoneField
from app.core.jinja import phone
from app.core.languages import gettext as _
from app.core.languages import lazy_gettext as _l
from app.records.contact import PHONE_KW, phone_lines
from app.records.models import MedicalRecord
from app.school.models import Custody, Pupil

TOO_LONG = _l("Dit is te lang.")
NAME_KW = {"autocomplete": "off", "maxlength": 80}


class MedicalForm(BaseForm):
    doctor_name = StringField(_l("Huisarts"), [Length(max=80, message=TOO_LONG)], render_kw=NAME_KW)
    doctor_phone = PhoneField(_l("Telefoon huisarts"), [Optional()], render_kw={**PHONE_KW, "autocomplete": "off"})
    dentist_name = StringField(_l("Tandarts"), [Length(max=80, message=TOO_LONG)], render_kw=NAME_KW)
    dentist_phone = PhoneField(_l("Telefoon tandarts"), [Optional()], render_kw={**PHONE_KW, "autocomplete": "off"})
    insurer = StringField(_l("Zorgverzekeraar"), [Length(max=80, message=TOO_LONG)], render_kw=NAME_KW)
    diet = TextAreaField(
        _l("Dieet of eetregels"),
        [Length(max=300, message=TOO_LONG)],
        render_kw={"autocomplete": "off", "rows": 3, "maxlength": 300},
    )


class Medical(PlainSection):
    key = "medical"
    module = "medical"
    form = MedicalForm
    model = MedicalRecord
    declared = (
        Item("doctor_name", _l("Huisarts")),
        Item("doctor_phone", _l("Telefoon huisarts"), show=phone_lines, latin=True),
        Item("dentist_name", _l("Tandarts")),
        Item("dentist_phone", _l("Telefoon tandarts"), show=phone_lines, latin=True),
        Item("insurer", _l("Zorgverzekeraar")),
        Item("diet", _l("Dieet of eetregels"), risk=Risk.CARE),
        Item("allergies", _l("Allergieën"), policy=Policy.ASK, risk=Risk.CARE),
        Item("medication", _l("Medicijnen"), policy=Policy.ASK, risk=Risk.CARE),
    )

    def title(self, name: str) -> str:
        return _("Medische gegevens van %(name)s", name=name)

    def admits(self, viewer: Viewer) -> bool:
        """Health data are for those with full custody, and for the school (AVG art. 9)."""
        return viewer.custody is Custody.FULL

    def fill(self, values: Values) -> dict[str, Any]:
        return {key: phone(value) if key.endswith("_phone") else value for key, value in values.items()}

    def apply(self, subject_id: uuid.UUID, key: str, value: Any, viewer: Viewer) -> None:
        if self.row(subject_id) is None:
            pupil = db.session.get_one(Pupil, subject_id)
            db.session.add(MedicalRecord(pupil_id=subject_id, school_id=pupil.school_id))
            db.session.flush()
        super().apply(subject_id, key, value, viewer)
        db.session.flush()
