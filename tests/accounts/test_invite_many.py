"""Inviting a group, or all who were not invited yet; many as a job that shows how far it is."""

import pytest
import sqlalchemy as sa

from app.accounts import invitations
from app.accounts.models import Account, Link
from app.core.db import begin_write
from app.core.jobs import Job, handlers

PATH = "/desk/guardians/invitations"


@pytest.fixture
def crowd(cast, factories, database):
    """`crowd(number)` adds guardians of Tygo, in group 5A."""

    def add(number, pupil=None):
        for place in range(number):
            guardian = factories.guardian(
                school=cast.school, first_name="Ouder", surname=f"Nummer{place}", email=f"ouder{place}@example.nl"
            )
            factories.guardianship(guardian=guardian, pupil=pupil or cast.tygo)
        database.session.commit()

    return add


@pytest.fixture
def marijke(cast, login):
    return login(cast.accounts["marijke"])


def test_it_works(cast, crowd, marijke, mails, database):
    crowd(3)
    page = marijke.get(PATH).get_data(as_text=True)
    assert "Er gaan 3 e-mails weg." in page
    response = marijke.submit(PATH)
    assert (response.status_code, response.location) == (303, "/desk/guardians")
    assert "3 uitnodigingen gaan nu weg." in marijke.get("/desk/guardians").get_data(as_text=True)
    assert sorted(message.address for message in mails("accounts/invitation")) == [
        f"ouder{number}@example.nl" for number in range(3)
    ]


def test_nobody_left(cast, crowd, marijke, mails):
    crowd(1)
    marijke.submit(PATH)
    page = marijke.get(PATH).get_data(as_text=True)
    assert "heeft er al een" in page
    marijke.post(PATH, data={"csrf_token": marijke.csrf()})
    assert len(mails("accounts/invitation")) == 1


def test_one_group(cast, crowd, factories, database, marijke, mails):
    year = factories.school_year(school=cast.school, name="2025-2026")
    other = factories.group(school=cast.school, year=year, name="8B")
    crowd(2, pupil=factories.pupil(school=cast.school, first_name="Jip", surname="Bos", group=other))
    page = marijke.get(PATH, query_string={"group": other.id}).get_data(as_text=True)
    assert "Ouders uitnodigen: 8B" in page
    assert "Er gaan 2 e-mails weg." in page
    assert "heeft er al een" in marijke.get(PATH, query_string={"group": cast.group.id}).get_data(as_text=True)
    response = marijke.submit(PATH, {"group": other.id}, form_at=f"{PATH}?group={other.id}")
    assert response.location == f"/desk/guardians?group={other.id}"
    assert len(mails("accounts/invitation")) == 2


def test_a_group_of_another_school(cast, marijke, factories, database):
    kade_group = sa.text("SELECT id FROM school_group WHERE name = '4'")
    group_id = str(database.session.scalar(kade_group))
    assert marijke.get(PATH, query_string={"group": group_id}).status_code == 404
    assert marijke.post(PATH, data={"group": group_id, "csrf_token": marijke.csrf()}).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("lotte", 404), ("samira", 404), ("ruud", 200), ("anna", 200)])
def test_who_may(cast, login, crowd, mails, who, status):
    crowd(1)
    client = login(cast.accounts[who])
    assert client.get(PATH).status_code == status
    client.post(PATH, data={"csrf_token": client.csrf()})
    assert len(mails("accounts/invitation")) == (who == "ruud")


def test_many_become_a_job_with_progress(cast, crowd, marijke, mails, database, work):
    crowd(60)
    assert "Er gaan 60 e-mails weg." in marijke.get(PATH).get_data(as_text=True)
    marijke.submit(PATH)
    assert mails() == []
    page = marijke.get("/desk/guardians").get_data(as_text=True)
    assert "0 van 60 uitnodigingen zijn gemaakt." in page
    assert 'hx-trigger="load delay:2s"' in page
    work()
    assert len(mails("accounts/invitation")) == 60
    fragment = marijke.get("/desk/guardians/progress", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "Klaar: 60 uitnodigingen zijn gemaakt." in fragment
    assert "hx-trigger" not in fragment
    assert marijke.get("/desk/guardians/progress").status_code == 200


def test_a_job_that_died_halfway_goes_on(cast, crowd, marijke, mails, database, monkeypatch):
    crowd(60)
    marijke.submit(PATH)
    database.session.rollback()
    job = database.session.scalars(sa.select(Job).where(Job.kind == invitations.INVITE_MANY)).one()
    database.session.expunge(job)
    begin_write()
    assert invitations.invite_batch(job, 0) == invitations.BATCH
    database.session.commit()
    begin_write()
    invitations.invite_batch(job, invitations.BATCH)
    database.session.rollback()  # killed here
    job = database.session.scalars(sa.select(Job).where(Job.kind == invitations.INVITE_MANY)).one()
    assert job.progress_done == invitations.BATCH
    database.session.expunge(job)
    handlers[job.kind].function(job)
    database.session.commit()
    assert len(mails("accounts/invitation")) == 60
    assert len(database.session.scalars(sa.select(Link)).all()) == 60
    names = database.session.scalars(sa.select(Account.username)).all()
    assert len(names) == len(set(names))


def test_another_school_sees_no_progress(cast, crowd, marijke, login):
    crowd(30)
    marijke.submit(PATH)
    assert "van 30" not in login(cast.accounts["anna"]).get("/desk/guardians").get_data(as_text=True)
