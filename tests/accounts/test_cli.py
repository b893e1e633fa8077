"""`accounts staff add`: the first member of staff of a school."""

import pytest
import sqlalchemy as sa

from app.accounts.models import Account, AccountPost
from app.core.actor import Role
from app.core.audit import AuditEvent
from app.core.db import begin_read


@pytest.fixture
def add(app, cast):
    def run(school="De Vlieger", role="administrator", email="ria@example.nl", name="Ria Post"):
        begin_read()
        arguments = ["accounts", "staff", "add", "--school", school, "--role", role, "--email", email, "--name", name]
        return app.test_cli_runner().invoke(args=arguments)

    return run


def test_it_works(add, cast, mails, letter, database):
    result = add(email="Ria@Example.nl")
    assert result.exit_code == 0, result.output
    (message,) = mails()
    assert (message.kind, message.address) == ("accounts/invitation", "ria@example.nl")
    assert "Beste Ria Post," in letter(message).body
    assert "als medewerker van de school" in letter(message).body
    assert "uw kind" not in letter(message).body
    post = database.session.scalars(sa.select(AccountPost).join(Account).where(Account.username == "ria")).one()
    assert (post.school_id, post.role) == (cast.school.id, Role.ADMINISTRATOR)
    assert "account:staff-add" in database.session.scalars(sa.select(AuditEvent.kind)).all()


def test_from_the_mail_to_the_desk(add, client, mails, letter):
    add()
    text = letter(mails()[0]).body
    path = next(line for line in text.splitlines() if "/setup/" in line).removeprefix("http://localhost")
    client.get(path)
    assert client.submit("/setup", {"password": "zeven groene kikkers"}).location == "/desk"
    assert client.get("/desk/guardians").status_code == 200


def test_by_brin(add):
    assert add(school="99AC").exit_code == 0


def test_twice(add, mails):
    add()
    assert add().exit_code != 0
    assert add(role="director").exit_code == 0
    assert {message.account_id for message in mails()} == {mails()[0].account_id}


@pytest.mark.parametrize("values", [{"school": "Onbekend"}, {"email": "x"}, {"role": "king"}])
def test_invalid(add, mails, values):
    assert add(**values).exit_code != 0
    assert mails() == []
