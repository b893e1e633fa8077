"""POST /forgot: a link for a new password; the answer never tells who is known."""

import re

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts.models import Account
from app.core import clock
from app.core.db import begin_write
from app.core.jobs import Job
from app.school.models import Guardian, MailState
from tests.accounts.test_links import NEW

SENT = "Kennen we deze naam of dit adres? Dan krijgt u nu een e-mail."


def ask(client, name, **kwargs):
    return client.submit("/forgot", {"username": name}, **kwargs)


def test_it_works(client, cast, work, mails, letter, database):
    response = ask(client, "lotte@example.nl")
    assert response.status_code == 200
    assert SENT in response.get_data(as_text=True)
    work()
    (message,) = mails("accounts/reset")
    assert message.address == "lotte@example.nl"
    text = letter(message).body
    path = re.search(r"http://localhost(/reset/\S+)", text)[1]
    client.get(path)
    assert client.submit("/reset", {"password": NEW}).status_code == 303


@pytest.mark.parametrize("name", ["lotte", "LOTTE", "Lotte@Example.nl", " lotte "])
def test_name_or_address(client, cast, work, mails, name):
    ask(client, name)
    work()
    assert [message.address for message in mails("accounts/reset")] == ["lotte@example.nl"]


def test_two_parents_with_one_address(client, cast, work, mails, letter, database):
    begin_write()
    database.session.execute(sa.update(Guardian).where(Guardian.id == cast.jeroen.id).values(email="lotte@example.nl"))
    database.session.commit()
    ask(client, "lotte@example.nl")
    work()
    bodies = [letter(message).body for message in mails("accounts/reset")]
    assert sorted(re.search(r"gebruikersnaam is (\w+)", body)[1] for body in bodies) == ["jeroen", "lotte"]


def test_known_and_unknown_get_the_same_answer(client, cast, database):
    pages = {ask(client, name).get_data() for name in ("lotte", "lotto", "lotte@example.nl", "lotto@example.nl")}
    assert len(pages) == 1
    database.session.rollback()
    assert len(database.session.scalars(sa.select(Job)).all()) == 4  # for nobody too


@pytest.mark.parametrize("name", ["niemand", "niemand@example.nl", "@", "a@b", "x" * 254])
def test_unknown(client, cast, work, mails, name):
    assert ask(client, name).status_code == 200
    work()
    assert mails() == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 255])
def test_invalid(client, cast, name):
    assert ask(client, name).status_code == 422


def test_who_has_no_password_yet_gets_the_set_up_link(client, fresh, work, mails):
    ask(client, "nadia@example.nl")
    work()
    assert [message.kind for message in mails()] == ["accounts/invitation"]


def test_a_blocked_account(client, cast, work, mails, database):
    begin_write()
    database.session.execute(sa.update(Account).values(disabled_at=clock.now()))
    database.session.commit()
    ask(client, "lotte")
    work()
    assert mails() == []


@pytest.mark.parametrize("state", [MailState.BOUNCED, MailState.WRONG])
def test_an_address_that_is_no_good(client, cast, work, mails, database, state):
    begin_write()
    database.session.execute(sa.update(Guardian).values(email_state=state))
    database.session.commit()
    ask(client, "lotte")
    work()
    assert mails() == []


def test_three_mails_an_hour(client, cast, work, mails):
    with time_machine.travel("2026-11-24T12:00:01+00:00", tick=False) as traveller:
        pages = {ask(client, "lotte").get_data() for _ in range(6)}
        work()
        assert len(mails()) == 3
        traveller.shift(3600)
        ask(client, "lotte@example.nl")
        work()
        assert len(mails()) == 4
    assert len(pages) == 1


def test_a_network_has_a_limit(client, cast, work, mails):
    with time_machine.travel("2026-11-24T12:00:01+00:00", tick=False):
        for number in range(20):
            ask(client, f"niemand{number}")
        assert SENT in ask(client, "lotte").get_data(as_text=True)
        work()
        assert mails() == []
        ask(client, "lotte", environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
        work()
        assert len(mails()) == 1


def test_doing_the_job_twice_leaves_one_good_link(client, cast, work, mails, letter, database):
    ask(client, "lotte")
    work()
    database.session.execute(sa.update(Job).values(done_at=None))
    database.session.commit()
    work()
    letters = [letter(message) for message in mails("accounts/reset")]
    assert [made is None for made in letters] == [True, False]


def test_get_sends_nothing(client, cast, work, mails):
    assert client.get("/forgot?username=lotte").status_code == 200
    work()
    assert mails() == []
