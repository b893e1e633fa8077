"""How somebody likes to read: kept with the account, on every page after the log-in."""

import re

import pytest
import sqlalchemy as sa

from app.accounts.comfort import CHOICES
from app.accounts.models import Account
from app.core.db import begin_write

EVERYWHERE = ("/", "/me", "/changes", "/account", "/account/password", "/language", "/install", "/bestaat-niet")


def html_of(answer):
    return re.search(r"<html[^>]*>", answer.text)[0]


def choose(client, name, value, path="/account"):
    return client.submit("/account/comfort", {name: value}, form_at=path)


@pytest.mark.parametrize(
    ("name", "value", "attribute"),
    [
        ("text_size", "large", 'data-text="large"'),
        ("text_size", "huge", 'data-text="huge"'),
        ("spacing", "roomy", 'data-spacing="roomy"'),
        ("theme", "light", 'data-theme="light"'),
        ("theme", "dark", 'data-theme="dark"'),
    ],
)
def test_it_works(cast, login, name, value, attribute):
    client = login(cast.accounts["lotte"])
    response = choose(client, name, value)
    assert (response.status_code, response.location) == (303, "/account#comfort-h")
    for path in (*EVERYWHERE, f"/children/{cast.noor.id}"):
        assert attribute in html_of(client.get(path)), path
    assert f'name="{name}" value="{value}" aria-pressed="true"' in client.get("/account").text


@pytest.mark.parametrize(("name", "usual"), [("text_size", "normal"), ("spacing", "normal"), ("theme", "system")])
def test_back_to_what_is_usual(cast, login, name, usual):
    client = login(cast.accounts["lotte"])
    before = html_of(client.get("/account"))
    choose(client, name, {"text_size": "huge", "spacing": "roomy", "theme": "dark"}[name])
    assert html_of(client.get("/account")) != before
    choose(client, name, usual)
    assert html_of(client.get("/account")) == before
    assert "data-" not in before


def test_one_choice_leaves_the_others(cast, login):
    client = login(cast.accounts["lotte"])
    choose(client, "text_size", "large")
    choose(client, "theme", "dark")
    html = html_of(client.get("/me"))
    assert 'data-text="large"' in html
    assert 'data-theme="dark"' in html


def test_staff(cast, login):
    client = login(cast.accounts["marijke"])
    assert choose(client, "text_size", "huge").status_code == 303
    for path in ("/desk", "/desk/me", "/desk/guardians", "/account"):
        assert 'data-text="huge"' in html_of(client.get(path)), path


def test_on_another_device_and_not_for_somebody_else(cast, login):
    choose(login(cast.accounts["lotte"]), "text_size", "huge")
    assert 'data-text="huge"' in html_of(login(cast.accounts["lotte"]).get("/"))
    assert "data-text" not in html_of(login(cast.accounts["jeroen"]).get("/"))


def test_not_after_logging_out(cast, login):
    client = login(cast.accounts["lotte"])
    choose(client, "theme", "dark")
    client.submit("/logout", form_at="/account")
    assert "data-theme" not in html_of(client.get("/login"))


@pytest.mark.parametrize(
    "form",
    [{}, {"text_size": "enormous"}, {"theme": ""}, {"spacing": "huge"}, {"text_size": "huge\x00"}, {"x": "huge"}],
)
def test_invalid(cast, login, database, form):
    response = login(cast.accounts["lotte"]).submit("/account/comfort", form, form_at="/account")
    assert response.status_code == 422
    assert "Kies iets uit de lijst." in response.text
    columns = [getattr(Account, name) for name in CHOICES]
    kept = database.session.execute(sa.select(*columns).where(Account.username == "lotte")).one()
    assert tuple(kept) == ("normal", "normal", "system")


def test_who_is_not_logged_in(client, cast):
    assert choose(client, "text_size", "huge", "/login").status_code == 303
    assert client.get("/account/comfort").status_code == 405


@pytest.mark.parametrize("name", CHOICES)
def test_the_database_takes_nothing_else(cast, database, name):
    begin_write()
    wrong = sa.update(sa.table("account", sa.column(name))).values({name: "x"})
    with pytest.raises(sa.exc.IntegrityError):
        database.session.execute(wrong)
    database.session.rollback()


def test_it_costs_no_query(cast, login, database):
    client, statements = login(cast.accounts["lotte"]), []
    client.get("/language")

    def note(_connection, _cursor, statement, *_rest):
        statements.extend([statement] if statement.startswith("SELECT") else [])

    sa.event.listen(database.engine, "before_cursor_execute", note)
    try:
        client.get("/language")
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", note)
    assert len(statements) == 1
