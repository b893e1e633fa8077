"""B7: what every answer says to the browser, on every address, whatever its status."""

import re

import pytest

from app import config, create_app
from app.core.access import audience_of
from app.core.db import db
from tests.conftest import settings_for
from tests.rules.access_scopes import addresses
from tests.security.walk import walker

DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
SECURE = "https://portaal.example.nl"
YEAR = 31_536_000


def check(answer, where, *, static=False):
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    assert "unsafe" not in policy, where
    assert "*" not in policy, where
    assert "http" not in policy, where
    for directive, value in DIRECTIVES.items():
        if not static or directive in ("default-src", "frame-ancestors"):
            assert f"{directive} {value}" in policy, f"{where}: {directive}"
    assert headers["X-Content-Type-Options"] == "nosniff", where
    assert headers["Referrer-Policy"] == "no-referrer", where
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin", where
    assert "Access-Control-Allow-Origin" not in headers, where
    assert "Server" not in headers or "/" not in headers["Server"], where
    if answer.data and answer.status_code != 304:
        assert re.search(r"charset=\"?utf-8|^(image|font|application)/", headers["Content-Type"].lower()), where


def check_private(answer, where):
    """An answer that may hold somebody's data is kept nowhere."""
    caching = answer.headers.get("Cache-Control", "")
    assert "no-store" in caching, where
    assert "private" in caching, where


@pytest.mark.parametrize("role", ["anonymous", "lotte", "marijke"])
def test_every_answer(app, world, role):
    client, asked, statuses = world.clients[role], 0, set()
    for rule in app.url_map.iter_rules():
        public = audience_of(rule.endpoint).kind == "public"
        for path, _args in list(addresses(world, role, rule))[:4]:
            for method, headers in (
                ("GET", {}),
                ("GET", {"HX-Request": "true"}),
                ("POST", {}),
                ("OPTIONS", {}),
                ("PUT", {}),
            ):
                with client.keeping():
                    answer = client.open(path, method=method, headers=headers)
                where = f"{role} {method} {path} {answer.status_code}"
                check(answer, where)
                if not (public and answer.headers.get("X-Public")):
                    check_private(answer, where)
                asked += 1
                statuses.add(answer.status_code)
    assert asked > 300
    assert {200, 303, 400, 404, 405} <= statuses


def test_what_may_be_kept_holds_nobody(app, world):
    """The answers that a browser may keep are the same for everybody."""
    for path in ("/offline", "/manifest.webmanifest", "/sw.js"):
        answers = {world.clients[role].get(path).data for role in ("anonymous", "lotte", "marijke")}
        assert len(answers) == 1, path
        assert world.clients["lotte"].get(path).headers.get("X-Public") == "1"


def test_static_files(app, client):
    assets = app.extensions["assets"]
    assert len(assets.names) > 15
    for name in assets.names:
        with client.get(assets.url(name)) as answer:
            answer.get_data()
        assert answer.status_code == 200, name
        check(answer, name, static=True)
        assert "max-age=31536000" in answer.headers["Cache-Control"], name
        assert "immutable" in answer.headers["Cache-Control"], name
        assert "Set-Cookie" not in answer.headers, name


def test_no_folder_is_listed_and_nothing_lies_about(app, world):
    lying = (
        "/static/",
        "/static/css/",
        "/.git/config",
        "/.env",
        "/backup.sql",
        "/portal.sqlite",
        "/metrics",
        "/server-status",
    )
    traversal = (
        "/static/../app/config.py",
        "/static/%2e%2e/%2e%2e/wsgi.py",
        "/static/%252e%252e%252fwsgi.py",
        "//etc/passwd",
    )
    for path in (*lying, *traversal):
        for role in ("anonymous", "marijke"):
            answer = world.clients[role].get(path)
            assert answer.status_code in (404, 308), path
            assert "SECRET" not in answer.text, path


@pytest.fixture
def secure(app, database_url, data_dir, cast):
    """The same portal as it stands behind https, where errors are answered and not raised."""
    settings = settings_for(database_url, data_dir) | config.cookie_settings(secure=True)
    settings |= {"PUBLIC_URL": SECURE, "PROPAGATE_EXCEPTIONS": False, "TESTING": True}
    other = create_app(settings)

    @other.route("/broken-on-purpose")
    def broken():
        raise RuntimeError("Noor de Vries")

    broken.audience = other.view_functions["core.health"].audience
    yield other
    with other.app_context():
        db.engine.dispose()


def log_in(client):
    page = client.get("/login", base_url=SECURE).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    data = {"username": "lotte", "password": "vlieger boven zee", "csrf_token": token}
    return client.post("/login", data=data, base_url=SECURE, headers={"Origin": SECURE})


def test_cookies_are_bound_to_the_host(secure):
    with secure.app_context():
        client = secure.test_client()
        answer = log_in(client)
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) >= 2
    for cookie in cookies:
        assert cookie.startswith("__Host-"), cookie
        for flag in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=Lax"):
            assert flag in cookie, cookie
        assert "domain=" not in cookie.lower(), cookie


def test_https_is_for_ever(secure):
    with secure.app_context():
        client = secure.test_client()
        for path in ("/login", "/", "/nothing", "/broken-on-purpose", "/health"):
            answer = client.get(path, base_url=SECURE)
            hsts = answer.headers["Strict-Transport-Security"]
            assert int(re.search(r"max-age=(\d+)", hsts)[1]) >= YEAR
            assert "includeSubDomains" in hsts


def test_a_broken_page_says_nothing(secure):
    with secure.app_context():
        for headers in ({}, {"HX-Request": "true"}):
            answer = secure.test_client().get("/broken-on-purpose", base_url=SECURE, headers=headers)
            assert answer.status_code == 500
            check(answer, "500")
            check_private(answer, "500")
            assert "Noor" not in answer.text
            assert "Traceback" not in answer.text


def test_logging_out_clears_the_browser(app, cast):
    client = walker(app, cast.accounts["lotte"])
    answer = client.post("/logout", data={"csrf_token": client.token()})
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
