"""How often a password may be guessed (security B1)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine

from app.accounts import brakes, queries
from app.accounts.brakes import Verdict
from app.accounts.models import Purpose
from app.core.db import begin_write
from tests.accounts.test_login import log_in

NOON = "2026-11-24T12:00:01+00:00"


@pytest.fixture(autouse=True)
def clock_stands():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def wrong(client, name="lotte", **kwargs):
    """A wrong password, from a page that was opened once."""
    if not hasattr(client, "token"):
        client.token = client.csrf()
    data = {"username": name, "password": "verkeerd wachtwoord", "csrf_token": client.token}
    return client.post("/login", data=data, **kwargs)


@pytest.mark.parametrize("name", ["lotte", "lotte@example.nl", "niemand", "niemand@example.nl"])
def test_ten_tries_for_one_name(client, cast, name):
    assert [wrong(client, name).status_code for _ in range(12)] == [422] * 10 + [429] * 2
    response = log_in(client, name)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "300"
    assert "Wacht 5 minuten" in response.get_data(as_text=True)
    assert f'value="{name}"' in response.get_data(as_text=True)


def test_after_five_minutes(client, cast, clock_stands):
    for _ in range(11):
        wrong(client)
    clock_stands.shift(300)
    assert log_in(client, "lotte").status_code == 303


def test_name_and_address_share_a_count(client, cast):
    for _ in range(5):
        wrong(client, "lotte")
        wrong(client, "lotte@example.nl")
    assert log_in(client, "lotte").status_code == 422  # not "wait": that would tell that the two are one person


def test_another_name_is_not_hit(client, cast):
    for _ in range(11):
        wrong(client)
    assert log_in(client, "jeroen").status_code == 303


def test_thirty_tries_from_one_network(client, cast):
    statuses = [wrong(client, f"iemand{number}").status_code for number in range(32)]
    assert statuses == [422] * 30 + [429] * 2
    assert log_in(client, "lotte").status_code == 429
    assert log_in(client, "lotte", environ_overrides=None).status_code == 429


def test_a_forged_header_does_not_help(client, cast):
    for number in range(11):
        response = wrong(client, headers={"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}"})
    assert response.status_code == 429
    for number in range(20):
        response = wrong(client, f"iemand{number}", headers={"X-Forwarded-For": f"192.0.2.{number}"})
    assert response.status_code == 429


def test_right_passwords_are_not_counted(client, cast):
    for _ in range(32):  # an evening at school: everybody behind one address
        assert log_in(client, "lotte").status_code == 303


def test_a_known_device_gets_in_during_an_attack(app, client, cast):
    log_in(client, "lotte")
    client.submit("/logout", form_at="/login")
    attacker = app.test_client()
    for _ in range(15):
        wrong(attacker)
    assert log_in(attacker, "lotte").status_code == 429
    assert log_in(client, "lotte").status_code == 303
    assert log_in(client, "lotte@example.nl").status_code == 303


def test_a_known_device_of_another_account_helps_nobody(app, client, cast):
    log_in(client, "jeroen")
    for _ in range(10):
        wrong(client)
    assert wrong(client).status_code == 429


def test_a_known_device_has_a_limit_too(client, cast):
    log_in(client, "lotte")
    assert [wrong(client).status_code for _ in range(11)] == [422] * 10 + [429]


def test_a_made_up_device_cookie(client, cast):
    for text in ("x", "WyJhIl0.abc", '["1"]', ""):
        client.set_cookie("device", text)
        assert log_in(client, "lotte").status_code == 303


@pytest.mark.parametrize("name", ["lotte", "niemand"])
def test_a_hundred_in_all(client, cast, database, clock_stands, name):
    begin_write()
    for number in range(100):
        attempt = brakes.begin_try(name, queries.candidates(name), network=f"192.0.2.{number}", device=None)
        assert attempt.verdict is Verdict.GO
        clock_stands.shift(31)
    database.session.commit()
    clock_stands.shift(301)
    response = log_in(client, name)
    assert response.status_code == 429
    assert "Maak een nieuw wachtwoord" in response.get_data(as_text=True)


def test_a_new_password_begins_again(app, client, cast, clock_stands, issue, monkeypatch):
    monkeypatch.setattr(brakes, "IN_ALL", 3)
    for _ in range(4):
        wrong(client)
    assert log_in(client, "lotte").status_code == 429
    _link, path = issue(cast.accounts["lotte"], Purpose.RESET)
    client.get(path)
    assert client.submit("/reset", {"password": "zeven groene kikkers"}).status_code == 303
    assert log_in(app.test_client(), "lotte", "zeven groene kikkers").status_code == 303


def in_a_thread(app, client, data):
    with app.app_context():
        return client.post("/login", data=data).status_code


def test_many_at_once_get_no_more(app, database, cast):
    clients = [app.test_client() for _ in range(20)]
    forms = [
        (client, {"username": "lotte", "password": "verkeerd wachtwoord", "csrf_token": client.csrf()})
        for client in clients
    ]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda form: in_a_thread(app, *form), forms))
    assert sorted(answers) == [422] * 10 + [429] * 10
