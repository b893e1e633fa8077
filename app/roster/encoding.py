"""In which character set a text file is written: UTF-8 or UTF-16 by proof, what XML declares, Windows-1252 as the
fallback.

Windows-1252 is what Excel on a Dutch Windows still writes for "CSV (gescheiden door lijstscheidingsteken)". A file that
is mostly UTF-8 with a broken spot is refused, not read as Windows-1252: that would turn every René into RenÃ©.
"""

import re

from app.roster.errors import RosterError

_DECLARED = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_WELL_FORMED = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_SINGLE_BYTE = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-15": "iso-8859-15",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}


def detect(data: bytes) -> str:
    """The Python name of the encoding in which `data` can be decoded without a loss.

    Raises RosterError where there is none.
    """
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise _unknown("UTF-32")
    if data.startswith(_UTF16_BOMS):
        return _checked(data, "utf-16")
    if (control := _CONTROL.search(data)) is not None:
        raise RosterError(
            "file.binary",
            "Dit is geen tekstbestand. Kies een EDEXML-bestand (.xml) of een verzorgerslijst (.csv of .xlsx).",
            line=_line(data, control.start()),
        )
    declared = _declared(data)
    if _is_utf8(data):
        return "utf-8-sig"
    return _checked(data, _fallback(data, declared))


def _declared(data: bytes) -> str | None:
    match = _DECLARED.match(data[:400])
    name = match[1].decode("ascii").lower() if match else None
    if name not in (None, "utf-8", "utf8", *_SINGLE_BYTE):
        raise _unknown(name or "")
    return name


def _fallback(data: bytes, declared: str | None) -> str:
    """The single-byte set for data that are not UTF-8; refuses a damaged UTF-8 file.

    What XML itself declares goes first.
    """
    if declared in _SINGLE_BYTE:
        return _SINGLE_BYTE[declared]
    if data.startswith(b"\xef\xbb\xbf") or _mostly_utf8(data):
        raise RosterError(
            "file.encoding.broken",
            "Hier staat een teken dat niet klopt. Het bestand is half opgeslagen, of er zijn twee tekensets door "
            "elkaar gebruikt. "
            "Exporteer het opnieuw.",
            line=_first_broken_line(data),
        )
    return "cp1252"


def _mostly_utf8(data: bytes) -> bool:
    high = len(_HIGH_BYTE.findall(data))
    in_sequences = sum(len(found) for found in _WELL_FORMED.findall(data))
    return in_sequences * 2 >= high


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _checked(data: bytes, encoding: str) -> str:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RosterError(
            "file.encoding.broken",
            "Hier staat een teken dat niet klopt. Sla het bestand op als UTF-8 en probeer het opnieuw.",
            line=_line(data, error.start),
        ) from None
    return encoding


def _first_broken_line(data: bytes) -> int:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _line(data, error.start)
    return 1


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _unknown(name: str) -> RosterError:
    return RosterError(
        "file.encoding.unknown",
        "Dit bestand is opgeslagen in de tekenset %(name)s. Sla het op als UTF-8.",
        name=name.upper(),
    )
