"""Ways to reach a person as a list writes them: phone numbers, e-mail addresses, postcodes, house numbers.

Clean value or `BadValue`.
"""

import re
from functools import lru_cache

from app.roster.values import BadValue, clean, shown

_LIST_QUOTE = re.compile("^['’‘`](?=[+0-9(])")
_BRACKETED_ZERO = re.compile(r"^((?:\+|00)[0-9]{1,3})[ ]*\(0\)")
_POSTCODE = re.compile(r"[1-9][0-9]{3}(?!SA|SD|SS)[A-Z]{2}")
_HOUSE_NUMBER = re.compile(r"([1-9][0-9]{0,4})[ ]*[-/]?[ ]*(.{0,20})")
_STREET_WITH_NUMBER = re.compile(r"(.*[^0-9 ].*?)[ ,]+([1-9][0-9]{0,4}(?:[ ]*[-/]?[ ]*[A-Za-z0-9]{1,4})?)")

PHONE_REGION = "NL"
MAX_EMAIL = 254


def parse_phone(raw: str | None) -> str | None:
    """A phone number as E.164, "+31648217703".

    Without a country it is Dutch, also where a sheet lost the leading zero (648217703).
    """
    text = clean(raw)
    return _phone(_LIST_QUOTE.sub("", text)) if text else None


@lru_cache(maxsize=4096)
def _phone(text: str) -> str:
    import phonenumbers

    number = _BRACKETED_ZERO.sub(r"\1", text.removesuffix(".0"))
    try:
        parsed = phonenumbers.parse(number, PHONE_REGION)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or parsed.extension or not phonenumbers.is_valid_number(parsed):
        raise BadValue("phone.form", "‘%(value)s’ is geen telefoonnummer. We nemen het niet over.", value=shown(text))
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def parse_email(raw: str | None) -> str | None:
    """An e-mail address with its domain in lower case; the part before @ stays as written.

    Whether the domain exists is not asked.
    """
    text = clean(raw)
    return _email(text.removeprefix("mailto:").strip("<>;, ")) if text else None


@lru_cache(maxsize=4096)
def _email(text: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        raise BadValue(
            "email.form", "‘%(value)s’ is geen e-mailadres. We nemen het niet over.", value=shown(text)
        ) from None


def parse_postcode(raw: str | None) -> str | None:
    """A Dutch postcode as "1234 AB"; SA, SD and SS are not given out."""
    text = clean(raw)
    if text is None:
        return None
    bare = re.sub("[ .]", "", text).upper()
    if not _POSTCODE.fullmatch(bare):
        raise BadValue(
            "postcode.form", "‘%(value)s’ is geen Nederlandse postcode. We nemen hem niet over.", value=shown(text)
        )
    return f"{bare[:4]} {bare[4:]}"


def parse_house_number(raw: str | None) -> tuple[int | None, str | None]:
    """A house number and its addition: "7 b" → (7, "b"), "12-2" → (12, "2")."""
    text = clean(raw)
    if text is None:
        return None, None
    match = _HOUSE_NUMBER.fullmatch(text.removesuffix(".0"))
    if not match:
        raise BadValue(
            "house_number.form", "‘%(value)s’ is geen huisnummer. We nemen het niet over.", value=shown(text)
        )
    return int(match[1]), match[2].strip() or None


def split_street(street: str, number: int | None) -> tuple[str, str | None]:
    """The street without its number ("Kerkstraat 7b" → "Kerkstraat", "7b"); a number that is not the given one stays
    (Plein 1944).
    """
    match = _STREET_WITH_NUMBER.fullmatch(street)
    if not match:
        return street, None
    found, _ = parse_house_number(match[2])
    if number is None or number == found:
        return match[1].rstrip(" ,"), match[2]
    return street, None
