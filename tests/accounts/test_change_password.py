"""/account/password: another password, by who knows the present one."""

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts import brakes, events, operations, password_change, passwords
from app.accounts.models import Account, LoginSession, Purpose
from app.core import clock
from app.core.audit import AuditEvent
from app.core.db import begin_write
from tests.accounts.test_login import log_in
from tests.accounts.test_sessions import is_in
from tests.factories.accounts import PASSWORD

PATH = "/account/password"
NEW = "zeven groene kikkers"


def change(client, current=PASSWORD, password=NEW, **kwargs):
    return client.submit(PATH, {"current": current, "password": password}, **kwargs)


def hash_of(database, username="lotte"):
    database.session.rollback()
    return database.session.scalar(sa.select(Account.password_hash).where(Account.username == username))


def kinds(database):
    return list(database.session.scalars(sa.select(AuditEvent.kind).order_by(AuditEvent.at)))


@pytest.mark.parametrize("who", ["lotte", "marijke", "samira"])
def test_it_works(app, cast, login, database, who):
    client = login(cast.accounts[who])
    response = change(client)
    assert (response.status_code, response.location) == (303, "/account")
    assert "Uw wachtwoord is veranderd." in client.get("/account").text
    assert passwords.verify(hash_of(database, who), NEW)
    assert log_in(app.test_client(), who, PASSWORD).status_code == 422
    assert log_in(app.test_client(), who, NEW).status_code == 303
    assert events.PASSWORD_CHANGE in kinds(database)


def test_the_page(cast, login):
    text = login(cast.accounts["lotte"]).get(PATH).text
    for shown in ('autocomplete="current-password"', 'autocomplete="new-password"', "Minstens 12 tekens."):
        assert shown in text
    assert 'value="lotte" autocomplete="username"' in text


def test_every_other_session_ends_and_this_one_is_renewed(cast, login, database):
    here, there, jeroen = (login(cast.accounts[who]) for who in ("lotte", "lotte", "jeroen"))
    with here.session_transaction() as kept:
        before = kept["_user_id"]
    change(here)
    assert [is_in(client) for client in (here, there, jeroen)] == [True, False, True]
    with here.session_transaction() as kept:
        assert kept["_user_id"] != before
        kept["_user_id"] = before
    assert not is_in(here)


@pytest.mark.parametrize("shared", [True, False])
def test_a_shared_phone_stays_one(cast, login, database, shared):
    client = login(cast.accounts["lotte"], shared=shared)
    response = change(client)
    live = sa.select(LoginSession.shared).where(LoginSession.ended_at.is_(None))
    assert database.session.scalars(live).all() == [shared]
    cookies = response.headers.getlist("Set-Cookie")
    assert any(cookie.startswith("device=") for cookie in cookies) != shared


def test_it_is_told_by_mail(cast, login, mails, letter):
    change(login(cast.accounts["lotte"]))
    (message,) = mails("accounts/password_changed")
    assert message.address == "lotte@example.nl"
    assert "Dat was ik niet" in letter(message).body


def test_older_links_stop_working(app, cast, login, issue):
    _link, path = issue(cast.accounts["lotte"], Purpose.RESET)
    change(login(cast.accounts["lotte"]))
    assert app.test_client().get(path, follow_redirects=True).status_code == 410


def test_the_present_password_is_wrong(cast, login, database, mails):
    client, other = login(cast.accounts["lotte"]), login(cast.accounts["lotte"])
    response = change(client, "iets heel anders")
    assert response.status_code == 422
    assert "Dit wachtwoord klopt niet." in response.text
    for typed in ("iets heel anders", NEW):
        assert typed not in response.text
    assert passwords.verify(hash_of(database), PASSWORD)
    assert is_in(other)
    assert mails() == []
    refused = database.session.scalars(sa.select(AuditEvent)).one()
    assert (refused.kind, refused.details) == (events.PASSWORD_REFUSED, {"verdict": "wrong"})
    assert refused.account_id == cast.accounts["lotte"].id


@pytest.mark.parametrize(
    ("current", "password", "message"),
    [
        ("", NEW, "Vul uw wachtwoord van nu in."),
        (PASSWORD, "", "Kies een wachtwoord van minstens 12 tekens."),
        (PASSWORD, "te kort", "Kies een wachtwoord van minstens 12 tekens."),
        (PASSWORD, "Wachtwoord2026!", "Dit wachtwoord gebruiken veel mensen."),
        (PASSWORD, "lottedevries2026", "vooral uw naam of de naam van de school"),
        (PASSWORD, "DeVlieger2026!", "vooral uw naam of de naam van de school"),
        (PASSWORD, "x" * 257, "hoogstens 256 tekens"),
        (PASSWORD, "zeven\x00groene kikkers", "teken in dat we niet kunnen bewaren"),
        (PASSWORD, PASSWORD, "Dit is uw wachtwoord van nu."),
        ("x" * 1_001, NEW, "Dit wachtwoord klopt niet."),
    ],
)
def test_invalid(cast, login, database, current, password, message):
    response = change(login(cast.accounts["lotte"]), current, password)
    assert response.status_code == 422
    assert message in response.text
    assert passwords.verify(hash_of(database), PASSWORD)
    assert kinds(database) == []


def test_own_words(cast, database):
    words = password_change.own_words(cast.accounts["samira"].id)
    assert {"samira", "Samira Haddad", "De Vlieger", "samira@example.nl"} <= set(words)
    assert "De Vlieger" in password_change.own_words(cast.accounts["marijke"].id)


def test_without_a_token(cast, login, database):
    client = login(cast.accounts["lotte"])
    assert client.post(PATH, data={"current": PASSWORD, "password": NEW}).status_code == 400
    assert passwords.verify(hash_of(database), PASSWORD)


def test_who_is_not_logged_in(client, cast, database):
    response = client.submit(PATH, {"current": PASSWORD, "password": NEW}, form_at="/login")
    assert response.status_code == 303
    assert response.location.startswith("/login")
    assert passwords.verify(hash_of(database), PASSWORD)


# --- the brakes of the log-in


def test_ten_tries(app, cast, login, database):
    with time_machine.travel("2026-11-24T12:00:01+00:00", tick=False) as traveller:
        client = login(cast.accounts["lotte"])
        assert [change(client, "verkeerd wachtwoord").status_code for _ in range(12)] == [422] * 10 + [429] * 2
        response = change(client)
        assert response.status_code == 429
        assert response.headers["Retry-After"] == "300"
        assert "Wacht 5 minuten." in response.text
        assert log_in(app.test_client(), "lotte").status_code == 429
        assert passwords.verify(hash_of(database), PASSWORD)
        traveller.shift(300)
        assert change(client).status_code == 303


def test_tries_to_log_in_count_here(app, cast, login):
    client, stranger = login(cast.accounts["lotte"]), app.test_client()
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(10):
            log_in(stranger, "lotte", "verkeerd wachtwoord")
        assert change(client).status_code == 429


def test_guessed_too_often_in_all(cast, login, monkeypatch):
    monkeypatch.setattr(brakes, "IN_ALL", 2)
    client = login(cast.accounts["lotte"])
    for _ in range(2):
        change(client, "verkeerd wachtwoord")
    response = change(client)
    assert response.status_code == 429
    assert "Maak een nieuw wachtwoord." in response.text
    assert "/forgot" in response.text


def test_a_password_that_changed_meanwhile(cast, login, database, monkeypatch):
    """Between the check of the present password and the change: whoever was first has it."""
    client, real = login(cast.accounts["lotte"]), passwords.hash_password

    def meanwhile(password):
        begin_write()
        account = database.session.get_one(Account, cast.accounts["lotte"].id)
        operations.change_password(account, password_hash=real("acht blauwe vogels"), actor=operations.NOBODY)
        database.session.commit()
        return real(password)

    monkeypatch.setattr(passwords, "hash_password", meanwhile)
    assert change(client).status_code == 422
    assert passwords.verify(hash_of(database), "acht blauwe vogels")
