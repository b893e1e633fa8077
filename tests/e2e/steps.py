"""What people do with a finger and a keyboard, and how a test waits for what comes of it."""

import re

from playwright.sync_api import Locator, Page, expect

COUNT_TOUCHES = 'addEventListener("pointerdown", (event) => { if (event.isTrusted) window.countTouch(); }, true);'


class Finger:
    """Counts every touch of the screen, by what the browser itself reports."""

    def __init__(self, context):
        self.touches = 0
        context.expose_binding("countTouch", self._count)
        context.add_init_script(COUNT_TOUCHES)

    def _count(self, _source):
        self.touches += 1


def retype(field: Locator, text: str) -> None:
    """Another text by the keyboard alone; the field has the focus already, or the test fails."""
    expect(field).to_be_focused()
    field.press("ControlOrMeta+a")
    field.press_sequentially(text)


def sends(page: Page, act, status=200):
    """Do something that htmx sends, and wait for the answer with this status."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as waiting:
        act()
    assert waiting.value.status == status, waiting.value.text()[:2000]


def said(page: Page, text: str) -> None:
    """What a screen reader hears."""
    expect(page.locator("#status")).to_have_text(text)


def link_in(received, path: str) -> str:
    """The address in a mail that begins with this path, the same in both of its parts."""
    pattern = rf"http://127\.0\.0\.1:\d+{path}[^\s\"<]*"
    [plain] = set(re.findall(pattern, received.text()))
    assert plain in received.text("html")
    return plain
