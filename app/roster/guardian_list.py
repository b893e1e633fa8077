"""The guardians' list, CSV or XLSX → guardians with their children.

No standard: the template of domain.md §1.5 and what schools make of it.

**Errors** (the import is blocked) are what would link or show the wrong thing: a row that does not say which child, one
number for two children, a birth date that can't be read, gezag or a secret flag that is neither ja nor nee, a name that
is another column's value, a row wider than its header, one guardian twice with different gezag, a column in which
nothing can be read.
**Warnings** (that one value is left out): a phone number, e-mail address, postcode or house number that is wrong, an
unknown relation, a double row, an address or phone that differs between two rows of one person, an e-mail address that
two people share, an unread column.
"""

from collections.abc import Iterator
from itertools import takewhile

from app.core.errors import N_
from app.roster.errors import RosterError
from app.roster.guardian_merge import People
from app.roster.headers import TEMPLATE, Headers, read_headers, recognised
from app.roster.list_rows import RowReader
from app.roster.problems import Problems
from app.roster.records import FileKind, PupilReference, RosterFile
from app.roster.sniff import MAX_RECORDS, Form, Source
from app.roster.tables import Row, ends_midway, read_csv
from app.roster.values import label, passes_eleven_test
from app.roster.workbook import read_workbook
from app.roster.xml_records import Progress

HEADER_WITHIN = 10
"""A title or an explanation may stand above the header, within this many rows."""
BSNS_FROM = 5
_TELL_EVERY = 500


def read_guardian_list(source: Source, *, progress: Progress | None = None) -> RosterFile:
    """Read the whole list.

    Raises RosterError where it can't be read at all; what is wrong with single rows is in `problems`.
    """
    rows = read_workbook(source) if source.form is Form.XLSX else read_csv(source, recognised=recognised)
    problems = Problems()
    people = People(problems)
    headers, body = _find_header(rows, problems)
    reader = RowReader(headers, problems)
    pupils = _Pupils(problems)
    last: Row | None = None
    total = source.data.count(b"\n") or 1
    for count, row in enumerate(body, start=1):
        if count > MAX_RECORDS:
            raise RosterError("list.too_long", "Deze lijst heeft meer dan %(limit)s regels.", limit=MAX_RECORDS)
        for guardian in reader.read(row):
            pupils.check(guardian.children[0].pupil, guardian.line)
            people.add(guardian)
        last = row
        if progress is not None and count % _TELL_EVERY == 0:
            progress(count, max(total, count))
    if last is None:
        raise RosterError("list.header_only", "Onder de kopregel staan geen gegevens.")
    _refuse_cut_off(source, last, headers)
    reader.whole_file()
    pupils.whole_file()
    return _file(source, people, problems)


class _Pupils:
    """Remembers how each pupil number is called: one number under two names is a mix-up that would link a parent to
    another's child.
    """

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._seen: dict[str, tuple[PupilReference, int]] = {}

    def check(self, pupil: PupilReference, line: int) -> None:
        """Report a number that stood elsewhere with another first name or birth date."""
        if not pupil.key:
            return
        earlier, other = self._seen.setdefault(pupil.key, (pupil, line))
        if _differ(earlier.first_name, pupil.first_name) or (
            earlier.birth_date and pupil.birth_date and earlier.birth_date != pupil.birth_date
        ):
            self._problems.error(
                "pupil.contradiction",
                "Onder dit leerlingnummer staat op regel %(other)s een ander kind (naam of geboortedatum).",
                line=line,
                subject=f"leerling {label(pupil.key)}",
                other=other,
            )

    def whole_file(self) -> None:
        """Report numbers that are all BSNs: one in eleven passes the test by chance, not five in a row."""
        if len(self._seen) >= BSNS_FROM and all(passes_eleven_test(key) for key in self._seen):
            message = N_(
                "De leerlingnummers lijken BSN's. Gebruik het nummer uit het administratiesysteem, en haal de "
                "BSN's uit het bestand."
            )
            self._problems.error("pupil.bsn_as_key", message, line=None)


def _find_header(rows: Iterator[Row], problems: Problems) -> tuple[Headers, Iterator[Row]]:
    """The first sheet with a header that we know, and the rows under it."""
    sheet, count = "", 0
    for row in rows:
        sheet, count = row.sheet, (count + 1 if row.sheet == sheet else 1)
        if count <= HEADER_WITHIN and recognised(row.cells) >= 2:
            headers = read_headers(row.cells, line=row.line, problems=problems)
            return headers, _same_sheet(rows, sheet)
    raise RosterError(
        "headers.none",
        "We vinden geen kopregel die we kennen. Gebruik deze kolommen: %(template)s.",
        template=TEMPLATE.replace(";", ", "),
    )


def _same_sheet(rows: Iterator[Row], sheet: str) -> Iterator[Row]:
    return takewhile(lambda row: row.sheet == sheet, rows)


def _refuse_cut_off(source: Source, last: Row, headers: Headers) -> None:
    """A last row that is too short and does not end: the file was cut off, and half a row would be stored."""
    if source.form is Form.CSV and len(last.cells) < headers.width and ends_midway(source):
        raise RosterError(
            "csv.cut_off",
            "Het bestand houdt hier plotseling op. Het is niet helemaal opgeslagen: exporteer het opnieuw.",
            line=last.line,
        )


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other) and str(one).casefold() != str(other).casefold()


def _file(source: Source, people: People, problems: Problems) -> RosterFile:
    guardians = people.finish()
    return RosterFile(
        kind=FileKind.GUARDIANS,
        version=source.form.value,
        source_name=source.name,
        sha256=source.sha256,
        guardians=guardians,
        problems=problems.in_order(),
        error_count=problems.errors,
        warning_count=problems.warnings,
    )
