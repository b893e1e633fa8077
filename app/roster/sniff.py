"""What an uploaded file is, by its content and never by its name: EDEXML, CSV or XLSX; everything else is refused in
plain words.
"""

import hashlib
import ntpath
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from app.core.errors import N_
from app.roster import encoding
from app.roster.errors import RosterError
from app.roster.values import clean

MAX_BYTES = 32 * 1024 * 1024
"""A school of 1,000 pupils makes 2 MB of EDEXML; 20,000 rows of the guardians' list make 5 MB."""

MAX_RECORDS = 50_000
"""Rows of a list, or records of one kind in EDEXML."""

_ZIP = b"PK\x03\x04"
_REFUSED = (
    (
        b"\xd0\xcf\x11\xe0",
        N_(
            "Dit is een oud Excel-bestand (.xls), of er zit een wachtwoord op. Sla het op als .xlsx, zonder wachtwoord."
        ),
    ),
    (b"%PDF", N_("Dit is een PDF. Kies het EDEXML-bestand (.xml) of de verzorgerslijst (.csv of .xlsx).")),
    (b"\x1f\x8b", N_("Dit bestand is ingepakt (.gz). Pak het eerst uit.")),
    (b"7z\xbc\xaf", N_("Dit bestand is ingepakt (.7z). Pak het eerst uit.")),
    (b"Rar!", N_("Dit bestand is ingepakt (.rar). Pak het eerst uit.")),
    (b"PK\x05\x06", N_("Dit ZIP-bestand is leeg.")),
    (b"\x89PNG", N_("Dit is een plaatje. Kies het EDEXML-bestand (.xml) of de verzorgerslijst (.csv of .xlsx).")),
    (b"\xff\xd8\xff", N_("Dit is een foto. Kies het EDEXML-bestand (.xml) of de verzorgerslijst (.csv of .xlsx).")),
)


class Form(StrEnum):
    XML = "xml"
    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that may be read further: its bytes, what they are, and where they came from.

    `encoding` is empty for a workbook.
    """

    name: str
    data: bytes
    form: Form
    encoding: str
    sha256: str


def sniff(stream: BinaryIO, *, name: str) -> Source:
    """Take the file in and say what it is. Raises RosterError for what is empty, too large or not a roster file."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _too_large(stream, len(data))
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise RosterError("file.empty", "Dit bestand is leeg.")
    form, charset = _form(data)
    return Source(_file_name(name), data, form, charset, hashlib.sha256(data).hexdigest())


def _form(data: bytes) -> tuple[Form, str]:
    for magic, message in _REFUSED:
        if data.startswith(magic):
            raise RosterError("file.kind", message)
    if data.startswith(_ZIP):
        return Form.XLSX, ""
    charset = encoding.detect(data)
    head = data[:2000].decode(charset, errors="ignore").lstrip("\ufeff \t\r\n").lower()
    if head.startswith(("<!doctype html", "<html")):
        raise RosterError(
            "file.kind", "Dit is een webpagina. Kies het EDEXML-bestand (.xml) of de verzorgerslijst (.csv of .xlsx)."
        )
    return (Form.XML if head.startswith("<") else Form.CSV), charset


def _too_large(stream: BinaryIO, seen: int) -> RosterError:
    size = max(stream.seek(0, 2), seen) if stream.seekable() else seen
    return RosterError(
        "file.too_large",
        "Dit bestand is %(size)s MB. Een bestand met leerlingen of verzorgers is hooguit %(limit)s MB: kies een ander "
        "bestand.",
        size=-(-size // 2**20),
        limit=MAX_BYTES // 2**20,
    )


def _file_name(name: str) -> str:
    """The name to show, without a path (Windows' or ours) and without anything that could forge a log line."""
    return (clean(ntpath.basename(name)) or "bestand")[:200]
