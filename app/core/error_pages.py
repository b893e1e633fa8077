"""HTTP errors in plain words, as a page and as a fragment.

Nothing here asks the database: no context processor runs, so that no error page fails over what broke before it.
"""

import logging

from flask import Flask, Response, current_app, g, make_response, request
from flask_babel import force_locale
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.core.access import wants_fragment
from app.core.db import db
from app.core.error_words import WORDS, words_for
from app.core.errors import Conflict, Gone, NotFound

log = logging.getLogger(__name__)


def render(status: int, *, message: str | None = None) -> Response:
    """The error page of a status; to htmx a bar that is added to what it asked for, so that typed text stays."""
    known = status if status in WORDS else 500 if status >= 500 else 400
    fragment = wants_fragment()
    if known >= 500:
        body = _static_page(known, fragment=fragment)
    else:
        name = "errors/_error.html" if fragment else "errors/page.html"
        body = _plain(name, status=known, message=message, words=words_for(known, message))
    response = make_response(body, status)
    response.headers["Vary"] = "HX-Request, Cookie"
    if fragment:
        response.headers["HX-Reswap"] = "afterbegin"
    return response


def _plain(name: str, **context: object) -> str:
    # Not flask.render_template: its context processors ask who is logged in and which school that is.
    # How this person reads was known before anything broke; if not, the page looks as usual.
    return current_app.jinja_env.get_template(name).render(g.get("comfort", {}) | context)


def _static_page(status: int, *, fragment: bool) -> str:
    """No session, no database, no person: what is broken may be any of these."""
    language = g.get("language", "nl")
    with force_locale(language):
        return _plain(
            "errors/_broken.html" if fragment else "errors/broken.html",
            status=status,
            words=words_for(status),
            language=language,
            request_id=g.get("request_id", ""),
        )


def _http(error: HTTPException) -> Response:
    if error.response is not None:  # abort(Response)
        return error.response  # type: ignore[return-value]
    response = render(error.code or 500)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    db.session.rollback()
    log.error("unexpected error at %s", request.endpoint, exc_info=error)
    return render(500)


def _database_away(error: OperationalError) -> Response:
    db.session.rollback()
    log.error("database not available at %s", request.endpoint, exc_info=error)
    response = render(503)
    response.headers["Retry-After"] = "5"
    return response


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, lambda _error: render(400, message="csrf"))
    app.register_error_handler(NotFound, lambda _error: render(404))
    app.register_error_handler(Conflict, lambda _error: render(409))
    app.register_error_handler(Gone, lambda _error: render(410))
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(InternalServerError, lambda _error: render(500))
    if not app.config.get("PROPAGATE_EXCEPTIONS"):
        app.register_error_handler(Exception, _unexpected)
