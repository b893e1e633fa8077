"""Answering a request: every item, once; what was typed is never lost."""

import re

import pytest

from app.core import clock
from app.school.models import Guardian
from tests.desk.conftest import NEW_MOBILE, fresh, item_of


def test_one_plain_request_takes_one_tap(desk, asked, cast):
    request = asked.mobile()
    assert "Alles goedkeuren" in desk.open(request).text
    answer = desk.answer(request, everything=True)
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert fresh(cast.lotte).mobile == NEW_MOBILE
    done = fresh(request)
    assert not done.open
    assert done.decided_name == "Marijke"
    assert done.reviewer is None
    assert item_of(request, "mobile").previous == "+31612345678"


def test_all_is_all_that_was_in_sight(desk, asked, cast, login, database):
    request = asked.mobile()
    fields = desk.fields(request)
    parent = login(cast.accounts["lotte"])
    page = parent.get("/me/contact/edit").text
    form = dict(re.findall(r'<input type="hidden" name="(csrf_token|version|form_key)" value="([^"]*)"', page))
    typed = {"mobile": "06 48 21 77 03", "work_phone": "030 222 22 22", "email": "lotte@example.nl", "other_phone": ""}
    parent.post("/me/contact/edit", data=form | typed)
    answer = desk.answer(request, fields=fields, everything=True)
    assert answer.status_code == 422
    assert "Nummer op het werk van Lotte: Kies goedkeuren of afwijzen." in answer.text
    assert fresh(cast.lotte).work_phone == ""
    assert fresh(request).open


def test_items_are_answered_one_by_one(desk, asked, cast):
    request = asked.contact(mobile=("+31612345678", NEW_MOBILE), work_phone=("", "+31302222222"))
    answer = desk.answer(request, mobile="approve", work_phone="reject", work_phone_reason="Wilt u ons even bellen?")
    assert answer.status_code == 303
    lotte = fresh(cast.lotte)
    assert (lotte.mobile, lotte.work_phone) == (NEW_MOBILE, "")
    item = item_of(request, "work_phone")
    assert (item.state, item.reason) == ("rejected", "Wilt u ons even bellen?")


def test_the_answer_waits_for_the_undo_window(desk, asked, messages, database):
    request = asked.mobile()
    desk.answer(request, mobile="approve")
    assert messages("changes/answered") == ["queued"]
    from app.outbox.models import Message

    message = database.session.query(Message).filter_by(kind="changes/answered").one()
    assert 500 < (message.not_before - clock.now()).total_seconds() <= 600


def test_htmx_gets_the_next_request_and_the_list_beside_it(desk, asked):
    first = asked.mobile()
    second = asked.address()
    answer = desk.answer(first, mobile="approve", htmx=True)
    assert answer.status_code == 200
    text = answer.text
    assert "<html" not in text
    assert 'id="detail"' in text
    assert f"/desk/changes/{second.id}/decision" in text
    assert 'id="queue"' in text
    assert 'hx-swap-oob="outerMorph"' in text
    assert str(first.id) not in text.split('id="undo-slot"')[0]
    assert f"/desk/changes/{first.id}/undo" in text
    assert "Noor de Vries is afgehandeld." in text
    assert answer.headers["HX-Push-Url"] == f"/desk/changes/{second.id}"
    assert answer.headers["Vary"].startswith("HX-Request, Cookie")
    assert fresh(second).reviewer_name == "Marijke"


def test_htmx_after_the_last_one(desk, asked):
    answer = desk.answer(asked.mobile(), mobile="approve", htmx=True)
    assert answer.status_code == 200
    assert "Alles is nagekeken." in answer.text
    assert 'id="rail-count-1" hx-swap-oob="delete"' in answer.text
    assert answer.headers["HX-Push-Url"] == "/desk"


def test_without_scripts_the_next_page_carries_the_undo_form(desk, asked):
    first, second = asked.mobile(), asked.address()
    answer = desk.answer(first, mobile="approve")
    assert answer.location == f"/desk/changes/{second.id}"
    page = desk.client.get(answer.location)
    assert f'action="/desk/changes/{first.id}/undo"' in page.text
    assert f'action="/desk/changes/{first.id}/undo"' not in desk.client.get(answer.location).text


def test_what_is_left_open_is_said_and_nothing_is_decided(desk, asked, cast):
    request = asked.contact(mobile=("+31612345678", NEW_MOBILE), work_phone=("", "+31302222222"))
    answer = desk.answer(request, work_phone="reject", work_phone_reason="Even bellen graag")
    assert answer.status_code == 422
    assert "Kies goedkeuren of afwijzen." in answer.text
    assert "Even bellen graag" in answer.text
    assert "<title>Fout: " in answer.text
    assert 'id="errors"' in answer.text
    assert fresh(request).open
    assert fresh(cast.lotte).mobile == "+31612345678"


def test_a_rejection_needs_a_reason(desk, asked):
    request = asked.mobile()
    answer = desk.answer(request, mobile="reject", mobile_reason="  ", htmx=True)
    assert answer.status_code == 422
    item = item_of(request, "mobile")
    assert f'href="#reason-{item.id}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "Vul in waarom. De ouder leest dit." in answer.text


def test_a_reason_of_any_length_is_shortened_by_its_writer(desk, asked):
    answer = desk.answer(asked.mobile(), mobile="reject", mobile_reason="x" * 700)
    assert answer.status_code == 422
    assert "hoogstens 600 tekens" in answer.text


@pytest.mark.parametrize("choice", ["yes", "rival", "rival-", "rival-x", "approve; drop"])
def test_an_answer_that_is_none_is_none(desk, asked, choice):
    request = asked.mobile()
    assert desk.answer(request, mobile=choice).status_code == 422
    assert fresh(request).open


def test_a_colleague_was_first(desk, ruud, asked, cast):
    request, other = asked.mobile(), asked.address()
    fields = ruud.fields(request)
    desk.answer(request, mobile="approve")
    answer = ruud.answer(request, fields=fields, mobile="reject", mobile_reason="Nee", htmx=True)
    assert answer.status_code == 409
    assert "Marijke heeft dit net afgehandeld." in answer.text
    assert f"/desk/changes/{other.id}" in answer.text
    assert fresh(cast.lotte).mobile == NEW_MOBILE
    assert fresh(request).decided_name == "Marijke"
    page = ruud.answer(request, fields=fields, mobile="reject", mobile_reason="Nee")
    assert page.status_code == 409
    assert "<h1" in page.text


def test_the_parent_took_it_back_meanwhile(desk, asked, login, cast):
    request = asked.mobile()
    fields = desk.fields(request)
    parent = login(cast.accounts["lotte"])
    parent.post(f"/changes/{request.id}/withdrawal", data={"csrf_token": parent.csrf("/me")})
    answer = desk.answer(request, fields=fields, mobile="approve")
    assert answer.status_code == 409
    assert "ingetrokken" in answer.text
    assert fresh(cast.lotte).mobile == "+31612345678"


def test_the_record_moved_between_looking_and_answering(desk, asked, cast, database):
    request = asked.mobile()
    fields = desk.fields(request)
    database.session.get_one(Guardian, cast.lotte.id).mobile = "+31600000001"
    database.session.commit()
    answer = desk.answer(request, fields=fields, mobile="approve", mobile_reason="bewaar mij")
    assert answer.status_code == 409
    assert "Toen de ouder keek" in answer.text
    assert "06 00 00 00 01" in answer.text
    assert "bewaar mij" in answer.text
    assert 'value="approve" checked' not in answer.text
    assert fresh(cast.lotte).mobile == "+31600000001"
    again = desk.answer(request, mobile="approve")  # now with the value in sight
    assert again.status_code == 303
    assert fresh(cast.lotte).mobile == NEW_MOBILE
    assert item_of(request, "mobile").previous == "+31600000001"


def test_what_stands_so_already_is_closed_by_the_post(desk, asked, cast, database, messages):
    request = asked.mobile()
    database.session.get_one(Guardian, cast.lotte.id).mobile = NEW_MOBILE
    database.session.commit()
    page = desk.open(request)
    assert "Staat al zo bij school" in page.text
    assert fresh(request).open
    assert desk.answer(request).status_code == 303
    assert not fresh(request).open
    assert item_of(request, "mobile").state == "lapsed"
    assert messages("changes/answered") == []


@pytest.mark.parametrize("who", ["samira", "lotte", "anna"])
def test_not_for_teachers_parents_other_schools(login, cast, asked, who):
    request = asked.mobile()
    client = login(cast.accounts[who])
    data = {"csrf_token": client.csrf("/me" if who == "lotte" else "/desk/me"), "all": "approve"}
    assert client.post(f"/desk/changes/{request.id}/decision", data=data).status_code == 404
    assert fresh(request).open


def test_nobody_answers_their_own_request(factories, cast, login, asked, database):
    request = asked.mobile()
    factories.post(account=cast.accounts["lotte"], school=cast.school)
    factories.session.commit()
    client = login(cast.accounts["lotte"])
    token = client.csrf("/desk/me")
    assert client.get(f"/desk/changes/{request.id}").status_code == 404
    answer = client.post(f"/desk/changes/{request.id}/decision", data={"csrf_token": token, "all": "approve"})
    assert answer.status_code == 404
    assert fresh(request).open


def test_nor_one_about_their_own_child(factories, cast, login, asked):
    request = asked.address(guardian=cast.jeroen)
    factories.post(account=cast.accounts["lotte"], school=cast.school)
    factories.session.commit()
    client = login(cast.accounts["lotte"])
    assert client.get(f"/desk/changes/{request.id}").status_code == 404
    assert str(request.id) not in client.get("/desk").text


def test_only_by_post_and_with_a_token(desk, asked):
    request = asked.mobile()
    assert desk.client.get(f"/desk/changes/{request.id}/decision").status_code == 405
    assert desk.client.post(f"/desk/changes/{request.id}/decision", data={"all": "approve"}).status_code == 400
    assert fresh(request).open
