"""The only writing that a GET may do: signs of life (last seen, link opened), each in a transaction of its own.

They are no part of what the request does: when the note can't be made, the answer is given all the same.
"""

import logging
from typing import Any

import sqlalchemy as sa

from app.core.db import _writing, db

log = logging.getLogger(__name__)


def note(statement: sa.Executable, parameters: dict[str, Any] | None = None) -> None:
    """Carry out one small statement in its own transaction, now."""
    token = _writing.set(True)
    try:
        with db.engine.begin() as connection:
            connection.execute(statement, parameters or {})
    except sa.exc.OperationalError:
        log.warning("a trace could not be written")
    finally:
        _writing.reset(token)
