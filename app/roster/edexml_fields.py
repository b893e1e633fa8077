"""The fields of one EDEXML element, parsed one by one; each problem is reported with its line and its record."""

from collections.abc import Callable
from typing import Any, TypeVar

from app.roster.problems import Problems
from app.roster.records import Name, Sex
from app.roster.values import BadValue, clean, clean_key, parse_initials, parse_name, shown
from app.roster.xml_records import Element

T = TypeVar("T")

MAX_KEY = 256

SEXES = {"0": Sex.UNKNOWN, "1": Sex.BOY, "2": Sex.GIRL, "9": Sex.UNSPECIFIED}
"""EDEXML's geslacht (NEN-ISO 5218): 1 = boy, 2 = girl. OSO has them the other way round."""

YEARS = frozenset({"B", "D", "S", "V", "C", "N", "H", *map(str, range(9)), *map(str, range(11, 17))})
"""EDEXML's jaargroep in 2.1; 1.03 has a part of them."""

COMBINATION = "C"
HISTORICAL = "H"


class Fields:
    """Reads the children of one record. `subject` names it in messages: "leerling 00123"."""

    def __init__(self, element: Element, subject: str, problems: Problems) -> None:
        self.element = element
        self.subject = subject
        self._problems = problems

    def raw(self, tag: str) -> str | None:
        """The text of the only child with this tag. A second one is an error: nobody can say which counts."""
        found = self.element.all(tag)
        if len(found) > 1:
            self.error("field.twice", "<%(tag)s> staat er meer dan één keer.", tag, line=found[1].line, tag=tag)
        return clean(found[0].text) if found else None

    def read(self, tag: str, parse: Callable[[str | None], T | None], *, needed: bool = True) -> T | None:
        """The parsed text; a bad value is an error, or a warning where the record can do without (`needed=False`)."""
        try:
            return parse(self.raw(tag))
        except BadValue as bad:
            report = self.error if needed else self.warning
            report(bad.key, bad.message, tag, place=f"<{tag}>", **bad.values)
            return None

    def choice(self, tag: str, known: Callable[[str], T | None], *, what: str) -> T | None:
        """A value out of a code list; an unknown code is left out with a warning."""
        code = self.raw(tag)
        if code is None:
            return None
        value = known(code)
        if value is None:
            self.warning(
                "code.unknown", "<%(tag)s>: ‘%(code)s’ is geen %(what)s.", tag, tag=tag, code=shown(code), what=what
            )
        return value

    def name(self) -> Name:
        """The name in its parts; an error when there is neither a surname nor a first name in use."""
        name = Name(
            official_first_names=self.read("voornamen", lambda raw: parse_name(raw, limit=200)),
            initials=self.read("voorletters-1", parse_initials, needed=False),
            first_name=self.read("roepnaam", lambda raw: parse_name(raw, limit=64)),
            prefix=self.read("voorvoegsel", lambda raw: parse_name(raw, limit=20)),
            surname=self.read("achternaam", lambda raw: parse_name(raw, limit=200)),
        )
        if not any(child.tag in ("achternaam", "roepnaam") and clean(child.text) for child in self.element.children):
            self.error("name.missing", "Er staat geen naam.", "achternaam")
        return name

    def references(self, container: str | None, *tags: str) -> tuple[str, ...]:
        """The keys of the groups referred to, in the file's order and each once; `container` is the element around
        them, if any.
        """
        around = self.element if container is None else self.element.first(container)
        children = [child for child in around.children if child.tag in tags] if around else []
        keys = [key for child in children if (key := clean_key(child.attributes.get("key")))]
        if len(keys) < len(children):
            self.error("reference.empty", "Er staat een verwijzing naar een groep zonder sleutel (key).", tags[0])
        return tuple(dict.fromkeys(keys))

    def error(
        self, key: str, message: str, field: str | None = None, *, line: int | None = None, **values: Any
    ) -> None:
        self._problems.error(key, message, line=line or self.element.line, field=field, subject=self.subject, **values)

    def warning(
        self, key: str, message: str, field: str | None = None, *, line: int | None = None, **values: Any
    ) -> None:
        self._problems.warning(
            key, message, line=line or self.element.line, field=field, subject=self.subject, **values
        )


def key_of(element: Element, what: str, problems: Problems) -> str | None:
    """The record's own key, trimmed (spaces around keys mean nothing); an error when it is missing or too long."""
    key = clean_key(element.attributes.get("key"))
    if not key:
        problems.error(
            "key.missing", "Deze %(what)s heeft geen sleutel (key).", line=element.line, field="key", what=what
        )
    elif len(key) > MAX_KEY:
        problems.error(
            "key.too_long", "De sleutel (key) van deze %(what)s is te lang.", line=element.line, field="key", what=what
        )
        return None
    return key
