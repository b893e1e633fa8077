"""POST …/edit: a valid form becomes a pending request; the record stays as it is."""

import uuid

import sqlalchemy as sa

from app.changes.models import ChangeItem, ChangeRequest, ItemState
from app.core.audit import AuditEvent
from app.core.db import db
from app.outbox.models import Message
from app.school.models import Guardian


def requests():
    return list(db.session.scalars(sa.select(ChangeRequest).order_by(ChangeRequest.id)))


def items():
    return list(db.session.scalars(sa.select(ChangeItem).order_by(ChangeItem.id)))


def test_it_works(cast, login, pencil, contact):
    client = login(cast.accounts["lotte"])
    answer = pencil(client, "/me/contact/edit").send(**contact | {"mobile": "06-48 21 77 03"})
    assert answer.status_code == 303
    assert answer.location == "/me/contact"
    (item,) = items()
    assert (item.key, item.seen, item.proposed) == ("mobile", "+31612345678", "+31648217703")
    assert item.state is ItemState.PROPOSED
    assert db.session.get_one(Guardian, cast.lotte.id).mobile == "+31612345678"


def test_the_card_shows_old_and_new(cast, login, pencil, contact):
    client = login(cast.accounts["lotte"])
    pencil(client, "/me/contact/edit").send(**contact | {"mobile": "0648217703"})
    page = client.get("/me/contact").get_data(as_text=True)
    assert "06 48 21 77 03" in page
    assert "06 12 34 56 78" in page
    assert "In behandeling" in page
    assert "Intrekken" in page


def test_htmx_gets_the_card(cast, login, pencil, contact):
    client = login(cast.accounts["lotte"])
    answer = pencil(client, "/me/contact/edit").send(htmx=True, **contact | {"mobile": "0648217703"})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<html" not in body
    assert "Doorgegeven. De school kijkt het na." in body
    assert 'hx-swap-oob="innerHTML"' in body


def test_mails_and_audit_are_rows_of_the_same_transaction(cast, login, pencil, contact):
    client = login(cast.accounts["lotte"])
    pencil(client, "/me/contact/edit").send(**contact | {"mobile": "0648217703"})
    mails = {(mail.kind, mail.address) for mail in db.session.scalars(sa.select(Message))}
    assert mails == {("changes/received", "lotte@example.nl"), ("changes/review", "administratie@example.nl")}
    kinds = [event.kind for event in db.session.scalars(sa.select(AuditEvent)) if event.kind.startswith("change:")]
    assert kinds == ["change:propose"]


def test_the_school_gets_one_mail_for_many_requests(cast, login, pencil, contact):
    for name in ("lotte", "els"):
        client = login(cast.accounts[name])
        pencil(client, "/me/contact/edit").send(**contact | {"mobile": "0648217703", "email": f"{name}@example.nl"})
    kinds = [mail.kind for mail in db.session.scalars(sa.select(Message))]
    assert kinds.count("changes/review") == 1


def test_invalid_keeps_what_was_typed(cast, login, pencil, contact):
    client = login(cast.accounts["lotte"])
    answer = pencil(client, "/me/contact/edit").send(**contact | {"mobile": "06 12"})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Vul een nummer in van 10 cijfers" in body
    assert 'value="06 12"' in body
    assert "<title>Fout:" in body
    assert items() == []


def test_the_same_value_asks_nothing(cast, login, pencil, contact):
    client = login(cast.accounts["lotte"])
    answer = pencil(client, "/me/contact/edit").send(htmx=True, **contact)
    assert "Er verandert niets. Dit stond al zo bij school." in answer.get_data(as_text=True)
    assert requests() == []


def test_a_double_tap_makes_one_request(cast, login, pencil, contact):
    client = login(cast.accounts["lotte"])
    form = pencil(client, "/me/contact/edit")
    answers = [form.send(**contact | {"mobile": "0648217703"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert len(items()) == 1


def test_a_second_send_replaces_the_first(cast, login, pencil, contact):
    client = login(cast.accounts["lotte"])
    pencil(client, "/me/contact/edit").send(**contact | {"mobile": "0648217703"})
    pencil(client, "/me/contact/edit").send(**contact | {"mobile": "0648217704"})
    assert len(requests()) == 1
    assert [(item.proposed, item.state) for item in items()] == [
        ("+31648217703", ItemState.WITHDRAWN),
        ("+31648217704", ItemState.PROPOSED),
    ]


def test_back_to_the_schools_value_takes_it_back(cast, login, pencil, contact):
    client = login(cast.accounts["lotte"])
    pencil(client, "/me/contact/edit").send(**contact | {"mobile": "0648217703"})
    pencil(client, "/me/contact/edit").send(**contact)
    (request,) = requests()
    assert not request.open


def test_the_school_changed_it_meanwhile(cast, login, pencil, contact):
    client = login(cast.accounts["lotte"])
    form = pencil(client, "/me/contact/edit")
    db.session.get_one(Guardian, cast.lotte.id).mobile = "+31699999999"
    db.session.commit()
    answer = form.send(htmx=True, **contact | {"mobile": "0648217703"})
    body = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "06 99 99 99 99" in body
    assert "Toch doorgeven" in body
    assert items() == []


def test_insisting_after_that_sends(cast, login, pencil, contact):
    client = login(cast.accounts["lotte"])
    form = pencil(client, "/me/contact/edit")
    db.session.get_one(Guardian, cast.lotte.id).mobile = "+31699999999"
    db.session.commit()
    form.hidden["form_key"] = uuid.uuid4().hex
    form.send(insist="1", **contact | {"mobile": "0648217703"})
    (item,) = items()
    assert item.seen == "+31699999999"


def test_what_the_school_changed_and_the_parent_left_is_not_asked(cast, login, pencil, contact):
    client = login(cast.accounts["lotte"])
    form = pencil(client, "/me/contact/edit")
    db.session.get_one(Guardian, cast.lotte.id).mobile = "+31699999999"
    db.session.commit()
    form.send(**contact | {"other_phone": "030 234 56 78"})
    assert [item.key for item in items()] == ["other_phone"]


def test_extra_fields_are_not_kept(cast, login, pencil, contact):
    """A2: whatever else is posted, nothing but the listed fields can be proposed."""
    client = login(cast.accounts["lotte"])
    columns = {column.name: "x" for table in db.metadata.sorted_tables for column in table.columns}
    columns = {name: value for name, value in columns.items() if name not in contact}
    pencil(client, "/me/contact/edit").send(**columns | contact | {"mobile": "0648217703"})
    assert [item.key for item in items()] == ["mobile"]


def test_a_field_that_the_school_closed_is_not_in_the_form(cast, login, pencil, contact):
    cast.school.field_policies = {"contact.mobile": "read"}
    db.session.commit()
    client = login(cast.accounts["lotte"])
    assert 'name="mobile"' not in client.get("/me/contact/edit").get_data(as_text=True)
    answer = pencil(client, "/me/contact/edit").send(**contact | {"mobile": "0648217703", "work_phone": "0302345678"})
    assert answer.status_code == 303
    assert [item.key for item in items()] == ["work_phone"]


def test_without_custody_there_is_no_pencil(cast, login):
    client = login(cast.accounts["karim"])
    assert "Wijzig" not in client.get(f"/children/{cast.noor.id}/address").get_data(as_text=True)
    assert client.get(f"/children/{cast.noor.id}/address/edit").status_code == 404


def test_another_familys_child_is_not_found(cast, login):
    client = login(cast.accounts["els"])
    for path in ("", "/address", "/address/edit"):
        assert client.get(f"/children/{cast.noor.id}{path}").status_code == 404


def test_absent_child_is_not_found(cast, login):
    client = login(cast.accounts["els"])
    assert client.get(f"/children/{uuid.uuid4()}/address").status_code == 404
    assert client.get("/children/not-a-uuid/address").status_code == 404


def test_the_other_parents_proposal_is_not_shown(cast, login, factories):
    factories.change_request(
        guardian=cast.jeroen,
        pupil=cast.noor,
        about="pupil",
        section="details",
        items={"first_name": ("Noor", "Noortje")},
    )
    db.session.commit()
    client = login(cast.accounts["lotte"])
    assert "Noortje" not in client.get(f"/children/{cast.noor.id}").get_data(as_text=True)


def test_a_form_without_token_is_refused(cast, login, contact):
    client = login(cast.accounts["lotte"])
    answer = client.post("/me/contact/edit", data=contact | {"form_key": "a" * 32, "version": ""})
    assert answer.status_code == 400
