"""A plan as the page shows it: plain JSON in Dutch, with the ids of what can be ticked."""

from collections import Counter
from datetime import date
from enum import Enum
from typing import Any

from app.core.jinja import phone
from app.roster.plan import Action, Change, Held, Kind, Plan, Step, outcome
from app.school.models import Custody, Relation, Sex

MAX_ENTRIES = 2_000
"""Of each action so many are shown one by one; the rest is counted."""

LABELS = {
    "key": "sleutel",
    "eckid": "ECK iD",
    "official_first_names": "voornamen",
    "initials": "voorletters",
    "first_name": "roepnaam",
    "prefix": "tussenvoegsel",
    "surname": "achternaam",
    "birth_date": "geboortedatum",
    "sex": "geslacht",
    "enrolled_on": "ingeschreven op",
    "left_on": "uitgeschreven op",
    "group": "groep",
    "placement": "groepsindeling",
    "groups": "groepen",
    "name": "naam",
    "year_level": "jaargroep",
    "composed": "samengestelde groep",
    "email": "e-mailadres",
    "file_roles": "functie",
    "mobile": "mobiel nummer",
    "other_phone": "ander nummer",
    "work_phone": "nummer op het werk",
    "phone_hidden": "geheim nummer",
    "address_hidden": "geheim adres",
    "address": "adres",
    "link": "kind",
    "relation": "relatie",
    "call_order": "belvolgorde",
    "custody": "gezag",
}
HELD = {
    Held.PENDING: "Een ouder heeft hiervoor een wijziging gevraagd die nog openstaat.",
    Held.STALE: "De school heeft hier een wijziging van een ouder overgenomen; het bestand heeft nog de oude waarde.",
    Held.CUSTODY: "Dit geeft meer toegang dan er nu is.",
    Held.SECRECY: "Dit is nu geheim.",
}
ABSENT = {
    Kind.PUPIL: "Is van school",
    Kind.STAFF: "Werkt hier niet meer",
    Kind.GUARDIAN: "Is geen verzorger meer van dit kind",
}
"""What ticking somebody who is not in the file means."""
_WORDS: dict[Any, str] = {
    Sex.MALE: "jongen",
    Sex.FEMALE: "meisje",
    Sex.UNKNOWN: "onbekend",
    Custody.FULL: "met gezag",
    Custody.INFORMED: "alleen informatie",
    Custody.NONE: "zonder gezag",
    Relation.MOTHER: "moeder",
    Relation.FATHER: "vader",
    Relation.STEP_PARENT: "stiefouder",
    Relation.FOSTER_PARENT: "pleegouder",
    Relation.LEGAL_GUARDIAN: "voogd",
    Relation.PARENT: "ouder",
    Relation.GRANDPARENT: "opa of oma",
    Relation.OTHER: "anders",
    True: "ja",
    False: "nee",
}


def report_of(plan: Plan) -> dict[str, Any]:
    """Counts, problems, and an entry for each step that is not "unchanged"."""
    sizes: Counter[str] = Counter()
    entries = []
    for step in plan.steps:
        if step.action is Action.UNCHANGED:
            continue
        name = group_of(step)
        sizes[name] += 1
        if sizes[name] <= MAX_ENTRIES:
            entries.append(_entry(step, name))
    return {
        "totals": plan.totals(),
        "counts": plan.counts(),
        "skipped": dict(plan.skipped),
        "entries": entries,
        "sizes": dict(sizes),
        "left_out": sum(max(0, count - MAX_ENTRIES) for count in sizes.values()),
        "errors": plan.problems.errors,
        "warnings": plan.problems.warnings,
        "problems": [{"severity": found.severity.value, "text": found.text} for found in plan.problems.in_order()],
        "problems_left_out": plan.problems.left_out,
        "empty": plan.is_empty,
    }


def group_of(step: Step) -> str:
    """Under which heading the page shows the step: whoever waits for a tick stands with the questions."""
    found = outcome(step)
    return "held" if found != "absent" and step.held else found


def choices_of(report: dict[str, Any]) -> set[str]:
    """Every id that can be ticked in this report."""
    found = set()
    for entry in report["entries"]:
        found |= {entry["choice"], entry["other"], *(change["choice"] for change in entry["changes"])}
    return {choice for choice in found if choice}


def label_of(field: str) -> str:
    """The field's Dutch name; one about a child says which: "gezag over Noor"."""
    name, _, child = field.partition(":")
    return f"{LABELS.get(name, name)} ({child})" if child else LABELS.get(name, name)


def text_of(field: str, value: Any) -> str:
    """A value in words."""
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    if isinstance(value, (bool, Enum)):
        return _WORDS.get(value, str(value))
    return phone(value) if field in ("mobile", "other_phone", "work_phone") else str(value)


def _entry(step: Step, group: str) -> dict[str, Any]:
    return {
        "kind": step.kind.value,
        "group": group,
        "name": step.name,
        "key": step.key,
        "line": step.line,
        "choice": step.choice,
        "other": step.extra if step.action is Action.SUGGESTED else None,
        "changes": [_change(change, step.kind) for change in step.changes],
    }


def _change(change: Change, kind: Kind) -> dict[str, Any]:
    return {
        "field": change.field,
        "label": label_of(change.field),
        "before": text_of(change.field, change.before),
        "after": text_of(change.field, change.after),
        "held": HELD.get(change.held, "") if change.held else "",
        "tick": ABSENT[kind] if change.held is Held.ABSENT else "Toch overnemen",
        "choice": change.choice,
    }
