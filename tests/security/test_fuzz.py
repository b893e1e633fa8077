"""C1: malformed requests to every address, from a parent and from staff. None is an error of ours."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.access_scopes import addresses
from tests.rules.access_table import TABLE

REQUESTS = 500  # for each of two roles
AT_ONCE = 10

IDS = ["2147483648", "9223372036854775808", "-1", "%D9%A3", "%00", "%ED%A0%80", "%FF%FE", "..%2F..", "%252e%252e", "a" * 2_000,
       "00000000-0000-0000-0000-000000000000", "0190F0F0-0000-7000-8000-0000000000FF"]  # fmt: skip
VALUES = [*IDS, "", "+", "%0D%0ASet-Cookie:x=1", "%3Cscript%3E", "{{7*7}}", "%27%20OR%201=1--", "1e309", "NaN", "true", "[]", "0",
          "%E2%80%AE", "%F0%9F%90%9D" * 30, "x" * 100_000, "06%2012%2034%2056%2078", "contact:0190f0f0-0000-7000-8000-0000000000ff",
          "0:up", "9:down", "%2B31612345678", "1234AB"]  # fmt: skip
QUERY = ["next", "guardian", "again", "focus", "section", "q", "page", "state", "group", "csrf_token", "%00", "a%5B%5D"]
FORM = ["username", "password", "shared", "next", "language", "form_key", "version", "insist", "mobile", "email", "other_phone",
        "postcode", "house_number", "addition", "street", "city", "outside", "abroad", "with_me", "first_name", "diet",
        "doctor_phone", "all", "reason", "choice", "school", "send", "group", "section", "contacts-0-key", "contacts-0-phone",
        "contacts-0-name", "contacts-0-remove", "%00", "%FF", "a%5B%5D"]  # fmt: skip
# These take the form another way: a list of no ordinary length, or a form that comes back in another shape.
ODD = [
    "add",
    "move",
    "contacts-99999999999-key",
    "contacts-%C2%B2-key",
    "contacts-" + "9" * 5_000 + "-key",
    "contacts-x-key",
]
# For the sweep: one of each kind.
ALONE = ["%00", "%ED%A0%80", "%FF%FE", "%D9%A3", "9223372036854775808", "-1", "a" * 2_000, "[]", "1e309",
         "%0D%0AX-Evil:1", "%E2%80%AE", "{{7*7}}", "x" * 100_000]  # fmt: skip
HEADERS = {
    "HX-Request": ["true", "false", "\xff"],
    "HX-Current-URL": ["http://localhost/children/x", "javascript:alert(1)", "//evil.example", "\xe9" * 500],
    "HX-Request-Type": ["full", "partial", ""],
    "X-Request-Id": ["x" * 64, "{{7*7}}", "\xe9", "a" * 5_000],
    "User-Agent": ["", "\xff" * 300, "x" * 5_000],
    "Accept-Language": ["xx-YY;q=nope", "*;q=1e309", "nl" * 500],
    "Accept-Encoding": ["br;q=0", "*;q=nope", "identity;q=0"],
    "If-None-Match": ['"x"', "W/", "*"],
    "If-Modified-Since": ["yesterday", "Thu, 01 Jan 1970 00:00:00 GMT"],
    "Range": ["bytes=0-", "bytes=99-1", "x"],
    "X-Forwarded-For": ["::1, 1.2.3.4", "x" * 500],
    "X-Forwarded-Host": ["evil.example"],
    "X-HTTP-Method-Override": ["DELETE"],
    "Cookie": ["portal=x.y.z", "portal=; device=\xff", "device=" + "x" * 3_000],
    "Referer": ["\xff", "http://[::1"],
    "Content-Length": ["0", "99"],
}  # fmt: skip
METHODS = [
    "GET",
    "GET",
    "GET",
    "POST",
    "POST",
    "POST",
    "HEAD",
    "OPTIONS",
    "PUT",
    "DELETE",
    "PATCH",
    "TRACE",
    "LOCK",
    "get",
]
KINDS = ["application/x-www-form-urlencoded"] * 6 + [
    "multipart/form-data; boundary=b", "multipart/form-data", "application/json", "text/plain", "text/xml", "x/\xff", "",
    "application/x-www-form-urlencoded; charset=utf-16", "application/x-www-form-urlencoded; charset=nope",
]  # fmt: skip
PARTS = [b"--b\r\n", b"--b--", b'Content-Disposition: form-data; name="csrf_token"', b"\r\n\r\n", b"\x00\xff",
         b'Content-Disposition: form-data; name="file"; filename="../../x.xml"\r\nContent-Type: text/html',
         b"x" * 5_000]  # fmt: skip


def pairs(names):
    return st.lists(st.tuples(st.sampled_from(names), st.sampled_from(VALUES)), max_size=6)


headers = st.dictionaries(st.sampled_from(sorted(HEADERS)), st.integers(0, 99), max_size=3)
request = st.fixed_dictionaries(
    {
        "place": st.integers(0, 10_000),
        "method": st.sampled_from(METHODS),
        "junk": st.lists(st.sampled_from(IDS), max_size=2),
        "query": pairs(QUERY),
        "form": pairs(FORM + ODD),
        "headers": headers,
        "kind": st.sampled_from(KINDS),
        "parts": st.lists(st.sampled_from(PARTS), max_size=5),
        "token": st.integers(0, 9),
    }
)


class Target:
    """Every address of a role, and how a drawn request becomes a real one."""

    def __init__(self, app, world, role):
        self.client, self.csrf = world.clients[role], world.tokens[role]
        rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint in TABLE]
        self.paths = [(rule, path) for rule in rules for path, _args in list(addresses(world, role, rule))[:4]]
        self.asked = 0
        self.statuses = set()

    def path(self, drawn):
        rule, path = self.paths[drawn["place"] % len(self.paths)]
        if drawn["junk"] and rule.arguments:
            path = rule.rule
            for number, name in enumerate(sorted(rule.arguments)):
                junk = drawn["junk"][number % len(drawn["junk"])]
                path = path.replace(f"<uuid:{name}>", junk).replace(f"<{name}>", junk)
        query = "&".join(f"{name}={value}" for name, value in drawn["query"])
        return path, query

    def body(self, drawn):
        form = list(drawn["form"])
        if drawn["token"]:  # nine of ten come past the first wall
            form.append(("csrf_token", self.csrf))
        if drawn["kind"].startswith("multipart"):
            return b"".join(drawn["parts"])
        return "&".join(f"{name}={value}" for name, value in form).encode()

    def send(self, drawn):
        path, query = self.path(drawn)
        self.ask(path, query, drawn)

    def ask(self, path, query, drawn):
        chosen = {name: HEADERS[name][number % len(HEADERS[name])] for name, number in drawn["headers"].items()}
        with self.client.keeping():
            answer = self.client.open(
                path,
                method=drawn["method"],
                query_string=query,
                headers=chosen,
                data=self.body(drawn) if drawn["method"] not in ("GET", "HEAD") else None,
                content_type=drawn["kind"] or None,
            )
        self.asked += 1
        self.statuses.add(answer.status_code)
        assert answer.status_code < 500, f"{drawn['method']} {path}"
        assert b"Traceback" not in answer.data  # it may come compressed


def fuzz(app, world, role):
    target = Target(app, world, role)

    @settings(max_examples=REQUESTS // AT_ONCE, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(request, min_size=AT_ONCE, max_size=AT_ONCE))
    def run(batch):
        for drawn in batch:
            target.send(drawn)

    run()
    assert target.asked >= REQUESTS
    assert {200, 400, 404, 405} <= target.statuses


def test_a_parent_sends_nonsense(app, world):
    fuzz(app, world, "lotte")


def test_staff_send_nonsense(app, world):
    fuzz(app, world, "marijke")


@pytest.mark.parametrize("role", ["lotte", "marijke", "anonymous"])
def test_each_value_in_every_field_of_every_address(app, world, role):
    """What drawing at random may miss: nonsense that only one field minds, at only one address."""
    target = Target(app, world, role)
    plain = {"junk": [], "headers": {}, "token": 1, "parts": []}
    first = {rule.endpoint: (rule, path) for rule, path in reversed(target.paths)}
    for rule, path in first.values():
        for value in ALONE:
            drawn = {**plain, "kind": KINDS[0], "form": [(name, value) for name in FORM]}
            if "GET" in rule.methods:
                target.ask(path, "&".join(f"{name}={value[:2_000]}" for name in QUERY[:-2]), {**drawn, "method": "GET"})
            if "POST" in rule.methods:
                target.ask(path, "", {**drawn, "method": "POST"})
    assert target.asked > 500
