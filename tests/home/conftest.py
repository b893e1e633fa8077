"""What the tests of a parent's pages share: counting queries, and a parent with much of everything."""

import contextlib
import re

import pytest
import sqlalchemy as sa

from app.changes.models import Subject
from app.core.db import begin_write, db

NOT_COUNTED = re.compile(r"\s*(begin|commit|rollback|pragma|savepoint|release)\b", re.IGNORECASE)


@pytest.fixture
def counted():
    """`with counted() as statements:` notes each statement that a request sends to the database."""

    @contextlib.contextmanager
    def count():
        seen = []

        def note(_connection, _cursor, statement, _parameters, _context, _many):
            if not NOT_COUNTED.match(statement):
                seen.append(" ".join(statement.split()))

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)

    return count


@pytest.fixture
def more(cast, factories):
    """`more(children=…, requests=…, schools=2)` gives Lotte more of it."""

    def add(*, children=0, requests=0, schools=1):
        begin_write()
        for number in range(children):
            child = factories.pupil(school=cast.school, first_name=f"Kind{number}", surname="Vries", group=cast.group)
            child.household_id = cast.noor.household_id
            factories.guardianship(guardian=cast.lotte, pupil=child)
            factories.guardianship(guardian=cast.jeroen, pupil=child)
        for number in range(requests):
            child = (cast.noor, cast.sem)[number % 2]
            about = {"guardian": cast.lotte, "pupil": child, "about": Subject.PUPIL, "open": False}
            request = factories.change_request(**about, section="details", items={"first_name": ("x", f"Naam{number}")})
            request.items[0].state = ("approved", "rejected")[number % 2]
            request.items[0].decided_at = request.sent_at
        if schools == 2:
            second_school(cast, factories)
        db.session.commit()

    return add


def second_school(cast, factories):
    """Lotte is a guardian at De Kade too, of Mees."""
    from app.accounts.models import AccountGuardian

    other = factories.guardian(
        school=cast.kade,
        first_name="Lotte",
        prefix="de",
        surname="Vries",
        email="lotte@example.nl",
        mobile="+31600000002",
    )
    mees = factories.pupil(school=cast.kade, first_name="Mees", surname="Vries")
    factories.guardianship(guardian=other, pupil=mees)
    db.session.add(AccountGuardian(account_id=cast.accounts["lotte"].id, guardian_id=other.id))
    db.session.flush()
    return other, mees
