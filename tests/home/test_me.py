"""GET /me: one's own data at each school, and the account."""

import sqlalchemy as sa

from app.changes.models import ChangeItem, ChangeRequest, ItemState
from app.core.db import begin_write, db
from tests.changes.conftest import PencilForm
from tests.home.conftest import second_school


def test_it_works(cast, login):
    text = login(cast.accounts["lotte"]).get("/me").text.replace("<wbr>", "")
    for shown in ("06 12 34 56 78", "lotte@example.nl", "Lindelaan 14", "Uitloggen", "Mijn wijzigingen"):
        assert shown in text
    assert "Jeroen" not in text


def test_staff_without_children_have_a_page_of_their_own(cast, login):
    assert login(cast.accounts["marijke"]).get("/me").status_code == 404


def test_logging_out_from_there(cast, login):
    client = login(cast.accounts["lotte"])
    assert client.submit("/logout", form_at="/me").status_code == 200
    assert client.get("/me").status_code == 303


# --- a guardian at two schools of the board


def schools(cast, factories):
    begin_write()
    other, mees = second_school(cast, factories)
    ids = other.id, mees.id
    db.session.commit()
    return ids


def own_requests():
    db.session.rollback()
    return list(db.session.scalars(sa.select(ChangeRequest).order_by(ChangeRequest.id)))


def test_both_schools_data_stand_on_it(cast, login, factories):
    other_id, _mees = schools(cast, factories)
    text = login(cast.accounts["lotte"]).get("/me").text
    for shown in ("De Vlieger", "De Kade", "06 12 34 56 78", "06 00 00 00 02"):
        assert shown in text
    assert f"/me/contact/edit?guardian={other_id}" in text


def test_the_second_schools_card_asks_the_second_school(cast, login, factories):
    other_id, _mees = schools(cast, factories)
    client = login(cast.accounts["lotte"])
    form = PencilForm(client, f"/me/contact/edit?guardian={other_id}")
    form.send(mobile="0648217703", other_phone="", work_phone="", email="lotte@example.nl")
    (request,) = own_requests()
    assert (request.guardian_id, request.subject_id, request.school_id) == (other_id, other_id, cast.kade.id)


def test_taking_back_and_sending_again_stay_at_that_school(cast, login, factories):
    """Whichever guardian is the account's first: the request says for which one it is."""
    other_id, _mees = schools(cast, factories)
    for guardian_id, school in ((other_id, cast.kade), (cast.lotte.id, cast.school)):
        client = login(cast.accounts["lotte"])
        form = PencilForm(client, f"/me/contact/edit?guardian={guardian_id}")
        form.send(mobile="0648217703", other_phone="", work_phone="", email="lotte@example.nl")
        request = own_requests()[-1]
        taken = client.submit(f"/changes/{request.id}/withdrawal", form_at="/me")
        assert taken.location.startswith("/me/contact")
        assert f"guardian={guardian_id}" in taken.location
        client.submit(f"/changes/{request.id}/resubmission", {"form_key": f"{guardian_id}"[:32]}, form_at="/me")
        again = own_requests()[-1]
        assert again.open
        assert (again.guardian_id, again.subject_id, again.school_id) == (guardian_id, guardian_id, school.id)
        items = db.session.scalars(sa.select(ChangeItem).where(ChangeItem.request_id == again.id))
        assert ItemState.PROPOSED in [item.state for item in items]


def test_somebody_elses_guardian_in_the_address(cast, login):
    client = login(cast.accounts["lotte"])
    for guardian_id in (cast.jeroen.id, cast.els.id, cast.bo.id):
        assert client.get(f"/me/contact?guardian={guardian_id}").status_code == 404
        assert client.get(f"/me/contact/edit?guardian={guardian_id}").status_code == 404
