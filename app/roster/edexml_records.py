"""One EDEXML element → one record, as the element itself says it; `edexml_checks` does the rest."""

import re

from app.roster.contact_values import parse_email, parse_postcode
from app.roster.edexml_fields import SEXES, YEARS, Fields, key_of
from app.roster.errors import RosterError
from app.roster.problems import Problems
from app.roster.records import RosterGroup, RosterPupil, RosterSchool, RosterTeacher, Sex
from app.roster.values import (
    BadValue,
    clean,
    label,
    parse_school_year,
    parse_text,
    parse_xsd_date,
    passes_eleven_test,
    shown,
)
from app.roster.xml_records import Element

_BRIN = re.compile(r"([0-9]{2}[A-Z]{2})([0-9]{2})?")

ROLES = frozenset("ADJ ADM CON DIR ICT IB KLA LRK LOS LOC OWA OUD RT SMW STA TAL VAK".split())


def read_school(element: Element, problems: Problems) -> RosterSchool:
    """The school. Raises RosterError without a school year: nothing else in the file means anything without it."""
    fields = Fields(element, "school", problems)
    try:
        school_year = parse_school_year(fields.raw("schooljaar"))
    except BadValue as bad:
        raise RosterError(bad.key, bad.message, line=element.line, **bad.values) from None
    if school_year is None:
        raise RosterError("school_year.missing", "Bij de school staat geen schooljaar.", line=element.line)
    brin, branch = _brin(fields)
    return RosterSchool(
        line=element.line,
        school_year=school_year,
        reference_date=fields.read("peildatum", parse_xsd_date),
        created_on=fields.read("aanmaakdatum", lambda raw: parse_xsd_date(raw[:10] if raw else raw), needed=False),
        brin=brin,
        branch=branch,
        institution_number=fields.read("instellingsnummer", lambda raw: parse_text(raw, limit=6)),
        school_key=fields.read("schoolkey", lambda raw: parse_text(raw, limit=256)),
    )


def read_group(element: Element, problems: Problems) -> RosterGroup | None:
    """A group or composite group; one without a name is called by its key, with a warning."""
    key = key_of(element, "groep", problems)
    if key is None:
        return None
    fields = Fields(element, f"groep {label(key)}", problems)
    name = fields.read("naam", lambda raw: parse_text(raw, limit=64))
    if name is None:
        fields.warning("group.no_name", "De groep heeft geen naam; we noemen haar naar haar sleutel.", "naam")
    return RosterGroup(
        line=element.line,
        key=key,
        name=name or key[:64],
        year=_year(fields),
        composite=element.tag == "samengestelde_groep",
        description=fields.read("omschrijving", lambda raw: parse_text(raw, limit=256), needed=False),
    )


def read_pupil(element: Element, problems: Problems) -> RosterPupil | None:
    """A pupil as the record itself says it: `year` is the own jaargroep only, `left` is not decided yet."""
    key = key_of(element, "leerling", problems)
    if key is None:
        return None
    fields = Fields(element, f"leerling {label(key)}", problems)
    fields.raw("groep")
    groups = fields.references(None, "groep")
    _warn_about_bsn(fields)
    return RosterPupil(
        line=element.line,
        key=key,
        name=fields.name(),
        eck_id=_eck_id(fields),
        birth_date=fields.read("geboortedatum", parse_xsd_date),
        sex=fields.choice("geslacht", SEXES.get, what="geslacht (0, 1, 2 of 9)") or Sex.UNKNOWN,
        year=_year(fields),
        group_key=groups[0] if groups else None,
        composite_group_keys=fields.references("samengestelde_groepen", "samengestelde_groep"),
        postcode=fields.read("postcodenl", parse_postcode, needed=False),
        enrolled_on=fields.read("instroomdatum", parse_xsd_date),
        left_on=fields.read("uitstroomdatum", parse_xsd_date),
    )


def read_teacher(element: Element, problems: Problems) -> RosterTeacher | None:
    """A member of staff with all roles, the general ones first, then those within a group."""
    key = key_of(element, "leerkracht", problems)
    if key is None:
        return None
    fields = Fields(element, f"leerkracht {label(key)}", problems)
    return RosterTeacher(
        line=element.line,
        key=key,
        name=fields.name(),
        eck_id=_eck_id(fields),
        email=fields.read("emailadres", parse_email, needed=False),
        roles=_roles(fields),
        group_keys=fields.references("groepen", "groep", "samengestelde_groep"),
    )


def _brin(fields: Fields) -> tuple[str | None, str | None]:
    """BRIN and branch ("01"); dependancecode 00 means none. Some systems write them together: 12AB01."""
    raw = fields.raw("brincode")
    match = _BRIN.fullmatch(raw.upper()) if raw else None
    if raw and not match:
        fields.error(
            "brin.form", "‘%(value)s’ is geen BRIN-code. Die ziet eruit als 12AB.", "brincode", value=shown(raw)
        )
    branch = fields.read("dependancecode", lambda text: parse_text(text, limit=2)) or (match[2] if match else None)
    return (match[1] if match else None), (None if branch == "00" else branch)


def _year(fields: Fields) -> str | None:
    return fields.choice("jaargroep", lambda code: code.upper() if code.upper() in YEARS else None, what="jaargroep")


def _eck_id(fields: Fields) -> str | None:
    """An opaque string; only its length is looked at."""
    try:
        return parse_text(fields.element.attributes.get("eckid"), limit=256)
    except BadValue as bad:
        fields.error(bad.key, bad.message, "eckid", place="eckid", **bad.values)
        return None


def _roles(fields: Fields) -> tuple[str, ...]:
    around = fields.element.first("groepen")
    places = [fields.element, *(around.children if around else ())]
    found = [
        (child.tag, clean(child.text))
        for place in places
        for child in place.children
        if child.tag in ("rol", "rolomschrijving")
    ]
    for tag, role in found:
        if tag == "rol" and role and role not in ROLES:
            fields.warning("code.unknown", "<rol>: ‘%(code)s’ is geen rol uit EDEXML.", "rol", code=shown(role))
    return tuple(dict.fromkeys(role[:64] for _, role in found if role))


def _warn_about_bsn(fields: Fields) -> None:
    """The BSN is looked at here and nowhere kept; the official example itself holds one that fails the test, so it
    never rejects.
    """
    digits = fields.raw("bsn")
    if digits and not passes_eleven_test(digits):
        fields.warning(
            "bsn.test",
            "Het BSN klopt niet (elfproef). We bewaren het niet, maar kijk het na in het administratiesysteem.",
            "bsn",
        )
