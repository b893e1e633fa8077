"""The header row of a guardians' list: which column holds what, under all the names that Dutch schools give it.

The template of domain.md §1.5, with aliases; numbered columns ("E-mailadres ouder/verzorger 2", "Verzorger 1
achternaam": Social Schools puts two parents on one child's row); and Zermelo's parents
(`Code;Achternaam;Email;Leerlingcodes`), where a row is a guardian. Names are compared without case, accents, spaces and
punctuation.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.core.errors import N_
from app.roster.errors import RosterError
from app.roster.problems import Problems
from app.roster.values import clean, shown

TEMPLATE = (
    "leerlingnummer;roepnaam;tussenvoegsel;achternaam;geboortedatum;groep;verzorger_volgnummer;relatie;v_voorletters;v_roepnaam;"
    "v_tussenvoegsel;v_achternaam;gezag;email;mobiel;telefoon_thuis;telefoon_werk;geheim_telefoon;straat;huisnummer;toevoeging;"
    "postcode;woonplaats;geheim_adres;noodnummer_volgorde"
)

_NAME_PARTS = {
    "initials": "voorletters initialen",
    "first_name": "roepnaam voornaam",
    "prefix": "tussenvoegsel tussenvoegsels voorvoegsel voorvoegsels",
    "surname": "achternaam naam",
}
_PUPIL = {
    "pupil_key": "leerlingnummer leerlingnr leerlingkey leerlingcode leerlingid llnr code",
    "first_name": "roepnaam voornaam leerlingroepnaam leerlingvoornaam",
    "prefix": _NAME_PARTS["prefix"],
    "surname": "achternaam leerlingachternaam",
    "birth_date": "geboortedatum gebdatum",
    "group": "groep klas klasnaam stamgroep groepsnaam",
    "year": "leerjaar jaargroep",
}
_GUARDIAN = {
    "key": "verzorgernummer verzorgerkey verzorgercode oudercode ouderid",
    "sequence": "verzorgervolgnummer volgnummer",
    "relation": "relatie relatietotkind",
    "custody": "gezag ouderlijkgezag wettigevertegenwoordiger wettelijkvertegenwoordiger",
    "email": "email emailadres mail mailadres",
    "mobile": "mobiel mobielnummer mobieletelefoon telefoonmobiel mobieltelefoon gsm",
    "phone_home": "telefoonthuis telefoon telefoonnummer thuistelefoon vastetelefoon telefoonvast telefoonprive",
    "phone_work": "telefoonwerk werktelefoon",
    "phone_secret": "geheimtelefoon geheimtelefoonnummer geheimnummer telefoongeheim",
    "street": "straat straatnaam",
    "house_number": "huisnummer huisnr",
    "addition": "toevoeging huisnummertoevoeging",
    "postcode": "postcode",
    "city": "woonplaats plaats",
    "address_secret": "geheimadres adresgeheim",
    "emergency_order": "noodnummervolgorde belvolgorde",
}
_PER_CHILD_LIST = {"pupil_keys": "leerlingcodes leerlingnummers kinderen"}

_NEVER_READ = frozenset(
    "bsn burgerservicenummer sofinummer onderwijsnummer pgn etniciteit nationaliteit geboorteland land landvader "
    "landmoeder gewicht "
    "wachtwoord password iban rekeningnummer banknummer godsdienst diagnose medicatie medicijnen beroep opleiding "
    "inkomen".split()
)
_NUMBERED = re.compile(
    r"(?:(?P<a>.+?)(?:van)?(?:ouderverzorger|ouder|verzorger)(?P<n>[1-9])|(?:ouderverzorger|ouder|verzorger)(?P<m>[1-9])(?P<b>.+))"
)
_GUARDIANS_OWN = re.compile(r"(?:ouderverzorger|ouder|verzorger|v)(?P<field>.+)")


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds.

    `whose` is "pupil" or "guardian"; `slot` numbers guardians that stand side by side, from 1; else 0.
    """

    whose: str
    field: str
    slot: int = 0


@dataclass(slots=True)
class Headers:
    """The columns of a list by their position; `names` has them as the file writes them, for messages."""

    columns: dict[int, Column] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    width: int = 0

    @property
    def slots(self) -> tuple[int, ...]:
        return tuple(sorted({column.slot for column in self.columns.values() if column.whose == "guardian"}))

    def has(self, whose: str, *fields: str) -> bool:
        return any(column.whose == whose and column.field in fields for column in self.columns.values())


def recognised(cells: Iterable[object]) -> int:
    """How many of these cells are headers that we know."""
    names = [_bare(cell) for cell in cells]
    by_guardian = _is_by_guardian(names)
    return sum(_column(name, by_guardian=by_guardian) is not None for name in names if name)


def read_headers(cells: Sequence[object], *, line: int, problems: Problems) -> Headers:
    """The columns of this header row. A column that we don't know is skipped with a warning.

    Raises RosterError where two columns say the same, or where a column that a guardians' list can't do without is
    missing.
    """
    headers = Headers()
    names = [_bare(cell) for cell in cells]
    by_guardian = _is_by_guardian(names)
    for index, name in enumerate(names):
        if not name:
            continue
        headers.width = index + 1
        headers.names[index] = shown(cells[index])
        column = _column(name, by_guardian=by_guardian)
        if column is None:
            _report_unread(name, headers.names[index], line, problems)
            continue
        _refuse_twin(headers, column, index, line)
        headers.columns[index] = column
    _drop_ownerless(headers, line, problems)
    _refuse_incomplete(headers, line)
    _miss_surnames(headers, problems, line)
    return headers


def _column(name: str, *, by_guardian: bool) -> Column | None:
    """What the column of this (bare) name holds; None for one that we don't read."""
    if name in _NEVER_READ:
        return None
    if match := _NUMBERED.fullmatch(name):
        found = _GUARDIANS.get(match["a"] or match["b"])
        return Column("guardian", found, int(match["n"] or match["m"])) if found else None
    if by_guardian:
        if name in _PUPILS_OF_GUARDIAN:
            return Column("pupil", _PUPILS_OF_GUARDIAN[name])
        return (
            Column("guardian", "key" if name == "code" else _GUARDIANS[name])
            if name == "code" or name in _GUARDIANS
            else None
        )
    if name in _PUPILS:
        return Column("pupil", _PUPILS[name])
    if name in _CONTACTS:
        return Column("guardian", _CONTACTS[name])
    match = _GUARDIANS_OWN.fullmatch(name)
    return Column("guardian", _GUARDIANS[match["field"]]) if match and match["field"] in _GUARDIANS else None


def _is_by_guardian(names: Iterable[str]) -> bool:
    return any(name in _PUPILS_OF_GUARDIAN for name in names)


def _bare(cell: object) -> str:
    text = unicodedata.normalize("NFKD", clean(str(cell)) or "").casefold() if isinstance(cell, str) else ""
    return re.sub(r"[^a-z0-9]", "", text)


def _index(*tables: dict[str, str]) -> dict[str, str]:
    return {alias: name for table in tables for name, aliases in table.items() for alias in aliases.split()}


_PUPILS = _index(_PUPIL)
_CONTACTS = _index(_GUARDIAN)
_GUARDIANS = _index(_GUARDIAN, _NAME_PARTS)
_PUPILS_OF_GUARDIAN = _index(_PER_CHILD_LIST)


def _report_unread(bare: str, name: str, line: int, problems: Problems) -> None:
    if bare in _NEVER_READ:
        problems.warning(
            "column.never_read", "De kolom ‘%(column)s’ lezen we met opzet niet.", line=line, field=name, column=name
        )
    else:
        problems.warning(
            "column.unknown",
            "De kolom ‘%(column)s’ kennen we niet; we slaan haar over.",
            line=line,
            field=name,
            column=name,
        )


def _drop_ownerless(headers: Headers, line: int, problems: Problems) -> None:
    """In a list of "ouder 1" and "ouder 2" nobody can say whose a plain "mobiel" is, so it is not read."""
    ownerless = [index for index, column in headers.columns.items() if column.whose == "guardian" and column.slot == 0]
    if len(headers.slots) == 1:
        return
    for index in ownerless:
        del headers.columns[index]
        name = headers.names[index]
        message = N_(
            "Van wie de kolom ‘%(column)s’ is, is niet duidelijk: er staan meer verzorgers op een regel. We "
            "slaan haar over."
        )
        problems.warning("column.whose", message, line=line, field=name, column=name)


def _refuse_twin(headers: Headers, column: Column, index: int, line: int) -> None:
    for other, seen in headers.columns.items():
        if seen == column:
            raise RosterError(
                "headers.twice",
                "De kolommen ‘%(one)s’ en ‘%(other)s’ betekenen hetzelfde. Haal er één weg.",
                line=line,
                one=headers.names[other],
                other=headers.names[index],
            )


def _miss_surnames(headers: Headers, problems: Problems, line: int) -> None:
    """A list of mail addresses alone is fine; one of first names looks as if a column was lost on the way."""
    if headers.has("guardian", "first_name") and not headers.has("guardian", "surname"):
        message = N_("De kolom v_achternaam ontbreekt. Wie nieuw is, komt zonder achternaam in het portaal.")
        problems.warning("headers.no_surname", message, line=line)


def _refuse_incomplete(headers: Headers, line: int) -> None:
    by_name = headers.has("pupil", "birth_date") and headers.has("pupil", "first_name", "surname")
    if not (headers.has("pupil", "pupil_key", "pupil_keys") or by_name):
        raise RosterError(
            "headers.no_pupil",
            "Geen kolom zegt om welk kind het gaat: leerlingnummer, of roepnaam, achternaam en geboortedatum.",
            line=line,
        )
    if not headers.has("guardian", "surname", "first_name", "email"):
        raise RosterError(
            "headers.no_guardian",
            "Er is geen kolom met een verzorger: v_achternaam of email. De kolommen zijn: %(template)s.",
            line=line,
            template=TEMPLATE.replace(";", ", "),
        )
