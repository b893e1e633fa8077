"""B6: no unsafe request is carried out that our own form did not send."""

import pytest

from tests.rules.access_scopes import addresses
from tests.security.walk import changed, restore, snapshot, walker, writing_statements

# What each attack leaves out or gets wrong; a real form has a token of this session and comes from here.
ATTACKS = {
    "no token": {},
    "another session's token": {"foreign_token": True},
    "a token that is none": {"token": "x" * 90},
    "cross-site": {"good_token": True, "headers": {"Sec-Fetch-Site": "cross-site"}},
    "same-site": {"good_token": True, "headers": {"Sec-Fetch-Site": "same-site"}},
    "another origin": {"good_token": True, "headers": {"Origin": "https://evil.example"}},
    "another port": {"good_token": True, "headers": {"Origin": "http://localhost:8443"}},
    "text/plain": {"good_token": True, "content_type": "text/plain"},
    "json": {"good_token": True, "content_type": "application/json"},
}


def posts(app, world, role):
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods:
            yield next(path for path, _args in addresses(world, role, rule))


def send(world, role, path, attack):
    token = {
        "good_token": world.tokens[role],
        "foreign_token": world.tokens["els"],
        "token": attack.get("token", ""),
    }
    given = next((token[name] for name in token if attack.get(name)), None)
    data = {"language": "en", "email": "evil@example.nl", "all": "approve", "form_key": "k" * 32}
    data |= {"csrf_token": given} if given else {}
    if attack.get("content_type"):
        body = "&".join(f"{name}={value}" for name, value in data.items())
        data = body if attack["content_type"] == "text/plain" else "{}"
    with world.clients[role].keeping():
        return world.clients[role].post(
            path, data=data, headers=attack.get("headers"), content_type=attack.get("content_type")
        )


@pytest.mark.parametrize("attack", ATTACKS)
def test_it_is_refused(app, world, attack):
    tried = 0
    for role in ("lotte", "marijke"):
        for path in posts(app, world, role):
            with writing_statements() as written:
                answer = send(world, role, path, ATTACKS[attack])
            # What is not for this role is not there; everything else is refused before anything is done.
            assert answer.status_code in (400, 404), f"{role} {path}: {answer.status_code}"
            assert not written, f"{role} {path}: {written}"
            tried += 1
    assert tried > 40


def test_the_same_request_with_its_token_is_carried_out(app, world):
    """Proof that what is refused above is refused for the attack alone."""
    good = {"good_token": True, "headers": {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}}
    answers = {path: send(world, "lotte", path, good).status_code for path in posts(app, world, "lotte")}
    assert answers["/language"] == 303
    assert 400 not in answers.values()


def test_our_own_form_has_no_origin(app, world):
    """Our pages send no referrer, so a browser says `Origin: null`; another site's page says cross-site as well."""
    answer = send(world, "lotte", "/language", {"good_token": True, "headers": {"Origin": "null"}})
    assert answer.status_code == 303
    restore(world.rows)
    headers = {"Origin": "null", "Sec-Fetch-Site": "cross-site"}
    assert send(world, "lotte", "/language", {"good_token": True, "headers": headers}).status_code == 400
    assert changed(world.rows, snapshot()) == []


def test_logging_in_and_out_need_a_token_too(app, world):
    stranger = walker(app)
    assert stranger.post("/login", data={"username": "lotte", "password": "vlieger boven zee"}).status_code == 400
    assert world.clients["lotte"].post("/logout").status_code == 400
    assert world.clients["lotte"].get("/").status_code == 200
