"""What one school writes in its register opens nothing of what another school knows of the same person."""

import pytest
import sqlalchemy as sa

from app.accounts.models import Account, AccountGuardian, Link, Purpose
from app.core import clock, tokens
from app.core.actor import Role
from app.core.db import begin_read, begin_write, db
from app.core.jobs import Job, handlers
from app.school.models import Guardian
from tests.accounts.test_links import NEW

EVIL = "anna.thuis@example.com"
OWN = "lotte@example.nl"


@pytest.fixture
def twin(cast, factories):
    """At De Kade Anna has made up a child, and a mother with Lotte's name and address."""
    begin_write()
    guardian = factories.guardian(school=cast.kade, first_name="Lotte", prefix="de", surname="Vries", email=OWN)
    child = factories.pupil(school=cast.kade, first_name="Nep", surname="Vries")
    factories.guardianship(guardian=guardian, pupil=child)
    factories.used_link(account=cast.accounts["lotte"], guardian=cast.lotte)
    db.session.commit()
    db.session.refresh(guardian)
    db.session.expunge(guardian)  # so that it can be named whatever the requests do
    return guardian


def invite(client, guardian):
    return client.post(f"/desk/guardians/{guardian.id}/invitation", data={"csrf_token": client.csrf()})


def correct(client, guardian, email, **more):
    path = f"/desk/guardians/{guardian.id}/address"
    return client.post(path, data={"csrf_token": client.csrf(), "email": email, **more})


def forgot(client, name):
    client.submit("/forgot", {"username": name})
    db.session.rollback()
    jobs = db.session.scalars(sa.select(Job).where(Job.kind == "accounts.send_links", Job.done_at.is_(None))).all()
    db.session.expunge_all()
    for job in jobs:
        handlers[job.kind].function(job)
        db.session.commit()
    db.session.rollback()


def links_to(address):
    begin_read()
    return list(db.session.scalars(sa.select(Link).where(Link.address == address)))


def account_of(guardian):
    begin_read()
    wanted = sa.select(AccountGuardian.account_id).where(AccountGuardian.guardian_id == guardian.id)
    return db.session.scalar(wanted)


def password_by(client, link):
    page = {Purpose.SETUP: "setup", Purpose.RESET: "reset"}[link.purpose]
    client.get(f"/{page}/{tokens.make(link.purpose.value, link.id)}")
    return client.submit(f"/{page}", {"password": NEW}, form_at="/login")


def test_another_schools_correction_opens_no_account(app, cast, login, twin):
    """Anna lets Lotte's account join, then corrects the address at her own school and asks for a new password."""
    noor, lotte = cast.noor.id, cast.accounts["lotte"].id
    anna = login(cast.accounts["anna"])
    invite(anna, twin)
    assert account_of(twin) == lotte
    correct(anna, twin, EVIL)
    thief = app.test_client()
    forgot(thief, EVIL)
    forgot(thief, "lotte")
    assert links_to(EVIL) == []
    correct(anna, twin, EVIL, send="1")
    (link,) = links_to(EVIL)
    password_by(thief, link)
    assert thief.get(f"/children/{noor}").status_code == 404
    assert link.account_id != lotte


def test_a_link_that_is_under_way_dies_too(app, cast, login, twin):
    """The link was made before the account was joined."""
    begin_write()
    link = Link(
        account_id=cast.accounts["lotte"].id,
        purpose=Purpose.RESET,
        address=EVIL,
        school_id=cast.kade.id,
        issued_at=clock.now(),
        expires_at=clock.now().replace(year=2099),
    )
    db.session.add(link)
    db.session.add(AccountGuardian(account_id=cast.accounts["lotte"].id, guardian_id=twin.id))
    db.session.execute(sa.update(Guardian).where(Guardian.id == twin.id).values(email=EVIL))
    db.session.commit()
    thief = app.test_client()
    assert password_by(thief, link).status_code == 410
    assert thief.get(f"/children/{cast.noor.id}").status_code == 303


def test_an_account_made_beforehand_gets_no_other_schools_children(app, cast, login, twin, factories):
    """Anna has the made-up mother's password before De Vlieger invites the real one."""
    begin_write()
    db.session.execute(sa.delete(AccountGuardian).where(AccountGuardian.guardian_id == cast.lotte.id))
    db.session.execute(sa.delete(Account).where(Account.username == "lotte"))
    db.session.execute(sa.delete(Link))
    db.session.commit()
    anna, thief = login(cast.accounts["anna"]), app.test_client()
    correct(anna, twin, EVIL, send="1")
    (link,) = links_to(EVIL)
    password_by(thief, link)
    assert thief.get("/").status_code == 200
    correct(anna, twin, OWN)
    invite(login(cast.accounts["marijke"]), cast.lotte)
    assert thief.get(f"/children/{cast.noor.id}").status_code == 404
    assert account_of(cast.lotte) != account_of(twin)


def test_a_director_does_not_become_the_administrator(app, cast, login, factories):
    """The administrator is a parent at the school too: an address corrected there opens no desk."""
    begin_write()
    guardian = factories.guardian(school=cast.school, first_name="Ada", surname="Prins", email="ada@example.nl")
    factories.guardianship(guardian=guardian, pupil=cast.tygo)
    person = factories.staff(school=cast.school, first_name="Ada", surname="Prins", email="a.prins@school.example")
    ada = factories.account(username="ada", guardians=[guardian])
    factories.post(account=ada, school=cast.school, role=Role.ADMINISTRATOR, staff=person)
    db.session.commit()
    ruud, thief = login(cast.accounts["ruud"]), app.test_client()
    correct(ruud, guardian, EVIL, send="1")
    forgot(thief, EVIL)
    for link in links_to(EVIL):
        password_by(thief, link)
    assert thief.get("/desk/roster").status_code in (303, 404)


def test_who_moved_at_one_school_still_gets_a_link_where_the_password_was_made(app, cast, login, twin):
    anna = login(cast.accounts["anna"])
    invite(anna, twin)
    correct(anna, twin, "lotte.nieuw@example.nl")
    forgot(app.test_client(), "lotte.nieuw@example.nl")
    assert [link.address for link in links_to(OWN) if link.used_at is None] == [OWN]
