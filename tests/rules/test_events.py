"""Every kind of event is declared once, with its details, and takes no others."""

import ast
import re

import pytest

from app.core import audit
from app.core.actor import NOBODY
from app.core.db import db
from tests.rules.code import modules

KIND = re.compile(r"[a-z]+:[a-z]+(-[a-z]+)*\Z")


def declared():
    """(kind, where) of each call of `declare` in the code."""
    found = []
    for name, path in modules().items():
        if name == "app/core/audit.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "declare":
                found.append((node.args[0].value, name))
    return found


def test_each_kind_is_declared_once_in_a_file_for_events():
    kinds = [kind for kind, _name in declared()]
    assert len(kinds) == len(set(kinds)) > 10
    for kind, name in declared():
        assert KIND.match(kind), kind
        assert name.endswith("/events.py"), f"{kind} in {name}"


def test_the_app_knows_them_all(app):
    assert {kind for kind, _name in declared()} <= set(audit.kinds())


def test_other_details_are_refused(app, database):
    for kind, details in audit.kinds().items():
        with pytest.raises(ValueError, match="not declared"):
            audit.record(kind, actor=NOBODY, **dict.fromkeys(details, "x"), extra="Noor")
    with pytest.raises(ValueError, match="not declared"):
        audit.record("nobody:declared-this", actor=NOBODY)
    assert not db.session.new


def test_no_detail_is_named_for_a_value():
    """Details hold ids, keys and counts; a name, an address or a text would stand in the table for ever."""
    personal = {
        "name",
        "email",
        "address",
        "phone",
        "mobile",
        "value",
        "proposed",
        "seen",
        "reason",
        "text",
        "username",
    }
    for kind, details in audit.kinds().items():
        assert not details & personal, kind
