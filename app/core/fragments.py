"""One template for both worlds: the fragment alone to htmx, inside its page to everyone else."""

from typing import Any

from flask import Response, make_response, render_template

from app.core.access import wants_fragment


def page(template: str, *, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """Answer with `fragment` when htmx asked for a piece, else with `template`, which includes that same file."""
    if fragment is not None and wants_fragment():
        body = render_template(fragment, fragment=fragment, alone=True, **context)
    else:
        body = render_template(template, fragment=fragment, alone=False, **context)
    response = make_response(body, status)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response
