"""A list as rows of cells: what CSV and workbooks have in common, and the reading of CSV."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.roster.errors import RosterError
from app.roster.sniff import Source
from app.roster.values import BadValue, clean

MAX_COLUMNS = 200
MAX_CELL = 2_000
DELIMITERS = (";", ",", "\t", "|")


@dataclass(slots=True)
class Row:
    """One row: `line` as the person sees it (of a cell with line breaks, the first), cells as text or as a sheet has
    them.
    """

    line: int
    cells: list[Any]
    sheet: str = ""


def read_csv(source: Source, *, recognised: Callable[[list[str]], int]) -> Iterator[Row]:
    """Yield the rows that hold something.

    `recognised` counts the headers that a row contains: it decides between `;`, `,` and tab.

    Raises RosterError, with the line, for a quote that never closes and a cell that is longer than a cell can be.
    """
    with io.TextIOWrapper(io.BytesIO(source.data), encoding=source.encoding, newline="") as text:
        skipped = _skip_separator_line(text)
        delimiter = _delimiter(text, recognised)
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        line = skipped + 1
        for cells in _guarded(reader, skipped):
            if len(cells) > MAX_COLUMNS or any(len(cell) > MAX_CELL for cell in cells):
                raise _runaway(line)
            if any(cell.strip() for cell in cells):
                yield Row(line, cells)
            line = skipped + reader.line_num + 1


def text_of(cell: Any) -> str | None:
    """A cell as text. Excel's numbers lose their ".0" (a pupil number 123.0), yes/no cells become ja/nee.

    Raises BadValue for a date where text belongs: Excel makes 3 April of group "3/4".
    """
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, date):
        raise BadValue(
            "cell.date", "Excel heeft hier een datum van gemaakt. Maak de cel op als tekst en typ de waarde opnieuw."
        )
    return clean(None if cell is None else str(cell))


def ends_midway(source: Source) -> bool:
    """Whether a text file stops without the line break that ends its last row: it may have been cut off there."""
    tail = source.data[-4:].decode(source.encoding.removesuffix("-sig"), errors="ignore") if source.encoding else "\n"
    return not tail.endswith(("\n", "\r"))


def _skip_separator_line(text: io.TextIOWrapper) -> int:
    """Excel's own first line, `sep=;`, is no row."""
    start = text.tell()
    if text.readline(20).strip().lower().startswith("sep="):
        return 1
    text.seek(start)
    return 0


def _delimiter(text: io.TextIOWrapper, recognised: Callable[[list[str]], int]) -> str:
    """The separator under which the first lines hold most known headers; of equals, the one that occurs most."""
    start = text.tell()
    lines = [text.readline(10_000) for _ in range(10)]
    text.seek(start)

    def worth(delimiter: str) -> tuple[int, int]:
        rows = [line.rstrip("\r\n").split(delimiter) for line in lines]
        return max(recognised([cell.strip(' "') for cell in row]) for row in rows), sum(
            line.count(delimiter) for line in lines
        )

    return max(DELIMITERS, key=worth)


def _guarded(reader: Any, skipped: int) -> Iterator[list[str]]:
    while True:
        first = skipped + reader.line_num + 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _runaway(first) from None


def _runaway(line: int) -> RosterError:
    return RosterError(
        "csv.quotes",
        "Deze regel is niet te lezen. Vaak staat er een aanhalingsteken te veel, of houdt het bestand hier plotseling "
        "op.",
        line=line,
    )
