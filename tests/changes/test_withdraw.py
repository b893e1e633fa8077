"""POST /changes/<uuid>/withdrawal, …/resubmission and the dismissal of an answer."""

import uuid

import sqlalchemy as sa

from app.changes.models import ChangeRequest, ItemState
from app.core import clock
from app.core.db import db


def pending(factories, cast):
    request = factories.change_request(
        guardian=cast.lotte, section="contact", items={"mobile": ("+31612345678", "+31648217703")}
    )
    db.session.commit()
    return request.id


def reread(request_id):
    return db.session.scalar(
        sa.select(ChangeRequest).where(ChangeRequest.id == request_id).execution_options(populate_existing=True)
    )


def test_it_works(cast, login, factories):
    request_id = pending(factories, cast)
    client = login(cast.accounts["lotte"])
    answer = client.submit(f"/changes/{request_id}/withdrawal", form_at="/me")
    assert answer.status_code == 303
    request = reread(request_id)
    assert not request.open
    assert [item.state for item in request.items] == [ItemState.WITHDRAWN]


def test_htmx_gets_the_card_with_a_way_back(cast, login, factories):
    request_id = pending(factories, cast)
    client = login(cast.accounts["lotte"])
    answer = client.submit(f"/changes/{request_id}/withdrawal", form_at="/me", headers={"HX-Request": "true"})
    body = answer.get_data(as_text=True)
    assert "Ingetrokken. Er verandert niets." in body
    assert f"/changes/{request_id}/resubmission" in body


def test_after_all(cast, login, factories):
    request_id = pending(factories, cast)
    client = login(cast.accounts["lotte"])
    client.submit(f"/changes/{request_id}/withdrawal", form_at="/me")
    client.submit(f"/changes/{request_id}/resubmission", {"form_key": "b" * 32}, form_at="/me")
    (open_request,) = db.session.scalars(sa.select(ChangeRequest).where(ChangeRequest.open))
    assert open_request.items[-1].proposed == "+31648217703"


def test_the_school_was_first(cast, login, factories):
    request_id = pending(factories, cast)
    request = reread(request_id)
    request.open, request.items[0].state, request.items[0].decided_at = False, ItemState.APPROVED, clock.now()
    db.session.commit()
    answer = login(cast.accounts["lotte"]).submit(f"/changes/{request_id}/withdrawal", form_at="/me")
    assert answer.status_code == 409
    assert "De school heeft al geantwoord." in answer.get_data(as_text=True)


def test_another_parents_request_is_not_found(cast, login, factories):
    request_id = pending(factories, cast)
    for name in ("jeroen", "els"):
        client = login(cast.accounts[name])
        assert client.submit(f"/changes/{request_id}/withdrawal", form_at="/me").status_code == 404
        assert client.submit(f"/changes/{request_id}/resubmission", form_at="/me").status_code == 404
        assert client.get(f"/changes/{request_id}").status_code == 404
    assert reread(request_id).open


def test_wrong_method_and_absent_id(cast, login, factories):
    request_id = pending(factories, cast)
    client = login(cast.accounts["lotte"])
    assert client.get(f"/changes/{request_id}/withdrawal").status_code == 405
    assert client.submit(f"/changes/{uuid.uuid4()}/withdrawal", form_at="/me").status_code == 404


def test_a_refusal_is_shown_until_it_is_put_away(cast, login, factories):
    request = reread(pending(factories, cast))
    item = request.items[0]
    request.open, item.state, item.reason, item.decided_at = False, ItemState.REJECTED, "Bel ons even.", clock.now()
    db.session.commit()
    client = login(cast.accounts["lotte"])
    assert "Bel ons even." in client.get("/me").get_data(as_text=True)
    assert client.submit(f"/changes/items/{item.id}/dismissal", form_at="/me").status_code == 303
    assert "Bel ons even." not in client.get("/me").get_data(as_text=True)
    assert "Bel ons even." in client.get("/changes").get_data(as_text=True)


def test_only_ones_own_answer_can_be_put_away(cast, login, factories):
    request = reread(pending(factories, cast))
    client = login(cast.accounts["els"])
    assert client.submit(f"/changes/items/{request.items[0].id}/dismissal", form_at="/me").status_code == 404


def test_a_mails_link_leads_to_the_card(cast, login, factories):
    request_id = pending(factories, cast)
    answer = login(cast.accounts["lotte"]).get(f"/changes/{request_id}")
    assert (answer.status_code, answer.location) == (303, "/me#guardian-contact")
