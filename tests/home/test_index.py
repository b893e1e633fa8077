"""GET /: the children's tiles, what waits and what was answered."""

import uuid

from app.changes.models import ItemState, Subject
from app.core import clock
from app.core.db import begin_write, db


def test_it_works(cast, login):
    text = login(cast.accounts["lotte"]).get("/").text
    for shown in ("Noor", "Sem", "juf Samira", f"/children/{cast.noor.id}"):
        assert shown in text
    for hidden in ("Tygo", "Fien", "Jeroen"):
        assert hidden not in text


def test_each_sees_only_their_own_children(cast, login):
    children = {"els": "Tygo", "bo": "Fien", "karim": "Noor", "samira": "Imani"}
    for role, name in children.items():
        text = login(cast.accounts[role]).get("/").text
        assert name in text
        for other in set(children.values()) - {name}:
            assert f">{other}" not in text


def test_staff_without_children_go_to_their_desk(cast, login):
    answer = login(cast.accounts["marijke"]).get("/")
    assert (answer.status_code, answer.location) == (303, "/desk")


def test_a_stranger_logs_in_first_and_comes_back(client, cast):
    answer = client.get(f"/children/{cast.noor.id}")
    assert answer.status_code == 303
    assert answer.location == f"/login?next=/children/{cast.noor.id}"
    fragment = client.get("/", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/me?x=1"})
    assert fragment.status_code == 401
    assert fragment.headers["HX-Retarget"] == "#signin"


def proposal(cast, factories, guardian, state, *, text="Noortje"):
    begin_write()
    about = {"guardian": guardian, "pupil": cast.noor, "about": Subject.PUPIL}
    items, waits = {"first_name": ("Noor", text)}, state is ItemState.PROPOSED
    request = factories.change_request(**about, section="details", items=items, open=waits)
    request.items[0].state = state
    request.items[0].decided_at = None if waits else clock.now()
    db.session.commit()


def test_what_waits_and_what_was_refused_is_said(cast, login, factories):
    client = login(cast.accounts["lotte"])
    quiet = client.get("/").text
    proposal(cast, factories, cast.lotte, ItemState.PROPOSED)
    waiting = client.get("/").text
    assert f"/children/{cast.noor.id}#pupil-details" in waiting
    assert f"/children/{cast.noor.id}#pupil-details" not in quiet
    proposal(cast, factories, cast.lotte, ItemState.REJECTED)
    assert "niet aangepast" in client.get("/").text.lower()


def test_what_the_other_parent_proposed_is_not(cast, login, factories):
    client = login(cast.accounts["lotte"])
    before = client.get("/").text
    proposal(cast, factories, cast.jeroen, ItemState.PROPOSED)
    assert client.get("/").text == before


def test_absent_and_foreign_children(cast, login):
    client = login(cast.accounts["els"])
    answers = [client.get(f"/children/{pupil}") for pupil in (cast.noor.id, cast.fien.id, uuid.uuid4())]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1
