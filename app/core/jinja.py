"""What templates may call: dates, times, phones as people here write them."""

from datetime import date, datetime, timedelta

import phonenumbers
from flask import Flask
from flask_babel import format_date
from flask_babel import gettext as _
from jinja2 import StrictUndefined

from app.core import clock


def phone(number: str | None) -> str:
    """A stored number as it is read aloud: `06 12 34 56 78`, and `+32 …` from abroad."""
    if not number:
        return ""
    try:
        parsed = phonenumbers.parse(number, "NL")
    except phonenumbers.NumberParseException:
        return number
    if parsed.country_code != 31:
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.national_significant_number(parsed)
    if national.startswith("6") and len(national) == 9:
        return f"06 {national[1:3]} {national[3:5]} {national[5:7]} {national[7:9]}"
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL).replace("-", " – ")


def day(value: date | datetime) -> str:
    """`12 maart`, with the year when it is another year."""
    value = clock.local(value).date() if isinstance(value, datetime) else value
    return format_date(value, "d MMMM" if value.year == clock.today().year else "d MMMM y")


def birthday(value: date) -> str:
    """`12 maart 2018`."""
    return format_date(value, "d MMMM y")


def time_of(value: datetime) -> str:
    """`08.14 uur`."""
    moment = clock.local(value)
    return _("%(time)s uur", time=f"{moment:%H.%M}")


def moment(value: datetime) -> str:
    """`vandaag 08.14 uur`, `gisteren 21.06 uur`, `12 maart`."""
    when = clock.local(value).date()
    if when == clock.today():
        return _("vandaag %(time)s", time=time_of(value))
    if when == clock.today() - timedelta(days=1):
        return _("gisteren %(time)s", time=time_of(value))
    return day(value)


def init_app(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(phone=phone, day=day, birthday=birthday, time_of=time_of, moment=moment)
