"""Links that must not work: changed, too old, replaced, used, of somebody who changed (security B5)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts.models import Account, Link, LoginSession, Purpose
from app.core import clock, tokens
from app.core.db import begin_write
from app.school.models import Custody, Guardian, Guardianship
from tests.accounts.test_setup import BOTH, NEW, page_of


def is_dead(client, path, purpose=Purpose.SETUP) -> bool:
    client.get(path)
    page = client.get(page_of(purpose))
    assert page.status_code in (200, 410)
    token = client.csrf()
    posted = client.post(page_of(purpose), data={"password": NEW, "csrf_token": token})
    assert (page.status_code, posted.status_code) in ((200, 303), (410, 410))
    return page.status_code == 410


def change(database, statement):
    begin_write()
    database.session.execute(statement)
    database.session.commit()


@BOTH
def test_a_good_one(client, fresh, issue, purpose):
    assert not is_dead(client, issue(fresh, purpose)[1], purpose)


def test_every_changed_byte_is_refused(client, fresh, issue):
    link, path = issue(fresh)
    token = path.rpartition("/")[2]
    refused = 0
    for place in range(len(token)):
        for other in "AZaz09-_.":
            if token[place] != other:
                forged = token[:place] + other + token[place + 1 :]
                assert tokens.read("setup", forged) is None, forged
                refused += 1
        for bit in range(7):
            forged = token[:place] + chr(ord(token[place]) ^ (1 << bit)) + token[place + 1 :]
            assert tokens.read("setup", forged) is None
            refused += 1
    for forged in (token[:-1], token + "A", token + "=", token[1:], token.replace(".", ""), token.upper(), "", "."):
        assert tokens.read("setup", forged) is None
    assert refused >= 1000
    assert tokens.read("setup", token) == link.id


def test_changed_links_at_the_door(client, fresh, issue):
    _link, path = issue(fresh)
    for place in range(len("/setup/"), len(path)):
        forged = path[:place] + ("A" if path[place] != "A" else "B") + path[place + 1 :]
        response = client.get(forged)
        assert response.status_code == 404
        with client.session_transaction() as session:
            assert "link:setup" not in session


@pytest.mark.parametrize("text", ["x", "%00", "é", "x" * 5000, "..%2f..", "%ff"])
def test_nonsense(client, cast, text):
    assert client.get(f"/setup/{text}").status_code in (404, 405)


@pytest.mark.parametrize(
    ("purpose", "life"), [(Purpose.SETUP, timedelta(days=14)), (Purpose.RESET, timedelta(minutes=60))]
)
def test_too_old(client, fresh, issue, purpose, life):
    _link, path = issue(fresh, purpose)
    with time_machine.travel(clock.now() + life - timedelta(minutes=1)):
        client.get(path)
        assert client.get(page_of(purpose)).status_code == 200
    with time_machine.travel(clock.now() + life):
        assert is_dead(client, path, purpose)
        assert "Deze link werkt niet meer" in client.get(page_of(purpose)).get_data(as_text=True)


@BOTH
def test_replaced_by_a_newer_one(client, fresh, issue, purpose):
    _old, path = issue(fresh, purpose)
    _new, newer = issue(fresh, purpose)
    assert is_dead(client, path, purpose)
    assert not is_dead(client, newer, purpose)


@BOTH
def test_after_the_address_changed(client, fresh, issue, purpose, database):
    _link, path = issue(fresh, purpose)
    change(database, sa.update(Guardian).where(Guardian.first_name == "Nadia").values(email="other@example.nl"))
    assert is_dead(client, path, purpose)


@BOTH
def test_of_a_blocked_account(client, fresh, issue, purpose, database):
    _link, path = issue(fresh, purpose)
    change(database, sa.update(Account).where(Account.id == fresh.id).values(disabled_at=clock.now()))
    assert is_dead(client, path, purpose)


@BOTH
def test_of_somebody_who_lost_custody(client, fresh, issue, purpose, database):
    _link, path = issue(fresh, purpose)
    change(database, sa.update(Guardianship).values(custody=Custody.NONE))
    assert is_dead(client, path, purpose)


@BOTH
def test_after_the_password_changed(client, fresh, issue, purpose, database):
    _link, path = issue(fresh, purpose)
    later = clock.now() + timedelta(seconds=1)
    change(database, sa.update(Account).where(Account.id == fresh.id).values(password_changed_at=later))
    assert is_dead(client, path, purpose)


def test_the_other_link_dies_with_the_first_that_is_used(app, client, fresh, issue):
    _setup, path = issue(fresh)
    _reset, other = issue(fresh, Purpose.RESET)
    assert not is_dead(client, path)
    assert is_dead(app.test_client(), other, Purpose.RESET)


@BOTH
def test_used_by_many_at_once(app, cast, fresh, issue, purpose, database):
    _link, path = issue(fresh, purpose)
    forms = []
    for _ in range(20):
        client = app.test_client()
        client.get(path)
        forms.append((client, {"password": NEW, "csrf_token": client.csrf(page_of(purpose))}))
    database.session.rollback()

    def send(client, data):
        with app.app_context():
            return client.post(page_of(purpose), data=data).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda form: send(*form), forms))
    assert sorted(answers) == [303] + [410] * 19
    assert len(database.session.scalars(sa.select(LoginSession)).all()) == 1
    assert len(database.session.scalars(sa.select(Link).where(Link.used_at.is_not(None))).all()) == 1


# --- "send me a fresh link"


@BOTH
def test_a_fresh_link_without_typing(client, fresh, issue, purpose, database, mails):
    _link, path = issue(fresh, purpose, expires_at=clock.now())
    client.get(path)
    page = client.get(page_of(purpose))
    assert page.status_code == 410
    response = client.submit(f"{page_of(purpose)}/fresh", form_at=page_of(purpose))
    assert response.status_code == 200
    assert "n•••a@example.nl" in response.get_data(as_text=True)
    (message,) = mails("accounts/invitation")  # there is no password yet
    assert message.address == "nadia@example.nl"


def test_a_fresh_link_for_who_has_a_password(client, cast, issue, mails):
    _link, path = issue(cast.accounts["lotte"], expires_at=clock.now())
    client.get(path)
    client.submit("/setup/fresh", form_at="/setup")
    assert len(mails("accounts/reset")) == 1


def test_a_fresh_link_goes_to_the_address_of_today_and_does_not_show_it(client, fresh, issue, database, mails):
    _link, path = issue(fresh)
    change(database, sa.update(Guardian).where(Guardian.first_name == "Nadia").values(email="other@example.nl"))
    client.get(path)
    response = client.submit("/setup/fresh", form_at="/setup")
    page = response.get_data(as_text=True)
    assert "n•••a" not in page
    assert "o•••r" not in page
    assert [message.address for message in mails("accounts/invitation")] == ["other@example.nl"]


def test_fresh_links_have_a_limit_and_one_answer(client, fresh, issue, mails):
    with time_machine.travel("2026-11-24T12:00:01+00:00", tick=False):
        _link, path = issue(fresh, expires_at=clock.now())
        client.get(path)
        pages = [client.submit("/setup/fresh", form_at="/setup").get_data(as_text=True) for _ in range(6)]
    assert len(set(pages)) == 1
    assert len(mails()) == 3


def test_a_fresh_link_for_a_blocked_account(client, fresh, issue, database, mails):
    _link, path = issue(fresh)
    change(database, sa.update(Account).where(Account.id == fresh.id).values(disabled_at=clock.now()))
    client.get(path)
    assert client.submit("/setup/fresh", form_at="/setup").status_code == 200
    assert mails() == []


def test_a_fresh_link_without_an_old_one(client, cast):
    response = client.submit("/setup/fresh", form_at="/login")
    assert (response.status_code, response.location) == (303, "/forgot")


def test_get_sends_nothing(client, fresh, issue, mails):
    _link, path = issue(fresh)
    client.get(path)
    assert client.get("/setup/fresh").status_code == 404
    assert client.head("/reset/fresh").status_code == 404
    assert mails() == []
