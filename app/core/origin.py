"""Requests that another site made a browser send: refused before anything else looks at them.

The second wall beside the token in each form: `Sec-Fetch-Site` and `Origin` are set by the browser and can't be forged
by a page.
"""

from flask import Flask, abort, request
from flask_wtf import CSRFProtect

from app.core.db import SAFE_METHODS

csrf = CSRFProtect()


def check() -> None:
    """Refuse (400) an unsafe request that comes from elsewhere."""
    if request.method in SAFE_METHODS:
        return
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        abort(400)
    # Our own forms come with `Origin: null`, because our pages send no referrer; another site's then says cross-site above.
    if request.headers.get("Origin", "null") not in ("null", request.host_url.rstrip("/")):
        abort(400)


def init_app(app: Flask) -> None:
    app.before_request(check)
