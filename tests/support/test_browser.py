"""The eye on the browser must see what it claims to see; otherwise every page would pass."""

import flask
import pytest

from tests.support.browser import visit
from tests.support.server import live_server

pytestmark = pytest.mark.e2e

PAGES = {
    "good": "<!doctype html><title>Goed</title><h1>Goed</h1>",
    "inline": "<!doctype html><title>x</title><script>document.title = 'ran'</script>",
    "elsewhere": "<!doctype html><title>x</title><img alt='' src='http://127.0.0.2:9/a.png'>",
}


@pytest.fixture(scope="module")
def url():
    # The root path is the folder of this file: without it Flask looks for the module by name.
    app = flask.Flask("pages", root_path="/")

    @app.get("/<name>")
    def page(name):
        if name not in PAGES:
            flask.abort(422)
        policy = "default-src 'none'; img-src *"
        return PAGES[name], 200, {"Content-Security-Policy": policy}

    @app.get("/favicon.ico")
    def icon():
        return "", 204

    with live_server(app) as server:
        yield server.url


def test_a_good_page_gives_no_problems(chromium, url):
    with visit(chromium, base_url=url) as lotte:
        lotte.page.goto("/good")

        assert lotte.page.inner_text("h1") == "Goed"
        assert lotte.page.viewport_size == {"width": 390, "height": 844}
        assert lotte.log.problems() == []


def test_an_inline_script_is_seen(chromium, url):
    with visit(chromium, base_url=url) as lotte:
        lotte.page.goto("/inline")

        assert lotte.page.title() == "x"
        assert any("script-src-elem: inline" in text for text in lotte.log.violations)


def test_a_request_to_another_host_is_seen(chromium, url):
    with visit(chromium, base_url=url) as lotte:
        lotte.page.goto("/elsewhere")

        assert lotte.log.elsewhere == ["http://127.0.0.2:9/a.png"]


def test_a_form_with_a_mistake_is_no_problem_unless_asked(chromium, url):
    with visit(chromium, base_url=url) as lotte:
        lotte.page.goto("/nowhere")

        assert lotte.log.problems() == []
        assert lotte.log.problems(allow_status=()) != []


def test_without_javascript(chromium, url):
    with visit(chromium, base_url=url, javascript=False) as lotte:
        lotte.page.goto("/good")

        assert lotte.page.title() == "Goed"
