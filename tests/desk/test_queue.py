"""The list of what waits: order, groups, filters, search, paging; and what staff without the right see."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.changes.models import ChangeItem, ChangeRequest, Subject
from app.core import clock
from app.core.db import db
from tests.desk.conftest import KERKSTRAAT, LINDELAAN, NEW_MOBILE


@pytest.fixture
def queries():
    """The statements that ran since the list was last cleared."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.startswith(("SELECT", "UPDATE", "INSERT", "DELETE")):
            seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(db.engine, "before_cursor_execute", note)


def rows(page):
    return re.findall(r'<li id="row-([^"]+)"', page.text)


def sent(request, **ago):
    request.sent_at = clock.now() - timedelta(**ago)
    db.session.commit()
    return str(request.id)


def test_emergency_numbers_first_then_the_oldest(desk, asked):
    new = sent(asked.mobile(), minutes=1)
    old = sent(asked.address(), days=9)
    contact = {"name": "Riet", "relation": "oma", "phone": "+31301112233"}
    urgent = sent(asked.about_noor("emergency", urgent=True, contact__1=(None, contact)), minutes=5)
    page = desk.client.get("/desk")
    assert rows(page) == [urgent, old, new]
    headings = re.findall(r'class="queue-day">([^<]+)<', page.text)
    assert headings == ["Eerst: noodnummers", "Ouder", "Vandaag"]
    assert page.text.count("te laat") == 1


def test_yesterdays_emergency_number_says_so(desk, asked):
    """Its heading names no day, so a bare time would be taken for today's."""
    contact = {"name": "Riet", "relation": "oma", "phone": "+31301112233"}
    sent(asked.about_noor("emergency", urgent=True, contact__1=(None, contact)), days=1)
    assert '<span class="queue-side"><span>gisteren</span>' in desk.client.get("/desk").text


def test_a_row_says_who_what_and_how_much(desk, asked):
    asked.contact(mobile=("+31612345678", NEW_MOBILE), email=("lotte@example.nl", "l@example.nl"))
    text = desk.client.get("/desk").text
    assert "<b>Noor de Vries</b>" in text
    assert "Mobiel nummer, e-mailadres van Lotte" in text
    assert "2 wijzigingen van 1 ouder" in text
    assert 'class="count" id="rail-count-1">1<' in text


def test_of_many_things_two_are_named(desk, asked):
    asked.contact(**dict.fromkeys(("mobile", "other_phone", "work_phone", "email"), ("", NEW_MOBILE)))
    assert "Mobiel nummer, ander nummer en 2 meer van Lotte" in desk.client.get("/desk").text


def test_filters_have_counts(desk, asked):
    first, second = asked.mobile(), asked.address()
    page = desk.client.get("/desk?section=address")
    assert rows(page) == [str(second.id)]
    assert "Alles 2" in page.text
    assert re.search(r'aria-current="true">Adres 1<', page.text)
    assert f"/desk/changes/{second.id}?section=address" in page.text
    assert rows(desk.client.get("/desk?section=nonsense")) == [str(first.id), str(second.id)]


@pytest.mark.parametrize(
    ("typed", "found"), [("noor", 1), ("VRIES lot", 1), ("els", 0), ("%", 0), ("", 1), ("x" * 500, 0)]
)
def test_search_by_the_name_of_child_or_parent(desk, asked, typed, found):
    asked.mobile()
    assert len(rows(desk.client.get("/desk", query_string={"q": typed}))) == found


def test_a_list_of_thousands_costs_the_same_few_queries(desk, asked, cast, queries):
    _crowd(cast, 2)
    desk.client.get("/desk")
    queries.clear()
    desk.client.get("/desk")
    few = len(queries)
    _crowd(cast, 1998)
    queries.clear()
    page = desk.client.get("/desk")
    assert len(queries) == few <= 10
    assert len(rows(page)) == 50
    assert "2000 wijzigingen" in page.text
    more = desk.client.get("/desk?page=2", headers={"HX-Request": "true"})
    assert len(rows(more)) == 50
    assert "<html" not in more.text
    assert not set(rows(more)) & set(rows(page))
    assert len(rows(desk.client.get("/desk?page=40"))) == 50
    assert "page=41" not in desk.client.get("/desk?page=40").text
    assert rows(desk.client.get("/desk?page=99")) == []


def _crowd(cast, count):
    """Requests of as many parents as there are requests: each guardian has one open request a section."""
    from app.core.db import new_id
    from app.school.models import Guardian

    guardians = [
        {"id": new_id(), "school_id": cast.school.id, "first_name": "Ouder", "surname": str(number)}
        for number in range(count)
    ]
    requests = [
        {
            "id": new_id(),
            "school_id": cast.school.id,
            "section": "contact",
            "subject": Subject.GUARDIAN,
            "subject_id": each["id"],
            "guardian_id": each["id"],
            "pupil_id": cast.noor.id,
            "sent_at": clock.now(),
            "open": True,
        }
        for each in guardians
    ]
    items = [
        {"school_id": cast.school.id, "request_id": each["id"], "key": "mobile", "seen": "", "proposed": NEW_MOBILE}
        for each in requests
    ]
    for model, found in ((Guardian, guardians), (ChangeRequest, requests), (ChangeItem, items)):
        db.session.execute(sa.insert(model), found)
    db.session.commit()


def test_nothing_waits(desk):
    page = desk.client.get("/desk")
    assert page.status_code == 200
    assert "Alles is nagekeken." in page.text


def test_only_the_own_school(desk, factories, cast, database):
    factories.change_request(guardian=cast.bo, section="contact", pupil=cast.fien, items={"mobile": ("", NEW_MOBILE)})
    database.session.commit()
    page = desk.client.get("/desk")
    assert rows(page) == []
    assert "Fien" not in page.text


def test_not_ones_own(login, cast, asked, factories, database):
    factories.post(account=cast.accounts["lotte"], school=cast.school)
    asked.mobile()
    asked.address(guardian=cast.jeroen)
    page = login(cast.accounts["lotte"]).get("/desk")
    assert rows(page) == []
    assert "rail-count" not in page.text
    assert "Mijn kind" in page.text


def test_a_teacher_sees_what_there_is_for_them(login, cast, asked):
    request = asked.mobile()
    client = login(cast.accounts["samira"])
    page = client.get("/desk")
    assert page.status_code == 200
    assert "Welkom, Samira Haddad" in page.text
    assert "Noor" not in page.text
    assert 'href="/"' in page.text
    for path in (f"/desk/changes/{request.id}", "/desk/decisions"):
        assert client.get(path).status_code == 404


def test_not_for_parents_nor_for_nobody(login, client, cast):
    assert login(cast.accounts["els"]).get("/desk").status_code == 404
    assert client.get("/desk").status_code == 303
    assert client.post("/desk").status_code in (400, 405)


def test_ones_account(login, cast):
    page = login(cast.accounts["samira"]).get("/desk/me")
    assert "Samira Haddad" in page.text
    assert 'action="/logout"' in page.text
    assert login(cast.accounts["els"]).get("/desk/me").status_code == 404


def test_an_address_shows_as_one_thing(desk, asked):
    asked.address()
    page = desk.client.get("/desk")
    assert "<span>Adres</span>" in page.text
    assert KERKSTRAAT["street"] not in page.text
    assert LINDELAAN["street"] not in page.text
