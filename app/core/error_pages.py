"""HTTP errors in plain words, as a page and as a fragment; the page for a broken server depends on nothing that may break."""

import logging

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from app.core.access import wants_fragment
from app.core.db import db
from app.core.errors import Conflict, Gone, NotFound

log = logging.getLogger(__name__)
STATUSES = (400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503)


def render(status: int, *, message: str | None = None) -> Response:
    """The error page of a status; to htmx a bar that does no harm wherever it is swapped in."""
    status_page = status if status in STATUSES else 500
    if status_page >= 500:
        body = _static_page(status_page)
    else:
        name = "errors/_error.html" if wants_fragment() else "errors/page.html"
        body = render_template(name, status=status_page, message=message)
    response = make_response(body, status)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def _static_page(status: int) -> str:
    """No session, no database, no person: what is broken may be any of these."""
    name = "errors/_broken.html" if wants_fragment() else "errors/broken.html"
    return render_template(name, status=status, request_id=g.get("request_id", ""))


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
