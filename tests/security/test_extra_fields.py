"""A2: a form stores what it is about and nothing more, whatever else is posted with it."""

import uuid

import pytest

from app.core.db import db
from tests.security.walk import changed, restore, snapshot

# A good form for each card, with the one item that it is to become.
FORMS = {
    "/me/contact/edit": (
        {"mobile": "06 48 21 77 03", "other_phone": "", "work_phone": "", "email": "lotte@example.nl"},
        {"mobile", "other_phone", "work_phone", "email"},
    ),
    "/me/address/edit": (
        {"postcode": "3512 JE", "house_number": "7", "street": "Domplein", "city": "Utrecht"},
        {"address"},
    ),
    "/children/{noor}/details/edit": ({"first_name": "Noortje"}, {"first_name"}),
    "/children/{noor}/medical/edit": ({"doctor_name": "Dr. Bos"}, None),
    "/children/{noor}/address/edit": (
        {"postcode": "3512 JE", "house_number": "7", "street": "Domplein", "city": "Utrecht"},
        {"address"},
    ),
}
HARMLESS = {
    "csrf_token",
    "form_key",
    "version",
    "add",
    "move",
    "insist",
    "remove",
    "outside",
    "abroad",
    "file",
    "again",
}
FREE = {"medical": {"doctor_name", "doctor_phone", "dentist_name", "dentist_phone", "insurer", "diet"}}
FORM_FIELDS = {"other_phone", "work_phone", "addition", "with_siblings", "with_me", *FREE["medical"]}


def every_column():
    """The name of every column of every table, with what would be wrong if it were stored."""
    return {column.name: "extra" for table in db.metadata.sorted_tables for column in table.columns}


@pytest.mark.parametrize("path", FORMS)
def test_a_parents_form(app, world, path):
    form, keys = FORMS[path]
    client = world.clients["lotte"]
    extra = {name: value for name, value in every_column().items() if name not in HARMLESS | FORM_FIELDS}
    assert len(extra) > 80
    data = {**extra, **form, "form_key": uuid.uuid4().hex, "csrf_token": world.tokens["lotte"], "version": ""}
    answer = client.post(path.format(noor=world.cast.noor.id), data=data)
    assert answer.status_code == 303, answer.text
    rows = changed(world.rows, snapshot())
    new = {now["key"] for table, was, now in rows if table == "change_item" and was is None}
    assert new == keys or (keys is None and new <= FREE["medical"])
    for table, was, now in rows:
        assert table in (
            "throttle_count",
            "change_request",
            "change_item",
            "sent_form",
            "audit_event",
            "message",
            "job",
        ), table
        assert "extra" not in [value for value in now.values() if value not in (was or {}).values()], table


def test_a_correction_by_staff(app, world):
    client = world.clients["marijke"]
    extra = {name: value for name, value in every_column().items() if name not in HARMLESS}
    data = {**extra, "email": "nieuw@example.nl", "csrf_token": world.tokens["marijke"]}
    path = f"/desk/guardians/{world.guardians['els']}/address"
    assert client.post(path, data=data).status_code == 303
    (row,) = [(was, now) for table, was, now in changed(world.rows, snapshot()) if table == "guardian"]
    was, now = row
    assert {name for name in now if was[name] != now[name]} <= {"email", "email_state", "updated_at"}


def test_logging_in_and_choosing_a_language(app, world):
    for path, data in (
        ("/login", {"username": "els", "password": "vlieger boven zee"}),
        ("/language", {"language": "en"}),
    ):
        extra = {name: value for name, value in every_column().items() if name not in data}
        with world.clients["lotte"].keeping():
            answer = world.clients["lotte"].post(path, data={**extra, **data, "csrf_token": world.tokens["lotte"]})
        assert answer.status_code == 303, path
        for table, was, now in changed(world.rows, snapshot()):
            allowed = {"language", "last_seen_at", "updated_at"}
            assert was is None or {name for name in now if was[name] != now[name]} <= allowed, table
            assert table in ("account", "login_session", "audit_event", "throttle_count"), table
        restore(world.rows)


def test_what_is_told_to_the_school_is_never_proposed(app, world):
    """M8: allergies and medication have no field, and posting them all the same asks for nothing."""
    data = {
        "allergies": "geen",
        "medication": "geen",
        "surname": "Bos",
        "birth_date": "2020-01-01",
        "first_name": "Noortje",
    }
    for section in ("medical", "details", "family"):
        world.clients["lotte"].post(
            f"/children/{world.cast.noor.id}/{section}/edit",
            data={**data, "form_key": uuid.uuid4().hex, "csrf_token": world.tokens["lotte"], "version": ""},
        )
    keys = {now["key"] for table, was, now in changed(world.rows, snapshot()) if table == "change_item" and was is None}
    assert "first_name" in keys
    assert not keys & {"allergies", "medication", "surname", "birth_date", "guardians", "siblings"}
