"""Inviting one guardian: the account, the link, the mails."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts.models import Account, AccountGuardian, Link, Purpose
from app.core import clock
from app.core.audit import AuditEvent
from app.core.db import begin_write
from app.school.models import Custody, Guardian, Guardianship, MailState
from tests.accounts.test_links import NEW

LIST = "/desk/guardians"


@pytest.fixture
def nora(cast, factories, database):
    guardian = factories.guardian(school=cast.school, first_name="Nora", surname="Mulder", email="nora@example.nl")
    factories.guardianship(guardian=guardian, pupil=cast.tygo)
    database.session.commit()
    return guardian


def invite(client, guardian, **kwargs):
    path = f"{LIST}/{guardian.id}/invitation"
    return client.post(path, data={"csrf_token": client.csrf()}, **kwargs)


def test_it_works(cast, nora, login, database, mails, letter):
    client = login(cast.accounts["marijke"])
    response = invite(client, nora)
    assert (response.status_code, response.location) == (303, f"{LIST}/{nora.id}")
    assert "De e-mail gaat nu weg." in client.get(response.location).get_data(as_text=True)
    account = database.session.scalars(sa.select(Account).where(Account.username == "nora")).one()
    link = database.session.scalars(sa.select(Link)).one()
    assert (link.account_id, link.purpose, link.address) == (account.id, Purpose.SETUP, "nora@example.nl")
    assert link.expires_at - link.issued_at == timedelta(days=14)
    first, reminder = mails()
    assert (first.kind, reminder.kind) == ("accounts/invitation", "accounts/reminder")
    assert reminder.not_before - link.issued_at == timedelta(days=5)
    events = database.session.scalars(sa.select(AuditEvent.kind).order_by(AuditEvent.kind)).all()
    assert events == ["account:invite", "account:link-sent"]


def test_from_the_mail_to_the_portal(cast, nora, login, app, mails, letter):
    invite(login(cast.accounts["marijke"]), nora)
    text = letter(mails("accounts/invitation")[0]).body
    path = next(line for line in text.splitlines() if line.startswith("http://localhost/setup/"))
    parent = app.test_client()
    parent.get(path.removeprefix("http://localhost"))
    assert parent.submit("/setup", {"password": NEW}).location == "/"
    assert parent.get("/").status_code == 200


def test_again(cast, nora, login, database, mails, letter):
    client = login(cast.accounts["ruud"])
    invite(client, nora)
    invite(client, nora)
    assert len(database.session.scalars(sa.select(Account).where(Account.username.startswith("nora"))).all()) == 1
    first, second = mails("accounts/invitation")
    assert letter(first) is None
    assert letter(second) is not None


def test_reminded_once_and_only_who_did_nothing(cast, nora, login, mails, letter, app):
    client = login(cast.accounts["marijke"])
    invite(client, nora)
    (reminder,) = mails("accounts/reminder")
    with time_machine.travel(clock.now() + timedelta(days=5)):
        made = letter(reminder)
        assert made.subject == "Uw wachtwoord staat nog klaar"
        path = next(line for line in made.body.splitlines() if "/setup/" in line).removeprefix("http://localhost")
        parent = app.test_client()
        parent.get(path)
        parent.submit("/setup", {"password": NEW})
        assert letter(reminder) is None


def test_htmx_gets_the_line(cast, nora, login):
    response = invite(login(cast.accounts["marijke"]), nora, headers={"HX-Request": "true"})
    assert response.status_code == 200
    page = response.get_data(as_text=True)
    assert page.lstrip().startswith(f'<div class="split" id="accounts-guardian-{nora.id}"')
    assert "De e-mail gaat nu weg." in page
    assert "Uitgenodigd" in page


@pytest.mark.parametrize(
    "values",
    [
        {"email": ""},
        {"email_state": MailState.BOUNCED},
        {"email_state": MailState.WRONG},
        {"left_on": "today"},
        {"deceased_on": "today"},
    ],
)
def test_who_is_never_invited(cast, nora, login, database, mails, values):
    begin_write()
    values = {name: clock.today() if value == "today" else value for name, value in values.items()}
    database.session.execute(sa.update(Guardian).where(Guardian.id == nora.id).values(values))
    database.session.commit()
    assert invite(login(cast.accounts["marijke"]), nora).status_code in (404, 409)
    assert mails() == []
    assert database.session.scalars(sa.select(AccountGuardian).filter_by(guardian_id=nora.id)).all() == []


def test_a_blocked_account(cast, login, database, mails):
    begin_write()
    database.session.execute(sa.update(Account).where(Account.username == "lotte").values(disabled_at=clock.now()))
    database.session.commit()
    assert invite(login(cast.accounts["marijke"]), cast.lotte).status_code == 409
    assert mails() == []


def test_without_custody(cast, nora, login, database, mails):
    begin_write()
    database.session.execute(sa.update(Guardianship).values(custody=Custody.NONE))
    database.session.commit()
    assert invite(login(cast.accounts["marijke"]), nora).status_code == 409
    assert mails() == []


@pytest.mark.parametrize(
    ("who", "status"), [("anna", 404), ("lotte", 404), ("samira", 404), ("ruud", 303), ("marijke", 303)]
)
def test_who_may(cast, nora, login, mails, who, status):
    assert invite(login(cast.accounts[who]), nora).status_code == status
    assert bool(mails()) == (status == 303)


def test_not_logged_in(client, cast, nora, mails):
    assert invite(client, nora).location.startswith("/login")
    assert mails() == []


def test_absent(cast, login, database):
    client = login(cast.accounts["marijke"])
    path = f"{LIST}/00000000-0000-7000-8000-000000000000/invitation"
    assert client.post(path, data={"csrf_token": client.csrf()}).status_code == 404
    assert client.get(path).status_code == 405


def test_a_parent_with_children_at_two_schools(cast, login, factories, database, mails, letter, app):
    again = factories.guardian(
        school=cast.kade, first_name="Lotte", prefix="de", surname="Vries", email="lotte@example.nl"
    )
    factories.guardianship(guardian=again, pupil=cast.fien)
    factories.used_link(account=cast.accounts["lotte"], guardian=cast.lotte)
    database.session.commit()
    assert invite(login(cast.accounts["anna"]), again).status_code == 303
    links = sa.select(AccountGuardian.account_id).where(AccountGuardian.guardian_id == again.id)
    assert database.session.scalar(links) == cast.accounts["lotte"].id
    (message,) = mails()
    assert message.kind == "accounts/school_added"
    assert "De Kade" in letter(message).body


@pytest.mark.parametrize(
    ("name", "email", "board"),
    [("Lotje", "lotte@example.nl", None), ("Lotte", "lotje@example.nl", None), ("Lotte", "lotte@example.nl", "Ander")],
)
def test_somebody_who_looks_like_another(cast, login, factories, database, name, email, board):
    school = cast.kade
    if board:
        school = factories.school(board=factories.board(name=board), name="Ver Weg")
        factories.post(account=cast.accounts["anna"], school=school)
    other = factories.guardian(school=school, first_name=name, prefix="de", surname="Vries", email=email)
    pupil = factories.pupil(school=school, first_name="Kim", surname="Vries")
    factories.guardianship(guardian=other, pupil=pupil)
    database.session.commit()
    assert invite(login(cast.accounts["anna"]), other).status_code == 303
    links = sa.select(AccountGuardian.account_id).where(AccountGuardian.guardian_id == other.id)
    assert database.session.scalar(links) not in (None, cast.accounts["lotte"].id)
