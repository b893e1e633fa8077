"""What a parent's phone makes of the pages: first sight on slow 4G with a slow processor, shifts, bytes and requests.

Each run is a first visit: a browser without a cache, 1.6 Mbit/s, 150 ms, a processor at a quarter of its speed.
"""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from bench.client import Visitor
from bench.portal import Portal
from tests.support.browser import context_options, launch_options

SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
RUNS = 5
SETTLED_MS = 1500

WATCH = """
window.seen = {lcp: 0, cls: 0};
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.seen.lcp = entry.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.seen.cls += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


@dataclass(frozen=True)
class Sight:
    """A page as the phone got it: milliseconds, shift, bytes of the compressed bodies, requests."""

    lcp: float
    cls: float
    html_css: int
    everything: int
    requests: int


def cookies_of(portal: Portal) -> tuple[list[dict[str, Any]], str]:
    """Lotte's cookies, and the address of her eldest child's page."""
    parent = portal.parents(1)[0]
    visitor = Visitor(portal.url)
    visitor.log_in(parent.username, parent.password)
    visitor.close()
    cookies = [{"name": name, "value": value, "url": portal.url} for name, value in visitor.cookies.items()]
    return cookies, f"{portal.url}/children/{parent.child}"


@contextmanager
def _throttled(browser: Browser, cookies: list[dict[str, Any]]) -> Iterator[Page]:
    context = browser.new_context(**context_options(reduced_motion=False, service_workers="block"))
    context.add_cookies(cookies)  # type: ignore[arg-type]
    context.add_init_script(WATCH)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    try:
        yield page
    finally:
        context.close()


def _look(browser: Browser, url: str, cookies: list[dict[str, Any]]) -> Sight:
    asked: dict[str, str] = {}
    with _throttled(browser, cookies) as page:
        page.on("request", lambda request: asked.update({request.url: request.resource_type}))
        page.goto(url, wait_until="load")
        page.wait_for_timeout(SETTLED_MS)
        seen = page.evaluate("window.seen")
    sizes = _bytes([address for address in asked if address.startswith("http")], cookies)
    first = sum(size for address, size in sizes.items() if asked[address] in ("document", "stylesheet"))
    return Sight(seen["lcp"], seen["cls"], first, sum(sizes.values()), len(sizes))


def _bytes(addresses: list[str], cookies: list[dict[str, Any]]) -> dict[str, int]:
    """The bodies as they travel: a browser counts headers among them, or loses what comes with these."""
    visitor = Visitor(addresses[0])
    visitor.cookies = {cookie["name"]: cookie["value"] for cookie in cookies}
    sizes = {address: visitor.get(urlsplit(address).path).size for address in addresses}
    visitor.close()
    return sizes


def measure(portal: Portal) -> dict[str, Sight]:
    """The medians of a few first visits to the log-in page and to a child's page."""
    cookies, child = cookies_of(portal)
    pages = {"log-in page": (f"{portal.url}/login", []), "child's page": (child, cookies)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        looks = {name: [_look(browser, *page) for _ in range(RUNS)] for name, page in pages.items()}
        browser.close()
    return {name: _median(found) for name, found in looks.items()}


def _median(looks: list[Sight]) -> Sight:
    return Sight(*(statistics.median(getattr(look, name) for look in looks) for name in Sight.__dataclass_fields__))
