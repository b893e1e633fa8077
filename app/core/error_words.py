"""What each error page says: what happened, and what to do now. In plain words; nothing that helps who guesses."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l


class Words(NamedTuple):
    title: Any
    happened: Any
    advice: Any


WORDS = {
    400: Words(
        _l("Dit lukte niet"),
        _l("Er ging iets mis met wat u stuurde. Er is niets veranderd."),
        _l("Ga terug en probeer het nog eens."),
    ),
    401: Words(_l("Log eerst in"), _l("U was te lang weg."), _l("Log in, dan gaat u verder.")),
    403: Words(_l("U kunt dit niet zien"), _l("Deze pagina is niet voor u."), _l("Klopt dat niet? Bel de school.")),
    404: Words(
        _l("Deze pagina bestaat niet"),
        _l("Misschien klopt het adres niet, of is de pagina weg."),
        _l("Ga naar het begin. Mist u iets? Bel de school."),
    ),
    405: Words(
        _l("Dit kan hier niet"),
        _l("Dit adres hoort bij een formulier."),
        _l("Ga naar het begin en probeer het vanaf daar."),
    ),
    409: Words(
        _l("Dit is net veranderd"),
        _l("Iemand anders was u voor. Wat u stuurde, is niet bewaard."),
        _l("Kijk eerst wat er nu staat. Probeer het dan nog eens."),
    ),
    410: Words(
        _l("Dit werkt niet meer"),
        _l("Deze link is al gebruikt, of hij is te oud."),
        _l("Log in, of vraag een nieuwe link."),
    ),
    413: Words(
        _l("Dit is te groot"),
        _l("Wat u stuurde, is te groot. Er is niets bewaard."),
        _l("Kies een kleiner bestand of typ minder tekst."),
    ),
    415: Words(
        _l("Dit soort bestand kan niet"),
        _l("Dit kunnen we niet lezen. Er is niets bewaard."),
        _l("Kies een ander bestand."),
    ),
    422: Words(
        _l("Er klopt iets niet"),
        _l("Zo kunnen we dit niet bewaren. Er is niets veranderd."),
        _l("Ga terug en kijk het na."),
    ),
    429: Words(
        _l("Wacht even"),
        _l("U probeerde dit te vaak achter elkaar."),
        _l("Wacht een paar minuten. Probeer het dan nog eens."),
    ),
    500: Words(
        _l("Er ging iets mis bij ons"),
        _l("Dat ligt niet aan u. Er is niets veranderd."),
        _l("Probeer het over een paar minuten nog eens."),
    ),
    503: Words(
        _l("Het portaal werkt nu even niet"),
        _l("Dat ligt niet aan u. Er is niets veranderd."),
        _l("Probeer het over een paar minuten nog eens."),
    ),
}

EXPIRED_FORM = Words(
    _l("Dit formulier was te lang open"),
    _l("Daarom is er niets doorgegeven."),
    _l("Open de pagina opnieuw en vul het nog eens in."),
)


def words_for(status: int, message: str | None = None) -> Words:
    """The words for a status that has a page; `message` is "csrf", or says what happened in place of our sentence."""
    if message == "csrf":
        return EXPIRED_FORM
    words = WORDS[status]
    return words._replace(happened=message) if message else words
