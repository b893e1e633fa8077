"""B4 and A5: a session ends when it is ended, and at the next request after a right was taken away."""

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts import operations, queries
from app.accounts.models import Account, AccountPost, LoginSession, Purpose
from app.core import clock
from app.core.db import begin_write, db
from app.school.models import Custody, Guardian, Guardianship
from tests.security.walk import walker


def pages(cast):
    return (
        "/",
        "/me",
        "/me/contact/edit",
        "/changes",
        f"/children/{cast.noor.id}",
        f"/children/{cast.noor.id}/medical/edit",
    )


def statuses(client, cast, **kwargs):
    return {client.get(path, **kwargs).status_code for path in pages(cast)}


def refused(client, cast):
    assert statuses(client, cast) == {303}
    assert statuses(client, cast, headers={"HX-Request": "true"}) == {401}


@pytest.fixture
def lotte(app, cast):
    client = walker(app, cast.accounts["lotte"])
    assert statuses(client, cast) == {200}
    return client


def change(statement):
    begin_write()
    assert db.session.execute(statement).rowcount > 0
    db.session.commit()


def test_after_logging_out_a_copied_cookie_is_worth_nothing(app, cast, lotte):
    thief = walker(app)
    thief._cookies = dict(lotte._cookies)
    assert statuses(thief, cast) == {200}
    lotte.post("/logout", data={"csrf_token": lotte.token()})
    refused(thief, cast)
    refused(lotte, cast)


def test_logging_in_gives_a_new_session(app, cast):
    """Whatever a stranger planted in the browser before is worth nothing afterwards (CVE-2022-27305)."""
    client = walker(app)
    data = {"username": "lotte", "password": "vlieger boven zee"}
    planted = dict(client._cookies)
    token = client.token()
    anonymous = dict(client._cookies)
    assert client.post("/login", data=data | {"csrf_token": token}).status_code == 303
    thief = walker(app)
    for cookies in (planted, anonymous):
        thief._cookies = dict(cookies)
        refused(thief, cast)
    with client.session_transaction() as session:
        assert session["_user_id"]


def test_only_the_hash_of_the_token_is_kept(app, cast, lotte):
    with lotte.session_transaction() as session:
        token = session["_user_id"]
    rows = db.session.scalars(sa.select(LoginSession)).all()
    assert rows
    for row in rows:
        assert token not in (row.token_hash, row.device)


def test_a_made_up_session_is_nobody(app, cast, lotte):
    for token in (str(cast.accounts["lotte"].id), "", "x" * 43, str(uuid.uuid4())):
        with lotte.session_transaction() as session:
            session["_user_id"] = token
        refused(lotte, cast)


def test_a_disabled_account(app, cast, lotte):
    change(sa.update(Account).where(Account.username == "lotte").values(disabled_at=clock.now()))
    refused(lotte, cast)


def test_custody_that_ended_yesterday(app, cast, lotte):
    yesterday = clock.today() - timedelta(days=1)
    change(sa.update(Guardianship).where(Guardianship.guardian_id == cast.lotte.id).values(ends_on=yesterday))
    refused(lotte, cast)


def test_custody_that_was_taken_away(app, cast, lotte):
    change(sa.update(Guardianship).where(Guardianship.guardian_id == cast.lotte.id).values(custody=Custody.NONE))
    refused(lotte, cast)


def test_custody_of_one_child(app, cast, lotte):
    """Noor is gone from every page; Sem is still there."""
    one = (Guardianship.guardian_id == cast.lotte.id, Guardianship.pupil_id == cast.noor.id)
    change(sa.update(Guardianship).where(*one).values(custody=Custody.NONE))
    for path in ("", "/address", "/medical/edit", "/emergency"):
        assert lotte.get(f"/children/{cast.noor.id}{path}").status_code == 404
    for path in ("/", "/me", "/changes", f"/children/{cast.sem.id}", f"/children/{cast.sem.id}/family"):
        answer = lotte.get(path)
        assert answer.status_code == 200
        assert "Noor" not in answer.text, path


def test_less_custody_ends_pencil_and_health_data(app, cast, lotte):
    one = (Guardianship.guardian_id == cast.lotte.id, Guardianship.pupil_id == cast.noor.id)
    change(sa.update(Guardianship).where(*one).values(custody=Custody.INFORMED))
    assert lotte.get(f"/children/{cast.noor.id}").status_code == 200
    for path in ("/medical", "/medical/edit", "/address/edit", "/emergency/edit"):
        assert lotte.get(f"/children/{cast.noor.id}{path}").status_code == 404


@pytest.mark.parametrize("column", ["left_on", "deceased_on"])
def test_a_guardian_who_left_or_died(app, cast, lotte, column):
    change(sa.update(Guardian).where(Guardian.id == cast.lotte.id).values({column: clock.today()}))
    refused(lotte, cast)


def test_a_post_that_was_taken_away(app, cast):
    """Marijke has nothing left; Samira is still a parent, and no longer at the desk."""
    marijke, samira = walker(app, cast.accounts["marijke"]), walker(app, cast.accounts["samira"])
    assert (marijke.get("/desk").status_code, samira.get("/desk").status_code) == (200, 200)
    change(sa.delete(AccountPost).where(AccountPost.school_id == cast.school.id))
    assert marijke.get("/desk").status_code == 303
    assert marijke.get("/desk/guardians", headers={"HX-Request": "true"}).status_code == 401
    assert samira.get("/desk").status_code == 404
    assert samira.get("/").status_code == 200


def test_a_new_password_ends_every_other_session(app, cast, lotte):
    other = walker(app, cast.accounts["lotte"])
    begin_write()
    account = db.session.get_one(Account, cast.accounts["lotte"].id)
    link = operations.issue_link(account, purpose=Purpose.RESET, address=queries.address_at(account.id, None))
    db.session.commit()
    operations.set_password(link.id, purpose=Purpose.RESET, password_hash="x")
    db.session.commit()
    refused(lotte, cast)
    refused(other, cast)


def test_a_child_that_left(app, cast, lotte):
    """A7: what belongs to nobody any more is seen by no parent."""
    yesterday = clock.today() - timedelta(days=1)
    change(sa.update(type(cast.noor)).where(type(cast.noor).id == cast.noor.id).values(left_on=yesterday))
    for role in ("lotte", "jeroen", "karim"):
        client = walker(app, cast.accounts[role])
        assert client.get(f"/children/{cast.noor.id}").status_code == 404, role
        assert client.get(f"/children/{cast.noor.id}/address").status_code == 404, role
