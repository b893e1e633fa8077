"""A real browser for the tests: Chromium through Playwright, with an eye on everything it complains about.

The fixtures come into being in tests/conftest.py: `from tests.support.browser import chromium, playwright`.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, sync_playwright

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1180, "height": 820}

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_A_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
ARGUMENTS = (
    "--no-sandbox",  # root has no sandbox, and the pages are our own
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
)

# Told by the browser itself, also for what never reaches the console.
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
    window.reportViolation(
        `${event.effectiveDirective}: ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`));
"""


def executable() -> str:
    """Where the browser is; without one the tests fail, because skipping them would prove nothing."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [shutil.which(name) for name in NAMES] + [str(ON_A_MAC)]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            return candidate
    pytest.fail(
        "No Chromium or Google Chrome was found. `bin/setup --dev` installs it where it may; "
        "on Debian: apt-get install chromium. Or name it: CHROMIUM=/path/to/chromium.",
        pytrace=False,
    )


def launch_options() -> dict[str, Any]:
    return {"executable_path": executable(), "args": list(ARGUMENTS), "headless": True}


@dataclass
class Log:
    """What went wrong in the browser while a test looked at pages."""

    home: str = ""
    console: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def problems(self, *, allow_status: tuple[int, ...] = (422,)) -> list[str]:
        """Everything, but for the line that Chromium writes about each answer with one of these statuses: a form with
        a mistake in it is answered with 422, and that is no fault."""
        allowed = tuple(f"responded with a status of {status} " for status in allow_status)
        console = [text for text in self.console if not any(part in text for part in allowed)]
        return console + self.violations + self.exceptions + [f"asked {url}" for url in self.elsewhere]

    def watch(self, context: BrowserContext) -> None:
        context.expose_binding("reportViolation", lambda source, text: self.violations.append(text))
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.exceptions.append(str(error.error)))
        context.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.violations.append(message.text)
        elif message.type == "error":
            self.console.append(message.text)

    def _on_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if self.home and url.scheme in ("http", "https", "ws", "wss") and url.netloc != urlsplit(self.home).netloc:
            self.elsewhere.append(request.url)


@dataclass(frozen=True)
class Visit:
    page: Page
    context: BrowserContext
    log: Log


def context_options(
    *,
    viewport: dict[str, int] = PHONE,
    colour_scheme: str = "light",
    javascript: bool = True,
    reduced_motion: bool = True,
    base_url: str | None = None,
    locale: str = "nl-NL",
    **more: Any,
) -> dict[str, Any]:
    return {
        "viewport": viewport,
        "has_touch": viewport["width"] < 600,
        "color_scheme": colour_scheme,
        "java_script_enabled": javascript,
        "reduced_motion": "reduce" if reduced_motion else "no-preference",
        "base_url": base_url,
        "locale": locale,
        "timezone_id": "Europe/Amsterdam",
        **more,
    }


def _visit(context: BrowserContext, home: str | None, seconds: float) -> Visit:
    log = Log(home=home or "")
    log.watch(context)
    context.set_default_timeout(seconds * 1000)
    return Visit(context.pages[0] if context.pages else context.new_page(), context, log)


@contextlib.contextmanager
def visit(browser: Browser, *, seconds: float = 10, **options: Any) -> Iterator[Visit]:
    """One visitor with cookies of their own; the options are those of `context_options`."""
    context = browser.new_context(**context_options(**options))
    try:
        yield _visit(context, options.get("base_url"), seconds)
    finally:
        context.close()


@contextlib.contextmanager
def installable_visit(playwright: Playwright, profile: Path, *, seconds: float = 10, **options: Any) -> Iterator[Visit]:
    """With a profile on disk: in the usual, incognito kind of context nothing can be installed."""
    context = playwright.chromium.launch_persistent_context(profile, **launch_options(), **context_options(**options))
    try:
        yield _visit(context, options.get("base_url"), seconds)
    finally:
        context.close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for the whole run; each visitor gets a context of their own."""
    browser = playwright.chromium.launch(**launch_options())
    yield browser
    browser.close()
