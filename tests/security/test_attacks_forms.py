"""One request that would keep a worker busy for hours, or break a page: long runs of spaces, odd keys, odd field names."""

import time

import pytest

from app.roster.contact_values import parse_email
from tests.changes.conftest import PencilForm

LIMIT = 2.0  # seconds
ADDRESS = {"postcode": "3581 KB", "street": "Kerkstraat", "city": "Utrecht", "house_number": "7"}
SLOW = {
    "number": {"house_number": "1" + " " * 5_000 + "x" * 20},
    "street": {"street": "Kerkstraat" + "\n" * 300_000 + "x"},
    "addition": {"addition": "a" + "\n" * 300_000 + "x"},
    "digits": {"house_number": "9" * 5_000},
}


@pytest.mark.parametrize("typed", SLOW.values(), ids=SLOW)
def test_an_address_is_read_in_no_time(cast, login, typed):
    form = PencilForm(login(cast.accounts["lotte"]), "/me/address/edit")
    began = time.perf_counter()
    assert form.send(**ADDRESS | typed).status_code == 422
    assert time.perf_counter() - began < LIMIT


KEYS = (
    "contact:" + "-" * 36,
    "contact:" + "0" * 36,
    "contact:0123456789abcdef-0123456789-abcdef-01",
    "contact:{01234567-89ab-cdef-0123-456789abcdef",
)


@pytest.mark.parametrize("key", KEYS)
def test_a_contact_has_a_key_in_one_spelling(cast, login, key):
    form = PencilForm(login(cast.accounts["lotte"]), f"/children/{cast.noor.id}/emergency/edit")
    row = {"contacts-0-key": key, "contacts-0-name": "Riet", "contacts-0-phone": "0612340001"}
    assert form.send(**row).status_code == 422


@pytest.mark.parametrize("number", ["²", "9" * 5_000, "-1", "1e3"])
def test_a_row_of_a_list_has_an_ordinary_number(cast, login, number):
    form = PencilForm(login(cast.accounts["lotte"]), f"/children/{cast.noor.id}/emergency/edit")
    assert form.send(**{f"contacts-{number}-name": "Riet"}).status_code < 500


@pytest.mark.parametrize("key", ["a\x00b", "x" * 65, ""])
def test_a_form_has_a_key_of_ours(cast, login, key):
    form = PencilForm(login(cast.accounts["lotte"]), "/me/contact/edit")
    typed = {"mobile": "06 12 34 56 79", "email": "lotte@example.nl"}
    assert form.send(**typed | {"form_key": key}).status_code == 422


@pytest.mark.parametrize("text", ["\x00", "Noor\x00", "\u202e", "%" * 60])
def test_a_search_at_the_desk_may_hold_anything(cast, login, text):
    assert login(cast.accounts["marijke"]).get("/desk", query_string={"q": text}).status_code == 200


def test_an_address_that_no_mail_reaches_is_refused_where_it_is_typed(cast, login):
    """The outbox would not take it: whoever then answers or invites this parent would see a broken page."""
    parent = PencilForm(login(cast.accounts["lotte"]), "/me/contact/edit")
    assert parent.send(mobile="06 12 34 56 78", email="privé@example.nl").status_code == 422
    marijke = login(cast.accounts["marijke"])
    path = f"/desk/guardians/{cast.lotte.id}/address"
    data = {"email": "privé@example.nl", "send": "1", "csrf_token": marijke.csrf()}
    assert marijke.post(path, data=data).status_code == 422
    with pytest.raises(ValueError, match="email"):
        parse_email("privé@example.nl")
