"""Taking a decision back: the earlier values return, the mail that waits is not sent, the request is open again."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.audit import AuditEvent
from app.core.db import db
from app.outbox.models import Message, MessageState
from app.records.models import EmergencyContact
from app.school.models import Guardian, Household
from tests.desk.conftest import KERKSTRAAT, LINDELAAN, NEW_MOBILE, fresh, item_of, requests

RIET = {"name": "Riet de Vries", "relation": "oma", "phone": "+31301112233"}
HENK = {"name": "Henk", "relation": "buurman", "phone": "+31612121212"}


def test_the_value_returns_and_the_mail_stays(desk, asked, cast, messages):
    request = asked.mobile()
    desk.answer(request, mobile="approve")
    answer = desk.undo(request)
    assert (answer.status_code, answer.location) == (303, f"/desk/changes/{request.id}")
    assert fresh(cast.lotte).mobile == "+31612345678"
    back = fresh(request)
    assert back.open
    assert (back.decided_by, back.decided_name, back.undo_until) == (None, "", None)
    assert item_of(request, "mobile").state == "proposed"
    assert messages("changes/answered") == ["cancelled"]
    assert "Ongedaan gemaakt." in desk.client.get(answer.location).text
    assert "change:undo" in {event.kind for event in db.session.scalars(sa.select(AuditEvent))}
    desk.answer(request, mobile="reject", mobile_reason="Toch niet.")
    assert messages("changes/answered") == ["cancelled", "queued"]


def test_htmx_gets_the_request_back(desk, asked):
    request = asked.mobile()
    desk.answer(request, mobile="approve", htmx=True)
    answer = desk.undo(request, htmx=True)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'id="row-{request.id}"' in answer.text
    assert 'id="rail-count-1"' in answer.text
    assert f"/desk/changes/{request.id}/decision" in answer.text
    assert answer.headers["HX-Push-Url"] == f"/desk/changes/{request.id}"


def test_a_rejection_is_taken_back_too(desk, asked):
    request = asked.mobile()
    desk.answer(request, mobile="reject", mobile_reason="Bel ons.")
    desk.undo(request)
    assert (item_of(request, "mobile").state, item_of(request, "mobile").reason) == ("proposed", "")


def test_what_was_changed_again_stays_and_is_said(desk, asked, cast, database, messages):
    request = asked.contact(mobile=("+31612345678", NEW_MOBILE), work_phone=("", "+31302222222"))
    desk.answer(request, mobile="approve", work_phone="approve")
    database.session.get_one(Guardian, cast.lotte.id).mobile = "+31600000001"
    database.session.commit()
    answer = desk.undo(request, htmx=True)
    assert "Wat daarna weer is gewijzigd, blijft zoals het nu is." in answer.text
    lotte = fresh(cast.lotte)
    assert (lotte.mobile, lotte.work_phone) == ("+31600000001", "")
    assert item_of(request, "mobile").state == "approved"
    assert item_of(request, "work_phone").state == "proposed"


def test_when_nothing_can_be_taken_back_the_mail_still_leaves(desk, asked, cast, database, messages):
    request = asked.mobile()
    desk.answer(request, mobile="approve")
    database.session.get_one(Guardian, cast.lotte.id).mobile = "+31600000001"
    database.session.commit()
    desk.undo(request)
    assert not fresh(request).open
    assert messages("changes/answered") == ["queued"]


def test_it_joins_what_the_parent_asked_meanwhile(desk, asked, cast):
    request = asked.contact(mobile=("+31612345678", NEW_MOBILE), work_phone=("", "+31302222222"))
    desk.answer(request, mobile="approve", work_phone="reject", work_phone_reason="Bel ons.")
    newer = asked.contact(work_phone=("", "+31303333333"))
    answer = desk.undo(request)
    assert answer.location == f"/desk/changes/{newer.id}"
    assert not fresh(request).open
    assert {item.key: item.proposed for item in fresh(newer).items} == {
        "work_phone": "+31303333333",
        "mobile": NEW_MOBILE,
    }
    assert item_of(request, "work_phone").state == "rejected"
    assert fresh(cast.lotte).mobile == "+31612345678"


def test_later_it_is_opened_again_and_the_parent_gets_new_mail(desk, asked, database, messages):
    request = asked.mobile()
    desk.answer(request, mobile="approve")
    row = fresh(request)
    row.undo_until = clock.now() - timedelta(minutes=1)
    database.session.execute(sa.update(Message).values(state=MessageState.SENT))
    database.session.commit()
    assert "Heropenen" in desk.client.get("/desk/decisions").text
    answer = desk.undo(request, htmx=True)
    assert "De ouder krijgt bericht na uw nieuwe antwoord." in answer.text
    desk.answer(request, mobile="approve")
    assert messages("changes/answered") == ["sent", "queued"]


def test_twice_is_once(desk, asked):
    request = asked.mobile()
    desk.answer(request, mobile="approve")
    assert desk.undo(request).status_code == 303
    again = desk.undo(request, htmx=True)
    assert again.status_code == 409
    assert "staat al open" in again.text


@pytest.mark.parametrize("who", ["samira", "lotte", "anna"])
def test_not_for_others(desk, login, cast, asked, who):
    request = asked.mobile()
    desk.answer(request, mobile="approve")
    client = login(cast.accounts[who])
    data = {"csrf_token": client.csrf("/me" if who == "lotte" else "/desk/me")}
    assert client.post(f"/desk/changes/{request.id}/undo", data=data).status_code == 404
    assert desk.client.get(f"/desk/changes/{request.id}/undo").status_code == 405
    assert not fresh(request).open


def test_recent_decisions(desk, asked, cast, ruud):
    lotte, jeroen = asked.address(), asked.address(guardian=cast.jeroen)
    desk.answer(lotte, address="reject", address_reason="Even bellen.")
    page = ruud.client.get("/desk/decisions")
    assert page.status_code == 200
    assert page.text.count("Marijke") == 2
    assert page.text.count("1 afgewezen") == 2
    # What was closed with another answer is taken back with that answer.
    assert re.findall(r'action="/desk/changes/([^/]+)/undo"', page.text) == [str(lotte.id)] * 2
    assert not fresh(jeroen).open


def test_no_decisions_yet(desk, login, cast):
    assert "Hier komt te staan" in desk.client.get("/desk/decisions").text
    assert login(cast.accounts["lotte"]).get("/desk/decisions").status_code == 404


def test_who_moved_along_moves_back(desk, asked, cast, database):
    request = asked.address(proposed=KERKSTRAAT | {"with_siblings": True, "with_me": True})
    assert "Broers en zussen op dit adres verhuizen mee" in desk.open(request).text
    desk.answer(request, address="approve")
    movers = (cast.noor, cast.sem, cast.lotte)
    assert [fresh(each).household.street for each in movers] == ["Kerkstraat"] * 3
    assert fresh(cast.jeroen).household.street == "Geheimstraat"
    desk.undo(request)
    assert [fresh(each).household.street for each in movers] == ["Lindelaan"] * 3
    assert len({fresh(each).household_id for each in movers}) == 1
    assert database.session.scalar(sa.select(sa.func.count()).where(Household.street == "Lindelaan")) == 1


def test_a_parent_who_lived_elsewhere_goes_back_there(desk, asked, cast):
    request = asked.about_noor(
        "address", guardian=cast.jeroen, address=(LINDELAAN, KERKSTRAAT | {"with_siblings": True, "with_me": True})
    )
    desk.answer(request, address="approve")
    assert fresh(cast.jeroen).household_id == fresh(cast.sem).household_id
    desk.undo(request)
    assert fresh(cast.jeroen).household.street == "Geheimstraat"
    assert fresh(cast.sem).household_id == fresh(cast.lotte).household_id


def test_an_emergency_number_that_went_comes_back_to_its_place(desk, asked, cast, factories, database):
    first = factories.emergency_contact(
        pupil=cast.noor, guardian=cast.lotte, position=1, name=RIET["name"], phone=RIET["phone"]
    )
    second = factories.emergency_contact(pupil=cast.noor, position=2, name="Ans", phone="+31301112244")
    request = asked.about_noor("emergency", urgent=True, **{f"contact:{first.id}": (RIET, None)})
    page = desk.open(request)
    assert "weghalen" in page.text
    assert "Noodnummer 1 van Noor" in page.text
    desk.answer(request, everything=True)
    assert contacts(cast) == ["Ans"]
    desk.undo(request)
    assert contacts(cast) == ["Riet de Vries", "Ans"]
    back = database.session.get_one(EmergencyContact, first.id)
    assert (back.guardian_id, back.position) == (cast.lotte.id, 1)
    assert fresh(second).position == 2


def test_a_new_emergency_number_goes_again(desk, asked, cast):
    key = "contact:0190a0a0-0000-4000-8000-000000000001"
    request = asked.about_noor("emergency", urgent=True, **{key: (None, HENK)})
    desk.answer(request, everything=True)
    assert contacts(cast) == ["Henk"]
    desk.undo(request)
    assert contacts(cast) == []


def test_all_at_once_and_back(desk, asked, cast, factories):
    """Change one, take one away, add one, and another order: undone, all is as it was."""
    rows = [
        factories.emergency_contact(pupil=cast.noor, name=name, phone=f"+3130111223{place}", position=place)
        for place, name in enumerate(("A", "B", "C"), 1)
    ]
    value = [{"name": row.name, "relation": "oma", "phone": row.phone} for row in rows]
    keys = [f"contact:{row.id}" for row in rows]
    named = [[key, row.name] for key, row in zip(keys, rows, strict=True)]
    request = asked.about_noor(
        "emergency",
        urgent=True,
        **{
            keys[0]: (value[0], value[0] | {"name": "Anna"}),
            keys[1]: (value[1], None),
            "contact:0190a0a0-0000-4000-8000-000000000001": (None, HENK),
            "order": (named, [named[2], named[0], named[1]]),
        },
    )
    desk.answer(request, everything=True)
    assert contacts(cast) == ["C", "Anna", "Henk"]
    desk.undo(request)
    assert contacts(cast) == ["A", "B", "C"]
    assert len(fresh(request).items) == 4
    assert {item.state for item in fresh(request).items} == {"proposed"}


def contacts(cast):
    db.session.rollback()
    statement = sa.select(EmergencyContact.name).where(EmergencyContact.pupil_id == cast.noor.id)
    return list(db.session.scalars(statement.order_by(EmergencyContact.position, EmergencyContact.id)))


def test_a_doctor_that_was_never_there(desk, asked, cast):
    request = asked.about_noor("medical", doctor_name=("", "Jansen"))
    desk.answer(request, everything=True)
    desk.undo(request)
    assert 'Nu</span><span class="none">leeg' in desk.open(request).text
    assert [each.id for each in requests()] == [request.id]


def test_lindelaan_again(desk, asked, cast):
    request = asked.address()
    desk.answer(request, address="approve")
    assert fresh(cast.sem).household.street == "Lindelaan"
    desk.undo(request)
    assert fresh(cast.noor).household.street == LINDELAAN["street"]
