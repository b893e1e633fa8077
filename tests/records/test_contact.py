"""Section "contact": one's own numbers and mail address, in whatever way they are typed."""

import pytest

from app.core.db import db
from app.school.models import Guardian
from tests.changes.conftest import CONTACT

PATH = "/me/contact/edit"


def send(login, cast, pencil, **values):
    return pencil(login(cast.accounts["lotte"]), PATH).send(htmx=True, **{**CONTACT, **values})


@pytest.mark.parametrize(
    "typed",
    ["0648217703", "06 48 21 77 03", "06-48217703", "+31648217703", "+31 6 48 21 77 03", "0031 6 4821 7703", "+31 (0)6 48217703",
     "(06) 48217703", "06.48.21.77.03", " 06 - 4821 7703 "],
)  # fmt: skip
def test_a_number_in_any_notation(cast, login, pencil, asked, typed):
    assert send(login, cast, pencil, mobile=typed).status_code == 200
    assert asked() == {"mobile": "+31648217703"}


def test_a_number_from_abroad(cast, login, pencil, asked):
    send(login, cast, pencil, other_phone="+32 470 12 34 56", work_phone="0049 30 901820")
    assert asked() == {"other_phone": "+32470123456", "work_phone": "+4930901820"}


@pytest.mark.parametrize(
    "typed", ["06 12", "0612345678 9", "nee", "+", "06 12 34 56 7a", "٠٦١٢", "112 112 112", "0" * 30, "06\x0012345678"]
)
def test_no_number(cast, login, pencil, asked, typed):
    answer = send(login, cast, pencil, other_phone=typed)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert asked() == {}


def test_the_words_of_the_errors(cast, login, pencil):
    answer = send(login, cast, pencil, mobile="06 12", email="lotte.nl")
    assert "Vul een nummer in van 10 cijfers. Bijvoorbeeld 06 12 34 56 78." in answer.text
    assert "Vul een e-mailadres in met een @. Bijvoorbeeld naam@voorbeeld.nl." in answer.text
    assert "Er klopt iets niet" in answer.text
    for typed in ('value="06 12"', 'value="lotte.nl"'):
        assert typed in answer.text


def test_mobile_and_mail_are_needed(cast, login, pencil, asked):
    answer = send(login, cast, pencil, mobile="", email=" ")
    assert answer.status_code == 422
    assert "Vul uw mobiele nummer in." in answer.text
    assert "Vul uw e-mailadres in." in answer.text
    assert asked() == {}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Nieuw@Voorbeeld.NL", "nieuw@voorbeeld.nl"), (" n.ieuw+school@voorbeeld.nl ", "n.ieuw+school@voorbeeld.nl")],
)
def test_a_mail_address(cast, login, pencil, asked, typed, kept):
    assert send(login, cast, pencil, email=typed).status_code == 200
    assert asked() == {"email": kept}


@pytest.mark.parametrize(
    "typed",
    [
        "a@b",
        "a b@example.nl",
        "a@@example.nl",
        "a@example.nl\nBcc: x@example.nl",
        "@example.nl",
        "x" * 250 + "@example.nl",
    ],
)
def test_no_mail_address(cast, login, pencil, asked, typed):
    assert send(login, cast, pencil, email=typed).status_code == 422
    assert asked() == {}


def test_a_number_may_go(cast, login, pencil, asked):
    db.session.get_one(Guardian, cast.lotte.id).work_phone = "+31302345678"
    db.session.commit()
    send(login, cast, pencil, work_phone="")
    assert asked() == {"work_phone": ""}


def test_nobody_reads_the_other_parents_numbers(cast, login):
    client = login(cast.accounts["lotte"])
    for path in ("/", "/me", "/me/contact", f"/children/{cast.noor.id}", f"/children/{cast.noor.id}/family"):
        text = client.get(path).text.replace(" ", "")
        assert "687654321" not in text
        assert "jeroen@example.nl" not in text


def test_who_only_is_informed_still_corrects_own_numbers(cast, login, pencil, asked):
    answer = pencil(login(cast.accounts["karim"]), PATH).send(mobile="0648217703", email="karim@example.nl")
    assert answer.status_code == 303
    assert asked() == {"mobile": "+31648217703"}
