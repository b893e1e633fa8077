"""The desk in a browser: one tap, a reason with a chip, undo, keys, two reviewers, a tablet held upright, no scripts."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from app.changes.models import ChangeItem, ItemState, Subject
from app.core.db import begin_read, db
from app.school.models import Guardian
from tests.e2e.looks import look
from tests.e2e.steps import said, sends
from tests.support.browser import DESK, PHONE

pytestmark = pytest.mark.e2e

OLD, NEW = "+31612345678", "+31648217703"
PORTRAIT = {"width": 820, "height": 1180}
UNDO = "#undo button"


@pytest.fixture
def two(town):
    """Lotte's number, then Els's: two plain requests."""
    first = town.ask_mobile()
    with town.writing() as f:
        cast = town.cast
        items = {"mobile": ("+31611112222", "+31622223333")}
        second = f.change_request(guardian=cast.els, section="contact", pupil=cast.tygo, items=items).id
    return first, second


@pytest.fixture
def page(marijke, two):
    marijke.page.goto(f"/desk/changes/{two[0]}")
    return marijke.page


def mobile_of(name):
    begin_read()
    return db.session.scalar(sa.select(Guardian.mobile).where(Guardian.first_name == name))


def item_of(request_id):
    begin_read()
    return db.session.scalar(sa.select(ChangeItem).where(ChangeItem.request_id == request_id))


def test_one_tap_and_the_next_is_there(page, two):
    sends(page, lambda: page.click("text=Alles goedkeuren"))
    heading = page.locator("#detail h1")
    expect(heading).to_have_text("Tygo Bos")
    expect(heading).to_be_focused()
    said(page, "Noor de Vries is afgehandeld.")
    assert page.url.endswith(f"/desk/changes/{two[1]}")
    expect(page.locator(".queue-item")).to_have_count(1)
    expect(page.locator("#rail-count-1")).to_have_text("1")
    assert mobile_of("Lotte") == NEW
    look(page, "request after another, with the bar that undoes")
    sends(page, lambda: page.click("text=Alles goedkeuren"))
    expect(heading).to_have_text("Alles is nagekeken.")
    expect(heading).to_be_focused()
    expect(page.locator("#rail-count-1")).to_have_count(0)
    look(page, "everything answered")


def test_undo(page, two):
    sends(page, lambda: page.click("text=Alles goedkeuren"))
    sends(page, lambda: page.click(UNDO))
    expect(page.locator("#detail h1")).to_have_text("Noor de Vries")
    said(page, "Ongedaan gemaakt.")
    expect(page.locator(".queue-item")).to_have_count(2)
    assert mobile_of("Lotte") == OLD
    assert item_of(two[0]).state is ItemState.PROPOSED


def test_rejected_with_a_chip(page, two):
    reason = page.locator("#detail textarea")
    expect(reason).to_be_hidden()
    page.click(".segment-no")
    chip = page.locator("#detail .chip").first
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(reason).to_be_focused()
    text = chip.get_attribute("data-fill")
    expect(reason).to_have_value(text)
    sends(page, lambda: page.click("[data-finish]"))
    expect(page.locator("#detail h1")).to_have_text("Tygo Bos")
    item = item_of(two[0])
    assert (item.state, item.reason) == (ItemState.REJECTED, text)


def test_a_rejection_without_a_reason(page):
    page.click(".segment-no")
    sends(page, lambda: page.click("[data-finish]"), 422)
    expect(page.locator("#errors")).to_be_focused()
    page.locator("#errors a").click()
    expect(page.locator("#detail textarea")).to_be_focused()
    look(page, "rejection without a reason")


def test_by_keyboard_alone(page, two):
    keys, heading = page.keyboard, page.locator("#detail h1")
    keys.press("Alt+ArrowDown")
    expect(heading).to_have_text("Tygo Bos")
    keys.press("Alt+ArrowUp")
    expect(heading).to_have_text("Noor de Vries")
    keys.press("Alt+a")
    expect(page.locator(".segment-no input")).to_be_checked()
    keys.press("Alt+g")
    expect(page.locator(".segment-yes input")).to_be_checked()
    expect(page.locator("[data-count=approve]")).to_contain_text("1")
    sends(page, lambda: keys.press("Alt+Enter"))
    expect(heading).to_have_text("Tygo Bos")
    assert mobile_of("Lotte") == NEW
    sends(page, lambda: keys.press("Alt+z"))
    expect(heading).to_have_text("Noor de Vries")
    assert mobile_of("Lotte") == OLD
    keys.press("Alt+/")
    expect(page.locator("dialog[open] h2")).to_have_text("Toetsen")
    look(page, "list of keys")
    keys.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_letter_alone_does_nothing(page):
    for key in ("g", "a", "z", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#detail :checked")).to_have_count(0)


def test_from_the_list(marijke, two):
    page = marijke.page
    page.goto("/desk")
    page.locator(".queue-item").nth(1).click()
    heading = page.locator("#detail h1")
    expect(heading).to_be_focused()
    expect(page.locator(".queue-item[aria-current]")).to_have_count(1)
    assert f"/desk/changes/{two[1]}" in page.url
    page.go_back()
    expect(page.locator("#detail")).to_contain_text("Kies een wijziging uit de lijst.")


def test_two_reviewers(page, town, chromium, two):
    with town.visit(chromium, "ruud", viewport=DESK) as ruud:
        ruud.page.goto(f"/desk/changes/{two[0]}")
        expect(ruud.page.locator("#detail")).to_contain_text("Marijke kijkt dit na.")
        look(ruud.page, "request that a colleague has open")
        sends(ruud.page, lambda: ruud.page.click("text=Overnemen"))
        said(ruud.page, "U kijkt dit nu na.")
        sends(ruud.page, lambda: ruud.page.click("text=Alles goedkeuren"))
        expect(ruud.page.locator("#detail h1")).to_have_text("Tygo Bos")
    page.click(".segment-yes")
    sends(page, lambda: page.click("[data-finish]"), 409)
    message = page.locator("#detail .bar").first
    expect(message).to_contain_text("Ruud")
    expect(message).to_be_focused()
    look(page, "a colleague was first")
    page.click("text=Naar de volgende")
    expect(page.locator("#detail h1")).to_have_text("Tygo Bos")


def test_the_record_moved_meanwhile(page, town, two):
    with town.writing():
        town.cast.lotte.mobile = "+31655555555"
    page.click(".segment-yes")
    sends(page, lambda: page.click("[data-finish]"), 409)
    expect(page.locator("#detail .bar-error")).to_be_focused()
    expect(page.locator("#detail .compare-three")).to_contain_text("06 55 55 55 55")
    expect(page.locator("#detail :checked")).to_have_count(0)
    look(page, "the record moved")
    assert mobile_of("Lotte") == "+31655555555"


def test_on_a_tablet_rail_list_and_request_stand_side_by_side(page):
    edges = [page.locator(part).bounding_box() for part in (".rail", ".queue", "main")]
    assert [round(edge["x"]) for edge in edges] == [0, 92, 92 + 332]
    assert edges[2]["width"] == DESK["width"] - 92 - 332
    assert {edge["height"] for edge in edges} == {DESK["height"]}
    assert page.locator(".detail-foot").bounding_box()["y"] < DESK["height"]


@pytest.mark.parametrize("size", [PORTRAIT, PHONE], ids=["portrait", "phone"])
def test_upright_the_list_and_the_request_are_pages(chromium, town, two, size):
    with town.visit(chromium, "marijke", viewport=size) as tablet:
        page = tablet.page
        page.goto("/desk")
        expect(page.locator("main")).to_be_hidden()
        page.locator(".queue-item").first.click()
        expect(page.locator("#detail h1")).to_be_visible()
        expect(page.locator(".queue")).to_be_hidden()
        look(page, f"request at {size['width']}")
        page.click("#detail .back a")
        expect(page.locator(".queue")).to_be_visible()
        page.locator(".queue-item").first.click()
        sends(page, lambda: page.click("text=Alles goedkeuren"))
        expect(page.locator("#detail h1")).to_have_text("Tygo Bos")
        expect(page.locator(UNDO)).to_be_visible()


def test_without_scripts(chromium, town, two):
    with town.visit(chromium, "marijke", viewport=DESK, javascript=False) as tablet:
        page = tablet.page
        page.goto("/desk")
        page.locator(".queue-item").first.click()
        page.click(".segment-no")
        page.click("[data-finish]")
        assert page.title().startswith("Fout: ")
        page.locator("#detail textarea").fill("We bellen u morgen.")
        page.click("[data-finish]")
        expect(page.locator("#detail h1")).to_have_text("Tygo Bos")
        assert item_of(two[0]).reason == "We bellen u morgen."
        page.click(UNDO)
        expect(page.locator("#detail h1")).to_have_text("Noor de Vries")
        page.click("text=Alles goedkeuren")
        page.click("text=Alles goedkeuren")
        expect(page.locator("main, .queue").first).to_contain_text("Alles is nagekeken.")
        assert (mobile_of("Lotte"), mobile_of("Els")) == (NEW, "+31622223333")


def test_both_parents_asked(chromium, town, marijke):
    home = {"postcode": "3581 KB", "house_number": 14, "addition": "", "street": "Lindelaan", "city": "Utrecht"}
    with town.writing() as f:
        about = {"section": "address", "pupil": town.cast.noor, "about": Subject.PUPIL}
        wishes = [
            f.change_request(guardian=who, items={"address": (home, home | {"house_number": number})}, **about).id
            for who, number in ((town.cast.lotte, 16), (town.cast.jeroen, 18))
        ]
    page = marijke.page
    page.goto(f"/desk/changes/{wishes[0]}")
    page.locator(".side").nth(1).click()
    sends(page, lambda: page.click("[data-finish]"))
    expect(page.locator("#detail h1")).to_have_text("Alles is nagekeken.")
    assert [item_of(wish).state for wish in wishes] == [ItemState.REJECTED, ItemState.APPROVED]
