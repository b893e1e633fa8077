"""Both parents gave something for one item: side by side, and one answer closes both."""

import pytest

from app.changes.decisions import CLOSED_REASON
from app.school.models import Pupil
from tests.desk.conftest import KERKSTRAAT, fresh, item_of

ELSEWHERE = KERKSTRAAT | {"house_number": 99, "street": "Elders"}


@pytest.fixture
def both(asked, cast):
    """Lotte's and Jeroen's request about Noor's address."""
    return asked.address(), asked.address(guardian=cast.jeroen, proposed=ELSEWHERE)


def street(cast):
    return fresh(cast.noor).household.street


def test_side_by_side(desk, both):
    text = desk.open(both[0]).text
    assert "side-by-side" in text
    assert "Jeroen Bakker, vader" in text
    assert "Elders 99" in text
    assert "Geen van deze" in text
    assert "Alles goedkeuren" not in text


def test_the_first_is_chosen(desk, both, cast, messages):
    lotte, jeroen = both
    desk.answer(lotte, address="approve")
    assert street(cast) == "Kerkstraat"
    assert (item_of(jeroen, "address").state, item_of(jeroen, "address").reason) == ("rejected", CLOSED_REASON)
    assert not fresh(jeroen).open
    assert fresh(jeroen).decided_name == "Marijke"
    assert messages("changes/answered") == ["queued", "queued"]
    assert "Lotte" not in CLOSED_REASON


def test_the_other_is_chosen(desk, both, cast):
    lotte, jeroen = both
    other = item_of(jeroen, "address")
    desk.answer(lotte, address=f"rival-{other.id}")
    assert street(cast) == "Elders"
    assert (item_of(lotte, "address").state, item_of(lotte, "address").reason) == ("rejected", CLOSED_REASON)
    assert item_of(jeroen, "address").state == "approved"
    assert not fresh(lotte).open
    assert not fresh(jeroen).open


def test_neither_is_chosen(desk, both, cast):
    lotte, jeroen = both
    assert desk.answer(lotte, address="reject").status_code == 422
    desk.answer(lotte, address="reject", address_reason="We bellen u.")
    assert street(cast) == "Lindelaan"
    assert [item_of(each, "address").reason for each in both] == ["We bellen u.", "We bellen u."]
    assert not fresh(jeroen).open


@pytest.mark.parametrize("choice", ["approve", "rival", "reject"])
def test_undo_opens_both(desk, both, cast, choice, messages):
    lotte, jeroen = both
    answer = f"rival-{item_of(jeroen, 'address').id}" if choice == "rival" else choice
    desk.answer(lotte, address=answer, address_reason="We bellen u.")
    assert desk.undo(lotte).status_code == 303
    assert street(cast) == "Lindelaan"
    assert fresh(lotte).open
    assert fresh(jeroen).open
    assert [item_of(each, "address").state for each in both] == ["proposed", "proposed"]
    assert messages("changes/answered") == ["cancelled", "cancelled"]


def test_who_asked_the_same_gets_the_same_answer(desk, asked, cast):
    lotte, jeroen = asked.address(), asked.address(guardian=cast.jeroen)
    desk.answer(lotte, address="approve")
    assert item_of(jeroen, "address").state == "approved"
    assert item_of(jeroen, "address").applied_at is None
    desk.undo(lotte)
    assert street(cast) == "Lindelaan"
    assert item_of(jeroen, "address").state == "proposed"


def test_a_proposal_that_came_after_looking_is_looked_at_first(desk, asked, cast):
    lotte = asked.address()
    fields = desk.fields(lotte)
    jeroen = asked.address(guardian=cast.jeroen, proposed=ELSEWHERE)
    answer = desk.answer(lotte, fields=fields, address="approve")
    assert answer.status_code == 409
    assert "Elders 99" in answer.text
    assert fresh(lotte).open
    assert fresh(jeroen).open


def test_nothing_leaks_to_the_other_parent(desk, both, login, cast):
    desk.answer(both[0], address=f"rival-{item_of(both[1], 'address').id}")
    page = login(cast.accounts["lotte"]).get(f"/children/{cast.noor.id}")
    assert CLOSED_REASON in page.text
    assert "Jeroen" not in page.text.split('id="pupil-address"')[1].split("</section>")[0]


def test_only_the_item_in_question(desk, asked, cast):
    lotte = asked.about_noor("medical", doctor_name=("", "Jansen"), insurer=("", "Zorg"))
    jeroen = asked.about_noor("medical", guardian=cast.jeroen, doctor_name=("", "Pieters"), dentist_name=("", "Tand"))
    desk.answer(lotte, doctor_name="approve", insurer="approve")
    assert fresh(jeroen).open
    assert item_of(jeroen, "doctor_name").state == "rejected"
    assert item_of(jeroen, "dentist_name").state == "proposed"
    desk.answer(jeroen, dentist_name="approve")
    desk.undo(lotte)
    assert item_of(jeroen, "doctor_name").state == "proposed"
    assert item_of(jeroen, "dentist_name").state == "approved"
    assert fresh(jeroen).open


def test_parents_who_live_apart_each_order_their_own_list(desk, asked, cast, factories, database):
    rows = [
        factories.emergency_contact(
            pupil=cast.noor, name=name, phone=f"+3130111223{place}", guardian=who, position=place
        )
        for place, (name, who) in enumerate(
            [("A", cast.lotte), ("B", cast.lotte), ("C", cast.jeroen), ("D", cast.jeroen)], 1
        )
    ]

    def order(*places):
        return [[f"contact:{rows[place].id}", rows[place].name] for place in places]

    lotte = asked.about_noor("emergency", urgent=True, order=(order(0, 1), order(1, 0)))
    jeroen = asked.about_noor("emergency", guardian=cast.jeroen, urgent=True, order=(order(2, 3), order(3, 2)))
    assert "side-by-side" not in desk.open(lotte).text
    desk.answer(lotte, order="approve")
    assert fresh(jeroen).open
    assert database.session.get(Pupil, cast.noor.id)


def test_the_next_one_is_not_the_one_that_was_just_closed(desk, both, asked):
    lotte, jeroen = both
    assert desk.answer(lotte, address="approve").location == "/desk"
    desk.undo(lotte)
    third = asked.mobile()
    answer = desk.answer(lotte, address="approve", htmx=True)
    assert f"/desk/changes/{third.id}/decision" in answer.text
    assert answer.headers["HX-Push-Url"] == f"/desk/changes/{third.id}"
    assert not fresh(jeroen).open
