"""Section "address" of a parent: where one lives oneself."""

import pytest
import sqlalchemy as sa

from app.changes.models import ChangeRequest, Subject
from app.core.db import db
from tests.records.addresses import GOOD, TYPED, VALUE, WRONG

PATH = "/me/address/edit"


@pytest.mark.parametrize(("typed", "value"), TYPED)
def test_it_works(cast, login, pencil, asked, typed, value):
    assert pencil(login(cast.accounts["jeroen"]), PATH).send(**GOOD | typed).status_code == 303
    assert asked() == {"address": VALUE | value}


@pytest.mark.parametrize(("typed", "message"), WRONG[::3])
def test_invalid(cast, login, pencil, asked, typed, message):
    answer = pencil(login(cast.accounts["jeroen"]), PATH).send(htmx=True, **GOOD | typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert asked() == {}


def test_it_is_about_the_parent_and_nobody_moves_along(cast, login, pencil, asked):
    pencil(login(cast.accounts["jeroen"]), PATH).send(**GOOD, with_siblings="y", with_me="y")
    assert asked() == {"address": VALUE}
    (request,) = db.session.scalars(sa.select(ChangeRequest))
    assert (request.subject, request.subject_id) == (Subject.GUARDIAN, cast.jeroen.id)


def test_one_reads_ones_own_hidden_address(cast, login):
    assert "Geheimstraat 99" in login(cast.accounts["jeroen"]).get("/me/address").text


def test_who_has_no_address_yet_can_give_one(cast, login, pencil, asked):
    client = login(cast.accounts["karim"])
    assert "Voeg toe" in client.get("/me/address").text
    assert pencil(client, PATH).send(**GOOD).status_code == 303
    assert asked() == {"address": VALUE}
