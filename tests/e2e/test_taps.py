"""How many touches of the screen the usual things take, as the browser itself counts them."""

import pytest
from playwright.sync_api import expect

from tests.e2e.looks import look
from tests.e2e.steps import Finger, retype, sends

pytestmark = pytest.mark.e2e

CARD = "#guardian-contact"


@pytest.fixture
def phone(lotte, town):
    """Noor's page under Lotte's thumb; its counter starts here."""
    finger = Finger(lotte.context)
    lotte.page.goto(f"/children/{town.cast.noor.id}")
    return lotte.page, finger


@pytest.mark.parametrize(("in_the_field", "most"), [(False, 2), (True, 3)], ids=["Android", "iPhone"])
def test_correcting_a_phone_number(phone, in_the_field, most):
    """An iPhone opens its keyboard only for a tap in the field itself: one more."""
    page, finger = phone
    page.locator(f"{CARD}-pencil").tap()
    field = page.locator(f"{CARD} [name=mobile]")
    expect(field).to_be_focused()
    if in_the_field:
        field.tap()
    retype(field, "06 48 21 77 03")
    sends(page, lambda: page.locator(f"{CARD} .actions button[type=submit]").tap())
    expect(page.locator(f"{CARD} .proposed")).to_have_text("06 48 21 77 03")
    assert finger.touches == most <= 3


def test_from_home_it_is_one_more(phone):
    page, finger = phone
    page.goto("/")
    page.locator(".tile").first.tap()
    expect(page.locator(f"{CARD}-pencil")).to_be_visible()
    assert finger.touches == 1


def test_switching_child_and_logging_out(phone):
    page, finger = phone
    page.locator(".sibling").tap()
    expect(page.locator("h1")).to_contain_text("Sem")
    assert finger.touches == 1
    page.locator("a.me").tap()
    page.locator("main >> text=Uitloggen").tap()
    page.wait_for_url("**/logout")
    assert finger.touches == 3
    look(page, "logged out")


def test_one_plain_request_is_approved_with_one_tap(marijke, town):
    finger = Finger(marijke.context)
    first = town.ask_mobile()
    with town.writing() as f:
        items = {"mobile": ("+31611112222", "+31622223333")}
        f.change_request(guardian=town.cast.els, section="contact", pupil=town.cast.tygo, items=items)
    page = marijke.page
    page.goto(f"/desk/changes/{first}")
    for number, after in ((1, "Tygo Bos"), (2, "Alles is nagekeken.")):
        page.click("text=Alles goedkeuren")
        expect(page.locator("#detail h1")).to_have_text(after)
        assert finger.touches == number
