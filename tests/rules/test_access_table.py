"""A1 and A3: every route × method × role × object. No answer holds a word of what the role may not see, none of what is
not theirs is written, and what is not theirs answers exactly as what does not exist.
"""

import uuid

import pytest

from tests.rules.access_scopes import addresses, malformed, objects
from tests.rules.access_table import LOG, TABLE, Entry
from tests.security.walk import changed, restore, snapshot, writing_statements
from tests.security.world import ROLES

OTHER_METHODS = ("PUT", "DELETE", "TRACE")
HTMX = {"HX-Request": "true"}
SWEEPERS = ("anonymous", "lotte")  # routing answers these, before it matters who asks


def rules(app):
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))


class Walk:
    """One role's walk through every address."""

    def __init__(self, world, role):
        self.world, self.role = world, role
        self.whose, self.client = world.roles[role], world.clients[role]
        self.may_see = world.may_see(role)
        self.not_there = set()
        self.asked = 0

    def ask(self, method, path, *, htmx=False, form=None):
        headers = HTMX if htmx else {}
        data = {**form, "csrf_token": self.world.tokens[self.role]} if form is not None else None
        with self.client.keeping():
            answer = self.client.open(path, method=method, headers=headers, data=data)
        self.asked += 1
        self._look(answer, f"{self.role} {method} {path}")
        return answer

    def _look(self, answer, where):
        assert answer.status_code < 500, where
        seen = self.world.canaries.found_in(answer.text + str(answer.headers))
        assert seen <= self.may_see, f"{where}: {[owner.kind for owner in seen - self.may_see]}"

    def is_for(self, entry: Entry) -> bool:
        if entry.audience == "public":
            return True
        if self.whose.is_out:
            return False
        if entry.audience == "guardian":
            return bool(self.whose.guardian_id)
        if entry.audience == "staff":
            return entry.permission in self.whose.permissions if entry.permission else bool(self.whose.school_id)
        return entry.audience == "account"

    def expected(self, entry: Entry, status, args, *, htmx: bool) -> int:
        if not self.is_for(entry):
            return (401 if htmx else 303) if self.whose.is_out else 404
        if not entry.scope(self.world, self.whose, args):
            return 404
        return status(self.world, self.whose, args) if callable(status) else status

    def get(self, entry, path, args):
        for htmx in (False, True):
            with writing_statements() as written:
                answer = self.ask("GET", path, htmx=htmx)
            expected = self.expected(entry, entry.get, args, htmx=htmx)
            assert answer.status_code == expected, f"{self.role} GET {path}: {answer.status_code}, not {expected}"
            assert entry.trace or not written, f"GET {path} writes: {written}"
            self._note_absence(entry, answer, htmx)

    def post(self, entry, path, args):
        for htmx in (True, False):
            with writing_statements() as written:
                answer = self.ask("POST", path, htmx=htmx, form=entry.form)
            expected = self.expected(entry, entry.post, args, htmx=htmx)
            expected = {expected, 200} if htmx and expected == 303 and self.is_for(entry) else {expected}
            assert answer.status_code in expected, f"{self.role} POST {path}: {answer.status_code}, not {expected}"
            self._note_absence(entry, answer, htmx)
            if written:
                self._check_rows(entry, path, answer.status_code)

    def _note_absence(self, entry, answer, htmx):
        """What is not theirs and what is not there: one answer, to the byte (A3)."""
        if answer.status_code == 404 and entry.audience != "public":
            self.not_there.add((htmx, answer.text))

    def _check_rows(self, entry, path, status):
        rows = changed(self.world.rows, snapshot())
        for table, was, now in rows:
            where = f"{self.role} POST {path} ({status}) touched {table}"
            if table in LOG:
                assert was is None or table == "throttle_count", where
            else:
                assert status < 400, where
                assert table in entry.writes, where
                assert self._is_theirs(was or now), where
        if rows:
            restore(self.world.rows)

    def _is_theirs(self, row) -> bool:
        if row.get("id") == self.world.confirm_item:
            return True  # what a mailed link lets its holder write, whoever that is
        if self.whose.permissions and "school_id" in row:
            return row["school_id"] == self.whose.school_id
        if self.whose.permissions:
            return True  # rows of accounts have no school
        own = any(value in self.whose.ids for value in row.values() if isinstance(value, uuid.UUID))
        return own or row.get("request_id") in self._new_requests()

    def _new_requests(self):
        found = [now for table, _was, now in changed(self.world.rows, snapshot()) if table == "change_request" and now]
        return {row["id"] for row in found if row["guardian_id"] == self.whose.guardian_id}


def test_every_route_and_argument_stands_in_the_table(app, world):
    endpoints = {rule.endpoint for rule in rules(app)}
    assert endpoints == set(TABLE)
    for rule in rules(app):
        for name in rule.arguments:
            assert objects(world, "lotte", name), name


def test_the_table_says_what_the_routes_declare(app):
    for rule in rules(app):
        entry, declared = TABLE[rule.endpoint], app.view_functions[rule.endpoint].audience
        assert (entry.audience, entry.permission) == (declared.kind, declared.permission), rule.endpoint
        assert (entry.get is not None) == ("GET" in rule.methods), rule.endpoint
        assert (entry.post is not None) == ("POST" in rule.methods), rule.endpoint


@pytest.mark.parametrize("role", ROLES)
def test_everything_as(app, world, role):
    walk = Walk(world, role)
    for rule in rules(app):
        entry = TABLE[rule.endpoint]
        paths = list(addresses(world, role, rule))
        for path, args in paths:
            if entry.get is not None:
                walk.get(entry, path, args)
            if entry.post is not None:
                walk.post(entry, path, args)
        if role in SWEEPERS:
            _malformed(walk, rule)
            _other_methods(app, walk, rule, paths[0][0])
    assert [htmx for htmx, _text in sorted(walk.not_there)] == ([] if walk.whose.is_out else [False, True])
    assert walk.asked > 200


def _malformed(walk, rule):
    for path in malformed(rule):
        for method in ("GET", "POST"):
            assert walk.ask(method, path, form={} if method == "POST" else None).status_code in (404, 405), path


def _other_methods(app, walk, rule, path):
    allowed = set().union(*(other.methods for other in app.url_map.iter_rules() if other.rule == rule.rule))
    with writing_statements() as written:
        for method in OTHER_METHODS:
            if method not in allowed:
                assert walk.ask(method, path, form={}).status_code == 405, f"{method} {path}"
        walk.ask("OPTIONS", path)
        if "GET" in allowed:
            assert walk.ask("HEAD", path).data == b""
    assert TABLE[rule.endpoint].trace or not written
