"""An XLSX workbook → rows of cells.

The archive is weighed before anything unpacks it; the reading itself is `sheet_process`'s.
"""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

from app.roster import sheet_process
from app.roster.errors import RosterError
from app.roster.sniff import MAX_RECORDS, Source
from app.roster.tables import MAX_COLUMNS, Row

MAX_ENTRIES = 500
MAX_UNPACKED = 64 * 1024 * 1024
"""20,000 rows of the template unpack to 25 MB."""
MAX_RATIO = 200
"""Unpacked against packed, for parts above a megabyte: a sheet that repeats itself reaches 60, a bomb 1,000."""

_SEEN = 1024 * 1024


def read_workbook(source: Source) -> Iterator[Row]:
    """Yield the rows of the visible sheets, in order.

    Raises RosterError for what is no workbook, locked, damaged or a bomb.
    """
    weigh(source.data)
    command = [sys.executable, "-I", str(Path(sheet_process.__file__)), str(MAX_RECORDS + 20), str(MAX_COLUMNS)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, encoding="ascii"
    ) as process:
        try:
            _hand_over(process, source.data)
            yield from _rows(process)
        finally:
            process.kill()
    if process.returncode != 0:
        raise _damaged()


def weigh(data: bytes) -> None:
    """Unpack every part once, keeping nothing, to see its true size.

    Raises RosterError for what is too large or no workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            _check_kind(names)
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise _bomb()
            for entry in entries:
                _weigh_entry(archive, entry)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise _damaged() from None


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "content.xml" in names:
        raise RosterError("file.kind", "Dit is een LibreOffice-bestand (.ods). Sla het op als .xlsx of .csv.")
    if "word/document.xml" in names:
        raise RosterError("file.kind", "Dit is een Word-bestand. Kies de verzorgerslijst als .xlsx of .csv.")
    if "xl/workbook.bin" in names:
        raise RosterError("file.kind", "Dit is een binair Excel-bestand (.xlsb). Sla het op als .xlsx.")
    raise RosterError("file.kind", "Dit is een ZIP-bestand. Pak het eerst uit en kies het bestand dat erin zit.")


def _weigh_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """The size in the directory may be a lie; zipfile stops there, its checksum fails, and that counts as damaged."""
    if entry.file_size > 2**20 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise _bomb()
    with archive.open(entry) as part:
        while part.read(_SEEN):
            pass


def _hand_over(process: subprocess.Popen[str], data: bytes) -> None:
    pipe = cast(io.TextIOWrapper, process.stdin)
    try:
        pipe.buffer.write(data)
        pipe.close()
    except BrokenPipeError:
        raise _damaged() from None


def _rows(process: subprocess.Popen[str]) -> Iterator[Row]:
    sheet = ""
    for line in cast(io.TextIOWrapper, process.stdout):
        if not line.endswith("\n"):
            raise _damaged()  # the process ended in the middle of a row
        found = json.loads(line)
        if isinstance(found, dict):
            sheet = found["sheet"]
        else:
            yield Row(line=found[0], cells=[_cell(cell) for cell in found[1]], sheet=sheet)
    process.wait()


def _cell(cell: Any) -> Any:
    return date.fromisoformat(cell["date"]) if isinstance(cell, dict) else cell


def _bomb() -> RosterError:
    return RosterError(
        "xlsx.bomb", "Dit Excel-bestand is uitgepakt veel te groot. Kopieer de lijst naar een nieuw, leeg bestand."
    )


def _damaged() -> RosterError:
    return RosterError(
        "xlsx.damaged",
        "Dit Excel-bestand kunnen we niet lezen: het is beschadigd of te groot. Open het in Excel, en sla het opnieuw "
        "op als .xlsx.",
    )
