"""Browsers and devices in plain words, out of what browsers say of themselves."""

import pytest
import sqlalchemy as sa

from app.accounts.devices import BROWSERS, SYSTEMS, kind_of
from app.accounts.models import LoginSession
from tests.factories.accounts import PASSWORD

GECKO = "(KHTML, like Gecko)"
WEBKIT = f"AppleWebKit/537.36 {GECKO}"
IOS = f"AppleWebKit/605.1.15 {GECKO}"
ANDROID_CHROME = f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/124.0.0.0 Mobile Safari/537.36"

SEEN = [
    (ANDROID_CHROME, "Chrome", "Android"),
    (f"Mozilla/5.0 (Linux; Android 13; SM-A546B) {WEBKIT} SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36",
     "Samsung Internet", "Android"),
    ("Mozilla/5.0 (Android 14; Mobile; rv:125.0) Gecko/125.0 Firefox/125.0", "Firefox", "Android"),
    (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) {IOS} Version/17.4 Mobile/15E148 Safari/604.1",
     "Safari", "iPhone"),
    (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) {IOS} CriOS/124.0.6367.88 Mobile/15E148 Safari/604.1",
     "Chrome", "iPhone"),
    (f"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) {IOS} FxiOS/125.0 Mobile/15E148 Safari/605.1.15", "Firefox", "iPad"),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {IOS} CriOS/124 Version/17.4 Safari/605.1.15", "Chrome", "iPad"),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {IOS} Version/17.4 Safari/605.1.15", "Safari", "Mac"),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Chrome/124.0.0.0 Safari/537.36", "Chrome", "Mac"),
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0", "Edge", "Windows"),
    (f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Chrome/124.0.0.0 Mobile Safari/537.36 EdgA/124.0.0.0",
     "Edge", "Android"),
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/123.0.0.0 Safari/537.36 OPR/109.0.0.0",
     "Opera", "Windows"),
    (f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) {IOS} Version/17.4 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
     "DuckDuckGo", "iPhone"),
    (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/124.0.0.0 Safari/537.36", "Chrome", "Chromebook"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", "Firefox", "Linux"),
    ("curl/8.5.0", "", ""),
    ("", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "browser", "system"), SEEN)
def test_what_browsers_say(text, browser, system):
    kind = kind_of(text)
    assert (kind.browser, kind.system) == (browser, system)
    assert kind_of(str(kind)) == kind


def test_what_is_kept_can_be_read_again_and_fits():
    for browser in (*(name for name, _pattern in BROWSERS), ""):
        for system in (*(name for name, _pattern in SYSTEMS), ""):
            kept = f"{browser} {system}".strip()
            assert str(kind_of(kept)) == kept
            assert len(kept) <= 80


def test_safari_on_an_ipad_says_that_it_is_a_mac():
    assert kind_of("Safari Mac").may_be_an_ipad
    assert not kind_of("Chrome Mac").may_be_an_ipad


def test_a_long_text_is_not_read_to_its_end():
    assert str(kind_of("x" * 100_000 + " iPhone")) == ""


def test_a_log_in_keeps_no_more_than_the_kind(client, cast, database):
    data = {"username": "lotte", "password": PASSWORD}
    assert client.submit("/login", data, headers={"User-Agent": ANDROID_CHROME}).status_code == 303
    assert database.session.scalar(sa.select(LoginSession.device)) == "Chrome Android"
