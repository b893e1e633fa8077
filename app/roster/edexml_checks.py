"""What can only be seen when the whole EDEXML file was read: double keys, dangling references, who has left, which year
a pupil is in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from app.roster.edexml_fields import COMBINATION, HISTORICAL
from app.roster.problems import Problems
from app.roster.records import RosterGroup, RosterPupil, RosterSchool, RosterTeacher
from app.roster.values import label

R = TypeVar("R", RosterGroup, RosterPupil, RosterTeacher)
P = TypeVar("P", RosterPupil, RosterTeacher)

OLDEST_PUPIL = 25
"""In years at the start of the school year. Special schools keep pupils until 20: older is a typing error, so it warns.
"""


def complete(
    school: RosterSchool,
    groups: Sequence[RosterGroup],
    pupils: Sequence[RosterPupil],
    teachers: Sequence[RosterTeacher],
    problems: Problems,
) -> tuple[tuple[RosterPupil, ...], tuple[RosterTeacher, ...]]:
    """Pupils and teachers with what the rest of the file decides about them; reports what does not fit together."""
    if not pupils:
        problems.error("pupils.none", "In dit bestand staan geen leerlingen.", line=school.line)
    for records, what in ((groups, "groep"), (pupils, "leerling"), (teachers, "leerkracht")):
        _report_double_keys(records, what, problems)
    for people, what in ((pupils, "leerling"), (teachers, "leerkracht")):
        _report_double_eck_ids(people, what, problems)
    known = {group.key: group for group in groups}
    settled = tuple(_settle_pupil(pupil, school, known, problems) for pupil in pupils)
    _warn_about_doubles(settled, problems)
    return settled, tuple(_settle_teacher(teacher, known, problems) for teacher in teachers)


def has_left(pupil: RosterPupil, school: RosterSchool) -> bool:
    """Whether the pupil is no longer at the school (handbook 2.1): jaargroep H, or a leaving date before the day of the
    data.

    The day of the data is peildatum, else the day the file was made; a file without either only knows who left before
    its school year.
    """
    reference = school.reference_date or school.created_on or school.first_day
    return pupil.year == HISTORICAL or (pupil.left_on is not None and pupil.left_on < reference)


def _settle_pupil(
    pupil: RosterPupil, school: RosterSchool, known: dict[str, RosterGroup], problems: Problems
) -> RosterPupil:
    _check_dates(pupil, school, problems)
    left = has_left(pupil, school)
    group_key, composites = _known_groups(pupil, known, problems, left=left)
    settled = replace(pupil, left=left, group_key=group_key, composite_group_keys=composites)
    return replace(settled, year=_year(settled, known.get(group_key or ""), problems))


def _known_groups(
    pupil: RosterPupil, known: dict[str, RosterGroup], problems: Problems, *, left: bool
) -> tuple[str | None, tuple[str, ...]]:
    """The groups that are in the file. Who has left may point at a group of another year: that only warns."""
    report = problems.warning if left else problems.error
    for key in (pupil.group_key, *pupil.composite_group_keys):
        if key and key not in known:
            _report_unknown_group(report, "leerling", pupil, key)
    composites = tuple(key for key in pupil.composite_group_keys if key in known)
    group = known.get(pupil.group_key or "")
    if group and group.composite:
        problems.warning(
            "group.composite",
            "De stamgroep %(group)s is een samengestelde groep. De leerling krijgt geen stamgroep.",
            line=pupil.line,
            field="groep",
            subject=f"leerling {label(pupil.key)}",
            group=label(group.key),
        )
        return None, tuple(dict.fromkeys((*composites, group.key)))
    return (group.key if group else None), composites


def _year(pupil: RosterPupil, group: RosterGroup | None, problems: Problems) -> str | None:
    """The pupil's own jaargroep, else the group's: in 1.03 most pupils have only a group.

    A combination group decides nothing.
    """
    if pupil.left or pupil.year not in (None, COMBINATION):
        return None if pupil.year == HISTORICAL else pupil.year
    if group is None or group.year != COMBINATION:
        return group.year if group else None
    problems.warning(
        "year.combination",
        "De groep is een combinatiegroep en de leerling heeft geen eigen jaargroep. Vul die zelf in.",
        line=pupil.line,
        field="jaargroep",
        subject=f"leerling {label(pupil.key)}",
    )
    return None


def _settle_teacher(teacher: RosterTeacher, known: dict[str, RosterGroup], problems: Problems) -> RosterTeacher:
    for key in teacher.group_keys:
        if key not in known:
            _report_unknown_group(problems.error, "leerkracht", teacher, key)
    return replace(teacher, group_keys=tuple(key for key in teacher.group_keys if key in known))


def _report_unknown_group(report, what: str, record: RosterPupil | RosterTeacher, key: str) -> None:  # type: ignore[no-untyped-def]
    report(
        "reference.dangling",
        "Groep %(group)s staat niet in dit bestand.",
        line=record.line,
        field="groep",
        subject=f"{what} {label(record.key)}",
        group=label(key),
    )


def _check_dates(pupil: RosterPupil, school: RosterSchool, problems: Problems) -> None:
    subject = f"leerling {label(pupil.key)}"
    last_day = date(school.first_day.year + 1, 7, 31)
    if pupil.birth_date and pupil.birth_date > (school.reference_date or last_day):
        problems.error(
            "birth_date.future",
            "De geboortedatum ligt in de toekomst.",
            line=pupil.line,
            field="geboortedatum",
            subject=subject,
        )
    elif (
        pupil.birth_date
        and pupil.birth_date.year < school.first_day.year - OLDEST_PUPIL
        and not has_left(pupil, school)
    ):
        problems.warning(
            "birth_date.old",
            "Deze leerling is volgens de geboortedatum ouder dan %(age)s jaar.",
            line=pupil.line,
            field="geboortedatum",
            subject=subject,
            age=OLDEST_PUPIL,
        )
    if pupil.enrolled_on and pupil.left_on and pupil.left_on < pupil.enrolled_on:
        problems.warning(
            "dates.reversed",
            "De uitstroomdatum ligt vóór de instroomdatum.",
            line=pupil.line,
            field="uitstroomdatum",
            subject=subject,
        )


def _report_double_keys(records: Iterable[R], what: str, problems: Problems) -> None:
    first: dict[str, R] = {}
    for record in records:
        earlier = first.setdefault(record.key, record)
        if earlier is not record:
            problems.error(
                "key.double",
                "Deze sleutel (key) staat ook op regel %(other)s. Elke %(what)s moet een eigen sleutel hebben.",
                line=record.line,
                field="key",
                subject=f"{what} {label(record.key)}",
                other=earlier.line,
                what=what,
            )


def _report_double_eck_ids(records: Iterable[P], what: str, problems: Problems) -> None:
    first: dict[str, P] = {}
    for record in records:
        earlier = first.setdefault(record.eck_id, record) if record.eck_id else record
        if earlier is not record:
            problems.error(
                "eck_id.double",
                "Dit ECK iD staat ook op regel %(other)s.",
                line=record.line,
                field="eckid",
                subject=f"{what} {label(record.key)}",
                other=earlier.line,
            )


def _warn_about_doubles(pupils: Iterable[RosterPupil], problems: Problems) -> None:
    """Two keys, one name and birth date: perhaps entered twice.

    Twins have different first names, so they are not meant.
    """
    first: dict[tuple[str, date], RosterPupil] = {}
    for pupil in pupils:
        if pupil.left or pupil.birth_date is None or not pupil.name.first_name:
            continue
        earlier = first.setdefault((str(pupil.name).casefold(), pupil.birth_date), pupil)
        if earlier.key != pupil.key:
            problems.warning(
                "pupil.double",
                "Deze leerling heeft dezelfde naam en geboortedatum als leerling %(other)s op regel %(line_of_other)s.",
                line=pupil.line,
                subject=f"leerling {label(pupil.key)}",
                other=label(earlier.key),
                line_of_other=earlier.line,
            )
