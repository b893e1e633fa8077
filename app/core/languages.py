"""Which language a person reads: their own choice, else Dutch, the language of the school's letters."""

from functools import cached_property
from typing import Any

from flask import Flask, current_app, g, has_request_context, session
from flask_babel import Babel, Domain, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


class Texts(Domain):
    """The translations, looked up once a request and language: a page has more than a hundred texts."""

    def get_translations(self) -> Any:
        state = g.get("_flask_babel")
        # `force_locale` empties this attribute and puts it back.
        found = getattr(state, "babel_translations", None)
        if found is None:
            found = super().get_translations()
            if state := g.get("_flask_babel"):
                state.babel_translations = found
        return found


class Languages(Babel):
    """Flask-Babel with `Texts`."""

    @cached_property
    def domain_instance(self) -> Texts:
        return Texts(domain=self.domain)


babel = Languages()


def current() -> str:
    """The language of this request (an ISO 639-1 code out of LANGUAGES)."""
    if not has_request_context():
        return "nl"
    chosen = g.get("language") or session.get("language")
    return chosen if chosen in current_app.config["LANGUAGES"] else "nl"


@pass_eval_context
def _text(context: EvalContext, text: str, /, **values: Any) -> str:
    """`_()` of the templates: as Jinja's own, by a shorter way. The texts are ours; in HTML the values are escaped."""
    found = babel.domain_instance.get_translations().ugettext(text)
    if context.autoescape:
        found = Markup(found)  # noqa: S704
    return found % values if values or "%" in found else found


def translated(text: str) -> str:
    """A text that somebody may have typed, in the reader's language when it is one of ours.

    `_()` would take its marks for ours and its per cent signs for places of values.
    """
    return get_translations().ugettext(text) if text else ""


def init_app(app: Flask) -> None:
    babel.init_app(app, locale_selector=current)
    app.jinja_env.globals.update(current_language=current, gettext=_text, _=_text)
    app.jinja_env.filters["translated"] = translated
