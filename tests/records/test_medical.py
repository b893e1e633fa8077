"""Section "medical": for full custody only; allergies and medication are told to the school (M8)."""

import pytest

from app.core.db import begin_write, db

GOOD = {
    "doctor_name": "Dr. Bos",
    "doctor_phone": "030-2345678",
    "dentist_name": "",
    "dentist_phone": "",
    "insurer": "",
    "diet": "",
}


@pytest.fixture
def path(cast, factories):
    begin_write()
    factories.medical(
        pupil=cast.noor, allergies="Pinda", medication="Ventolin", diet="Geen varkensvlees", doctor_name="Dr. Vos"
    )
    db.session.commit()
    return f"/children/{cast.noor.id}/medical/edit"


def test_it_works(cast, login, pencil, path, asked):
    answer = pencil(login(cast.accounts["lotte"]), path).send(**GOOD | {"diet": "Geen vlees"})
    assert answer.status_code == 303
    assert asked() == {"doctor_name": "Dr. Bos", "doctor_phone": "+31302345678", "diet": "Geen vlees"}


def test_where_there_is_no_record_yet(cast, login, pencil, asked):
    answer = pencil(login(cast.accounts["els"]), f"/children/{cast.tygo.id}/medical/edit").send(**GOOD)
    assert answer.status_code == 303
    assert asked() == {"doctor_name": "Dr. Bos", "doctor_phone": "+31302345678"}


@pytest.mark.parametrize("role", ["lotte", "jeroen"])
def test_full_custody_reads_it(path, card, role):
    for shown in ("Pinda", "Ventolin", "Geen varkensvlees", "Dr. Vos"):
        assert shown in card(role, "medical")


def test_who_is_only_informed_does_not(cast, path, card, login):
    assert card("karim", "medical") is None
    client = login(cast.accounts["karim"])
    text = client.get(f"/children/{cast.noor.id}").text
    for hidden in ("Pinda", "Ventolin", "varkensvlees", "Dr. Vos", "medical"):
        assert hidden not in text
    assert client.get(path).status_code == 404


def test_allergies_are_told_to_the_school(cast, path, card, login):
    text = card("lotte", "medical")
    assert "Allergieën en medicijnen geeft u door aan de school zelf. Zo weten we zeker dat het klopt." in text
    assert "Is er haast bij? Bel dan meteen." in text
    assert 'href="tel:+31302345678"' in text
    assert 'href="mailto:administratie@example.nl"' in text
    form = login(cast.accounts["lotte"]).get(path).text
    assert 'name="allergies"' not in form
    assert 'name="medication"' not in form


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"doctor_phone": "bel maar"}, "Vul een nummer in van 10 cijfers."),
        ({"diet": "x" * 301}, "Dit is te lang."),
        ({"insurer": "x" * 81}, "Dit is te lang."),
        ({"diet": "geen\x00vlees"}, "Er staat een teken in dat we niet kunnen bewaren"),
    ],
)
def test_invalid(cast, login, pencil, path, asked, typed, message):
    answer = pencil(login(cast.accounts["lotte"]), path).send(htmx=True, **GOOD | typed)
    assert answer.status_code == 422
    assert message in answer.text
    assert asked() == {}


def test_several_lines_stay_lines(cast, login, pencil, path, asked):
    pencil(login(cast.accounts["lotte"]), path).send(**GOOD | {"diet": "Geen noten.\r\nWel melk."})
    assert asked()["diet"].splitlines() == ["Geen noten.", "Wel melk."]
