"""The pencil with scripts: keys, focus, what is said aloud, and that typed text is never lost."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from app.accounts import sessions
from app.changes import operations
from app.changes.models import ChangeItem, ItemState
from app.core.db import begin_read, begin_write, db
from app.school.models import Guardian
from tests.e2e.looks import look
from tests.e2e.steps import retype, said, sends
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.e2e

CARD, PENCIL, SEND = "#guardian-contact", "#guardian-contact-pencil", "#guardian-contact .actions button[type=submit]"
NO_INTERNET = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch")  # what Chromium and htmx write about it
NEW = "06 48 21 77 03"


@pytest.fixture
def page(lotte, town):
    lotte.page.goto(f"/children/{town.cast.noor.id}")
    return lotte.page


@pytest.fixture
def mobile(page):
    """The field of the open card, with the focus."""
    page.click(PENCIL)
    field = page.locator(f"{CARD} [name=mobile]")
    expect(field).to_be_focused()
    return field


def states():
    begin_read()
    return sorted(db.session.scalars(sa.select(ChangeItem.state)))


def school_writes(town, **values):
    """The school changes the record meanwhile."""
    begin_write()
    db.session.execute(sa.update(Guardian).where(Guardian.id == town.cast.lotte.id).values(**values))
    db.session.commit()
    begin_read()


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_opens_it_and_focus_is_in_the_first_field(page, key):
    page.locator(PENCIL).focus()
    page.keyboard.press(key)
    expect(page.locator(f"{CARD} [name=mobile]")).to_be_focused()
    expect(page.locator(PENCIL)).to_have_attribute("aria-expanded", "true")


@pytest.mark.parametrize("close", ["Escape", "pencil", "cancel"])
def test_it_closes_again(page, mobile, close):
    if close == "Escape":
        page.keyboard.press("Escape")
    else:
        page.click(PENCIL if close == "pencil" else f"{CARD} [data-cancel]")
    expect(page.locator(f"{CARD} form")).to_have_count(0)
    expect(page.locator(PENCIL)).to_be_focused()
    expect(page.locator(PENCIL)).to_have_attribute("aria-expanded", "false")


def test_escape_keeps_what_was_typed(page, mobile):
    retype(mobile, NEW)
    page.keyboard.press("Escape")
    expect(page.locator(f"{CARD} [data-cancel]")).to_be_focused()
    said(page, "Uw wijziging is nog niet doorgegeven.")
    expect(mobile).to_have_value(NEW)


def test_leaving_the_page_with_typed_text_asks_first(page, mobile):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    retype(mobile, NEW)
    page.click("nav.tabs a >> nth=0", no_wait_after=True)
    expect(mobile).to_have_value(NEW)
    assert asked == ["beforeunload"]


def test_enter_sends_and_focus_goes_to_the_heading(page, mobile):
    retype(mobile, NEW)
    sends(page, lambda: page.keyboard.press("Enter"))
    expect(page.locator(f"{CARD} h2")).to_be_focused()
    said(page, "Doorgegeven. De school kijkt het na.")
    expect(page.locator(f"{CARD} .bar-ok")).to_contain_text("Doorgegeven. De school kijkt het na.")
    expect(page.locator(f"{CARD} .proposed")).to_have_text(NEW)
    expect(page.locator(CARD)).to_contain_text("Nu bij school: 06 12 34 56 78")
    look(page, "card, just sent")
    assert states() == [ItemState.PROPOSED]


def test_what_cannot_be_is_said_with_the_field(page, mobile):
    retype(mobile, "12")
    sends(page, lambda: page.click(SEND), 422)
    summary = page.locator(f"{CARD} .error-summary")
    expect(summary).to_be_focused()
    said(page, "Er klopt iets niet")
    expect(mobile).to_have_value("12")
    expect(mobile).to_have_attribute("aria-invalid", "true")
    assert "mobile-error" in mobile.get_attribute("aria-describedby")
    summary.locator("a").click()
    expect(mobile).to_be_focused()


def test_withdrawn_and_sent_after_all(page, mobile):
    retype(mobile, NEW)
    sends(page, lambda: page.click(SEND))
    sends(page, lambda: page.click(f"{CARD} >> text=Intrekken"))
    expect(page.locator(f"{CARD} h2")).to_be_focused()
    said(page, "Ingetrokken. Er verandert niets.")
    look(page, "card, just withdrawn")
    expect(page.locator(f"{CARD} .proposed")).to_have_count(0)
    assert states() == [ItemState.WITHDRAWN]
    sends(page, lambda: page.click(f"{CARD} >> text=Toch doorgeven"))
    said(page, "Doorgegeven. De school kijkt het na.")
    expect(page.locator(f"{CARD} .proposed")).to_have_text(NEW)


def test_withdrawn_too_late(page, mobile, town):
    retype(mobile, NEW)
    sends(page, lambda: page.click(SEND))
    with town.writing():
        item = db.session.scalar(sa.select(ChangeItem))
        item.state, item.request.open = ItemState.APPROVED, False
    sends(page, lambda: page.click(f"{CARD} >> text=Intrekken"), 409)
    expect(page.locator(f"{CARD} h2")).to_be_focused()
    expect(page.locator(f"{CARD} .bar")).to_contain_text("De school heeft al geantwoord")
    look(page, "card, withdrawn too late")


@pytest.mark.parametrize("insist", [True, False], ids=["sent after all", "left"])
def test_the_school_was_first(page, mobile, town, insist):
    retype(mobile, NEW)
    school_writes(town, mobile="+31655555555")
    sends(page, lambda: page.click(SEND), 409)
    message = page.locator(f"{CARD} .bar-info")
    expect(message).to_be_focused()
    expect(message).to_contain_text("06 55 55 55 55")
    expect(mobile).to_have_value(NEW)
    if insist:
        look(page, "form, the school was first")
        sends(page, lambda: page.click(f"{CARD} >> text='Toch doorgeven'"))
        assert states() == [ItemState.PROPOSED]
    else:
        page.click(f"{CARD} >> text='Laat zo'")
        expect(page.locator(f"{CARD} form")).to_have_count(0)
        assert states() == []
        expect(page.locator(CARD)).to_contain_text("06 55 55 55 55")


def test_without_internet_the_text_stays(lotte, page, mobile):
    retype(mobile, NEW)
    lotte.context.set_offline(True)
    expect(page.locator("#net")).to_contain_text("Geen internet.")
    page.click(SEND)
    expect(page.locator(SEND)).to_be_enabled()
    look(page, "form, no internet")
    expect(page.locator("#net")).to_be_visible()
    expect(mobile).to_have_value(NEW)
    lotte.context.set_offline(False)
    expect(page.locator("#net")).to_be_hidden()
    sends(page, lambda: page.click(SEND))
    assert states() == [ItemState.PROPOSED]
    lotte.log.console[:] = [line for line in lotte.log.console if not any(word in line for word in NO_INTERNET)]


def test_when_the_server_fails_the_text_stays(page, mobile, monkeypatch):
    def no_database(**_values):
        raise sa.exc.OperationalError("statement", {}, Exception("the database is away"))

    retype(mobile, NEW)
    with monkeypatch.context() as broken:
        broken.setattr(operations, "propose", no_database)
        sends(page, lambda: page.click(SEND), 503)
    expect(page.locator("#net")).to_contain_text("Het lukte niet. Er is niets veranderd. Probeer het nog eens.")
    look(page, "form, the server failed")
    expect(mobile).to_have_value(NEW)
    sends(page, lambda: page.click(SEND))
    expect(page.locator("#net")).to_be_hidden()
    assert states() == [ItemState.PROPOSED]


def test_logged_out_meanwhile(page, mobile, town):
    retype(mobile, NEW)
    with town.writing():
        sessions.end_all(town.cast.accounts["lotte"])
    sends(page, lambda: page.click(SEND), 401)
    expect(page.locator("#signin-name")).to_be_focused()
    look(page, "form, logged out meanwhile")
    page.keyboard.type("lotte")
    page.fill("#signin-password", PASSWORD)
    sends(page, lambda: page.keyboard.press("Enter"))
    expect(page.locator("#signin-h")).to_be_focused()
    expect(mobile).to_have_value(NEW)
    sends(page, lambda: page.click(SEND))
    said(page, "Doorgegeven. De school kijkt het na.")
    assert states() == [ItemState.PROPOSED]


def test_two_taps_send_once(page, mobile):
    retype(mobile, NEW)
    page.dblclick(SEND)
    expect(page.locator(f"{CARD} .proposed")).to_have_text(NEW)
    assert states() == [ItemState.PROPOSED]


def test_without_scripts_everything_is_a_page(chromium, town):
    with town.visit(chromium, "lotte", javascript=False) as phone:
        page = phone.page
        page.goto(f"/children/{town.cast.noor.id}")
        page.click(PENCIL)
        page.fill("[name=mobile]", "12")
        page.click(SEND)
        assert page.title().startswith("Fout: ")
        expect(page.locator("[name=mobile]")).to_have_value("12")
        page.fill("[name=mobile]", NEW)
        page.click(SEND)
        expect(page.locator(".bar-ok")).to_have_text("Doorgegeven. De school kijkt het na.")
        page.click("text=Intrekken")
        expect(page.locator(".bar-ok")).to_contain_text("Ingetrokken. Er verandert niets.")
        page.click("text=Toch doorgeven")
        expect(page.locator(".proposed")).to_have_text(NEW)
        assert states() == [ItemState.PROPOSED, ItemState.WITHDRAWN]


def test_a_parent_who_opens_the_desk_learns_nothing(page):
    answer = page.goto("/desk")
    assert answer.status == 404
    expect(page.locator("h1")).to_have_text("Deze pagina bestaat niet")
