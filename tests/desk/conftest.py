"""What the tests of the desk share: requests that wait, and a reviewer who opens and answers them."""

import re

import pytest
import sqlalchemy as sa

from app.changes.models import ChangeItem, ChangeRequest, Subject
from app.core.db import db

NEW_MOBILE = "+31648217703"
KERKSTRAAT = {"postcode": "3581 RD", "house_number": 7, "addition": "", "street": "Kerkstraat", "city": "Utrecht"}
LINDELAAN = {"postcode": "3581 KB", "house_number": 14, "addition": "", "street": "Lindelaan", "city": "Utrecht"}


class Desk:
    """A reviewer at work."""

    def __init__(self, client):
        self.client = client

    def open(self, request, *, htmx=False):
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.get(f"/desk/changes/{_id(request)}", headers=headers)

    def fields(self, request):
        """The hidden fields of the form, as a browser sends them."""
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', _form(self.open(request).text)))

    def answer(self, request, *, htmx=False, fields=None, **answers):
        """`mobile="approve"`, `email="reject"` with `email_reason="…"`; `everything=True` presses "Alles goedkeuren"."""
        data = dict(fields if fields is not None else self.fields(request))
        if answers.pop("everything", False):
            data["all"] = "approve"
        ids = {item.key: item.id for item in items_of(request)}
        for name, value in answers.items():
            key, is_reason, _rest = name.partition("_reason")
            data[f"reason-{ids[key]}" if is_reason else f"decision-{ids[key]}"] = value
        return self.post(request, "decision", data, htmx=htmx)

    def post(self, request, verb, data=None, *, htmx=False):
        data = dict(data or {})
        data.setdefault("csrf_token", self.client.csrf("/desk/me"))
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(f"/desk/changes/{_id(request)}/{verb}", data=data, headers=headers)

    def undo(self, request, *, htmx=False):
        return self.post(request, "undo", htmx=htmx)


def _id(request):
    return getattr(request, "id", request)


def _form(text):
    found = re.search(r'<form class="sheets".*?</form>', text, re.DOTALL)
    assert found, "no form to answer with"
    return found[0]


def items_of(request):
    return list(db.session.scalars(sa.select(ChangeItem).where(ChangeItem.request_id == _id(request))))


def fresh(row):
    """The row as it is in the database now."""
    db.session.rollback()
    return db.session.get_one(type(row), row.id, populate_existing=True)


def item_of(request, key):
    db.session.rollback()
    statement = sa.select(ChangeItem).where(ChangeItem.request_id == _id(request), ChangeItem.key == key)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


@pytest.fixture
def desk(login, cast):
    """Marijke, the administrator."""
    return Desk(login(cast.accounts["marijke"]))


@pytest.fixture
def ruud(login, cast):
    """Ruud, the director, at his own tablet."""
    return Desk(login(cast.accounts["ruud"]))


class Asked:
    """Requests of the cast that wait."""

    def __init__(self, factories, cast):
        self.f, self.cast = factories, cast

    def _commit(self, request):
        db.session.commit()
        return request

    def mobile(self, **values):
        cast, items = self.cast, {"mobile": ("+31612345678", NEW_MOBILE)}
        return self._commit(
            self.f.change_request(guardian=cast.lotte, section="contact", pupil=cast.noor, items=items, **values)
        )

    def contact(self, **items):
        cast = self.cast
        return self._commit(self.f.change_request(guardian=cast.lotte, section="contact", pupil=cast.noor, items=items))

    def about_noor(self, section, guardian=None, pupil=None, urgent=False, **items):
        cast = self.cast
        return self._commit(
            self.f.change_request(
                guardian=guardian or cast.lotte,
                section=section,
                pupil=pupil or cast.noor,
                about=Subject.PUPIL,
                items={key.replace("__", ":"): value for key, value in items.items()},
                urgent=urgent,
            )
        )

    def address(self, guardian=None, proposed=KERKSTRAAT, **values):
        return self.about_noor("address", guardian, address=(LINDELAAN, proposed), **values)


@pytest.fixture
def asked(factories, cast):
    return Asked(factories, cast)


@pytest.fixture
def messages(database):
    """`messages(kind)`: the states of the mails of that kind."""
    from app.outbox.models import Message

    def states(kind):
        db.session.rollback()
        return [message.state for message in db.session.scalars(sa.select(Message).where(Message.kind == kind))]

    return states


def requests():
    db.session.rollback()
    return list(db.session.scalars(sa.select(ChangeRequest).order_by(ChangeRequest.id)))
