"""A double tap, or a form that the browser sends again after a lost answer: one request, whatever arrives when (D12)."""

import threading

import pytest
import sqlalchemy as sa

from app.changes.models import ChangeItem, ChangeRequest
from app.core.audit import AuditEvent
from app.core.db import db
from app.outbox.models import Message
from bench.client import Visitor, fields
from tests.support.server import live_server

CONTACT = {"mobile": "06 48 21 77 03"}


@pytest.fixture
def portal(app):
    with live_server(app) as server:
        yield server


@pytest.fixture
def lotte(cast, login, portal):
    """Lotte's cookies, and her form as it stands open."""
    client = login(cast.accounts["lotte"])
    visitor = Visitor(portal.url)
    visitor.cookies = {cookie.key: cookie.value for cookie in client._cookies.values()}
    db.session.rollback()
    yield visitor
    visitor.close()


def send_at_once(url, cookies, form, times):
    """The same form from so many connections at one moment; gives the statuses."""
    barrier, statuses = threading.Barrier(times), []

    def send():
        visitor = Visitor(url)
        visitor.cookies = dict(cookies)
        barrier.wait()
        statuses.append(visitor.post("/me/contact/edit", form).status)
        visitor.close()

    threads = [threading.Thread(target=send) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def rows_of(model, *conditions):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))


@pytest.mark.parametrize("times", [2, 3, 5])
def test_one_request(lotte, portal, times):
    form = fields(lotte.get("/me/contact/edit").body) | CONTACT
    statuses = send_at_once(portal.url, lotte.cookies, form, times)
    assert statuses == [303] * times
    db.session.rollback()
    assert rows_of(ChangeRequest) == 1
    assert rows_of(ChangeItem) == 1
    assert rows_of(AuditEvent, AuditEvent.kind == "change:propose") == 1
    assert rows_of(Message, Message.kind == "changes/received") == 1


def test_a_second_form_at_the_same_moment(lotte, portal):
    """Two windows, two forms: the later one replaces the earlier in the one open request."""
    forms = [fields(lotte.get("/me/contact/edit").body) | {"mobile": f"06 48 21 77 0{number}"} for number in (3, 4)]
    threads = [threading.Thread(target=send_at_once, args=(portal.url, lotte.cookies, form, 2)) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert rows_of(ChangeRequest) == 1
    assert rows_of(ChangeItem) == 2
    assert rows_of(ChangeItem, ChangeItem.state == "proposed") == 1
