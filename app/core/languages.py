"""Which language a person reads: their own choice, else Dutch, the language of the school's letters."""

from functools import cached_property
from typing import Any

from flask import Flask, current_app, g, has_app_context, has_request_context, session
from flask_babel import Babel, Domain, LazyString, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


class Words:
    """A catalogue of which a text is found in one step. Dutch has none: its texts stand in the code."""

    def __init__(self, translations: Any) -> None:
        self.translations = translations
        catalogue = getattr(translations, "_catalog", {})
        self.words = {text: word for text, word in catalogue.items() if isinstance(text, str) and word}
        self.words |= {key[0]: word for key, word in catalogue.items() if isinstance(key, tuple) and key[1] == 0}

    def ugettext(self, text: str) -> str:
        return self.words.get(text, text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.translations, name)


class Texts(Domain):
    """The translations, looked up once a request and language: a page has more than a hundred texts."""

    def __init__(self, **where: Any) -> None:
        super().__init__(**where)
        self.words: dict[str, Words] = {}

    def get_translations(self) -> Words:
        state = g._get_current_object().get("_flask_babel")  # past the proxy: this is asked for every text
        # `force_locale` empties this attribute and puts it back.
        found = getattr(state, "babel_translations", None)
        return self._look_up() if found is None else found

    def _look_up(self) -> Words:
        translations, language = super().get_translations(), str(get_locale())
        if language not in self.words:
            self.words[language] = Words(translations)
        if state := g.get("_flask_babel"):
            state.babel_translations = self.words[language]
        return self.words[language]


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


def gettext(text: str, /, **values: Any) -> str:
    """A text of ours in the reader's language, with its values; as Flask-Babel's, by a shorter way."""
    found = babel.domain_instance.get_translations().ugettext(text) if has_app_context() else text
    return found % values if values else found


def lazy_gettext(text: str, /, **values: Any) -> LazyString:
    """The same, looked up when it is shown: for labels that are made at start."""
    return LazyString(gettext, text, **values)


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
    return gettext(text) if text else ""


def init_app(app: Flask) -> None:
    babel.init_app(app, locale_selector=current)
    app.jinja_env.globals.update(current_language=current, gettext=_text, _=_text)
    app.jinja_env.filters["translated"] = translated
