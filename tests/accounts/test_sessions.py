"""How long a session lives, and what ends it at once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.accounts import sessions
from app.accounts.models import Account, AccountPost, LoginSession
from app.core import clock
from app.core.db import begin_read, begin_write
from app.school.models import Custody, Guardian, Guardianship

IN = "U bent al ingelogd"


def is_in(client):
    return IN in client.get("/login").get_data(as_text=True)


def change(database, statement):
    begin_write()
    database.session.execute(statement)
    database.session.commit()


@pytest.mark.parametrize(
    ("who", "shared", "idle", "life"),
    [
        ("lotte", False, timedelta(days=30), timedelta(days=90)),
        ("marijke", False, timedelta(minutes=60), timedelta(hours=12)),
        ("samira", False, timedelta(minutes=60), timedelta(hours=12)),
        ("lotte", True, timedelta(minutes=10), timedelta(hours=12)),
    ],
)
def test_limits(cast, login, database, who, shared, idle, life):
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        client = login(cast.accounts[who], shared=shared)
        traveller.move_to(start + idle - timedelta(seconds=1))
        assert is_in(client)
        step = idle - timedelta(minutes=1)
        while clock.now() + step < start + life:
            traveller.shift(step)
            assert is_in(client)
        traveller.move_to(start + life - timedelta(seconds=1))
        assert is_in(client)
        traveller.shift(1)
        assert not is_in(client)


@pytest.mark.parametrize(
    ("who", "shared", "idle"),
    [
        ("lotte", False, timedelta(days=30)),
        ("marijke", False, timedelta(minutes=60)),
        ("lotte", True, timedelta(minutes=10)),
    ],
)
def test_too_long_away(cast, login, who, shared, idle):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client = login(cast.accounts[who], shared=shared)
        traveller.shift(idle)
        assert not is_in(client)


def test_a_sign_of_life_every_five_minutes(cast, login, database):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client, start = login(cast.accounts["lotte"]), clock.now()
        seen = sa.select(LoginSession.seen_at)
        traveller.shift(299)
        client.get("/language")
        assert database.session.scalar(seen) == start
        traveller.shift(1)
        client.get("/language")
        database.session.rollback()
        assert database.session.scalar(seen) == start + timedelta(seconds=300)
        last_seen = sa.select(Account.last_seen_at).where(Account.username == "lotte")
        assert database.session.scalar(last_seen) == start + timedelta(seconds=300)


def test_a_sign_of_life_with_a_post(cast, login, database):
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client, start = login(cast.accounts["lotte"]), clock.now()
        token = client.csrf()
        traveller.shift(600)
        assert client.post("/language", data={"language": "nl", "csrf_token": token}).status_code == 303
        database.session.rollback()
        assert database.session.scalar(sa.select(LoginSession.seen_at)) == start + timedelta(seconds=600)


def test_ended_by_blocking(cast, login, database):
    client = login(cast.accounts["lotte"])
    assert is_in(client)
    change(database, sa.update(Account).where(Account.username == "lotte").values(disabled_at=clock.now()))
    assert not is_in(client)


@pytest.mark.parametrize("values", [{"left_on": "today"}, {"deceased_on": "today"}])
def test_ended_by_leaving(cast, login, database, values):
    client = login(cast.accounts["lotte"])
    change(database, sa.update(Guardian).values({name: clock.today() for name in values}))
    assert not is_in(client)


@pytest.mark.parametrize("values", [{"custody": Custody.NONE}, {"ends_on": "yesterday"}])
def test_ended_with_custody(cast, login, database, values):
    client = login(cast.accounts["lotte"])
    if "ends_on" in values:
        values = {"ends_on": clock.today() - timedelta(days=1)}
    change(database, sa.update(Guardianship).where(Guardianship.guardian_id == cast.lotte.id).values(values))
    assert not is_in(client)


def test_a_role_that_was_taken_away(cast, login, database):
    client = login(cast.accounts["marijke"])
    assert client.get("/desk/guardians").status_code == 200
    change(database, sa.delete(AccountPost).where(AccountPost.account_id == cast.accounts["marijke"].id))
    assert client.get("/desk/guardians").status_code == 303


def test_only_a_hash_is_stored(cast, database):
    begin_write()
    token = sessions.start_session(database.session.merge(cast.accounts["lotte"]))
    database.session.commit()
    row = database.session.scalars(sa.select(LoginSession)).one()
    assert token not in (row.token_hash, str(row.id))
    assert len(row.token_hash) == 64


@pytest.mark.parametrize("token", ["", "x", "é", "x" * 10_000, "\x00"])
def test_a_made_up_token(client, cast, token):
    with client.session_transaction() as session:
        session["_user_id"] = token
    assert not is_in(client)


def test_end_all_but_one(cast, database):
    begin_write()
    account = database.session.merge(cast.accounts["lotte"])
    tokens = [sessions.start_session(account) for _ in range(3)]
    kept = sessions.load(tokens[0])
    assert sessions.end_all(account, except_=kept.session_id) == 2
    database.session.commit()
    assert [sessions.load(token) is not None for token in tokens] == [True, False, False]


def test_one_query(cast, database, login):
    client = login(cast.accounts["samira"])
    with client.session_transaction() as session:
        token = session["_user_id"]
    statements = []
    begin_read()
    sa.event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    actor = sessions.load(token).actor
    assert len([one for one in statements if one.startswith("SELECT")]) == 1
    assert actor.is_guardian
    assert actor.is_staff
    assert actor.name == "Samira Haddad"


def test_old_sessions_are_swept(cast, database):
    begin_write()
    account = database.session.merge(cast.accounts["lotte"])
    sessions.end(sessions.start_session(account))
    kept = sessions.start_session(account)
    database.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=29, hours=1)):
        begin_write()
        sessions.sweep()
        assert len(database.session.scalars(sa.select(LoginSession)).all()) == 2
    with time_machine.travel(clock.now() + timedelta(days=30, hours=1)):
        sessions.sweep()
        database.session.commit()
        assert len(database.session.scalars(sa.select(LoginSession)).all()) == 1
    assert sessions.load(kept) is not None
