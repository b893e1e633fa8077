"""GET /desk/guardians: what became of each invitation."""

import re

import pytest
import sqlalchemy as sa

from app.accounts.models import Account, Link
from app.core import clock
from app.core.db import begin_write
from app.school.models import Custody, Guardian, Guardianship, MailState

LIST = "/desk/guardians"


def page_of(client, **query):
    response = client.get(LIST, query_string=query)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def change(database, statement):
    begin_write()
    database.session.execute(statement)
    database.session.commit()


def test_it_works(cast, login):
    page = page_of(login(cast.accounts["marijke"]))
    for name in ("Lotte de Vries", "Jeroen Bakker", "Karim Aziz", "Els Bos", "Samira Haddad"):
        assert name in page
    assert "Noor (5A), Sem (5A)" in page
    assert "lotte@example.nl" in page
    assert "Iedereen (5)" in page
    assert "Actief (5)" in page


def test_another_schools_guardians_are_not_there(cast, login):
    assert "Bo Smit" not in page_of(login(cast.accounts["marijke"]))
    page = page_of(login(cast.accounts["anna"]))
    assert "Bo Smit" in page
    assert "Lotte" not in page
    assert ">5A<" not in page
    assert "(5A)" not in page


@pytest.mark.parametrize(("who", "status"), [("lotte", 404), ("samira", 404), ("ruud", 200), ("marijke", 200)])
def test_who_may(cast, login, who, status):
    assert login(cast.accounts[who]).get(LIST).status_code == status


def test_not_logged_in(client, cast):
    assert client.get(LIST).location == "/login?next=/desk/guardians"


@pytest.mark.parametrize(
    ("change_of", "state", "words"),
    [
        (lambda g: sa.update(Guardian).where(g).values(email=""), "no-address", "Geen e-mailadres"),
        (lambda g: sa.update(Guardian).where(g).values(email_state=MailState.BOUNCED), "bounced", "werkt niet"),
        (lambda g: sa.update(Guardian).where(g).values(email_state=MailState.WRONG), "wrong", "Verkeerd e-mailadres"),
        (lambda _g: sa.update(Guardianship).values(custody=Custody.NONE), "no-custody", "Zonder gezag"),
        (lambda _g: sa.update(Account).values(active_since=None), "uninvited", "Nog niet uitgenodigd"),
    ],
)
def test_states(cast, login, database, change_of, state, words):
    change(database, change_of(Guardian.id == cast.lotte.id))
    page = page_of(login(cast.accounts["marijke"]), state=state)
    assert "Lotte de Vries" in page
    assert words in page


def test_invited_then_opened_then_active(cast, fresh, login, issue, client, app):
    staff = login(cast.accounts["marijke"])
    _link, path = issue(fresh)
    assert "Nadia" in page_of(staff, state="invited")
    client.get(path)
    page = page_of(staff, state="opened")
    assert "Nadia" in page
    assert "Link geopend: vandaag" in page
    client.submit("/setup", {"password": "zeven groene kikkers"})
    page = page_of(staff, state="active")
    assert "Nadia" in page
    assert "Laatst gezien: vandaag" in page


def test_the_latest_link_counts(cast, fresh, login, issue, client):
    _old, path = issue(fresh)
    client.get(path)
    issue(fresh)
    assert "Nadia" in page_of(login(cast.accounts["marijke"]), state="invited")


def test_an_expired_link(cast, fresh, login, issue):
    issue(fresh, expires_at=clock.now())
    assert "De link is verlopen." in page_of(login(cast.accounts["marijke"]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lotte", "Lotte de Vries"),
        ("lotte@example de vries", "Lotte de Vries"),
        ("vries LOTTE", "Lotte de Vries"),
        ("jeroen@example", "Jeroen Bakker"),
        ("karim", "Karim Aziz"),
    ],
)
def test_search(cast, login, text, found):
    page = page_of(login(cast.accounts["marijke"]), q=text)
    assert re.findall(r'"list-text"><b>([^<]+)</b>', page) == [found]


def test_search_by_the_name_of_a_child(cast, login):
    page = page_of(login(cast.accounts["marijke"]), q="noor de vries")
    names = re.findall(r'"list-text"><b>([^<]+)</b>', page)
    assert "Lotte de Vries" in names
    assert "Jeroen Bakker" in names
    assert "Els Bos" not in names


@pytest.mark.parametrize("text", ["Özlem", "özlem", "ÖZLEM"])
def test_search_knows_capitals_of_all_letters(cast, login, database, text):
    change(database, sa.update(Guardian).where(Guardian.id == cast.lotte.id).values(first_name="Özlem"))
    page = page_of(login(cast.accounts["marijke"]), q=text)
    assert re.findall(r'"list-text"><b>([^<]+)</b>', page) == ["Özlem de Vries"]


@pytest.mark.parametrize("text", ["%", "_", "'", "\\", "niemand", "bo smit", "\x00", "<b>", "x" * 5000])
def test_search_finds_nothing_by_tricks(cast, login, text):
    page = page_of(login(cast.accounts["marijke"]), q=text)
    if text != "\x00":
        assert '"list-text"><b>' not in page


def test_by_group(cast, login, factories, database):
    year = factories.school_year(school=cast.school, name="2025-2026")
    empty = factories.group(school=cast.school, year=year, name="8B")
    database.session.commit()
    client = login(cast.accounts["marijke"])
    assert "Iedereen (5)" in page_of(client, group=cast.group.id)
    assert '"list-text"><b>' not in page_of(client, group=empty.id)
    assert "8B" not in page_of(client)


@pytest.mark.parametrize(
    "query",
    [
        {"state": "x"},
        {"group": "x"},
        {"page": "x"},
        {"page": "-1"},
        {"page": "0"},
        {"page": "99999"},
        {"page": str(2**63)},
        {"page": "٣"},
        {"group": "00000000-0000-7000-8000-000000000000"},
    ],
)
def test_nonsense(cast, login, query):
    page_of(login(cast.accounts["marijke"]), **query)


def test_many(cast, login, factories, database):
    before = _queries(cast, login, database)
    for number in range(120):
        guardian = factories.guardian(school=cast.school, first_name=f"P{number:03}", surname="Aa")
        factories.guardianship(guardian=guardian, pupil=cast.noor)
    database.session.commit()
    assert _queries(cast, login, database) == before
    client = login(cast.accounts["marijke"])
    assert page_of(client).count('"list-text"><b>') == 50
    assert page_of(client, page=3).count('"list-text"><b>') == 25
    assert "Bladzijde 2 van 3" in page_of(client, page=2)


def _queries(cast, login, database):
    client = login(cast.accounts["marijke"])
    statements = []

    def count(*given):
        statements.append(given[2])

    sa.event.listen(database.engine, "before_cursor_execute", count)
    page_of(client)
    sa.event.remove(database.engine, "before_cursor_execute", count)
    assert len(statements) <= 12
    return len(statements)


def test_htmx_gets_the_list(cast, login):
    response = login(cast.accounts["marijke"]).get(LIST, headers={"HX-Request": "true"})
    page = response.get_data(as_text=True)
    assert page.lstrip().startswith('<section id="accounts-guardians"')
    assert "HX-Request" in response.headers["Vary"]


def test_one_guardian(cast, login):
    client = login(cast.accounts["marijke"])
    assert "Lotte de Vries" in client.get(f"{LIST}/{cast.lotte.id}").get_data(as_text=True)
    fragment = client.get(f"{LIST}/{cast.lotte.id}", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in fragment


def test_a_guardian_of_another_school(cast, login):
    client = login(cast.accounts["marijke"])
    for guardian_id in (cast.bo.id, "00000000-0000-7000-8000-000000000000"):
        for path in (f"{LIST}/{guardian_id}", f"{LIST}/{guardian_id}/address"):
            assert client.get(path).status_code == 404
    assert client.get(f"{LIST}/x").status_code == 404


def test_looking_writes_nothing(cast, login, database):
    page_of(login(cast.accounts["marijke"]))
    assert database.session.scalars(sa.select(Link)).all() == []
