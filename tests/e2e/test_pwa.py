"""The portal as an app, in a real browser: it can be installed, and a phone keeps nothing of a child."""

import contextlib
import json
import re

import pytest

from app.core.db import db
from tests.factories.accounts import PASSWORD
from tests.support.browser import installable_visit, visit
from tests.support.server import live_server

pytestmark = pytest.mark.e2e

SHELL = r"/static/(css|fonts|js|vendor)/[\w.-]+\.[0-9a-f]{10}\.\w+|/offline"
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  return found.sort();
}"""
TEXTS = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) texts.push(await (await cache.match(request)).text());
  }
  return texts.join("\\n");
}"""
STORES = """async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]"""


@pytest.fixture
def url(app, cast):
    with live_server(app) as server:
        yield server.url
    db.session.rollback()


@pytest.fixture
def lotte(chromium, url):
    """Lotte's phone, logged in, with the worker in charge."""
    with visit(chromium, base_url=url, service_workers="allow") as phone:
        log_in(phone.page)
        phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        phone.page.reload()
        phone.page.wait_for_function("navigator.serviceWorker.controller !== null")
        yield phone


def log_in(page):
    page.goto("/login")
    page.fill("[name=username]", "lotte")
    page.fill("[name=password]", PASSWORD)
    page.click("form[action='/login'] button[type=submit], main form button[type=submit]")
    page.wait_for_url("**/")


@contextlib.contextmanager
def no_internet(phone):
    phone.context.set_offline(True)
    try:
        yield
    finally:
        phone.context.set_offline(False)


def test_it_keeps_only_its_own_files(lotte, cast):
    page = lotte.page
    page.goto(f"/children/{cast.noor.id}")
    page.click("#pupil-address-pencil")
    page.wait_for_selector("#pupil-address form")
    page.goto("/me")
    page.goto("/changes")
    page.goto("/install")
    kept = page.evaluate(KEPT)
    assert "/offline" in kept
    assert [path for path in kept if not re.fullmatch(SHELL, path)] == []
    texts = page.evaluate(TEXTS)
    for word in ("Lindelaan", "612345678", "Noor", "Lotte", 'name="csrf_token"'):
        assert word not in texts
    assert page.evaluate(STORES) == [0, 0, 0]
    assert lotte.log.problems() == []


def test_without_internet(lotte, cast):
    page = lotte.page
    page.goto(f"/children/{cast.noor.id}")
    with no_internet(lotte):
        page.goto(f"/children/{cast.noor.id}")
        assert page.inner_text("h1") == "Geen internet"
        assert "Lindelaan" not in page.content()
        # It looks like the portal: style and font were kept with it.
        assert page.evaluate("[...document.fonts].some((font) => font.status === 'loaded')")
        assert page.evaluate("getComputedStyle(document.querySelector('.button-primary')).borderRadius") != "0px"
    page.click("text=Probeer opnieuw")
    page.wait_for_selector("#pupil-address")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_offline_page_in_both_schemes(chromium, url, scheme):
    with visit(chromium, base_url=url, colour_scheme=scheme) as phone:
        phone.page.goto("/offline")
        paper = phone.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (paper == "rgb(17, 21, 31)") == (scheme == "dark")
        assert phone.log.problems() == []


def test_a_form_sent_without_internet_keeps_its_text(lotte):
    page = lotte.page
    page.goto("/me")
    page.click("#guardian-contact-pencil")
    field = page.locator("#guardian-contact input[type=tel]").first
    field.fill("06 99 88 77 66")
    with no_internet(lotte):
        page.click("#guardian-contact button[type=submit]")
        page.wait_for_selector("#net:not([hidden])")
        assert field.input_value() == "06 99 88 77 66"


def test_a_refused_request_keeps_what_was_typed(lotte):
    """An answer of 4xx is put beside the form, not in its place; the next request takes the message away."""
    page = lotte.page
    page.goto("/me")
    page.click("#guardian-contact-pencil")
    field = page.locator("#guardian-contact input[type=tel]").first
    field.fill("06 99 88 77 66")
    page.evaluate("document.querySelector('#guardian-contact [name=csrf_token]').value = 'old'")
    for _time in range(2):
        with page.expect_response(lambda response: response.status == 400):
            page.click("#guardian-contact button[type=submit]")
        page.wait_for_selector("#request-error:focus")
        assert page.locator("#request-error").count() == 1
        assert "te lang open" in page.inner_text("#request-error")
        assert field.input_value() == "06 99 88 77 66"


def test_it_can_be_installed(playwright, url, tmp_path):
    with installable_visit(playwright, tmp_path, base_url=url) as phone:
        log_in(phone.page)
        phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        devtools = phone.context.new_cdp_session(phone.page)
        assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        manifest = devtools.send("Page.getAppManifest")
        assert manifest["errors"] == []
        assert json.loads(manifest["data"])["start_url"] == "/?source=app"
        assert phone.log.problems() == []


def test_the_install_card_asks_twice_at_most(playwright, url, tmp_path):
    with installable_visit(playwright, tmp_path, base_url=url) as phone:
        page = phone.page
        log_in(page)
        offer(page)
        page.click("[data-install-later]")
        assert page.locator("[data-install]").count() == 0
        page.reload()
        offer(page, shown=False)
        _age(phone, days=61)
        page.reload()
        offer(page)
        page.click("[data-install-later]")
        _age(phone, days=400)
        page.reload()
        offer(page, shown=False)


def test_the_install_card_is_not_in_the_installed_app(chromium, url):
    with visit(chromium, base_url=url) as phone:
        phone.page.add_init_script("Object.defineProperty(navigator, 'standalone', {value: true})")
        log_in(phone.page)
        offer(phone.page, shown=False)


def test_the_steps_for_an_iphone(chromium, url):
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"
    with visit(chromium, base_url=url, user_agent=agent) as phone:
        log_in(phone.page)
        assert phone.page.locator("[data-install-ios]").is_visible()
        assert not phone.page.locator("[data-install-now]").is_visible()


def offer(page, *, shown=True):
    """What Chromium does when the portal can be installed (and it wasn't refused before)."""
    page.evaluate("dispatchEvent(new Event('beforeinstallprompt', {cancelable: true}))")
    card = page.locator("[data-install]")
    assert (card.count() == 1 and card.is_visible()) == shown


def _age(phone, *, days):
    """As if the last "Nu niet" was so long ago."""
    [cookie] = [cookie for cookie in phone.context.cookies() if cookie["name"] == "install"]
    count, day = cookie["value"].split("-")
    phone.context.add_cookies([{**cookie, "value": f"{count}-{int(day) - days}"}])
