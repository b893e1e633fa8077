"""A visitor of the demo: logs in with what is offered, and sees every case."""

import html
import re

import pytest
import sqlalchemy as sa

from app.changes.models import ChangeItem, ChangeRequest
from app.changes.queries import rivals_of
from app.core import clock, jobs
from app.demo.logins import LOGINS, PASSWORD
from app.outbox.models import Message, MessageState
from app.school.models import Guardian, Household, Pupil


@pytest.fixture
def enter(demo_app, demo):
    """`enter("lotte")` gives a client that logged in through the page."""

    def through_the_page(username):
        client = demo_app.test_client()
        response = client.submit("/login", {"username": username, "password": PASSWORD})
        assert response.status_code == 303
        return client

    return through_the_page


def text_of(response):
    assert response.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))).split())


def test_the_login_page_offers_everybody(demo_app, demo):
    page = demo_app.test_client().get("/login").get_data(as_text=True)
    for login in LOGINS:
        assert f'name="username" value="{login.username}"' in page
    assert page.count(f'value="{PASSWORD}"') == len(LOGINS)


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login.username)
def test_everybody_gets_in(enter, login):
    assert enter(login.username).get("/", follow_redirects=True).status_code == 200


def test_lotte_sees_every_case(enter, session):
    lotte = enter("lotte")
    overview = text_of(lotte.get("/"))
    for word in ("Noor", "Sem", "juf Samira", "In behandeling", "Niet aangepast"):
        assert word in overview
    noor = session.scalar(sa.select(Pupil).where(Pupil.first_name == "Noor", Pupil.surname == "Vries"))
    child = text_of(lotte.get(f"/children/{noor.id}"))
    for word in ("Lindelaan 14", "Kerkstraat 7", "We missen de letter achter het huisnummer", "Praktijk Kiesenzo"):
        assert word in child
    me = text_of(lotte.get("/me"))
    assert "06 48 21 77 03" in me
    assert "06 12 34 56 78" in me


def test_jeroens_address_is_on_no_page_of_hers(enter, session):
    lotte = enter("lotte")
    jeroen = session.scalar(sa.select(Guardian).where(Guardian.first_name == "Jeroen", Guardian.surname == "Bakker"))
    street = session.get(Household, jeroen.household_id).street
    secrets = [street, jeroen.email, jeroen.mobile[-6:]]
    pages = ["/", "/me", "/changes"] + [
        f"/children/{pupil.id}" for pupil in session.scalars(sa.select(Pupil).where(Pupil.surname == "Vries"))
    ]
    seen = " ".join(lotte.get(path).get_data(as_text=True) for path in pages)
    assert [secret for secret in secrets if secret in seen] == []


def test_els_has_two_schools(enter):
    overview = text_of(enter("els").get("/"))
    assert "Tygo" in overview
    assert "Lise" in overview


def open_requests(session):
    return list(session.scalars(sa.select(ChangeRequest).where(ChangeRequest.open).order_by(ChangeRequest.sent_at)))


def test_the_queue_has_something_of_everything(session):
    waiting = open_requests(session)
    days = {(clock.today() - clock.local(request.sent_at).date()).days for request in waiting}
    assert len(waiting) >= 14
    assert {1, 2, 3} < days
    assert any(day > 3 for day in days)
    assert sum(request.urgent for request in waiting) == 2
    assert {request.section for request in waiting} == {"address", "contact", "details", "emergency", "medical"}


def test_both_parents_ask_for_the_same(session):
    sem = session.scalar(sa.select(Pupil).where(Pupil.first_name == "Sem", Pupil.surname == "Vries"))
    [first, _second] = [request for request in open_requests(session) if request.subject_id == sem.id]
    assert {item.key for item in rivals_of(first)} == {"doctor_name", "doctor_phone"}


def test_one_record_changed_meanwhile(session):
    kemal = session.scalar(sa.select(Guardian).where(Guardian.first_name == "Kemal"))
    item = session.scalar(sa.select(ChangeItem).join(ChangeItem.request).where(ChangeRequest.guardian_id == kemal.id))
    assert len({item.seen, item.proposed, kemal.mobile}) == 3


def test_nothing_happened_in_the_future(session):
    for request in session.scalars(sa.select(ChangeRequest)):
        assert request.sent_at <= clock.now()
        assert request.decided_at is None or request.sent_at <= request.decided_at <= clock.now()


def test_only_a_few_mails_wait(session):
    waiting = list(session.scalars(sa.select(Message).where(Message.state == MessageState.QUEUED)))
    assert len({message.kind for message in waiting}) == len(waiting) <= 8
    shown = {message.kind for message in waiting if message.address == "lotte@voorbeeld.nl"}
    assert shown == {"changes/received", "changes/answered"}
    sends = session.scalars(sa.select(jobs.Job).where(jobs.Job.kind == "outbox.send"))
    assert {job.payload["message_id"] for job in sends} == {str(message.id) for message in waiting}


def test_fatima_makes_her_password(demo_app, session, data_dir):
    """The worker writes the mails; the link in hers opens the page, and the new password lets her in."""
    while jobs.run_next("test"):
        pass
    box = demo_app.test_client()
    mails = [path.read_text() for path in (data_dir / "mail").glob("*.eml")]
    [mail] = [text for text in mails if "fatima@voorbeeld.nl" in text and "/setup/" in text]
    token = re.search(r"/setup/([\w.=-]+)", mail.replace("=\n", "").replace("=3D", "="))[1]
    letters = box.get("/demo/mail").get_data(as_text=True)
    for address in ("fatima@voorbeeld.nl", "lotte@voorbeeld.nl", "administratie@devlieger.voorbeeld.nl"):
        assert address in letters
    assert box.get(f"/setup/{token}").status_code == 303
    assert box.submit("/setup", {"password": "acht groene paraplu's"}).status_code == 303
    assert "Ilham" in text_of(box.get("/"))
