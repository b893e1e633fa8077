"""The pencil as a tool against others: trying out whose number it is, and flooding somebody's mailbox."""

import sqlalchemy as sa

from app.changes import brakes
from app.core.db import db
from app.outbox.models import Message
from tests.changes.conftest import PencilForm

KEY = "contact:01234567-89ab-4def-8123-456789abcdef"


def try_number(client, path, number):
    row = {"contacts-0-key": KEY, "contacts-0-name": "Riet", "contacts-0-phone": number}
    return PencilForm(client, path).send(**row).status_code


def test_a_parents_number_can_not_be_tried_out(cast, login):
    """Jeroen hides his number; "that is a parent's number" would tell Lotte when she has it right."""
    client, path = login(cast.accounts["lotte"]), f"/children/{cast.noor.id}/emergency/edit"
    codes = [try_number(client, path, "06 87 65 43 21") for _ in range(brakes.REFUSALS_PER_HOUR + 2)]
    assert codes == [422] * brakes.REFUSALS_PER_HOUR + [429] * 2
    assert try_number(client, path, "06 12 34 00 09") == 429
    other = f"/children/{cast.tygo.id}/emergency/edit"
    assert try_number(login(cast.accounts["els"]), other, "06 12 34 00 09") == 303


def test_forms_have_a_limit(cast, login, monkeypatch):
    monkeypatch.setattr(brakes, "FORMS_PER_HOUR", 3)
    client, path = login(cast.accounts["lotte"]), f"/children/{cast.noor.id}/emergency/edit"
    assert [try_number(client, path, f"06 12 34 00 0{each}") for each in range(5)] == [303] * 3 + [429] * 2


def test_a_strangers_mailbox_is_not_flooded(cast, login):
    client = login(cast.accounts["lotte"])
    for number in range(brakes.CONFIRMATIONS_PER_DAY + 3):
        form = PencilForm(client, "/me/contact/edit")
        answer = form.send(mobile="06 12 34 56 78", email=f"slachtoffer+{number}@example.com")
        assert answer.status_code == (303 if number < brakes.CONFIRMATIONS_PER_DAY else 422)
    db.session.rollback()
    sent = sa.select(sa.func.count()).where(Message.kind == "changes/confirm-address")
    assert db.session.scalar(sent) == brakes.CONFIRMATIONS_PER_DAY
