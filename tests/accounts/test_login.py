"""POST /login: from a typed name to a session."""

import pytest

from app.accounts.models import LoginSession
from app.core.audit import AuditEvent
from tests.factories.accounts import PASSWORD


def log_in(client, username, password=PASSWORD, **data):
    return client.submit("/login", {"username": username, "password": password, **data})


def test_it_works(client, cast, database):
    response = log_in(client, "lotte")
    assert response.status_code == 303
    assert response.location == "/"
    assert database.session.query(LoginSession).count() == 1
    assert database.session.query(AuditEvent).filter_by(kind="account:login").count() == 1


@pytest.mark.parametrize("name", ["lotte@example.nl", "LOTTE@example.nl", " Lotte@Example.nl ", "LOTTE", "lotte "])
def test_mail_address_and_any_case(client, cast, name):
    assert log_in(client, name).status_code == 303


def test_staff_begin_at_the_desk(client, cast):
    assert log_in(client, "marijke").location == "/desk"


def test_a_teacher_who_is_a_parent_begins_with_the_children(client, cast):
    assert log_in(client, "samira").location == "/"


def test_wrong_password(client, cast, database):
    response = log_in(client, "lotte", "iets heel anders")
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert "wachtwoord klopt niet" in page
    assert 'value="lotte"' in page
    assert "iets heel anders" not in page
    assert database.session.query(LoginSession).count() == 0
