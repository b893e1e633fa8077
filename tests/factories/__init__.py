"""Builders of rows, one file per feature. Required values raise when they are missing; nothing is random."""

from tests.factories.accounts import AccountFactories
from tests.factories.changes import ChangeFactories
from tests.factories.records import RecordFactories
from tests.factories.school import SchoolFactories


class Factories:
    """All builders, as `factories.pupil(...)`; each adds its row, flushes, and gives it back."""

    def __init__(self, session):
        self.session = session
        for kind in (SchoolFactories, AccountFactories, RecordFactories, ChangeFactories):
            builders = kind(session)
            for name in dir(builders):
                if not name.startswith("_") and name != "session":
                    setattr(self, name, getattr(builders, name))
