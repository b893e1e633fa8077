"""One request on the desk: what is now, what is asked, what to know about it, who else is looking."""

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.audit import AuditEvent
from app.core.db import db
from app.school.models import Custody, Guardian, Guardianship
from tests.desk.conftest import KERKSTRAAT, LINDELAAN, NEW_MOBILE, fresh
from tests.desk.test_queue import queries  # noqa: F401 - a fixture


def test_head_and_sheets(desk, asked):
    request = asked.contact(mobile=("+31612345678", NEW_MOBILE), email=("lotte@example.nl", "lotte@familie.example"))
    page = desk.open(request)
    assert '<h1 id="detail-h">Noor de Vries</h1>' in page.text
    assert "Groep 5A · van <strong>Lotte de Vries</strong>, moeder met gezag" in page.text
    assert "1 van 1" in page.text
    assert "Mobiel nummer van Lotte" in page.text
    assert "06 12 34 56 78" in page.text
    assert "06 48 21 77 03" in page.text
    assert "bevestigt het nieuwe adres zelf" in page.text
    assert "checked" not in page.text
    assert "Alles goedkeuren" not in page.text  # a mail address is looked at with care


def test_who_rather_rings_finds_the_number_there(desk, asked):
    assert 'href="tel:+31612345678"' in desk.open(asked.contact(email=("lotte@example.nl", "l@example.nl"))).text


def test_page_and_fragment(desk, asked):
    request = asked.mobile()
    fragment = desk.open(request, htmx=True)
    assert "<html" not in fragment.text
    assert '<h1 id="detail-h" tabindex="-1" autofocus>' in fragment.text
    assert 'aria-current="true"' in fragment.text
    assert "<title>Nakijken: Noor de Vries" in fragment.text
    assert "<html" in desk.open(request).text


def test_the_words_that_changed_are_marked_in_a_long_text(desk, asked, factories, cast, database):
    old = "Zij eet geen varkensvlees en geen gelatine, bel vooraf."
    factories.medical(pupil=cast.noor, diet=old)
    request = asked.about_noor("medical", diet=(old, old.replace("gelatine,", "noten & <b>zaden</b>,")))
    text = desk.open(request).text
    assert "<mark>noten</mark> <mark>&amp;</mark> <mark>&lt;b&gt;zaden&lt;/b&gt;,</mark>" in text
    assert "<mark>varkensvlees</mark>" not in text


def test_previous_and_next_go_round(desk, asked):
    first, second, third = asked.mobile(), asked.address(), asked.about_noor("details", first_name=("Noor", "Nora"))
    text = desk.open(first).text
    assert f'href="/desk/changes/{third.id}"' in text.split("data-previous")[0].rsplit("<a", 1)[1]
    assert f'href="/desk/changes/{second.id}"' in text.split("data-next")[0].rsplit("<a", 1)[1]
    assert "2 van 3" in desk.open(second).text


@pytest.mark.parametrize("who", ["samira", "lotte", "anna"])
def test_not_for_others(login, cast, asked, who):
    assert login(cast.accounts[who]).get(f"/desk/changes/{asked.mobile().id}").status_code == 404


def test_what_is_not_there(desk):
    assert desk.open(uuid.uuid4()).status_code == 404
    assert desk.client.get("/desk/changes/none").status_code == 404


def test_a_parent_without_custody_any_more_is_said_aloud(desk, asked, cast, database):
    request = asked.address()
    links = sa.select(Guardianship).where(Guardianship.guardian_id == cast.lotte.id)
    link = database.session.scalar(links.where(Guardianship.pupil_id == cast.noor.id))
    link.custody = Custody.NONE
    database.session.commit()
    text = desk.open(request).text
    assert "geen gezag (meer)" in text
    assert "geen toegang meer" in text


def test_a_number_of_another_family_is_said_aloud(desk, asked, cast):
    request = asked.contact(mobile=("+31612345678", "+31611112222"))
    text = desk.open(request).text
    assert "Dit nummer staat ook bij Els Bos." in text
    assert "Alles goedkeuren" not in text


def test_three_columns_when_the_school_changed_it_meanwhile(desk, asked, cast, database):
    request = asked.mobile()
    database.session.get_one(Guardian, cast.lotte.id).mobile = "+31600000001"
    database.session.commit()
    text = desk.open(request).text
    assert "Toen de ouder keek" in text
    assert "nadat de ouder keek" in text
    assert "Alles goedkeuren" not in text
    assert fresh(request).open


def test_what_the_other_parent_got_before_is_remarked(desk, asked, cast):
    earlier = asked.address(guardian=cast.jeroen)
    desk.answer(earlier, address="reject", address_reason="Bel ons even.")
    request = asked.address(proposed=KERKSTRAAT | {"house_number": 9})
    text = desk.open(request).text
    assert "Jeroen Bakker gaf eerder" in text
    assert "Kerkstraat 7, 3581 RD Utrecht" in text


def test_opening_says_who_looks(desk, ruud, asked):
    request = asked.mobile()
    desk.open(request)
    assert fresh(request).reviewer_name == "Marijke"
    text = ruud.open(request).text
    assert "Marijke kijkt dit na." in text
    assert "Overnemen" in text
    assert fresh(request).reviewer_name == "Marijke"
    assert "kijkt dit na." not in desk.open(request).text


def test_after_two_minutes_it_is_free_again(desk, ruud, asked, database):
    request = asked.mobile()
    desk.open(request)
    row = fresh(request)
    row.reviewer_until = clock.now() - timedelta(seconds=1)
    database.session.commit()
    assert "kijkt dit na." not in ruud.open(request).text
    assert fresh(request).reviewer_name == "Ruud"


def test_taking_over(desk, ruud, asked, login, cast):
    request = asked.mobile()
    desk.open(request)
    answer = ruud.post(request, "reviewer")
    assert answer.status_code == 303
    assert answer.location == f"/desk/changes/{request.id}"
    assert fresh(request).reviewer_name == "Ruud"
    assert "Ruud kijkt dit na." in desk.open(request).text
    fragment = desk.post(request, "reviewer", htmx=True)
    assert fragment.status_code == 200
    assert fresh(request).reviewer_name == "Marijke"
    assert ruud.client.get(f"/desk/changes/{request.id}/reviewer").status_code == 405
    teacher = login(cast.accounts["samira"])
    data = {"csrf_token": teacher.csrf("/desk/me")}
    assert teacher.post(f"/desk/changes/{request.id}/reviewer", data=data).status_code == 404


def test_reading_health_data_is_written_down(desk, asked, cast, database):
    request = asked.about_noor("medical", doctor_name=("", "Dokter Jansen"))
    desk.open(asked.mobile())
    assert _readings() == []
    desk.open(request)
    assert _readings() == [(cast.noor.id, cast.accounts["marijke"].id, {"section": "medical"})]


def test_also_when_it_comes_after_another_answer(desk, asked, cast):
    first = asked.mobile()
    asked.about_noor("medical", doctor_name=("", "Dokter Jansen"))
    desk.answer(first, mobile="approve", htmx=True)
    assert len(_readings()) == 1


def _readings():
    db.session.rollback()
    found = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "record:read"))
    return [(event.subject_id, event.account_id, event.details) for event in found]


@pytest.mark.parametrize("section", ["contact", "address", "medical", "emergency"])
def test_a_page_costs_few_queries(desk, asked, queries, cast, section):  # noqa: F811
    contact = {"name": "Riet", "relation": "oma", "phone": "+31301112233"}
    asked.address(guardian=cast.jeroen)
    request = {
        "contact": asked.mobile,
        "address": asked.address,
        "medical": lambda: asked.about_noor("medical", doctor_name=("", "Dokter Jansen")),
        "emergency": lambda: asked.about_noor("emergency", urgent=True, contact__1=(None, contact)),
    }[section]()
    queries.clear()
    assert desk.open(request).status_code == 200
    reading = [each for each in queries if each.startswith("SELECT")]
    assert len(reading) <= 12, "\n".join(each[:90] for each in reading)


def test_a_closed_request_says_what_became_of_it(desk, asked, ruud):
    request = asked.mobile()
    desk.answer(request, mobile="reject", mobile_reason="Bel ons even.")
    text = ruud.open(request).text
    assert "Marijke heeft dit afgehandeld" in text
    assert "Bel ons even." in text
    assert "Maak ongedaan" in text
    assert "data-decisions" not in text


def test_lindelaan_is_in_sight(desk, asked):
    assert LINDELAAN["street"] in desk.open(asked.address()).text
