"""The list beside the detail: the page of it on which the open request stands, filters with counts, previous and next."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.actor import Actor
from app.desk import queries, words
from app.desk.queries import PAGE, Line


@dataclass(frozen=True, slots=True)
class Filter:
    """A button above the list."""

    label: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A heading of the list and the rows under it."""

    title: str
    lines: list[Line]


class Listing:
    """What waits, as one person sees it; `current` is the request whose detail stands beside it."""

    def __init__(
        self, actor: Actor, *, section: str = "", search: str = "", page: int = 1, current: uuid.UUID | None = None
    ) -> None:
        everything = queries.waiting(actor)
        found = queries.waiting(actor, search=search) if search else everything
        self.total = len(everything)
        self.items = sum(each.items for each in everything)
        self.parents = len({each.guardian_id for each in everything})
        self.counts = queries.sections_of(everything)
        self.search = search
        self.section = section if section in self.counts else ""
        self.ids = [each.id for each in found if self.section in ("", each.section)]
        self.current = current
        self.page = self.ids.index(current) // PAGE + 1 if current in self.ids else max(page, 1)
        self.offer: uuid.UUID | None = None  # where to go on from an answer that came too late

    @property
    def filters(self) -> list[Filter]:
        """All, then each section that something waits in, urgent ones and big ones first."""
        kinds = sorted(self.counts.items(), key=lambda pair: (pair[0] != "emergency", -pair[1], pair[0]))
        found = [Filter(_("Alles"), self.total, url_for("desk.queue"), not self.section)]
        for key, count in kinds:
            found.append(
                Filter(words.section_word(key), count, url_for("desk.queue", section=key), key == self.section)
            )
        return found

    @property
    def days(self) -> list[Day]:
        """The rows of this page under their headings."""
        first = (self.page - 1) * PAGE
        found: list[Day] = []
        for line in queries.lines(self.ids[first : first + PAGE]):
            title = _heading(line)
            if not found or found[-1].title != title:
                found.append(Day(title, []))
            found[-1].lines.append(line)
        return found

    @property
    def place(self) -> int:
        """`1` of "1 van 8"; 0 when the request does not wait (any more)."""
        return self.ids.index(self.current) + 1 if self.current in self.ids else 0

    @property
    def next(self) -> uuid.UUID | None:
        """The request after this one; after the last comes the first."""
        if not self.ids:
            return None
        if not self.place:
            return self.ids[0]
        following = self.ids[self.place % len(self.ids)]
        return None if following == self.current else following

    @property
    def previous(self) -> uuid.UUID | None:
        return self.ids[self.place - 2] if self.place and len(self.ids) > 1 else None

    @property
    def more_url(self) -> str:
        """The next page of the list; empty when this is the last."""
        return self._page_url(self.page + 1) if len(self.ids) > self.page * PAGE else ""

    @property
    def earlier_url(self) -> str:
        return self._page_url(self.page - 1) if self.page > 1 else ""

    def _page_url(self, number: int) -> str:
        return url_for("desk.queue", section=self.section or None, q=self.search or None, page=number)

    def url_of(self, request_id: uuid.UUID | None) -> str:
        """A request's detail, in this filter; without a request the list."""
        if request_id is None:
            return url_for("desk.queue")
        return url_for("desk.change", request_id=request_id, section=self.section or None)


def _heading(line: Line) -> str:
    if line.urgent:
        return _("Eerst: noodnummers")
    return {0: _("Vandaag"), 1: _("Gisteren")}.get(_age(line.day), _("Ouder"))


def _age(sent: date) -> int:
    return min((clock.today() - sent) // timedelta(days=1), 2)
