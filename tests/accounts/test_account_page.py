"""GET /account: one's own log-in; and the devices that are logged in with it."""

import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts import sessions
from app.accounts.models import LoginSession
from app.core import clock
from app.core.audit import AuditEvent
from app.core.db import begin_write
from tests.accounts.test_sessions import is_in

OTHERS = "/account/sessions/logout"


def page_of(client):
    return client.get("/account").text


def session_of(client, database):
    """The id of the session that this browser has."""
    with client.session_transaction() as kept:
        token = kept["_user_id"]
    database.session.rollback()
    return sessions.load(token).session_id


def set_device(database, session_id, device):
    begin_write()
    database.session.execute(sa.update(LoginSession).where(LoginSession.id == session_id).values(device=device))
    database.session.commit()


def end(client, session_id):
    return client.submit(f"/account/sessions/{session_id}/logout", form_at="/account")


def events(database):
    wanted = sa.select(AuditEvent).where(AuditEvent.kind == "account:session-end")
    return [(event.account_id, event.details["count"]) for event in database.session.scalars(wanted)]


@pytest.mark.parametrize("who", ["lotte", "marijke", "samira", "karim"])
def test_it_works(cast, login, who):
    text = page_of(login(cast.accounts[who]))
    for shown in ("Mijn account", who, "Wachtwoord veranderen", "Prettig lezen", "Taal", "Dit apparaat", "Uitloggen"):
        assert shown in text


@pytest.mark.parametrize(
    ("who", "at"), [("lotte", "/me"), ("marijke", "/desk/me"), ("samira", "/me"), ("ruud", "/desk/me")]
)
def test_the_way_there_and_back(cast, login, who, at):
    client = login(cast.accounts[who])
    assert 'href="/account"' in client.get(at).text
    for path in ("/account", "/account/password"):
        text = client.get(path).text
        assert f'class="me" href="{at}"' in text, path
        assert ("/desk/guardians" in text) == (at == "/desk/me"), path
    assert client.submit("/logout", form_at=at).status_code == 200


def test_a_parents_tabs_stay(cast, login):
    assert f"/children/{cast.noor.id}" in page_of(login(cast.accounts["lotte"]))


def test_the_language_stays_on_this_page(cast, login):
    client = login(cast.accounts["lotte"])
    response = client.submit("/language", {"language": "en", "next": "/account"}, form_at="/account")
    assert response.location == "/account"
    assert '<html lang="en"' in page_of(client)


def test_only_for_who_is_logged_in(client, cast):
    for path in ("/account", "/account/password"):
        assert client.get(path).location == f"/login?next={path}"
        assert client.get(path, headers={"HX-Request": "true"}).status_code == 401


# --- the devices


def test_devices_in_plain_words(cast, login, database):
    client = login(cast.accounts["lotte"])
    raw = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome"  # kept before, cut off
    for device in ("Safari iPhone", "Safari Mac", raw, ""):
        set_device(database, session_of(login(cast.accounts["lotte"]), database), device)
    text = page_of(client)
    for shown in ("Safari op iPhone", "Safari op Mac of iPad", "Chrome op Android", "Onbekend apparaat"):
        assert shown in text
    assert text.count("Laatst gebruikt: vandaag") == 4
    assert text.count("Dit apparaat") == 1
    assert "Mozilla" not in text


def test_the_one_that_was_used_last_comes_first(cast, login, database):
    now = clock.now()
    with time_machine.travel(now - timedelta(days=2), tick=False):
        set_device(database, session_of(login(cast.accounts["lotte"]), database), "Firefox Linux")
    with time_machine.travel(now - timedelta(days=1), tick=False):
        set_device(database, session_of(login(cast.accounts["lotte"]), database), "Safari iPhone")
    text = page_of(login(cast.accounts["lotte"]))
    assert text.index("Safari op iPhone") < text.index("Firefox op Linux")
    assert "Laatst gebruikt: gisteren" in text


def test_what_ended_or_is_too_old_is_not_shown(cast, login, database):
    now = clock.now()
    with time_machine.travel(now - timedelta(days=31), tick=False):
        set_device(database, session_of(login(cast.accounts["lotte"]), database), "Firefox Linux")
    gone = login(cast.accounts["lotte"])
    set_device(database, session_of(gone, database), "Safari iPhone")
    gone.submit("/logout", form_at="/account")
    text = page_of(login(cast.accounts["lotte"]))
    assert "Firefox" not in text
    assert "Safari" not in text


def test_nobody_elses_devices(cast, login, database):
    set_device(database, session_of(login(cast.accounts["jeroen"]), database), "Firefox Linux")
    assert "Firefox" not in page_of(login(cast.accounts["lotte"]))


def test_logging_one_out(cast, login, database):
    here, there, third = (login(cast.accounts["lotte"]) for _ in range(3))
    response = end(here, session_of(there, database))
    assert (response.status_code, response.location) == (303, "/account")
    assert "Het apparaat is uitgelogd." in page_of(here)
    assert [is_in(client) for client in (here, there, third)] == [True, False, True]
    assert events(database) == [(cast.accounts["lotte"].id, 1)]


def test_the_button_is_on_the_page(cast, login, database):
    here, there = login(cast.accounts["lotte"]), login(cast.accounts["lotte"])
    (path,) = set(re.findall(r'action="(/account/sessions/[^"]+)"', page_of(here)))
    assert path == f"/account/sessions/{session_of(there, database)}/logout"
    assert here.submit(path, form_at="/account").status_code == 303
    assert not is_in(there)


def test_logging_one_out_twice(cast, login, database):
    here, there = login(cast.accounts["lotte"]), login(cast.accounts["lotte"])
    session_id = session_of(there, database)
    assert [end(here, session_id).status_code for _ in range(2)] == [303, 303]


def test_logging_this_one_out(cast, login, database):
    client = login(cast.accounts["lotte"])
    response = end(client, session_of(client, database))
    assert response.status_code == 200
    assert "U bent uitgelogd" in response.text
    assert "cookies" in response.headers["Clear-Site-Data"]
    assert not is_in(client)


def test_logging_all_others_out(cast, login, database):
    here, *others = (login(cast.accounts["lotte"]) for _ in range(4))
    jeroen = login(cast.accounts["jeroen"])
    assert OTHERS in page_of(here)
    assert here.submit(OTHERS, form_at="/account").status_code == 303
    assert "3 apparaten zijn uitgelogd." in page_of(here)
    assert [is_in(client) for client in (here, *others, jeroen)] == [True, False, False, False, True]
    assert OTHERS not in page_of(here)
    assert events(database) == [(cast.accounts["lotte"].id, 3)]


def test_somebody_elses_session(cast, login, database):
    jeroen, lotte = login(cast.accounts["jeroen"]), login(cast.accounts["lotte"])
    for session_id in (session_of(jeroen, database), uuid.uuid4()):
        assert end(lotte, session_id).status_code == 404
    assert is_in(jeroen)
    assert events(database) == []


@pytest.mark.parametrize(
    ("path", "status"), [("/account/sessions/1/logout", 404), (OTHERS, 405), ("/account/nothing", 404)]
)
def test_other_addresses(cast, login, path, status):
    assert login(cast.accounts["lotte"]).get(path).status_code == status
