"""What was a demo's is worth nothing outside a demo."""

import os
import subprocess
import sys

import pytest
import sqlalchemy as sa

from app import config
from app.accounts import passwords
from app.accounts.models import Account, LoginSession
from app.demo.logins import LOGINS, PASSWORD
from tests.support.server import ROOT


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login.username)
def test_demo_passwords_open_nothing(app, demo, login):
    """The usual app of the tests runs as production does, on the same database."""
    client = app.test_client()
    response = client.submit("/login", {"username": login.username, "password": PASSWORD})
    assert response.status_code == 422
    assert demo.session.scalar(sa.select(sa.func.count(LoginSession.id))) == 0


def test_every_password_of_a_demo_is_marked(app, demo, session):
    stored = list(session.scalars(sa.select(Account.password_hash).where(Account.password_hash != "")))
    assert len(stored) > 100
    assert all(text.startswith(passwords.DEMO_MARK) for text in stored)
    assert passwords.verify(stored[0], PASSWORD)
    assert not passwords.needs_rehash(stored[0])
    with app.app_context():
        assert not passwords.verify(stored[0], PASSWORD)


def test_a_password_made_by_hand_in_a_demo_is_one_of_the_demo(app, demo_app):
    with demo_app.app_context():
        stored = passwords.hash_password("zeven groene kikkers")
        assert passwords.verify(stored, "zeven groene kikkers")
    with app.app_context():
        assert not passwords.verify(stored, "zeven groene kikkers")


def test_the_login_page_offers_nothing(app, database):
    assert PASSWORD not in app.test_client().get("/login").get_data(as_text=True)


def test_no_route_and_no_command(app, database):
    assert [str(rule) for rule in app.url_map.iter_rules() if "demo" in str(rule)] == []
    assert "demo" not in app.cli.commands
    assert app.test_client().get("/demo/mail").status_code in (302, 303, 404)


def run(tmp_path, *code, **env):
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    own = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "k" * 40, "PUBLIC_URL": "https://portaal.example"}
    settings = {**clean, **own, "MAIL_SERVER": "127.0.0.1", **env}
    return subprocess.run([sys.executable, *code], cwd=ROOT, env=settings, capture_output=True, text=True, check=False)


def test_production_does_not_even_import_it(tmp_path):
    done = run(tmp_path, "-c", "import sys, wsgi; print([name for name in sys.modules if name.startswith('app.demo')])")
    assert done.stdout.strip() == "[]", done.stderr


def test_production_has_no_such_command(tmp_path):
    done = run(tmp_path, "-m", "flask", "--app", "wsgi", "demo", "seed")
    assert done.returncode != 0
    assert "No such command" in done.stderr


@pytest.mark.parametrize("key", ["k" * 40, ""])
def test_a_demo_signs_with_a_key_of_its_own(tmp_path, monkeypatch, key):
    """A session or a link of a demo is void in production, even with the same SECRET_KEY."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", key)
    monkeypatch.setenv("DEMO", "1")
    in_demo = config.load()["SECRET_KEY"]
    monkeypatch.setenv("DEMO", "0")
    monkeypatch.setenv("PUBLIC_URL", "https://portaal.example")
    monkeypatch.setenv("MAIL_SERVER", "127.0.0.1")
    monkeypatch.setenv("SECRET_KEY", key or (tmp_path / "secret-key").read_text())
    assert config.load()["SECRET_KEY"] != in_demo
