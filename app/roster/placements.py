"""In which groups a pupil is from which day: what a file means for the placements that the register has. Pure.

The day of the data (peildatum) is the first day in a new group; the day before is the last in the old one. A file never
undoes a placement that began after its own day.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.roster.records import RosterSchool

ONE_DAY = timedelta(days=1)


@dataclass(slots=True)
class Placing:
    """What changes in one pupil's placements: rows to end, to change, to add as (group id, year level, first day)."""

    ends: list[tuple[uuid.UUID, date]] = field(default_factory=list)
    updates: list[tuple[uuid.UUID, dict[str, Any]]] = field(default_factory=list)
    starts: list[tuple[uuid.UUID, str, date]] = field(default_factory=list)
    before: str = ""  # the home group that was left, by name
    outdated: bool = False  # the register knows of a later move than the file

    def __bool__(self) -> bool:
        return bool(self.ends or self.updates or self.starts)


def first_day_of(school: RosterSchool) -> date:
    """The day on which what the file says about groups begins: the day of the data, within its school year."""
    last = date(school.first_day.year + 1, 7, 31)
    return min(max(school.reference_date or school.created_on or school.first_day, school.first_day), last)


def place_in_home_group(placing: Placing, rows: Iterable[Any], *, group_id: uuid.UUID, level: str, day: date) -> None:
    """Put the pupil in this home group from that day; open placements in other home groups end."""
    home = [row for row in rows if not row.composed]
    current = [row for row in home if row.ends_on is None or row.ends_on >= day]
    later = [row for row in current if row.starts_on > day]
    if any(row.group_id != group_id for row in later):
        placing.outdated = True
        return
    here = next((row for row in current if row.group_id == group_id), None)
    for row in current:
        if row.group_id != group_id:
            placing.before = row.group_name
            _end(placing, row, day)
    if here is None:
        _start(placing, home, group_id, level, day)
    elif level and here.year_level != level:
        placing.updates.append((here.id, {"year_level": level}))


def place_in_composites(
    placing: Placing, rows: Iterable[Any], *, group_ids: Sequence[uuid.UUID], level: str, day: date
) -> None:
    """Put the pupil in exactly these composite groups, beside the home group."""
    composites = [row for row in rows if row.composed and (row.ends_on is None or row.ends_on >= day)]
    for row in composites:
        if row.group_id not in group_ids and row.starts_on <= day:
            _end(placing, row, day)
    known = {row.group_id for row in composites}
    for group_id in group_ids:
        if group_id not in known:
            _start(placing, [row for row in rows if row.composed], group_id, level, day)


def end_all(placing: Placing, rows: Iterable[Any], *, day: date) -> None:
    """The pupil left: nothing goes on after the last day."""
    for row in rows:
        if row.ends_on is None or row.ends_on > day:
            placing.before = placing.before if row.composed else row.group_name
            placing.ends.append((row.id, max(day, row.starts_on)))


def _end(placing: Placing, row: Any, day: date) -> None:
    """The day before is the last one; a placement that began on this very day was a mistake, and is one day long."""
    placing.ends.append((row.id, max(day - ONE_DAY, row.starts_on)))


def _start(placing: Placing, rows: Iterable[Any], group_id: uuid.UUID, level: str, day: date) -> None:
    """Begin a placement, or go on with the one that began in this group on this very day."""
    again = next((row for row in rows if row.group_id == group_id and row.starts_on == day), None)
    if again is not None:
        placing.updates.append((again.id, {"ends_on": None} | ({"year_level": level} if level else {})))
    else:
        placing.starts.append((group_id, level, day))
