"""A file → a `RosterFile`, whichever kind it is: the one way in for the screen, the command and the job."""

from typing import BinaryIO

from app.roster.edexml import read_edexml
from app.roster.guardian_list import read_guardian_list
from app.roster.records import RosterFile
from app.roster.sniff import Form, sniff
from app.roster.xml_records import Progress


def read_roster(stream: BinaryIO, *, name: str, progress: Progress | None = None) -> RosterFile:
    """Read an EDEXML file or a guardians' list.

    Raises RosterError, in Dutch and where possible with a line, for everything else.
    """
    source = sniff(stream, name=name)
    reader = read_edexml if source.form is Form.XML else read_guardian_list
    return reader(source, progress=progress)
