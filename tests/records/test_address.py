"""Section "address" of a child: one address, decided as a whole; a hidden one stays hidden."""

import pytest

from app.core.db import db
from app.school.models import Guardian, Pupil
from tests.records.addresses import GOOD, TYPED, VALUE, WRONG


@pytest.fixture
def path(cast):
    return f"/children/{cast.noor.id}/address/edit"


@pytest.mark.parametrize(("typed", "value"), TYPED)
def test_it_works(cast, login, pencil, path, asked, typed, value):
    answer = pencil(login(cast.accounts["lotte"]), path).send(**GOOD | typed)
    assert answer.status_code == 303
    assert asked() == {"address": VALUE | value}


@pytest.mark.parametrize(("typed", "message"), WRONG)
def test_invalid(cast, login, pencil, path, asked, typed, message):
    answer = pencil(login(cast.accounts["lotte"]), path).send(htmx=True, **GOOD | typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert asked() == {}


def test_typed_text_stays(cast, login, pencil, path):
    answer = pencil(login(cast.accounts["lotte"]), path).send(
        htmx=True, **GOOD | {"postcode": "35 12 j", "street": "Dömplein"}
    )
    assert 'value="35 12 j"' in answer.text
    assert 'value="Dömplein"' in answer.text


def test_abroad(cast, login, pencil, path, asked):
    client = login(cast.accounts["lotte"])
    lines = "Rue de la Loi 16\r\n1000 Bruxelles\r\nBelgië"
    assert (
        pencil(client, path)
        .send(outside="y", abroad=lines, postcode="", house_number="", street="", city="")
        .status_code
        == 303
    )
    assert asked()["address"]["abroad"].splitlines() == ["Rue de la Loi 16", "1000 Bruxelles", "België"]
    page = client.get(f"/children/{cast.noor.id}/address").text
    assert "1000 Bruxelles" in page
    assert "Lindelaan 14" in page


def test_moving_along(cast, login, pencil, path, asked):
    pencil(login(cast.accounts["lotte"]), path).send(**GOOD, with_siblings="y", with_me="y")
    assert asked() == {"address": VALUE | {"with_siblings": True, "with_me": True}}


def test_the_same_address_asks_nothing(cast, login, pencil, path, asked):
    same = {"postcode": "3581KB", "house_number": "14", "street": "Lindelaan 14", "city": "Utrecht", "addition": ""}
    answer = pencil(login(cast.accounts["lotte"]), path).send(htmx=True, **same, with_siblings="y")
    assert "Er verandert niets. Dit stond al zo bij school." in answer.text
    assert asked() == {}


def test_the_other_parents_own_address_is_nowhere(cast, login):
    for role in ("lotte", "karim", "els"):
        client = login(cast.accounts[role])
        for path in ("/", "/me", "/me/address", f"/children/{cast.noor.id}", f"/children/{cast.noor.id}/address"):
            assert "Geheimstraat" not in client.get(path).text


def hide(cast, **hidden):
    """Noor lives with Jeroen, at his hidden address."""
    noor, jeroen = db.session.get_one(Pupil, cast.noor.id), db.session.get_one(Guardian, cast.jeroen.id)
    noor.household_id = jeroen.household_id
    noor.address_hidden = hidden.get("pupil", False)
    jeroen.address_hidden = hidden.get("guardian", False)
    db.session.commit()


@pytest.mark.parametrize("hidden", [{"pupil": True}, {"guardian": True}])
def test_a_hidden_address_is_seen_only_by_who_lives_there(cast, card, login, hidden):
    hide(cast, **hidden)
    assert "Geheimstraat" in card("jeroen", "address")
    for role in ("lotte", "karim"):
        client = login(cast.accounts[role])
        for path in ("", "/address"):
            text = client.get(f"/children/{cast.noor.id}{path}").text
            assert "Geheimstraat" not in text
            assert "3512 AA" not in text
        assert client.get(f"/children/{cast.noor.id}/address/edit").status_code == 404


def test_an_address_that_is_not_hidden_is_seen_by_both(cast, card):
    hide(cast)
    assert "Geheimstraat" in card("lotte", "address")


def test_without_custody_there_is_no_form(cast, login, path):
    assert login(cast.accounts["karim"]).get(path).status_code == 404
