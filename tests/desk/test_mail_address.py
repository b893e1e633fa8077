"""A new mail address: the school says yes, its reader says that it is theirs, and only then it is in the record."""

import pytest

from app.changes.messages import CONFIRM_PURPOSE
from app.core import tokens
from app.school.models import Guardian
from tests.desk.conftest import fresh, item_of

NEW = "lotte@familie.example"


@pytest.fixture
def request_(asked, database):
    request = asked.contact(email=("lotte@example.nl", NEW))
    item_of(request, "email").address = NEW
    database.session.commit()
    return request


def confirm(client, request):
    path = f"/confirm/{tokens.make(CONFIRM_PURPOSE, item_of(request, 'email').id)}"
    return client.submit(path)


def test_approved_first_then_confirmed(desk, request_, client, cast):
    desk.answer(request_, email="approve")
    assert fresh(cast.lotte).email == "lotte@example.nl"
    assert confirm(client, request_).status_code == 200
    assert fresh(cast.lotte).email == NEW


def test_confirmed_first_then_approved(desk, request_, client, cast):
    confirm(client, request_)
    assert fresh(cast.lotte).email == "lotte@example.nl"
    assert "Dit adres is al bevestigd." in desk.open(request_).text
    desk.answer(request_, email="approve")
    assert fresh(cast.lotte).email == NEW


def test_undone_before_it_was_confirmed(desk, request_, client, cast):
    desk.answer(request_, email="approve")
    desk.undo(request_)
    confirm(client, request_)
    assert fresh(cast.lotte).email == "lotte@example.nl"
    assert fresh(request_).open


def test_undone_after_it_was_confirmed(desk, request_, client, cast):
    desk.answer(request_, email="approve")
    confirm(client, request_)
    desk.undo(request_)
    assert fresh(cast.lotte).email == "lotte@example.nl"


def test_the_school_has_another_address_by_now(desk, request_, client, cast, database):
    desk.answer(request_, email="approve")
    database.session.get_one(Guardian, cast.lotte.id).email = "other@example.nl"
    database.session.commit()
    confirm(client, request_)
    assert fresh(cast.lotte).email == "other@example.nl"
    assert fresh(request_).open
    assert item_of(request_, "email").state == "proposed"


def test_refused_then_the_link_is_dead(desk, request_, client, cast):
    path = f"/confirm/{tokens.make(CONFIRM_PURPOSE, item_of(request_, 'email').id)}"
    desk.answer(request_, email="reject", email_reason="Dit adres kennen we niet.")
    assert client.get(path).status_code == 410
    assert fresh(cast.lotte).email == "lotte@example.nl"
