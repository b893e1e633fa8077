"""A parent sends while the school answers: nothing is left waiting in a request that is closed."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa

from app.changes.models import ChangeItem, ChangeRequest
from app.core.db import db


def test_sending_while_the_school_answers(app, cast, login, pencil, contact):
    parent, office = login(cast.accounts["lotte"]), login(cast.accounts["marijke"])
    pencil(parent, "/me/contact/edit").send(**contact | {"mobile": "06 48 21 77 03"})
    db.session.rollback()
    request_id = db.session.scalar(sa.select(ChangeRequest.id))
    page = office.get(f"/desk/changes/{request_id}").text
    data = dict(re.findall(r'<input type="hidden" name="((?:csrf|now|rivals)[^"]*)" value="([^"]*)"', page))
    form = pencil(parent, "/me/contact/edit")
    typed = contact | {"mobile": "06 48 21 77 03", "work_phone": "030 222 22 22"}
    barrier = Barrier(2)

    def send():
        with app.app_context():
            barrier.wait()
            return form.send(htmx=True, **typed).status_code

    def answer():
        with app.app_context():
            barrier.wait()
            path = f"/desk/changes/{request_id}/decision"
            return office.post(path, data=data | {"all": "approve"}).status_code

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        sent, answered = pool.submit(send), pool.submit(answer)
        assert sent.result() in (200, 409)
        assert answered.result() in (303, 422)  # 422: there was more to answer by then
    db.session.rollback()
    orphans = (
        sa.select(sa.func.count())
        .select_from(ChangeItem)
        .join(ChangeRequest)
        .where(ChangeItem.state == "proposed", ChangeRequest.open.is_(False))
    )
    assert db.session.scalar(orphans) == 0
