"""Which language a person reads: their own choice, else Dutch, the language of the school's letters."""

from flask import Flask, current_app, g, has_request_context, session
from flask_babel import Babel

babel = Babel()


def current() -> str:
    """The language of this request (an ISO 639-1 code out of LANGUAGES)."""
    if not has_request_context():
        return "nl"
    chosen = g.get("language") or session.get("language")
    return chosen if chosen in current_app.config["LANGUAGES"] else "nl"


def init_app(app: Flask) -> None:
    babel.init_app(app, locale_selector=current)
    app.jinja_env.globals["current_language"] = current
