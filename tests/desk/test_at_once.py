"""Many reviewers at one moment: exactly one answer counts (A4)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from app.core.audit import AuditEvent
from app.core.db import db
from tests.desk.conftest import KERKSTRAAT, NEW_MOBILE, Desk, fresh, item_of

REVIEWERS = 20


@pytest.fixture
def together(app):
    """`together(acts)`: carry them all out at the same moment, each in a thread of its own; gives the answers."""

    def run(acts):
        db.session.rollback()
        barrier = Barrier(len(acts))

        def one(act):
            with app.app_context():
                barrier.wait()
                try:
                    return act()
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(one, acts))

    return run


def events(kind):
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.kind == kind))


def sender(desk, request, **changes):
    """A function that posts the form as it stands now."""
    data = {**desk.fields(request), **changes}
    path = f"/desk/changes/{request.id}/decision"
    return lambda: desk.client.post(path, data=data, headers={"HX-Request": "true"}).status_code


def test_twenty_approve_at_once(app, desk, asked, cast, login, together):
    request = asked.mobile()
    desks = [Desk(login(cast.accounts[("marijke", "ruud")[number % 2]])) for number in range(REVIEWERS)]
    statuses = together([sender(each, request, all="approve") for each in desks])
    assert sorted(statuses) == [200] + [409] * (REVIEWERS - 1)
    assert fresh(cast.lotte).mobile == NEW_MOBILE
    assert (events("change:decide"), events("change:apply")) == (1, 1)


def test_one_says_yes_and_one_says_no(desk, ruud, asked, cast, together):
    for _round in range(3):
        request = asked.mobile()
        item = item_of(request, "mobile")
        no = {f"decision-{item.id}": "reject", f"reason-{item.id}": "Nee."}
        statuses = together([sender(desk, request, all="approve"), sender(ruud, request, **no)])
        assert sorted(statuses) == [200, 409]
        approved = item_of(request, "mobile").state == "approved"
        assert (fresh(cast.lotte).mobile == NEW_MOBILE) is approved
        desk.undo(request)
        desk.answer(request, mobile="reject", mobile_reason="Klaar.")


def test_two_parents_two_reviewers_one_address(desk, ruud, asked, cast, together):
    lotte = asked.address()
    jeroen = asked.address(guardian=cast.jeroen, proposed=KERKSTRAAT | {"street": "Elders"})
    yes = [{f"decision-{item_of(each, 'address').id}": "approve"} for each in (lotte, jeroen)]
    statuses = together([sender(desk, lotte, **yes[0]), sender(ruud, jeroen, **yes[1])])
    assert sorted(statuses) == [200, 409]
    states = sorted(item_of(each, "address").state for each in (lotte, jeroen))
    assert states == ["approved", "rejected"]
    assert events("change:apply") == 1


def test_undo_and_undo(desk, ruud, asked, cast, together):
    request = asked.mobile()
    desk.answer(request, mobile="approve")

    def taking_back(each):
        token = each.client.csrf("/desk/me")
        path = f"/desk/changes/{request.id}/undo"
        return lambda: each.client.post(path, data={"csrf_token": token}).status_code

    assert sorted(together([taking_back(desk), taking_back(ruud)])) == [303, 409]
    assert events("change:undo") == 1
    assert fresh(cast.lotte).mobile == "+31612345678"


def test_the_parent_takes_back_while_the_school_answers(desk, asked, cast, login, together):
    request = asked.mobile()
    parent = login(cast.accounts["lotte"])
    token = parent.csrf("/me")
    path = f"/changes/{request.id}/withdrawal"

    def withdraw():
        return parent.post(path, data={"csrf_token": token}, headers={"HX-Request": "true"}).status_code

    statuses = together([sender(desk, request, all="approve"), withdraw])
    assert sorted(statuses) == [200, 409]
    approved = item_of(request, "mobile").state == "approved"
    assert (fresh(cast.lotte).mobile == NEW_MOBILE) is approved
