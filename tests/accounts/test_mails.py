"""What the mails say, and when they no longer leave."""

import pytest
import sqlalchemy as sa

from app.accounts import invitations, operations
from app.accounts.models import Account, Link, Purpose
from app.core import clock
from app.core.db import begin_read, begin_write
from app.outbox.models import Message
from app.school.models import Guardian, MailState

SUBJECTS = {
    "accounts/invitation": "Maak uw wachtwoord voor het Ouderportaal",
    "accounts/reminder": "Uw wachtwoord staat nog klaar",
    "accounts/reset": "Nieuw wachtwoord maken",
    "accounts/password_changed": "Uw wachtwoord is veranderd",
    "accounts/school_added": "Nog een school in uw Ouderportaal",
}


@pytest.fixture
def message(cast, database):
    """`message(kind)`: a message to Lotte with a link that works."""

    def make(kind):
        purpose = {"reset": Purpose.RESET, "password_changed": Purpose.NOT_ME}.get(kind.split("/")[1], Purpose.SETUP)
        begin_write()
        account = database.session.get(Account, cast.accounts["lotte"].id)
        address = operations.queries.address_at(account.id, None)
        link = operations.issue_link(account, purpose=purpose, address=address)
        now = clock.now()
        row = Message(
            kind=kind,
            school_id=cast.school.id,
            account_id=account.id,
            address=address.email,
            context={"link": str(link.id)},
            message_id=f"<{link.id}@example.nl>",
            created_at=now,
            not_before=now,
        )
        database.session.add(row)
        database.session.commit()
        return row

    return make


@pytest.mark.parametrize("kind", SUBJECTS)
def test_it_works(message, letter, kind):
    made = letter(message(kind))
    assert made.subject == SUBJECTS[kind]
    assert len(made.subject) <= 45
    assert "Beste Lotte de Vries," in made.body
    assert "Beste Lotte de Vries," in made.html
    assert "De Vlieger" in made.body
    assert "Noor" not in made.body + made.html
    url = next(line for line in made.body.splitlines() if line.startswith("http://localhost/"))
    assert made.html.count(url) >= 2


@pytest.mark.parametrize(
    "kind", ["accounts/invitation", "accounts/reminder", "accounts/reset", "accounts/school_added"]
)
def test_the_user_name_stands_in_it(message, letter, kind):
    assert "Uw gebruikersnaam is lotte." in letter(message(kind)).body


@pytest.mark.parametrize("kind", SUBJECTS)
@pytest.mark.parametrize(
    "change_of",
    [
        lambda: sa.update(Account).values(disabled_at=clock.now()),
        lambda: sa.update(Guardian).values(email="other@example.nl"),
        lambda: sa.update(Guardian).values(left_on=clock.today()),
    ],
)
def test_it_does_not_leave(message, letter, database, kind, change_of):
    row = message(kind)
    begin_write()
    database.session.execute(change_of())
    database.session.commit()
    assert letter(row) is None


@pytest.mark.parametrize("kind", [kind for kind in SUBJECTS if kind != "accounts/school_added"])
@pytest.mark.parametrize("column", ["used_at", "revoked_at", "expires_at"])
def test_a_dead_link_does_not_leave(message, letter, database, kind, column):
    row = message(kind)
    begin_write()
    database.session.execute(sa.update(Link).values({column: clock.now()}))
    database.session.commit()
    assert letter(row) is None


def test_the_queue_holds_no_working_link(message, database):
    row = message("accounts/invitation")
    assert list(row.context) == ["link"]
    assert "http" not in str(row.context)


def test_a_name_cannot_write_markup(message, letter, database):
    row = message("accounts/invitation")
    begin_write()
    database.session.execute(sa.update(Guardian).values(first_name="<b>Lotte</b>\r\nBcc: x@example.nl"))
    database.session.commit()
    made = letter(row)
    assert "<b>" not in made.html
    assert made.recipients == ["lotte@example.nl"]


def test_a_refused_address_is_remembered(cast, database):
    begin_write()
    invitations.note_bounce("LOTTE@example.nl", cast.school.id)
    invitations.note_bounce("bo@example.nl", cast.school.id)  # known at another school only
    database.session.commit()
    begin_read()
    bounced = sa.select(Guardian.id).where(Guardian.email_state == MailState.BOUNCED)
    assert database.session.scalars(bounced).all() == [cast.lotte.id]
