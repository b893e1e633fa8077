"""A plan as the page shows it: plain JSON in Dutch, with the ids of what can be ticked.

The texts in it that are ours are translated when they are shown, to whoever looks.
"""

from collections import Counter
from datetime import date
from enum import Enum
from typing import Any

from app.core.errors import N_
from app.core.jinja import phone
from app.roster.models import RosterImport
from app.roster.plan import Action, Change, Held, Kind, Plan, Step, outcome
from app.school.models import Custody, Relation, Sex

MAX_ENTRIES = 2_000
"""Of each action so many are shown one by one; the rest is counted."""

LABELS = {
    "key": N_("sleutel"),
    "eckid": N_("ECK iD"),
    "official_first_names": N_("voornamen"),
    "initials": N_("voorletters"),
    "first_name": N_("roepnaam"),
    "prefix": N_("tussenvoegsel"),
    "surname": N_("achternaam"),
    "birth_date": N_("geboortedatum"),
    "sex": N_("geslacht"),
    "enrolled_on": N_("ingeschreven op"),
    "left_on": N_("uitgeschreven op"),
    "group": N_("groep"),
    "placement": N_("groepsindeling"),
    "groups": N_("groepen"),
    "name": N_("naam"),
    "year_level": N_("jaargroep"),
    "composed": N_("samengestelde groep"),
    "email": N_("e-mailadres"),
    "file_roles": N_("functie"),
    "mobile": N_("mobiel nummer"),
    "other_phone": N_("ander nummer"),
    "work_phone": N_("nummer op het werk"),
    "phone_hidden": N_("geheim nummer"),
    "address_hidden": N_("geheim adres"),
    "address": N_("adres"),
    "link": N_("kind"),
    "relation": N_("relatie"),
    "call_order": N_("belvolgorde"),
    "custody": N_("gezag"),
}
HELD = {
    Held.PENDING: N_("Een ouder heeft hiervoor een wijziging gevraagd die nog openstaat."),
    Held.STALE: N_(
        "De school heeft hier een wijziging van een ouder overgenomen; het bestand heeft nog de oude waarde."
    ),
    Held.CUSTODY: N_("Dit geeft meer toegang dan er nu is."),
    Held.SECRECY: N_("Dit is nu geheim."),
}
ABSENT = {
    Kind.PUPIL: N_("Is van school"),
    Kind.STAFF: N_("Werkt hier niet meer"),
    Kind.GUARDIAN: N_("Is geen verzorger meer van dit kind"),
}
"""What ticking somebody who is not in the file means."""
_WORDS: dict[Any, str] = {
    Sex.MALE: N_("jongen"),
    Sex.FEMALE: N_("meisje"),
    Sex.UNKNOWN: N_("onbekend"),
    Custody.FULL: N_("met gezag"),
    Custody.INFORMED: N_("alleen informatie"),
    Custody.NONE: N_("zonder gezag"),
    Relation.MOTHER: N_("moeder"),
    Relation.FATHER: N_("vader"),
    Relation.STEP_PARENT: N_("stiefouder"),
    Relation.FOSTER_PARENT: N_("pleegouder"),
    Relation.LEGAL_GUARDIAN: N_("voogd"),
    Relation.PARENT: N_("ouder"),
    Relation.GRANDPARENT: N_("opa of oma"),
    Relation.OTHER: N_("anders"),
    True: N_("ja"),
    False: N_("nee"),
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
        "problems": [found.parts | {"severity": found.severity.value} for found in plan.problems.in_order()],
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


def refusal_of(row: RosterImport) -> dict[str, Any] | None:
    """Why the file could not be read, as the parts of a problem; None when that is not kept (any more)."""
    return (row.report or {}).get("refused")


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
    name, _, child = change.field.partition(":")
    return {
        "field": change.field,
        "label": LABELS.get(name, name),
        "child": child,  # "gezag" is about one of them
        "words": isinstance(change.before, (bool, Enum)) or isinstance(change.after, (bool, Enum)),
        "before": text_of(change.field, change.before),
        "after": text_of(change.field, change.after),
        "held": HELD.get(change.held, "") if change.held else "",
        "tick": ABSENT[kind] if change.held is Held.ABSENT else N_("Toch overnemen"),
        "choice": change.choice,
    }
