"""Words in a guardians' list that stand for a choice: relation, custody, yes or no."""

from app.roster.records import Custody, Relation
from app.roster.values import BadValue, clean, shown

_RELATIONS = {
    Relation.MOTHER: "moeder mama",
    Relation.FATHER: "vader papa",
    Relation.PARENT: "ouder verzorger verzorgster ouder/verzorger",
    Relation.STEP_PARENT: "stiefmoeder stiefvader stiefouder bonusmoeder bonusvader plusmoeder plusvader",
    Relation.FOSTER_PARENT: "pleegmoeder pleegvader pleegouder",
    Relation.LEGAL_GUARDIAN: "voogd gezinsvoogd voogdes",
    Relation.GRANDPARENT: "opa oma grootmoeder grootvader grootouder",
    Relation.OTHER: "anders overig overige oom tante broer zus buurman buurvrouw oppas partner kennis",
}
_RELATION_OF = {word: relation for relation, words in _RELATIONS.items() for word in words.split()}

_YES = frozenset("ja j yes y 1 x waar true".split())
_NO = frozenset("nee n no 0 onwaar false geen -".split())
_CUSTODY_UNKNOWN = frozenset("onbekend ? o".split())


def parse_relation(raw: str | None) -> Relation | None:
    """What the guardian is to the child. Raises BadValue for a word that we don't know."""
    text = clean(raw)
    if text is None:
        return None
    relation = _RELATION_OF.get(text.casefold())
    if relation is None:
        raise BadValue(
            "relation.unknown", "De relatie ‘%(value)s’ kennen we niet; we maken er ‘anders’ van.", value=shown(text)
        )
    return relation


def parse_custody(raw: str | None) -> Custody | None:
    """Gezag: ja, nee or onbekend. Raises BadValue for anything else: it is not for guessing."""
    text = clean(raw)
    if text is None:
        return None
    if text.casefold() in _CUSTODY_UNKNOWN:
        return Custody.UNKNOWN
    try:
        return Custody.YES if parse_yes_no(text) else Custody.NO
    except BadValue:
        raise BadValue(
            "custody.unknown", "Bij gezag staat ‘%(value)s’. Vul in: ja, nee of onbekend.", value=shown(text)
        ) from None


def parse_yes_no(raw: str | None) -> bool | None:
    """Ja or nee, also as 1, 0, x or true; an empty cell says nothing. Raises BadValue for anything else."""
    text = clean(raw)
    if text is None:
        return None
    word = text.casefold()
    if word in _YES or word in _NO:
        return word in _YES
    raise BadValue("yes_no.unknown", "Hier staat ‘%(value)s’. Vul in: ja of nee.", value=shown(text))
