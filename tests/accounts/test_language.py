"""The language: a choice of the person, kept with the account or in the browser."""

import pytest
import sqlalchemy as sa

from app.accounts.models import Account


def test_it_works(cast, login, database):
    client = login(cast.accounts["lotte"])
    response = client.submit("/language", {"language": "en", "next": "/me"})
    assert (response.status_code, response.location) == (303, "/me")
    assert '<html lang="en"' in client.get("/language").get_data(as_text=True)
    assert database.session.scalar(sa.select(Account.language).where(Account.username == "lotte")) == "en"


def test_who_is_not_logged_in(client, cast):
    client.submit("/language", {"language": "en"})
    assert '<html lang="en"' in client.get("/login").get_data(as_text=True)


@pytest.mark.parametrize("language", ["", "xx", "../nl", "nl\x00"])
def test_invalid(client, cast, language):
    response = client.submit("/language", {"language": language})
    assert response.status_code == 422
    assert "Kies een taal uit de lijst." in response.get_data(as_text=True)


def test_get_changes_nothing(client, cast):
    assert client.get("/language?language=en").status_code == 200
    assert '<html lang="nl"' in client.get("/login").get_data(as_text=True)


def test_leads_to_no_other_site(client, cast):
    assert client.submit("/language", {"language": "en", "next": "//evil.example"}).location == "/"
    assert "evil" not in client.get("/language?next=//evil.example").get_data(as_text=True)
