"""Whose portal this is, for the name under the icon on a phone."""

import sqlalchemy as sa

from app.core.db import db
from app.school.models import Board, School


def name_of_portal() -> str:
    """The only school's name, else the only board's; empty when there are more (or none yet)."""
    for name in (School.short_name, Board.name):
        names = list(db.session.scalars(sa.select(name).limit(2)))
        if len(names) == 1:
            return names[0]
    return ""
