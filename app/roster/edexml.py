"""EDEXML 1.03, 2.0 and 2.1 → records.

The Dutch standard for school, groups, pupils and teachers; it carries no guardians.

Source: Edustandaard, EDEXML 2.1 (2017) with its handbook, and the 1.03 and 2.0 schemas. The file is not validated
against the XSD: its list of school years ends at 2024-2025 and vendors add blocks of their own. Read and dropped at
once: the BSN (only its 11-test is looked at, which warns). Not even read: ethnicity, countries, weightings, sofinummer,
other person numbers, photo, user name, `toevoegingen`.

Errors (they block the import): no or double key, no name, a date that does not exist, a reference to a group that is
not in the file. Warnings: unknown codes for sex, year or role, a BSN that fails its test, a bad postcode or e-mail
address, a pupil that seems double.
"""

from typing import TypeVar

from app.core.errors import N_
from app.roster.edexml_checks import complete
from app.roster.edexml_records import read_group, read_pupil, read_school, read_teacher
from app.roster.errors import RosterError
from app.roster.problems import Problems
from app.roster.records import FileKind, RosterFile, RosterGroup, RosterPupil, RosterSchool, RosterTeacher
from app.roster.sniff import MAX_RECORDS, Source
from app.roster.values import clean, shown
from app.roster.xml_records import Element, Layout, Progress, read_records

UNREAD = frozenset(
    "toevoegingen etniciteit land land_vader land_moeder gewicht gewicht_nieuw sofinummer onderwijsnummer bsn_ondwnr-4 "
    "rijksregisternummer fotourl gebruikersnaam auteur commentaar vestigingen vestiging mutatiedatum "
    "start_ondw_jgr3".split()
)
VERSIONS = ("1.0", "1.01", "1.02", "1.03", "2.0", "2.1")
_SINCE_2_0 = frozenset(
    "peildatum samengestelde_groep samengestelde_groepen voornamen bsn emailadres rol rolomschrijving "
    "omschrijving".split()
)

R = TypeVar("R")


def read_edexml(source: Source, *, progress: Progress | None = None) -> RosterFile:
    """Read the whole file.

    Raises RosterError where it can't be read at all; what is wrong with single records is in `problems`.
    """
    reader = _Reader()
    for element in read_records(source, _LAYOUT, progress=progress):
        reader.take(element)
    return reader.finish(source)


class _Reader:
    """Gathers the records in whatever order the sections come; `finish` looks at them together."""

    def __init__(self) -> None:
        self.problems = Problems()
        self.school: RosterSchool | None = None
        self.groups: list[RosterGroup] = []
        self.pupils: list[RosterPupil] = []
        self.teachers: list[RosterTeacher] = []
        self._version: str | None = None
        self._oldest = "1.03"

    def take(self, element: Element) -> None:
        self._note_version(element)
        match element.tag:
            case "school":
                self._take_school(element)
            case "groep" | "samengestelde_groep":
                self._add(self.groups, read_group(element, self.problems))
            case "leerling":
                self._add(self.pupils, read_pupil(element, self.problems))
            case "leerkracht":
                self._add(self.teachers, read_teacher(element, self.problems))
            case _:
                message = N_("Het element <%(tag)s> kennen we niet; we slaan het over.")
                self.problems.warning("element.unknown", message, line=element.line, tag=shown(element.tag))

    def finish(self, source: Source) -> RosterFile:
        if self.school is None:
            raise RosterError(
                "edexml.no_school",
                "In dit bestand staat geen school. Exporteer het opnieuw uit het administratiesysteem.",
            )
        pupils, teachers = complete(self.school, self.groups, self.pupils, self.teachers, self.problems)
        return RosterFile(
            kind=FileKind.EDEXML,
            version=self._version or self._oldest,
            source_name=source.name,
            sha256=source.sha256,
            school=self.school,
            groups=tuple(self.groups),
            pupils=pupils,
            teachers=teachers,
            problems=self.problems.in_order(),
            error_count=self.problems.errors,
            warning_count=self.problems.warnings,
        )

    def _add(self, records: list[R], record: R | None) -> None:
        if record is not None:
            records.append(record)
        if len(records) > MAX_RECORDS:
            raise RosterError(
                "edexml.too_many", "In dit bestand staan meer dan %(limit)s records van één soort.", limit=MAX_RECORDS
            )

    def _take_school(self, element: Element) -> None:
        if self.school is not None:
            raise RosterError(
                "edexml.two_schools", "In dit bestand staat meer dan één school. Exporteer ze apart.", line=element.line
            )
        self.school = read_school(element, self.problems)
        version = element.first("xsdversie")
        self._version = clean(version.text) if version else None
        if self._version and self._version not in VERSIONS:
            message = N_("EDEXML-versie ‘%(version)s’ kennen we niet; we lezen het bestand als 2.1.")
            self.problems.warning("version.unknown", message, line=element.line, version=shown(self._version))
            self._version = "2.1"

    def _note_version(self, element: Element) -> None:
        """What a file without `xsdversie` must at least be."""
        if "eckid" in element.attributes:
            self._oldest = "2.1"
        elif self._oldest == "1.03" and (
            element.tag in _SINCE_2_0 or any(child.tag in _SINCE_2_0 for child in element.children)
        ):
            self._oldest = "2.0"


def _check_root(tag: str) -> None:
    if tag == "EDEX":
        return
    if tag == "dossier":
        raise RosterError(
            "xml.oso", "Dit is een OSO-dossier van één leerling. Kies het EDEXML-bestand van de hele school."
        )
    raise RosterError(
        "xml.not_edexml",
        "Dit XML-bestand is geen EDEXML: het begint met <%(tag)s> in plaats van <EDEX>.",
        tag=shown(tag),
    )


_LAYOUT = Layout(
    singles=frozenset({"school"}),
    sections=frozenset({"groepen", "leerlingen", "leerkrachten"}),
    unread=UNREAD,
    check_root=_check_root,
)
