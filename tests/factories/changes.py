"""Builders of change requests."""

from app.changes.models import ChangeItem, ChangeRequest, Subject
from app.core import clock
from tests.factories.base import Builders


class ChangeFactories(Builders):
    def change_request(self, *, guardian, section, items, pupil=None, about=Subject.GUARDIAN, **values):
        """`items`: {key: (seen, proposed)}. About the guardian self, or about `pupil`."""
        subject_id = guardian.id if about is Subject.GUARDIAN else pupil.id
        request = ChangeRequest(
            school_id=guardian.school_id,
            section=section,
            subject=about,
            subject_id=subject_id,
            guardian_id=guardian.id,
            pupil_id=pupil.id if pupil else None,
            sent_at=clock.now(),
            **values,
        )
        request.items = [
            ChangeItem(school_id=guardian.school_id, key=key, position=place, seen=seen, proposed=proposed)
            for place, (key, (seen, proposed)) in enumerate(items.items())
        ]
        return self._add(request)
