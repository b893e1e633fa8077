"""The worker, the page without internet and the help: the same for everyone, from a portal without a database too."""

import json
import re

import pytest

from app import create_app
from app.core.assets import SOURCE
from app.pwa import worker
from app.pwa.phones import phone_of
from tests.client import CheckingClient
from tests.conftest import settings_for

SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {SAFARI} Mobile/15E148 Safari/604.1"
IN_GMAIL = IPHONE.replace("Version/18.5 ", "").replace(" Safari/604.1", "")
PIXEL = f"Mozilla/5.0 (Linux; Android 15) {CHROME} Mobile Safari/537.36"
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
SAMSUNG = PIXEL.replace("Chrome/138.0.0.0", "SamsungBrowser/28.0 Chrome/130.0.0.0")
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Safari/605.1.15"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36"


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """A client of a portal whose database can't be opened."""
    folder = tmp_path_factory.mktemp("broken")
    app = create_app(settings_for(f"sqlite:///{folder / 'none' / 'gone.sqlite'}", folder))
    app.test_client_class = CheckingClient
    with app.app_context():
        yield app.test_client()


def test_offline_needs_no_database_and_no_session(broken):
    answer = broken.get("/offline")
    assert answer.status_code == 200
    assert "Geen internet" in answer.get_data(as_text=True)
    assert answer.headers["X-Public"] == "1"
    assert answer.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in answer.headers


def test_offline_is_the_same_for_everyone(client, cast, login):
    assert login(cast.accounts["lotte"]).get("/offline").data == client.get("/offline").data


def test_worker_headers(broken):
    answer = broken.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert "Set-Cookie" not in answer.headers


def test_worker_knows_the_files_of_the_shell(client):
    script = client.get("/sw.js").get_data(as_text=True)
    shell = json.loads(re.search(r"const SHELL = (\[.*?\]);", script)[1])
    assert len(shell) == len(worker.SHELL)
    page = client.get("/offline").get_data(as_text=True)
    for address in shell:
        assert address.startswith("/static/")
        with client.get(address) as file:
            assert file.status_code == 200
        assert address in page or "/fonts/" in address


def test_worker_has_no_personal_address(client, cast, login):
    script = login(cast.accounts["lotte"]).get("/sw.js").get_data(as_text=True)
    assert script == client.get("/sw.js").get_data(as_text=True)
    for address in re.findall(r'"(/[^"]*)"', script):
        assert address == "/offline" or address.startswith("/static/")


def test_worker_is_short_and_keeps_nothing_else():
    source = (SOURCE / "sw.js").read_text()
    assert len(source.splitlines()) <= 60
    assert not re.search(r"indexedDB|localStorage|addEventListener\(.(push|sync|message)", source)


def test_version_follows_what_is_kept():
    def version(offline_page, hash_):
        return re.search('VERSION = "(.*?)"', worker.script(lambda name: f"/static/{hash_}{name}", offline_page))[1]

    assert version("a", "1") == version("a", "1")
    assert len({version("a", "1"), version("b", "1"), version("a", "2")}) == 3


@pytest.mark.parametrize(
    ("user_agent", "kind", "words"),
    [
        (IPHONE, "apple", "iPhone of iPad"),
        (IN_GMAIL, "inside", "U leest dit in een andere app"),
        (PIXEL, "android", "Android met Chrome of Edge"),
        (PIXEL.replace("Android 15)", "Android 15; wv)"), "inside", "U leest dit in een andere app"),
        (FIREFOX, "firefox", "Android met Firefox"),
        (SAMSUNG, "samsung", "Samsung Internet"),
        (MAC, "mac", "Mac met Safari"),
        (WINDOWS, "computer", "Computer met Chrome of Edge"),
        ("", "computer", "Computer met Chrome of Edge"),
    ],
)
def test_the_help_opens_at_the_right_phone(client, user_agent, kind, words):
    assert phone_of(user_agent) == kind
    text = client.get("/install", headers={"User-Agent": user_agent}).get_data(as_text=True)
    assert re.findall(r"<details class=\"more\" open><summary>([^<]+)<", text) == [words]


def test_every_sign_of_the_help_is_on_the_page(client):
    text = client.get("/install", headers={"User-Agent": IN_GMAIL}).get_data(as_text=True)
    assert set(re.findall(r'href="#([\w-]+)"', text)) - {"main"} <= set(re.findall(r'id="([\w-]+)"', text))
