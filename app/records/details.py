"""Section "details": who the child is. Names and birth data come from the municipality's register, so they are asked about."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.changes.models import Subject
from app.changes.plain import PlainSection
from app.changes.registry import Item, Policy, Risk, Values, Viewer
from app.core.forms import BaseForm
from app.core.jinja import birthday
from app.core.languages import gettext as _
from app.core.languages import lazy_gettext as _l
from app.school.models import Pupil


class DetailsForm(BaseForm):
    first_name = StringField(
        _l("Roepnaam"),
        [DataRequired(_l("Vul de roepnaam in.")), Length(max=64, message=_l("Gebruik hoogstens 64 tekens."))],
        render_kw={"autocomplete": "off", "maxlength": 64},
    )


def _date(value: Any) -> list[str]:
    return [birthday(date.fromisoformat(value))] if value else []


class Details(PlainSection):
    key = "details"
    subject = Subject.PUPIL
    form = DetailsForm
    model = Pupil
    declared = (
        Item("first_name", _l("Roepnaam"), risk=Risk.CARE),
        Item("surname", _l("Achternaam"), policy=Policy.ASK),
        Item("official_first_names", _l("Officiële voornamen"), policy=Policy.ASK),
        Item("official_surname", _l("Officiële achternaam"), policy=Policy.ASK),
        Item("birth_date", _l("Geboortedatum"), policy=Policy.ASK, show=_date),
        Item("birth_place", _l("Geboorteplaats"), policy=Policy.ASK),
        Item("birth_country", _l("Geboorteland"), policy=Policy.ASK),
        Item("nationality", _l("Nationaliteit"), policy=Policy.ASK),
        Item("enrolled_on", _l("Op school sinds"), policy=Policy.READ, show=_date),
    )

    def title(self, name: str) -> str:
        return _("Over %(name)s", name=name)

    def items(self, values: Values) -> list[Item]:
        """Without the lines that the school has nothing for and the parent can't fill."""
        return [item for item in self.declared if item.policy is Policy.CHANGE or values.get(item.key)]

    @cached_property
    def columns(self) -> tuple[Any, ...]:
        return (*super().columns, Pupil.prefix, Pupil.official_prefix)

    def of_row(self, row: Sequence[Any], viewer: Viewer) -> Values:
        values = super().of_row(row, viewer)
        *_own, prefix, official_prefix = row
        names = {
            "surname": _with_prefix(prefix, values["surname"]),
            "official_surname": _with_prefix(official_prefix, values["official_surname"]),
        }
        return {**values, **names}


def _with_prefix(prefix: str, surname: str) -> str:
    return f"{prefix} {surname}".strip() if surname else ""
