"""No GET changes a row, but for the traces in core/trace: seen, opened, read by staff."""

import sqlalchemy as sa

from app.core import access, trace
from app.core.db import db
from app.school.models import School
from tests.rules.access_scopes import addresses
from tests.security.walk import changed, snapshot, writing_statements

# Tables in which a trace may be left, with the columns that it may change; None: rows may come.
TRACES = {
    "link": {"opened_at"},
    "account": {"last_seen_at"},
    "login_session": {"seen_at", "idle_until"},
    "change_request": {"reviewer", "reviewer_name", "reviewer_until", "updated_at"},
    "audit_event": None,
}


def differing(was, now):
    return {name for name in now if was[name] != now[name]}


def test_no_get_leaves_more_than_a_trace(app, world, monkeypatch):
    """Traces are counted: a table may only change in a request that noted one."""
    noted = []
    note = trace.note
    monkeypatch.setattr(trace, "note", lambda *args: (noted.append(args), note(*args)))
    asked, before = 0, snapshot()
    for role in ("lotte", "marijke", "anonymous"):
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods:
                continue
            for path, _args in list(addresses(world, role, rule))[:3]:
                noted.clear()
                with writing_statements() as written, world.clients[role].keeping():
                    world.clients[role].get(path)
                asked += 1
                if written:
                    after = snapshot()
                    check(path, changed(before, after), noted)
                    before = after
    assert asked > 100
    assert changed(before, snapshot()) == []  # and nothing changed that was not seen being written


def check(path, rows, noted):
    assert noted or not rows, f"GET {path} changed {rows}"
    for table, was, now in rows:
        columns = TRACES.get(table, set())
        if columns is None:
            assert was is None, f"GET {path} changed an event"
        else:
            assert None not in (was, now), f"GET {path} adds to or takes from {table}"
            assert differing(was, now) <= columns, f"GET {path} changed {table}: {differing(was, now)}"


def test_a_write_in_a_get_is_seen_and_rolled_back(app, world, monkeypatch):
    """Proof that the rule above would see one; and the request's end takes it back."""

    @access.guardian
    def forgetful():
        db.session.execute(sa.update(School).values(name="changed"))
        return "done"

    monkeypatch.setitem(app.view_functions, "home.me", forgetful)
    before = snapshot()
    with writing_statements() as written:
        assert world.clients["lotte"].get("/me").text == "done"
    assert len(written) == 1
    assert changed(before, snapshot()) == []
