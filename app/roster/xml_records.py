"""A large XML file, one record at a time, with its line numbers; nothing in it may reach outside or grow when it is
read.

The parser is defusedxml's SAX driver rather than its `iterparse`, because only SAX tells the line on which an element
starts. No DTD, no entity of one's own, no external reference; depth, number of elements and size of one record are
bounded, so memory is as well.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, errors
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from app.roster.errors import RosterError
from app.roster.sniff import Source

MAX_DEPTH = 32
MAX_ELEMENTS = 2_000_000
MAX_RECORD_ELEMENTS = 2_000
MAX_RECORD_TEXT = 100_000
_CHUNK = 1024 * 1024
"""Large, because expat before 2.6 scans an unfinished token again with each chunk: many small ones make that quadratic.
"""

_CUT_OFF = {
    errors.codes[errors.XML_ERROR_NO_ELEMENTS],
    errors.codes[errors.XML_ERROR_UNCLOSED_TOKEN],
    errors.codes[errors.XML_ERROR_PARTIAL_CHAR],
    errors.codes[errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
}
_UNDEFINED_ENTITY = errors.codes[errors.XML_ERROR_UNDEFINED_ENTITY]

Progress = Callable[[int, int], None]
"""Told how much was read and how much there is, in the same unit."""


@dataclass(slots=True)
class Element:
    """One element of a record: its own text, attributes and children, and the line on which it starts."""

    tag: str
    line: int
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def all(self, tag: str) -> list["Element"]:
        return [child for child in self.children if child.tag == tag]

    def first(self, tag: str) -> "Element | None":
        return next((child for child in self.children if child.tag == tag), None)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the records are: `singles` stand right under the root, the rest as children of a section; `unread` is
    skipped whole.
    """

    singles: frozenset[str]
    sections: frozenset[str]
    unread: frozenset[str]
    check_root: Callable[[str], None]


def read_records(source: Source, layout: Layout, *, progress: Progress | None = None) -> Iterator[Element]:
    """Yield each record as soon as it is complete.

    Raises RosterError, with the line, where the file is damaged or dangerous.
    """
    collector = _Collector(layout)
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(collector)
    collector.setDocumentLocator(parser)
    total = len(source.data)
    with io.TextIOWrapper(io.BytesIO(source.data), encoding=source.encoding, newline="") as text:
        while chunk := text.read(_CHUNK):
            _guarded(parser.feed, chunk)
            yield from collector.take()
            if progress is not None:
                progress(min(text.buffer.tell(), total), total)
    _guarded(parser.close)
    yield from collector.take()


class _Collector(ContentHandler):
    """SAX events to elements: keeps the record that is open, hands over those that are closed."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self._layout = layout
        self._path: list[str] = []
        self._open: list[Element] = []
        self._done: list[Element] = []
        self._skip_from: int | None = None
        self._elements = self._record_elements = self._record_text = 0
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:
        self._locator = locator

    def take(self) -> list[Element]:
        done, self._done = self._done, []
        return done

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        tag = name.rpartition(":")[2]
        if not self._path:
            self._layout.check_root(tag)
        self._path.append(tag)
        self._count()
        if self._skip_from is None and tag in self._layout.unread:
            self._skip_from = len(self._path)
        if self._skip_from is None and (self._open or self._starts_record(tag)):
            self._begin(tag, attrs)

    def characters(self, content: str) -> None:
        if self._open and self._skip_from is None:
            self._record_text += len(content)
            if self._record_text > MAX_RECORD_TEXT:
                raise self._too_much()
            self._open[-1].pieces.append(content)

    def endElement(self, name: str) -> None:
        if self._skip_from is None and self._open:
            element = self._open.pop()
            if not self._open:
                self._done.append(element)
                self._record_elements = self._record_text = 0
        if self._skip_from == len(self._path):
            self._skip_from = None
        self._path.pop()

    def _starts_record(self, tag: str) -> bool:
        depth = len(self._path)
        return (depth == 2 and tag in self._layout.singles) or (depth == 3 and self._path[1] in self._layout.sections)

    def _begin(self, tag: str, attrs: AttributesImpl) -> None:
        element = Element(tag, self._line(), dict(attrs.items()))
        if self._open:
            self._open[-1].children.append(element)
        self._open.append(element)
        self._record_elements += 1
        if self._record_elements > MAX_RECORD_ELEMENTS:
            raise self._too_much()

    def _count(self) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS or len(self._path) > MAX_DEPTH:
            raise self._too_much()

    def _line(self) -> int:
        return (self._locator.getLineNumber() if self._locator else None) or 1

    def _too_much(self) -> RosterError:
        return RosterError(
            "xml.too_much",
            "Hier staat meer dan in een EDEXML-bestand hoort. Kies een ander bestand.",
            line=self._line(),
        )


def _guarded(step: Callable[..., None], *arguments: str) -> None:
    """Run one step of the parser; its exceptions become a RosterError in plain words."""
    try:
        step(*arguments)
    except DefusedXmlException:
        raise RosterError(
            "xml.forbidden",
            "Dit bestand bevat een DOCTYPE of een eigen entiteit. Dat hoort niet in EDEXML en kan gevaarlijk zijn, "
            "daarom lezen we het niet.",
        ) from None
    except SAXParseException as error:
        raise _damaged(error) from None


def _damaged(error: SAXParseException) -> RosterError:
    line = error.getLineNumber()
    cause = error.getException()
    code = cause.code if isinstance(cause, ExpatError) else None
    if code in _CUT_OFF:
        return RosterError(
            "xml.cut_off",
            "Het bestand houdt hier plotseling op. Het is niet helemaal opgeslagen: exporteer het opnieuw.",
            line=line,
        )
    if code == _UNDEFINED_ENTITY:
        return RosterError("xml.forbidden", "Hier staat een entiteit (&…;) die in EDEXML niet bestaat.", line=line)
    return RosterError("xml.damaged", "Het XML-bestand is hier beschadigd. Exporteer het opnieuw.", line=line)
