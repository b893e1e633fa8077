"""POST /login: from a typed name to a session."""

import pytest
import sqlalchemy as sa

from app.accounts import passwords
from app.accounts.models import Account, AccountGuardian, LoginSession
from app.core import clock
from app.core.actor import Role
from app.core.audit import AuditEvent
from app.core.db import begin_write
from app.school.models import Custody, Guardianship
from tests.factories.accounts import PASSWORD


def log_in(client, username, password=PASSWORD, **data):
    return client.submit("/login", {"username": username, "password": password, **data})


def test_it_works(client, cast, database):
    response = log_in(client, "lotte")
    assert response.status_code == 303
    assert response.location == "/"
    assert database.session.query(LoginSession).count() == 1
    assert database.session.query(AuditEvent).filter_by(kind="account:login").count() == 1
    assert "Inloggen" not in client.get("/language").get_data(as_text=True)


def test_the_page(client, cast):
    page = client.get("/login").get_data(as_text=True)
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "gedeelde telefoon" in page
    assert "passkey" not in page.lower()


@pytest.mark.parametrize("name", ["lotte@example.nl", "LOTTE@example.nl", " Lotte@Example.nl ", "LOTTE", "lotte "])
def test_mail_address_and_any_case(client, cast, name):
    assert log_in(client, name).status_code == 303


def test_staff_begin_at_the_desk(client, cast):
    assert log_in(client, "marijke").location == "/desk"


def test_a_teacher_who_is_a_parent_begins_with_the_children(client, cast):
    assert log_in(client, "samira").location == "/"


def test_staff_by_mail_address(client, cast, factories, database):
    person = factories.staff(school=cast.school, first_name="Ria", surname="Post", email="Ria@Example.nl")
    factories.post(account=factories.account(username="ria"), school=cast.school, role=Role.ADMINISTRATOR, staff=person)
    database.session.commit()
    assert log_in(client, "ria@example.nl").location == "/desk"


def test_wrong_password(client, cast, database):
    response = log_in(client, "lotte", "iets heel anders")
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert "wachtwoord klopt niet" in page
    assert 'value="lotte"' in page
    assert "iets heel anders" not in page
    assert database.session.query(LoginSession).count() == 0
    failed = database.session.scalars(sa.select(AuditEvent).where(AuditEvent.kind == "account:login-failed")).one()
    assert failed.details == {"verdict": "wrong"}
    assert failed.account_id is None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"username": "", "password": PASSWORD}, "Vul uw e-mailadres of gebruikersnaam in."),
        ({"username": "lotte", "password": ""}, "Vul uw wachtwoord in."),
        ({"username": "\x00\u202e", "password": PASSWORD}, "Vul uw e-mailadres of gebruikersnaam in."),
    ],
)
def test_invalid(client, cast, data, message):
    response = client.submit("/login", data)
    assert response.status_code == 422
    assert message in response.get_data(as_text=True)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_wrong_method(client, cast, method):
    assert getattr(client, method)("/login").status_code in (400, 405)


def test_without_token(client, cast):
    assert client.post("/login", data={"username": "lotte", "password": PASSWORD}).status_code == 400


def test_from_another_site(client, cast):
    token = client.csrf()
    data = {"username": "lotte", "password": PASSWORD, "csrf_token": token}
    assert client.post("/login", data=data, headers={"Origin": "https://evil.example"}).status_code == 400


def test_two_parents_with_one_address(client, cast, database):
    begin_write()
    cast.jeroen.email = "lotte@example.nl"
    account = database.session.get(Account, cast.accounts["jeroen"].id)
    account.password_hash = passwords.hash_password("een heel ander wachtwoord")
    database.session.merge(cast.jeroen)
    database.session.commit()
    assert log_in(client, "lotte@example.nl", "een heel ander wachtwoord").status_code == 303
    logged_in = database.session.scalars(sa.select(LoginSession)).one()
    assert logged_in.account_id == cast.accounts["jeroen"].id
    assert log_in(client, "lotte@example.nl").status_code == 303


def test_two_parents_with_one_address_and_one_password(client, cast, database):
    begin_write()
    cast.jeroen.email = "lotte@example.nl"
    database.session.merge(cast.jeroen)
    database.session.commit()
    response = log_in(client, "lotte@example.nl")
    assert response.status_code == 422
    assert "Log in met uw gebruikersnaam" in response.get_data(as_text=True)
    assert log_in(client, "jeroen").status_code == 303


def test_known_and_unknown_get_the_same_answer(client, cast):
    for known, unknown in (("lotte", "lotto"), ("lotte@example.nl", "lotto@example.nl")):
        first, second = log_in(client, known, "verkeerd wachtwoord"), log_in(client, unknown, "verkeerd wachtwoord")
        assert first.status_code == second.status_code == 422
        assert len(first.data) == len(second.data)
        assert _without(first, known) == _without(second, unknown)
        assert set(first.headers.keys()) == set(second.headers.keys())


def _without(response, name):
    import re

    return re.sub(r'name="csrf_token" value="[^"]+"', "", response.get_data(as_text=True).replace(name, "…"))


@pytest.mark.parametrize("name", ["lotte", "lotto", "lotte@example.nl", "lotto@example.nl"])
def test_known_and_unknown_cost_the_same_work(client, cast, name, monkeypatch):
    from argon2 import PasswordHasher

    verified = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: verified.append(1) or verify(*given))
    log_in(client, name, "verkeerd wachtwoord")
    assert len(verified) == (2 if "@" in name else 1)


def test_a_planted_session_is_not_taken_over(client, cast):
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
        session["_user_id"] = "planted"
    before = client.csrf()
    assert log_in(client, "lotte").status_code == 303
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"] != "planted"
    assert client.csrf() != before


def test_each_log_in_has_a_token_of_its_own(client, cast, database):
    log_in(client, "lotte")
    with client.session_transaction() as session:
        first = session["_user_id"]
    log_in(client, "lotte")
    with client.session_transaction() as session:
        assert session["_user_id"] != first
    assert len(first) >= 43
    assert first not in {row.token_hash for row in database.session.scalars(sa.select(LoginSession))}


def test_a_blocked_account(client, cast, database):
    begin_write()
    database.session.execute(sa.update(Account).values(disabled_at=clock.now()))
    database.session.commit()
    assert log_in(client, "lotte").status_code == 422


def test_somebody_without_custody(client, cast, database):
    begin_write()
    changed = sa.update(Guardianship).where(Guardianship.guardian_id == cast.lotte.id)
    database.session.execute(changed.values(custody=Custody.NONE))
    database.session.commit()
    assert log_in(client, "lotte").status_code == 422
    assert log_in(client, "karim").status_code == 303  # may be informed


def test_an_account_without_a_password(client, fresh):
    assert log_in(client, "nadia", "").status_code == 422
    assert log_in(client, "nadia", "wat dan ook maar").status_code == 422


def test_an_old_hash_is_renewed(client, cast, database):
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    begin_write()
    database.session.execute(sa.update(Account).where(Account.username == "lotte").values(password_hash=old))
    database.session.commit()
    assert log_in(client, "lotte").status_code == 303
    stored = database.session.scalar(sa.select(Account.password_hash).where(Account.username == "lotte"))
    assert stored != old
    assert passwords.verify(stored, PASSWORD)


@pytest.mark.parametrize("path", ["/children/x?a=1", "/desk", "/me#top"])
def test_comes_back_to_the_wanted_page(client, cast, path):
    assert log_in(client, "lotte", next=path).location == path


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "///evil.example",
        "http:/evil.example",
        " //evil.example",
    ],
)
def test_never_leads_to_another_site(client, cast, path):
    assert log_in(client, "lotte", next=path).location == "/"
    assert "evil" not in client.get("/login", query_string={"next": path}).get_data(as_text=True)


def test_the_cookie(client, cast):
    cookies = log_in(client, "lotte").headers.getlist("Set-Cookie")
    mine = next(cookie for cookie in cookies if cookie.startswith("portal="))
    assert "HttpOnly" in mine
    assert "SameSite=Lax" in mine
    assert "Expires" in mine


def test_a_shared_phone(client, cast, database):
    cookies = log_in(client, "lotte", shared="y").headers.getlist("Set-Cookie")
    mine = next(cookie for cookie in cookies if cookie.startswith("portal="))
    assert "Expires" not in mine
    assert "Max-Age" not in mine
    assert not any(cookie.startswith("device=") for cookie in cookies)
    row = database.session.scalars(sa.select(LoginSession)).one()
    assert row.shared
    assert (row.idle_until - row.created_at).total_seconds() == 600


def test_the_language_chosen_on_the_page_stays(client, cast, database):
    client.submit("/language", {"language": "en"})
    log_in(client, "lotte")
    assert database.session.scalar(sa.select(Account.language).where(Account.username == "lotte")) == "en"


def test_demo_log_ins(client, cast, app):
    assert app.jinja_env.globals["demo_logins"] == []
    app.jinja_env.globals["demo_logins"] = [
        {"username": "lotte", "password": PASSWORD, "title": "Lotte, moeder", "text": ""}
    ]
    try:
        assert "Lotte, moeder" in client.get("/login").get_data(as_text=True)
    finally:
        app.jinja_env.globals["demo_logins"] = []


def test_no_guardian_is_left(client, cast, database):
    begin_write()
    database.session.execute(sa.delete(AccountGuardian))
    database.session.commit()
    assert log_in(client, "lotte").status_code == 422
