"""No GET changes a row, but for the traces in core/trace: seen, opened, read by staff."""

from app.core import access, trace
from tests.rules.access_scopes import addresses
from tests.security.walk import changed, snapshot

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
    asked = 0
    for role in ("lotte", "marijke", "anonymous"):
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods:
                continue
            for path, _args in list(addresses(world, role, rule))[:3]:
                noted.clear()
                before = snapshot()
                with world.clients[role].keeping():
                    world.clients[role].get(path)
                asked += 1
                check(path, changed(before, snapshot()), noted)
    assert asked > 100


def check(path, rows, noted):
    assert noted or not rows, f"GET {path} changed {rows}"
    for table, was, now in rows:
        columns = TRACES.get(table, set())
        if columns is None:
            assert was is None, f"GET {path} changed an event"
        else:
            assert None not in (was, now), f"GET {path} adds to or takes from {table}"
            assert differing(was, now) <= columns, f"GET {path} changed {table}: {differing(was, now)}"


def test_a_write_in_a_get_is_rolled_back(app, world):
    """Proof that the rule above can see something: a view that writes and does not commit leaves nothing."""
    before = snapshot()
    assert access.audience_of("home.index").kind == "account"
    world.clients["lotte"].get("/")
    assert changed(before, snapshot()) == []
