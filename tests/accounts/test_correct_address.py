"""Correcting a guardian's mail address, and inviting at the new one."""

import pytest
import sqlalchemy as sa

from app.core.audit import AuditEvent
from app.core.db import begin_write
from app.school.models import Guardian, MailState

LIST = "/desk/guardians"


def correct(client, guardian_id, email, **data):
    path = f"{LIST}/{guardian_id}/address"
    return client.post(path, data={"email": email, "csrf_token": client.csrf(), **data}, headers=client.extra)


@pytest.fixture
def marijke(cast, login):
    client = login(cast.accounts["marijke"])
    client.extra = {}
    return client


def email_of(database, guardian):
    database.session.rollback()
    wanted = sa.select(Guardian.email, Guardian.email_state).where(Guardian.id == guardian.id)
    return database.session.execute(wanted).one()


def test_it_works(cast, marijke, database, mails):
    response = correct(marijke, cast.lotte.id, " Lotte.Nieuw@Example.nl ")
    assert (response.status_code, response.location) == (303, f"{LIST}/{cast.lotte.id}")
    assert email_of(database, cast.lotte) == ("lotte.nieuw@example.nl", MailState.OK)
    assert mails() == []
    event = database.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "guardian:email-correct")).one()
    assert (event.subject_id, event.account_id) == (cast.lotte.id, cast.accounts["marijke"].id)
    assert event.details == {}


def test_and_send(cast, fresh, marijke, issue, client, database, mails, letter):
    begin_write()
    nadia = database.session.scalars(sa.select(Guardian).where(Guardian.first_name == "Nadia")).one()
    nadia.email_state = MailState.BOUNCED
    database.session.commit()
    _link, path = issue_to(issue, fresh, database, nadia)
    assert correct(marijke, nadia.id, "nadia@example.org", send="1").status_code == 303
    assert email_of(database, nadia) == ("nadia@example.org", MailState.OK)
    assert [message.address for message in mails("accounts/invitation")] == ["nadia@example.org"]
    client.get(path)
    assert client.get("/setup").status_code == 410


def issue_to(issue, account, database, guardian):
    begin_write()
    database.session.execute(sa.update(Guardian).where(Guardian.id == guardian.id).values(email_state=MailState.OK))
    database.session.commit()
    return issue(account)


@pytest.mark.parametrize("email", ["", "x", "a@", "a@b", "a b@example.nl", "x" * 250 + "@example.nl", "@example.nl"])
def test_invalid(cast, marijke, database, email):
    response = correct(marijke, cast.lotte.id, email)
    assert response.status_code == 422
    assert "Vul een e-mailadres in met een @." in response.get_data(as_text=True)
    assert email_of(database, cast.lotte).email == "lotte@example.nl"


def test_htmx_gets_the_form_and_then_the_line(cast, marijke):
    marijke.extra = {"HX-Request": "true"}
    form = marijke.get(f"{LIST}/{cast.lotte.id}/address", headers=marijke.extra).get_data(as_text=True)
    assert form.lstrip().startswith(f'<form id="accounts-guardian-{cast.lotte.id}"')
    assert 'value="lotte@example.nl"' in form
    assert "autofocus" in form
    assert correct(marijke, cast.lotte.id, "x").status_code == 422
    line = correct(marijke, cast.lotte.id, "lotte@example.org").get_data(as_text=True)
    assert "lotte@example.org" in line
    assert "Het e-mailadres is aangepast." in line
    assert 'name="email"' not in line


def test_without_script_it_is_a_page(cast, marijke):
    page = marijke.get(f"{LIST}/{cast.lotte.id}/address").get_data(as_text=True)
    assert "<h1" in page
    assert 'value="lotte@example.nl"' in page


@pytest.mark.parametrize(("who", "status"), [("anna", 404), ("els", 404), ("samira", 404), ("ruud", 303)])
def test_who_may(cast, login, database, who, status):
    client = login(cast.accounts[who])
    client.extra = {}
    assert correct(client, cast.lotte.id, "lotte@example.org").status_code == status
    assert email_of(database, cast.lotte).email == ("lotte@example.org" if status == 303 else "lotte@example.nl")


def test_the_same_address_again(cast, marijke, database):
    correct(marijke, cast.lotte.id, "LOTTE@example.nl")
    assert database.session.scalars(sa.select(AuditEvent).filter_by(kind="guardian:email-correct")).all() == []


def test_an_address_that_another_parent_has(cast, marijke, database):
    assert correct(marijke, cast.jeroen.id, "lotte@example.nl").status_code == 303


def test_sending_to_somebody_without_custody_changes_nothing(cast, marijke, database):
    begin_write()
    from app.school.models import Custody, Guardianship

    database.session.execute(sa.update(Guardianship).values(custody=Custody.NONE))
    database.session.commit()
    assert correct(marijke, cast.lotte.id, "lotte@example.org", send="1").status_code == 409
    assert email_of(database, cast.lotte).email == "lotte@example.nl"
