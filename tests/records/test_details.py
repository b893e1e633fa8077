"""Section "details": who the child is. Only the first name has a pencil; the rest is the municipality's."""

from datetime import date

import pytest

from app.core.db import db
from app.school.models import Pupil


@pytest.fixture
def path(cast):
    return f"/children/{cast.noor.id}/details/edit"


def test_it_works(cast, login, pencil, path, asked):
    answer = pencil(login(cast.accounts["lotte"]), path).send(first_name="Noortje")
    assert answer.status_code == 303
    assert asked() == {"first_name": "Noortje"}


@pytest.mark.parametrize("role", ["lotte", "jeroen", "karim"])
def test_each_guardian_reads_it(cast, card, role):
    noor = db.session.get_one(Pupil, cast.noor.id)
    noor.birth_date, noor.birth_place, noor.nationality = date(2018, 3, 12), "Gouda", "Nederlandse"
    db.session.commit()
    text = card(role, "details")
    for shown in ("Noor", "de Vries", "12 maart 2018", "Gouda", "Nederlandse"):
        assert shown in text


def test_what_the_school_does_not_know_has_no_line(card):
    assert "Geboorteplaats" not in card("lotte", "details")


def test_numbers_of_the_administration_are_not_shown(cast, card):
    noor = db.session.get_one(Pupil, cast.noor.id)
    noor.key, noor.eckid, noor.number = "key-7711", "https://ketenid.nl/7712", "7713"
    db.session.commit()
    text = card("lotte", "details")
    for number in ("7711", "7712", "7713"):
        assert number not in text


@pytest.mark.parametrize("name", ["Zoë", "Noëlle-Ängström", "Şeyma", "D’Arcy", "Łucja", "陳", "نور"])
def test_names_with_signs(cast, login, pencil, path, asked, name):
    client = login(cast.accounts["lotte"])
    assert pencil(client, path).send(first_name=f"  {name} ").status_code == 303
    assert asked() == {"first_name": name}
    assert name in client.get(f"/children/{cast.noor.id}/details").text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Vul de roepnaam in."),
        ("   ", "Vul de roepnaam in."),
        ("x" * 65, "Gebruik hoogstens 64 tekens."),
        ("No\x00or", "Er staat een teken in dat we niet kunnen bewaren"),
        ("\u202eroon", "Er staat een teken in dat we niet kunnen bewaren"),
    ],
)
def test_invalid(cast, login, pencil, path, asked, typed, message):
    answer = pencil(login(cast.accounts["lotte"]), path).send(htmx=True, first_name=typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert asked() == {}
