"""Short words of the desk: what a request is about, what its sender is to the child."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.core.errors import N_
from app.school.models import Custody

CUSTODY = {
    Custody.FULL: _l("met gezag"),
    Custody.INFORMED: _l("zonder gezag"),
    Custody.NONE: _l("geen toegang meer"),
}
# What a filter and an urgent row say; a section without a word here says its own title.
SECTIONS = {
    "emergency": _l("Noodnummer"),
    "address": _l("Adres"),
    "contact": _l("Contact"),
    "medical": _l("Medisch"),
    "details": _l("Over het kind"),
}
# The usual reasons (a school may have its own): what the chip says, what the parent reads. What the parent reads stays
# Dutch, whatever the reviewer reads: it is kept as it is typed, and shown to the parent in the parent's language.
REASONS = (
    (_l("We bellen u"), N_("We willen dit eerst even met u bespreken. We bellen u deze week.")),
    (_l("Er mist iets"), N_("Er mist iets. Geeft u het nog eens door?")),
    (_l("Klopt dit wel?"), N_("Klopt dit wel? We hebben iets anders staan. Bel ons even.")),
)
MOST_LABELS = 2
LONG = 40


def section_word(key: str) -> str:
    """`Noodnummer`: a section in one word."""
    return str(SECTIONS.get(key, key.capitalize()))


def reasons(own: list[dict[str, str]]) -> list[tuple[str, str]]:
    """The school's reasons as (chip, text)."""
    return [(each["label"], each["text"]) for each in own] or [(str(short), full) for short, full in REASONS]


def enumeration(labels: list[str], whose: str = "") -> str:
    """`Mobiel nummer, e-mailadres van Lotte`; of more than three the first two, and how many more."""
    shown = labels if len(labels) <= MOST_LABELS + 1 else labels[:MOST_LABELS]
    text = ", ".join([label if place == 0 else label[:1].lower() + label[1:] for place, label in enumerate(shown)])
    if len(shown) < len(labels):
        text = _("%(things)s en %(number)s meer", things=text, number=len(labels) - len(shown))
    return _("%(things)s van %(name)s", things=text, name=whose) if whose else text


def group_word(name: str) -> str:
    """`Groep 5A`."""
    return name if not name or name.lower().startswith("groep") else _("Groep %(name)s", name=name)


def changed(old: list[str], new: list[str]) -> list[str]:
    """The new value's lines; in a long text the words that the old one does not have are marked."""
    if len(old) != 1 or len(new) != 1 or len(new[0]) <= LONG:
        return new
    known = set(old[0].split())
    return [
        Markup(" ").join(word if word in known else Markup("<mark>{}</mark>").format(word) for word in new[0].split())
    ]
