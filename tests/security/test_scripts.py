"""C2: text of a person never becomes an element or an attribute, on any page that shows it to somebody."""

import re

import html5lib
import pytest
import sqlalchemy as sa

from app.changes.models import ChangeItem
from app.core.db import begin_write, db
from app.records.models import EmergencyContact, MedicalRecord
from app.school.models import Guardian, Pupil, School, Staff
from tests.rules.access_scopes import addresses

MARK = "zqxss"
# Short ones, because a first name has room for 64 characters: element, attribute, htmx, URL, and the ways out of each.
PAYLOADS = (
    f"<{MARK}>",
    f"<img src=x onerror={MARK}()>",
    f"<script>{MARK}()</script>",
    f"</script><script>{MARK}()</script>",
    f"<svg onload={MARK}()>",
    f'" onmouseover="{MARK}()',
    f"' autofocus onfocus='{MARK}()",
    f'"><{MARK} a="',
    f"'><{MARK}>",
    f'" hx-get="/logout?{MARK}" hx-trigger="load',
    f"<div hx-post=/logout hx-trigger=load id={MARK}>",
    f"<div data-hx-on:load={MARK}()>",
    f"<meta http-equiv=refresh content=0;url=//{MARK}>",
    f"<base href=//{MARK}.example/>",
    f"<form action=//{MARK}>",
    f"javascript:{MARK}()",
    f"<a href=javascript:{MARK}()>x</a>",
    f"<iframe srcdoc='<{MARK}>'>",
    f"<style>@import '//{MARK}'</style>",
    f"</title><{MARK}>",
    f"</textarea><{MARK}>",
    f"<!--><{MARK}>",
    f"<math><mtext><table><mglyph><{MARK}>",
    f"&lt;{MARK}&gt;<{MARK}>",
    f"{{{{ 7*7 }}}}{MARK}",
    f"%(name)s{MARK}",
)
COLUMNS = {
    Pupil: ("first_name", "surname", "official_first_names", "birth_place", "nationality"),
    Guardian: ("first_name", "surname"),
    Staff: ("first_name",),
    EmergencyContact: ("name", "relation"),
    MedicalRecord: ("doctor_name", "dentist_name", "insurer", "diet", "allergies", "medication"),
    School: ("name", "short_name", "contact_name"),
}


def plant(payload):
    """Into every text that a parent, a file or staff can fill."""
    begin_write()
    for model, columns in COLUMNS.items():
        lengths = {name: model.__table__.columns[name].type.length for name in columns}
        values = {name: payload[: lengths[name]] for name in columns}
        for row in db.session.scalars(sa.select(model)):
            for name, text in values.items():
                setattr(row, name, text)
    for item in db.session.scalars(sa.select(ChangeItem)):
        item.reason = payload
        item.seen, item.proposed = _filled(item.seen, payload), _filled(item.proposed, payload)
    db.session.commit()


def _filled(value, payload):
    if isinstance(value, dict):
        return {part: _filled(text, payload) for part, text in value.items()}
    return payload if isinstance(value, str) and value else value


def check(text, where):
    tree = html5lib.parse(text, namespaceHTMLElements=False)
    for element in tree.iter():
        if not isinstance(element.tag, str):
            assert MARK not in (element.text or ""), f"{where}: in a comment"
            continue
        assert MARK not in element.tag, f"{where}: <{element.tag}>"
        for name, value in element.attrib.items():
            name = str(name).lower()
            assert MARK not in name, f"{where}: {name}="
            if MARK in value:
                assert not name.startswith(("on", "hx-", "data-hx")), f"{where}: {name}={value}"
                assert name not in ("src", "action", "style", "id", "class", "srcdoc", "http-equiv"), (
                    f"{where}: {name}={value}"
                )
                if name in ("href", "formaction"):
                    assert value.startswith(("/", "#", "tel:", "mailto:")), f"{where}: {name}={value}"


PAGES = {
    "lotte": (
        "home.index",
        "home.child",
        "home.me",
        "changes.index",
        "changes.show",
        "changes.edit",
        "changes.edit_own",
    ),
    "marijke": (
        "desk.queue",
        "desk.change",
        "desk.recent",
        "accounts.guardians",
        "accounts.guardian",
        "accounts.address",
    ),
}


def pages(app, world, role):
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PAGES[role] and "GET" in rule.methods:
            found = [path for path, _args in addresses(world, role, rule)]
            yield from found if rule.endpoint == "changes.show" else found[:3]


@pytest.mark.parametrize("role", PAGES)
def test_it_stays_text(app, world, role):
    paths = list(dict.fromkeys(pages(app, world, role)))
    shown = 0
    for number, payload in enumerate(PAYLOADS):
        plant(payload)
        # Every payload on some of the pages, and over all payloads every page several times.
        for path in paths[number % 4 :: 4]:
            answer = world.clients[role].get(path)
            if answer.status_code == 200:
                shown += MARK in answer.text
                check(answer.text, f"{path} with {payload}")
                assert "49" not in re.findall(rf"(\d+){MARK}", answer.text)
    assert shown > 50


def test_typed_text_comes_back_as_text(app, world):
    client = world.clients["lotte"]
    for payload in PAYLOADS:
        fields = (
            "mobile",
            "email",
            "first_name",
            "postcode",
            "street",
            "city",
            "house_number",
            "diet",
            "doctor_phone",
            "version",
        )
        data = {**dict.fromkeys(fields, payload), "form_key": payload, "csrf_token": world.tokens["lotte"]}
        for path in ("/me/contact/edit", "/me/address/edit", f"/children/{world.cast.noor.id}/medical/edit"):
            answer = client.post(path, data=data)
            assert answer.status_code == 422, path
            check(answer.text, path)


def test_names_in_addresses_come_back_as_text(app, world):
    """Reflected: what stands in the address or the log-in's form."""
    client = world.clients["marijke"]
    for payload in PAYLOADS:
        for path in ("/desk/guardians", "/desk", "/login", "/language"):
            check(
                client.get(
                    path, query_string={"q": payload, "next": payload, "state": payload, "section": payload}
                ).text,
                path,
            )
        with client.keeping():
            form = {"username": payload, "password": "x", "next": payload, "csrf_token": world.tokens["marijke"]}
            check(
                world.clients["anonymous"].post("/login", data=form | {"csrf_token": world.tokens["anonymous"]}).text,
                "/login",
            )
