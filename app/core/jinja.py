"""What templates may call: dates, times, phones as people here write them; icons, and values of several lines."""

from collections.abc import Callable, Iterable, MutableMapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import phonenumbers
from babel import Locale, dates
from flask import Flask
from flask.templating import Environment
from flask_babel import get_locale
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from app.core import clock
from app.core.languages import gettext as _

BREAK, AT = Markup("<br>"), Markup("@<wbr>")


class Templates(Environment):
    """Jinja as we use it: no template is given globals of its own, so all of them share one flat dictionary.

    Jinja would chain an empty one before it for each template, and walk the chain at every `import` of every include.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


@lru_cache(maxsize=4096)
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


@lru_cache(maxsize=4096)
def _written(value: date, pattern: str, locale: Locale | None) -> str:
    """A date in words: the same for everybody, and slow to make."""
    return dates.format_date(value, pattern, locale=locale or "nl")


def day(value: date | datetime) -> str:
    """`12 maart`, with the year when it is another year."""
    value = clock.local(value).date() if isinstance(value, datetime) else value
    pattern = "d MMMM" if value.year == clock.today().year else "d MMMM y"
    return _written(value, pattern, get_locale())


def birthday(value: date) -> str:
    """`12 maart 2018`."""
    return _written(value, "d MMMM y", get_locale())


def hour(value: datetime) -> str:
    """`08.14`; in English `08:14`."""
    moment = clock.local(value)
    return _("%(hour)s.%(minute)s", hour=f"{moment:%H}", minute=f"{moment:%M}")


def time_of(value: datetime) -> str:
    """`08.14 uur`."""
    return _("%(time)s uur", time=hour(value))


def moment(value: datetime) -> str:
    """`vandaag 08.14 uur`, `gisteren 21.06 uur`, `12 maart`."""
    when = clock.local(value).date()
    if when == clock.today():
        return _("vandaag %(time)s", time=time_of(value))
    if when == clock.today() - timedelta(days=1):
        return _("gisteren %(time)s", time=time_of(value))
    return day(value)


def lines(value: object) -> Markup:
    """A text, or a list of lines, one under the other; a mail address may break after its @."""
    several = value if isinstance(value, list | tuple) else (value,)
    texts = [escape(line) for line in several]
    return BREAK.join([text.replace("@", AT) if "@" in text else text for text in texts])


def _sprites(environment: Environment) -> Callable[[Iterable[str], Iterable[str]], Markup]:
    """`drawings(names, faces)`: the sprite of a page. Pages with the same icons have the same one, put together once."""

    def drawing(name: str) -> str:
        return environment.get_template(f"components/icons/{name}.svg").render()

    @lru_cache(maxsize=256)
    def together(names: tuple[str, ...], faces: tuple[str, ...]) -> Markup:
        symbols = [f'<symbol id="i-{name}" viewBox="0 0 256 256">{drawing(name)}</symbol>\n' for name in names]
        symbols += [
            f'<symbol id="i-pencil" viewBox="0 0 48 48">{drawing("pencil")}</symbol>\n',
            f'<symbol id="i-kite" viewBox="0 0 26 26">{drawing("kite")}</symbol>\n',
            *(drawing(f"faces/{face}") for face in (("base", *faces) if faces else ())),
        ]
        return Markup("".join(symbols))  # noqa: S704 - our own files

    def drawings(names: Iterable[str], faces: Iterable[str]) -> Markup:
        return together(tuple(dict.fromkeys(names)), tuple(dict.fromkeys(faces)))

    return drawings


def init_app(app: Flask) -> None:
    app.jinja_environment = Templates  # type: ignore[assignment]
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(phone=phone, day=day, birthday=birthday, time_of=time_of, moment=moment, lines=lines)
    app.jinja_env.globals["drawings"] = _sprites(app.jinja_env)
