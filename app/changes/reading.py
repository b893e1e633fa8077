"""The values of several sections in one query: each says its columns, and how their table hangs on the record's own."""

import uuid
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.changes.models import Subject
from app.changes.registry import Values, Viewer
from app.core.db import rows
from app.school.models import Guardian, Pupil

ROOTS: dict[Subject, Any] = {Subject.PUPIL: Pupil, Subject.GUARDIAN: Guardian}
ByKey = dict[str, Values]


def read_all(sections: Sequence[Any], viewers: Mapping[uuid.UUID, Viewer]) -> dict[uuid.UUID, ByKey]:
    """The school's values by record and section, each through its viewer's eyes. All sections are of one kind of record.

    Those with `columns` share one query, however many records there are; the others read for themselves.
    """
    together = tuple(section for section in sections if section.columns)
    found = _read_together(together, viewers) if together else {}
    return {
        subject_id: {
            section.key: found[subject_id][section.key] if section.columns else section.read(subject_id, viewer)
            for section in sections
        }
        for subject_id, viewer in viewers.items()
    }


def _read_together(sections: tuple[Any, ...], viewers: Mapping[uuid.UUID, Viewer]) -> dict[uuid.UUID, ByKey]:
    by_id = {row[0]: row[1:] for row in rows(_statement(sections), ids=list(viewers))}
    missing = (None,) * sum(len(section.columns) for section in sections)
    return {
        subject_id: _share_out(sections, by_id.get(subject_id, missing), viewer)
        for subject_id, viewer in viewers.items()
    }


def _share_out(sections: tuple[Any, ...], row: Sequence[Any], viewer: Viewer) -> ByKey:
    found, start = {}, 0
    for section in sections:
        end = start + len(section.columns)
        found[section.key] = section.of_row(row[start:end], viewer)
        start = end
    return found


@lru_cache(maxsize=64)
def _statement(sections: tuple[Any, ...]) -> sa.Select[Any]:
    """Made once for each page: putting a statement together costs more than asking it."""
    root = ROOTS[sections[0].subject]
    columns = (column for section in sections for column in section.columns)
    statement = sa.select(root.id, *columns).select_from(root)
    for section in sections:
        if section.joined is not None:
            statement = statement.outerjoin(*section.joined)
    return statement.where(root.id.in_(sa.bindparam("ids", expanding=True)))
