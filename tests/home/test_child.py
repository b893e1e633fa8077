"""GET /children/<uuid>: the cards of a child's record, each with its pencil where there is one."""

import re

import pytest

PENCILS = {"address", "emergency", "medical", "details"}


def pencils(text, child):
    return set(re.findall(rf'href="/children/{child.id}/([a-z-]+)/edit', text))


def test_it_works(cast, login):
    text = login(cast.accounts["lotte"]).get(f"/children/{cast.noor.id}").text
    for card in (
        "pupil-address",
        "pupil-emergency",
        "pupil-medical",
        "pupil-details",
        "pupil-family",
        "guardian-contact",
    ):
        assert f'id="{card}"' in text
    assert pencils(text, cast.noor) == PENCILS
    assert 'href="/me/contact/edit"' in text


def test_who_is_only_informed_has_no_pencil_but_for_oneself(cast, login):
    text = login(cast.accounts["karim"]).get(f"/children/{cast.noor.id}").text
    assert pencils(text, cast.noor) == set()
    assert 'id="pupil-medical"' not in text
    assert 'href="/me/contact/edit"' in text


def test_from_one_child_to_the_other(cast, login):
    text = login(cast.accounts["lotte"]).get(f"/children/{cast.noor.id}").text
    assert f'href="/children/{cast.sem.id}"' in text


def test_every_pencil_opens_its_form_as_page_and_in_place(cast, login):
    client = login(cast.accounts["lotte"])
    for section in PENCILS:
        path = f"/children/{cast.noor.id}/{section}/edit"
        whole, piece = client.get(path), client.get(path, headers={"HX-Request": "true"})
        assert "<html" in whole.text
        assert "<html" not in piece.text
        for answer in (whole, piece):
            assert f'action="{path}"' in answer.text
            assert 'method="post"' in answer.text
            assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_wrong_method(cast, login, method):
    client = login(cast.accounts["lotte"])
    assert getattr(client, method)(f"/children/{cast.noor.id}").status_code in (400, 405)
