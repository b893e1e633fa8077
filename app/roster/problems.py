"""What is wrong with single rows of a roster file: a `Problem` each, gathered by `Problems`.

An **error** means that applying would store something wrong, link the wrong people or guess at what was meant: it
blocks the whole import (all or nothing). A **warning** means that one value was left out or needs a look, while the
rest is safe to apply.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

MAX_PROBLEMS = 1_000
"""How many problems are kept with their text; the rest is only counted (a swapped column gives one per row)."""

_NO_VALUES: Mapping[str, object] = MappingProxyType({})


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in words for a school administrator.

    `line` is the line of the file (a sheet's row), from 1; `field` is the name of the element or column as the file has
    it; `subject` says whose row it is ("leerling 00123"); `key` is stable, for tests and translation; `message` is
    Dutch with `%(name)s` placeholders.
    """

    severity: Severity
    line: int | None
    field: str | None
    key: str
    message: str
    subject: str | None = None
    values: Mapping[str, object] = field(default_factory=lambda: _NO_VALUES)

    @property
    def text(self) -> str:
        """The whole message: "Regel 41, leerling 00123: …"."""
        where = ", ".join(part for part in (f"regel {self.line}" if self.line else "", self.subject or "") if part)
        what = self.message % self.values if self.values else self.message
        return f"{where[0].upper()}{where[1:]}: {what}" if where else what


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
        **values: object,
    ) -> None:
        self.errors += 1
        self._keep(Problem(Severity.ERROR, line, field, key, message, subject, values))

    def warning(
        self,
        key: str,
        message: str,
        *,
        line: int | None,
        field: str | None = None,
        subject: str | None = None,
        **values: object,
    ) -> None:
        self.warnings += 1
        self._keep(Problem(Severity.WARNING, line, field, key, message, subject, values))

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
