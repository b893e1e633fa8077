"""Roster files for tests, written here in the shapes of the standards; nobody in them exists."""

import io
import zipfile
from xml.sax.saxutils import escape

import xlsxwriter

from app.roster.headers import TEMPLATE
from app.roster.reading import read_roster

COLUMNS = TEMPLATE.split(";")

SCHOOL = """<school><schooljaar>2026-2027</schooljaar><peildatum>2026-10-01</peildatum><brincode>99AB</brincode>
<dependancecode>00</dependancecode><xsdversie>2.1</xsdversie></school>"""
GROUPS = """<groepen>
<groep key="g5"><naam>5A</naam><jaargroep>5</jaargroep></groep>
<groep key="g34"><naam>3/4</naam><jaargroep>C</jaargroep></groep>
<samengestelde_groep key="plus"><naam>Plusklas</naam></samengestelde_groep>
</groepen>"""
NOOR = """<leerling key="00123"><achternaam>Vries</achternaam><voorvoegsel>de</voorvoegsel><roepnaam>Noor</roepnaam>
<geboortedatum>2016-02-03</geboortedatum><geslacht>2</geslacht><groep key="g5"/></leerling>"""


def edexml(
    *pupils: str, school: str = SCHOOL, groups: str = GROUPS, teachers: str = "", head: str | None = None
) -> bytes:
    """An EDEXML file; without pupils, with Noor alone."""
    head = head if head is not None else '<?xml version="1.0" encoding="UTF-8"?>\n'
    body = "\n".join(pupils or (NOOR,))
    people = f"<leerlingen>\n{body}\n</leerlingen>\n<leerkrachten>{teachers}</leerkrachten>"
    return f"{head}<EDEX>\n{school}\n{groups}\n{people}\n</EDEX>\n".encode()


def pupil(key: str = "1", *, extra: str = "", **fields: str) -> str:
    """One `<leerling>` with these fields (in this order) and a name."""
    fields = {"achternaam": "Bos", "roepnaam": "Tygo"} | fields
    inner = "".join(f"<{tag}>{escape(value)}</{tag}>" for tag, value in fields.items())
    return f'<leerling key="{escape(key)}">{inner}{extra}</leerling>'


def row(**cells: object) -> list[object]:
    """One row of the template: Lotte as the mother of Noor, with these cells changed ("" empties one)."""
    values: dict[str, object] = {
        "leerlingnummer": "00123",
        "roepnaam": "Noor",
        "tussenvoegsel": "de",
        "achternaam": "Vries",
        "geboortedatum": "03-02-2016",
        "groep": "5A",
        "verzorger_volgnummer": "1",
        "relatie": "moeder",
        "v_voorletters": "L.",
        "v_roepnaam": "Lotte",
        "v_tussenvoegsel": "de",
        "v_achternaam": "Vries",
        "gezag": "ja",
        "email": "lotte@example.nl",
        "mobiel": "06 48 21 77 03",
    } | cells
    return [values.get(column, "") for column in COLUMNS]


def csv_list(
    *rows: list[object], header: list[str] | None = None, delimiter: str = ";", encoding: str = "utf-8"
) -> bytes:
    """A list as CSV. Without quotes: no cell here holds the separator."""
    lines = [header or COLUMNS, *(rows or (row(),))]
    return "".join(delimiter.join(str(cell) for cell in line) + "\r\n" for line in lines).encode(encoding)


def xlsx(*rows: list[object], header: list[str] | None = None, before=None) -> bytes:
    """A list as a workbook; `before(workbook)` may add sheets or settings first."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"default_date_format": "dd-mm-yyyy"})
    if before:
        before(book)
    sheet = book.add_worksheet("Verzorgers")
    for number, cells in enumerate([header or COLUMNS, *(rows or (row(),))]):
        for column, cell in enumerate(cells):
            if cell != "":
                sheet.write(number, column, cell)
    book.close()
    return stream.getvalue()


def repacked(workbook: bytes, change) -> bytes:
    """The workbook with each part's text put through `change(name, text)`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name).decode()))
    return stream.getvalue()


def read(data: bytes, name: str = "bestand"):
    return read_roster(io.BytesIO(data), name=name)


def keys(roster) -> list[str]:
    """The keys of its problems, in order."""
    return [problem.key for problem in roster.problems]
