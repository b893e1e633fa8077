"""Nobody answers their own request, also not by way of a second log-in: who works at the school has one as a parent."""

import pytest

from app.changes.models import Subject
from app.core.db import begin_write, db
from app.records.family import RELATIONS
from app.school.models import Relation


@pytest.fixture
def parent(cast, factories):
    """`parent(**values)`: a mother with a log-in of her own; Marijke of the administration is the same woman."""

    def make(works_as=("Marijke", "de Boer", "marijke@school.example"), **values):
        begin_write()
        first, surname, email = works_as
        person = factories.staff(school=cast.school, first_name=first, surname=surname, email=email)
        desk = factories.account(username="desk")
        factories.post(account=desk, school=cast.school, staff=person)
        named = {"first_name": "Marijke", "prefix": "de", "surname": "Boer", "email": "prive@example.nl"} | values
        guardian = factories.guardian(school=cast.school, mobile="+31612300000", **named)
        factories.guardianship(guardian=guardian, pupil=cast.tygo)
        own = factories.change_request(
            guardian=guardian, section="contact", items={"mobile": ("+31612300000", "+31612300001")}, pupil=cast.tygo
        )
        child = factories.change_request(
            guardian=cast.els,
            section="medical",
            items={"insurer": ("", "Zilver")},
            pupil=cast.tygo,
            about=Subject.PUPIL,
        )
        db.session.commit()
        return desk, [own.id, child.id]

    return make


SAME = {"name": {}, "address": {"first_name": "Rijkje", "surname": "Bos", "email": "marijke@school.example"}}


@pytest.mark.parametrize("values", SAME.values(), ids=SAME)
def test_the_same_person_with_another_log_in(cast, login, parent, values):
    desk, requests = parent(**values)
    client = login(desk)
    token = client.csrf()
    for request_id in requests:
        assert client.get(f"/desk/changes/{request_id}").status_code == 404
        answer = {"all": "approve", "csrf_token": token}
        assert client.post(f"/desk/changes/{request_id}/decision", data=answer).status_code == 404
        assert str(request_id) not in client.get("/desk").text


def test_a_colleague_answers_it(cast, login, parent):
    _desk, requests = parent()
    client = login(cast.accounts["ruud"])
    assert [client.get(f"/desk/changes/{each}").status_code for each in requests] == [200, 200]


def test_somebody_else_is_not_kept_from_it(cast, login, parent):
    desk, requests = parent(first_name="Rijkje", surname="Bos")
    client = login(desk)
    assert [client.get(f"/desk/changes/{each}").status_code for each in requests] == [200, 200]


def test_a_long_name_of_a_file_stops_nobody_at_the_desk(cast, login, parent):
    desk, requests = parent(works_as=("Maximiliaan" * 5, "van Aa tot Zet" * 12, "max@school.example"))
    client = login(desk)
    assert client.get(f"/desk/changes/{requests[0]}").status_code == 200
    answer = {"all": "approve", "csrf_token": client.csrf()}
    page = client.get(f"/desk/changes/{requests[0]}").text
    answer |= {name: "" for name in page.split('"') if name.startswith("now-")}
    assert client.post(f"/desk/changes/{requests[0]}/decision", data=answer).status_code == 303


@pytest.mark.parametrize("relation", Relation)
def test_every_relation_of_a_list_has_a_word_at_the_desk(relation):
    assert str(RELATIONS[relation])
