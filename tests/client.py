"""The test client that looks at every answer, so that no test has to remember to.

It refuses HTML that does not parse, doubled ids, inline script or style, a page without exactly one h1 and a title, and a
private page that may be cached. It follows the rule that a request leaves nothing uncommitted behind.
"""

import re

import html5lib
from flask import g
from flask.testing import FlaskClient

from app.core.db import db

ALLOWED_PARSE_ERRORS = frozenset()


class CheckingClient(FlaskClient):
    """`log_in(account)` without the log-in page; `get`/`post` check what comes back."""

    def log_in(self, account, *, shared: bool = False) -> None:
        from app.accounts.sessions import start_session

        token = start_session(account, shared=shared)
        db.session.commit()
        with self.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True

    def csrf(self, path: str = "/login") -> str:
        """A token of this client's session, out of a page with a form."""
        page = super().get(path).get_data(as_text=True)
        match = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert match, f"no form with a token on {path}"
        return match[1]

    def submit(self, path: str, data=None, *, form_at: str | None = None, **kwargs):
        """POST a form with its token, taken from the page where the form stands (default: the same address)."""
        return self.post(path, data={**(data or {}), "csrf_token": self.csrf(form_at or path)}, **kwargs)

    def open(self, *args, **kwargs):
        db.session.rollback()
        for name in list(g):  # the tests' app context is there before the request, and would carry `g` over to the next
            g.pop(name)
        response = super().open(*args, **kwargs)
        assert not db.session.new, "the request left rows uncommitted"
        assert not db.session.dirty, "the request left changes uncommitted"
        db.session.rollback()
        if response.mimetype == "text/html":
            check_html(response)
        return response


def check_html(response) -> None:
    """Raise AssertionError for what no answer of ours may hold."""
    text = response.get_data(as_text=True)
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    whole = "<html" in text[:300]
    tree = parser.parse(text) if whole else parser.parseFragment(text)
    errors = [error for error in parser.errors if error[1] not in ALLOWED_PARSE_ERRORS]
    assert not errors, f"HTML errors: {errors[:3]}"
    ids = [element.get("id") for element in tree.iter() if isinstance(element.tag, str) and element.get("id")]
    assert len(ids) == len(set(ids)), f"doubled ids: {sorted({i for i in ids if ids.count(i) > 1})}"
    for element in tree.iter():
        if isinstance(element.tag, str):
            _check_element(element)
    if whole:
        assert len(list(tree.iter("h1"))) == 1, "a page has one h1"
        titles = [title for title in tree.iter("title") if title.text]
        assert titles, "a page has a title"
    assert "no-store" in response.headers.get("Cache-Control", "") or response.headers.get("X-Public"), "may be cached"


def _check_element(element) -> None:
    assert element.tag != "style" or not element.text, "inline style sheet"
    assert element.tag != "script" or element.get("src"), "inline script"
    for name in element.attrib:
        assert name != "style", f"style attribute on {element.tag}"
        assert not str(name).startswith(("on", "hx-on")), f"inline handler {name}"
