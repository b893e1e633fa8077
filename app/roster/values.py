"""Single values out of a roster file: text, names, dates, school years, numbers.

Each parser gives the clean value or raises `BadValue`.
"""

import re
import unicodedata
from datetime import date, datetime

_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
_SPACES = re.compile(r"\s+")
_XSD_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_DUTCH_DATE = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})(?:[ T]0?0:00(?::00)?)?")
_ISO_DATE = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_SCHOOL_YEAR = re.compile(r"([0-9]{4})\s*[-/]\s*([0-9]{4})")
_NINE_DIGITS = re.compile(r"(?<![0-9])[0-9]{9}(?![0-9])")
_DIGIT = re.compile(r"[0-9]")

# UTF-8 that once was read as Windows-1252 and saved again: "RenÃ©", "Ã‡elik"; and the sign for "could not be read".
_MOJIBAKE = re.compile("[ÃÄÅ][\u00a0-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|\ufffd")

SHOWN = 40
"""How many characters of a wrong value are quoted in a message."""


class BadValue(ValueError):
    """A value that can't be read. `key` and `message` as in `Problem`; `values` fill the message."""

    def __init__(self, key: str, message: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.message = message
        self.values = values


def clean(raw: str | None) -> str | None:
    """Text without padding, double spaces, line breaks and invisible characters, in Unicode's composed form; None when
    nothing is left.

    Composed form because a list from a Mac writes "é" as two characters: the same name would count as changed.
    """
    if raw is None:
        return None
    text = _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", raw))).strip()
    return text or None


def clean_key(raw: str | None) -> str | None:
    """A key; spaces around it mean nothing (handbook 2.1), those within it do."""
    return clean(raw)


def shown(value: object) -> str:
    """A value as a message may quote it: short, on one line, and never nine digits in a row (it could be a BSN)."""
    text = _NINE_DIGITS.sub("•" * 9, clean(str(value)) or "")
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def label(key: str) -> str:
    """A key as a message names its owner by: whole, unless it is absurdly long."""
    return key if len(key) <= SHOWN else key[: SHOWN - 1] + "…"


def parse_text(raw: str | None, *, limit: int) -> str | None:
    """Clean text of at most `limit` characters.

    Raises BadValue when longer: cutting a name would store something wrong.
    """
    text = clean(raw)
    if text and len(text) > limit:
        raise BadValue(
            "value.too_long", "‘%(value)s’ is te lang: hier passen %(limit)s tekens.", value=shown(text), limit=limit
        )
    if text and text.startswith("="):
        raise BadValue("value.formula", "Hier staat een formule in plaats van een waarde.")
    if text and _MOJIBAKE.search(text):
        raise BadValue(
            "value.garbled",
            "‘%(value)s’ heeft kapotte letters. Exporteer het bestand opnieuw, als UTF-8.",
            value=shown(text),
        )
    return text


def parse_name(raw: str | None, *, limit: int) -> str | None:
    """A part of a name.

    Raises BadValue for what is plainly another column's value, or a formula: then the columns are swapped.
    """
    text = parse_text(raw, limit=limit)
    if text is None:
        return None
    if has_bsn(text):
        raise BadValue(
            "name.bsn", "Hier staat een getal dat een BSN kan zijn, in plaats van een naam. Haal dat uit het bestand."
        )
    if "@" in text or _looks_like_date(text) or text.isdigit():
        raise BadValue("name.not_a_name", "‘%(value)s’ is geen naam. Staan de kolommen goed?", value=shown(text))
    return text


def parse_initials(raw: str | None, *, limit: int = 10) -> str | None:
    """Initials without dots and spaces ("J.P." → "JP"), as EDEXML's voorletters-1 has them."""
    text = parse_name(raw, limit=limit * 3)
    bare = (text or "").replace(".", "").replace(" ", "")
    return parse_text(bare, limit=limit)


def parse_xsd_date(raw: str | None) -> date | None:
    """A date as XML writes it, 2016-02-29; a time zone behind it is allowed by xs:date and ignored."""
    text = clean(raw)
    if text is None:
        return None
    if not (match := _XSD_DATE.fullmatch(text)):
        raise BadValue("date.form", "‘%(value)s’ is geen datum. Schrijf hem als jjjj-mm-dd.", value=shown(text))
    return _existing(text, *map(int, match.groups()))


def parse_date(raw: object) -> date | None:
    """A date in a list: 03-02-2016, 3/2/2016, 2016-02-03, or a sheet's own date cell.

    Two-digit years are refused: 16 may be 1916.
    """
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = clean(None if raw is None else str(raw))
    if text is None:
        return None
    if match := _DUTCH_DATE.fullmatch(text):
        day, month, year = map(int, match.groups())
        return _existing(text, year, month, day)
    if match := _ISO_DATE.fullmatch(text):
        return _existing(text, *map(int, match.groups()))
    raise BadValue("date.form", "‘%(value)s’ is geen datum. Schrijf hem als dd-mm-jjjj.", value=shown(text))


def parse_school_year(raw: str | None) -> str | None:
    """A school year "2026-2027".

    By pattern, because EDEXML 2.1's own list stops at 2024-2025; ParnasSys also writes "2026 / 2027".
    """
    text = clean(raw)
    if text is None:
        return None
    match = _SCHOOL_YEAR.fullmatch(text)
    if not match or int(match[2]) != int(match[1]) + 1 or not 1990 < int(match[1]) < 2100:
        raise BadValue(
            "school_year.form", "‘%(value)s’ is geen schooljaar. Schrijf het als 2026-2027.", value=shown(text)
        )
    return f"{match[1]}-{match[2]}"


def parse_whole_number(raw: str | None, *, lowest: int, highest: int) -> int | None:
    """A whole number within bounds; "3.0" from a sheet counts as 3."""
    text = clean(raw)
    if text is None:
        return None
    digits = text.removesuffix(".0")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9 and lowest <= int(digits) <= highest):
        raise BadValue(
            "number.form",
            "‘%(value)s’ is geen getal van %(lowest)s tot %(highest)s.",
            value=shown(text),
            lowest=lowest,
            highest=highest,
        )
    return int(digits)


def passes_eleven_test(digits: str) -> bool:
    """The BSN's 11-test: 9a+8b+…+2h−i is a multiple of 11.

    The standard's own example (133456785) fails it, so it can only warn.
    """
    if not (len(digits) == 9 and digits.isascii() and digits.isdigit()) or digits == "0" * 9:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 == 0


def has_bsn(text: str) -> bool:
    """Whether nine digits stand in this text, loose or as one word, that could be a BSN."""
    return any(passes_eleven_test(found) for found in _NINE_DIGITS.findall(text))


def _looks_like_date(text: str) -> bool:
    return bool(_DIGIT.match(text) and (_DUTCH_DATE.fullmatch(text) or _ISO_DATE.fullmatch(text)))


def _existing(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue("date.unknown", "De datum ‘%(value)s’ bestaat niet.", value=shown(text)) from None
