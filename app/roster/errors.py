"""The one error with which a roster file is refused as a whole; a problem in one row is a `Problem`, not an error."""

from typing import Any

from app.core.errors import DomainError
from app.roster.problems import in_words, parts_of


class RosterError(DomainError):
    """This file can't be read at all: wrong kind, damaged, dangerous or too large.

    `key` is stable and in English, for tests and logs; `message` is Dutch for the person at the desk, with `%(name)s`
    placeholders filled from `values`; `line` is the line of the file, counted from 1, or None where there is none.
    """

    def __init__(self, key: str, message: str, *, line: int | None = None, **values: object) -> None:
        super().__init__(message, field="file", **values)
        self.key = key
        self.line = line

    def __str__(self) -> str:
        return in_words(self.parts)

    @property
    def parts(self) -> dict[str, Any]:
        """As `Problem.parts`."""
        return parts_of(self.message, self.values, line=self.line)
