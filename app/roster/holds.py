"""Which values of a file must wait for a tick: what a parent asked for, what was approved since, what would show or
allow more.

The pencil's items are named by section and key, as `app.records` declares them.
"""

import uuid
from typing import Any

from app.changes.models import Subject
from app.roster.plan import Held
from app.roster.queries import Asked, Register

_ITEMS: dict[tuple[Subject, str], tuple[str, str]] = {
    (Subject.PUPIL, "first_name"): ("details", "first_name"),
    (Subject.PUPIL, "address"): ("address", "address"),
    (Subject.GUARDIAN, "mobile"): ("contact", "mobile"),
    (Subject.GUARDIAN, "other_phone"): ("contact", "other_phone"),
    (Subject.GUARDIAN, "work_phone"): ("contact", "work_phone"),
    (Subject.GUARDIAN, "email"): ("contact", "email"),
    (Subject.GUARDIAN, "address"): ("address", "address"),
}
SECRETS = frozenset({"phone_hidden", "address_hidden"})


class Holds:
    """Gives the reason to hold a change of one field of one record, or None."""

    def __init__(self, register: Register) -> None:
        self._asked = register.asked

    def reason(self, subject: Subject, row_id: uuid.UUID, field: str, before: Any, after: Any) -> Held | None:
        """Why this change must not happen by itself."""
        if field in SECRETS and before and not after:
            return Held.SECRECY
        item = _ITEMS.get((subject, field))
        asked = self._asked.get((subject, row_id, *item), Asked()) if item else Asked()
        if asked.open:
            return Held.PENDING
        return Held.STALE if any(_same(value, after) for value in asked.before) else None

    def of_pupil(self, row_id: uuid.UUID) -> Any:
        return lambda field, before, after: self.reason(Subject.PUPIL, row_id, field, before, after)

    def of_guardian(self, row_id: uuid.UUID) -> Any:
        return lambda field, before, after: self.reason(Subject.GUARDIAN, row_id, field, before, after)


def _same(approved_before: Any, file_says: Any) -> bool:
    """Whether the file still has the value that an approval replaced; of an address the empty parts do not count."""
    if isinstance(approved_before, dict) and isinstance(file_says, dict):
        return _filled(approved_before) == _filled(file_says)
    return (approved_before or "") == (file_says or "")


def _filled(address: dict[str, Any]) -> dict[str, Any]:
    return {part: value for part, value in address.items() if value not in (None, "")}
