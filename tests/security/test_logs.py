"""E1: whatever happens, no log line holds a word of anybody: no name, address, token, password or typed text."""

import io
import json
import logging

import pytest

from app.core.logs import JsonFormatter
from tests.rules.access_scopes import addresses

PASSWORD = "vlieger boven zee"


@pytest.fixture
def lines():
    """Everything that is logged, as it would be written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lambda: stream.getvalue().splitlines()
    root.removeHandler(handler)
    root.setLevel(level)


def walk(app, world, role):
    client = world.clients[role]
    for rule in app.url_map.iter_rules():
        for path, _args in list(addresses(world, role, rule))[:3]:
            form = {"csrf_token": world.tokens[role], "username": "lotte", "password": "geheim wachtwoord zq9999x"}
            form |= {"email": "zq9998x@example.nl", "first_name": "zq9997x", "mobile": "0612340000"}
            for method, data in (("GET", None), ("POST", form)):
                if method in rule.methods:
                    with client.keeping():
                        client.open(path, method=method, data=data, query_string={"q": "zq9996x", "next": "/zq9995x"})


def test_no_line_holds_anything_of_anybody(app, world, lines):
    secrets = [PASSWORD, "geheim wachtwoord", world.confirm_token, world.link_token("reset"), *world.tokens.values()]
    for role in ("lotte", "marijke", "anonymous"):
        walk(app, world, role)
    text = "\n".join(lines())
    assert len(lines()) > 150
    for word in [*world.canaries.words, *(f"zq999{number}x" for number in range(5, 10)), *secrets]:
        assert word not in text, word
    for number in world.canaries.phones:
        assert number not in text, number


def test_each_request_is_one_line_with_what_is_needed(app, world, lines):
    world.clients["lotte"].get(f"/children/{world.cast.noor.id}")
    line = next(json.loads(line) for line in lines() if '"logger": "app.request"' in line)
    assert line["endpoint"] == "home.child"
    assert line["status"] == 200
    assert line["account"] == str(world.roles["lotte"].account_id)
    assert line["request_id"]
    assert str(world.cast.noor.id) not in json.dumps(line)


def test_no_line_can_be_forged(app, world, lines):
    """A line end in a header or a name does not begin a line of its own."""
    forged = 'x\n{"level": "info", "message": "forged"}'
    world.clients["lotte"].get("/login", headers={"X-Request-Id": "forged-forged\u2028"[:13], "User-Agent": "forged"})
    logging.getLogger("app.test").warning("said %s", forged)
    for line in lines():
        assert json.loads(line).get("message") != "forged"


def test_an_exception_leaves_its_place_and_not_its_words(lines):
    try:
        raise ValueError("Noor de Vries, 06 12 34 56 78")
    except ValueError:
        logging.getLogger("app.test").exception("it failed")
    (line,) = [json.loads(line) for line in lines() if "it failed" in line]
    assert line["exception"] == "ValueError"
    assert "test_logs.py" in line["at_code"][0]
    assert "Noor" not in json.dumps(line)
