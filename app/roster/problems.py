"""What is wrong with single rows of a roster file: a `Problem` each, gathered by `Problems`.

An **error** means that applying would store something wrong, link the wrong people or guess at what was meant: it
blocks the whole import (all or nothing). A **warning** means that one value was left out or needs a look, while the
rest is safe to apply.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.core.errors import N_

MAX_PROBLEMS = 1_000
"""How many problems are kept with their text; the rest is only counted (a swapped column gives one per row)."""

_NO_VALUES: Mapping[str, object] = MappingProxyType({})

WORDS = (
    *(N_("groep"), N_("leerling"), N_("leerkracht"), N_("school"), N_("verzorger")),
    *(N_("geslacht (0, 1, 2 of 9)"), N_("jaargroep")),
)
"""What a message may be about: the first word of `subject`, and the value `what`."""


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in words for a school administrator.

    `line` is the line of the file (a sheet's row), from 1; `field` is the name of the element or column as the file has
    it, `place` what the message begins with to point it out; `subject` says whose row it is ("leerling 00123"); `key` is
    stable, for tests; `message` is Dutch with `%(name)s` placeholders.
    """

    severity: Severity
    line: int | None
    field: str | None
    key: str
    message: str
    subject: str | None = None
    values: Mapping[str, object] = field(default_factory=lambda: _NO_VALUES)
    place: str | None = None

    @property
    def text(self) -> str:
        """The whole message: "Regel 41, leerling 00123: …"."""
        return in_words(self.parts)

    @property
    def parts(self) -> dict[str, Any]:
        """What `in_words` needs, as JSON: the reader's language is known when it is shown, not when it is kept."""
        return parts_of(self.message, self.values, line=self.line, subject=self.subject, place=self.place)


def parts_of(
    message: str,
    values: Mapping[str, object],
    *,
    line: int | None = None,
    subject: str | None = None,
    place: str | None = None,
) -> dict[str, Any]:
    """A message in its parts, as JSON."""
    plain = {name: value if isinstance(value, int) else str(value) for name, value in values.items()}
    return {"message": message, "values": plain, "line": line, "subject": subject, "place": place}


def in_words(parts: Mapping[str, Any], say: Callable[[str], str] = str) -> str:
    """A problem's parts as one text. `say` gives our own Dutch texts in the reader's language; names stay as they are."""
    values = {name: say(value) if name == "what" else value for name, value in parts["values"].items()}
    what = say(parts["message"])
    what = what % values if values else what
    kind, _, name = (parts["subject"] or "").partition(" ")
    line = say(N_("regel %(line)s")) % {"line": parts["line"]} if parts["line"] else ""
    where = ", ".join(part for part in (line, f"{say(kind)} {name}".strip() if kind else "") if part)
    told = f"{parts['place']}: {what}" if parts["place"] else what
    return f"{where[0].upper()}{where[1:]}: {told}" if where else told


class Problems:
    """Gathers problems while a file is read; keeps the first `MAX_PROBLEMS`, counts all."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self.errors = 0
        self.warnings = 0

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._kept)

    @property
    def left_out(self) -> int:
        """How many problems were counted but not kept."""
        return self.errors + self.warnings - len(self._kept)

    def error(
        self,
        key: str,
        message: str,
        *,
        line: int | None,
        field: str | None = None,
        subject: str | None = None,
        place: str | None = None,
        **values: object,
    ) -> None:
        self.errors += 1
        self._keep(Problem(Severity.ERROR, line, field, key, message, subject, values, place))

    def warning(
        self,
        key: str,
        message: str,
        *,
        line: int | None,
        field: str | None = None,
        subject: str | None = None,
        place: str | None = None,
        **values: object,
    ) -> None:
        self.warnings += 1
        self._keep(Problem(Severity.WARNING, line, field, key, message, subject, values, place))

    def absorb(self, problems: Iterable[Problem], *, errors: int, warnings: int) -> None:
        """Take over the problems of a file that was read, of which there were so many."""
        kept = list(problems)
        for problem in kept:
            self._keep(problem)
        self.errors += errors
        self.warnings += warnings

    def in_order(self) -> tuple[Problem, ...]:
        """The kept problems by line; those about the whole file first."""
        return tuple(sorted(self._kept, key=lambda problem: problem.line or 0))

    def _keep(self, problem: Problem) -> None:
        if len(self._kept) < MAX_PROBLEMS:
            self._kept.append(problem)
        elif problem.severity is Severity.ERROR:
            self._replace_a_warning(problem)

    def _replace_a_warning(self, problem: Problem) -> None:
        """An error that blocks the import must be seen, so it takes the place of the last warning, if there is one."""
        for index in range(len(self._kept) - 1, -1, -1):
            if self._kept[index].severity is Severity.WARNING:
                self._kept[index] = problem
                return
