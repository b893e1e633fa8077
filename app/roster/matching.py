"""Who in the register is meant by a record of a file.

Certain by ECK iD or key; by name and birth date only a suggestion.

Twins share surname and birth date, so a likeness without the same first name is none. What is not certain is never
decided here.
"""

import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.errors import N_
from app.roster.records import Name, PupilReference, RosterGuardian, RosterPupil, RosterTeacher

OTHER = "other"
"""The register's relation that says nothing."""


@dataclass(frozen=True, slots=True)
class Match:
    """The row that is meant, or none: somebody new. `trouble` says in Dutch why it can't be right."""

    row: Any = None
    trouble: str | None = None


def folded(text: str | None) -> str:
    """A text to compare names by: without case, accents, hyphens and double spaces."""
    bare = unicodedata.normalize("NFKD", text or "").casefold()
    kept = "".join(letter if letter.isalnum() else " " for letter in bare if not unicodedata.combining(letter))
    return " ".join(kept.split())


class People:
    """The pupils, or the staff, of one school's register by everything that a file may name them by."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self._by_eck_id: dict[str, Any] = {}
        self._by_key: dict[str, Any] = {}
        self._by_name: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in rows:
            if row.eckid:
                self._by_eck_id[row.eckid] = row
            if row.key:
                self._by_key[row.key] = row
            self._by_name[name_key(row)].append(row)

    def certain(self, record: RosterPupil | RosterTeacher) -> Match:
        """By ECK iD, then by a stable key. They must agree, and so must the person behind the key."""
        by_eck_id = self._by_eck_id.get(record.eck_id or "")
        by_key = self._by_key.get(record.matchable_key or "")
        if by_eck_id is not None and by_key is not None and by_eck_id.id != by_key.id:
            return Match(trouble="Het ECK iD hoort bij iemand anders dan de sleutel. Zoek eerst uit wie dit is.")
        if by_key is not None and by_key.eckid and record.eck_id and by_key.eckid != record.eck_id:
            return Match(trouble="Deze sleutel heeft in het portaal een ander ECK iD. Zoek eerst uit wie dit is.")
        return Match(row=by_eck_id if by_eck_id is not None else by_key)

    def alike(self, record: RosterPupil | RosterTeacher, *, free: Any) -> list[Any]:
        """Rows with the same name, of which only staff know if they are this person. `free(row)`: not taken yet."""
        name = (folded(record.name.first_name or record.name.official_first_names), folded(surname_of(record.name)))
        found = [row for row in self._by_name.get(name, ()) if free(row) and not _two_people(row, record)]
        if isinstance(record, RosterPupil):
            found = [row for row in found if row.birth_date and row.birth_date == record.birth_date]
        return found if name != ("", "") else []


def pupil_trouble(record: RosterPupil, row: Any) -> str | None:
    """A key that now has another name and another birth date: keys are never reused, so somebody mixed them up."""
    other_name = folded(row.first_name or row.official_first_names) != folded(
        record.name.first_name or record.name.official_first_names
    )
    other_day = bool(row.birth_date and record.birth_date and row.birth_date != record.birth_date)
    if other_name and other_day and not (record.eck_id and row.eckid == record.eck_id):
        return N_(
            "Onder deze sleutel staat in het portaal een ander kind: een andere naam en een andere geboortedatum."
        )
    return None


def name_key(row: Any) -> tuple[str, str]:
    """A row's first name and surname, to compare by."""
    first = row.first_name or getattr(row, "official_first_names", "")
    return folded(first), folded(" ".join(part for part in (row.prefix, row.surname) if part))


def surname_of(name: Name | PupilReference) -> str:
    return " ".join(part for part in (name.prefix, name.surname) if part)


def _two_people(row: Any, record: RosterPupil | RosterTeacher) -> bool:
    """Another ECK iD is another person. Another key need not be: all keys change when a school changes its system."""
    return bool(row.eckid and record.eck_id and row.eckid != record.eck_id)


class PupilFinder:
    """Which pupil a row of the guardians' list is about. Nothing here guesses: what is not one pupil is trouble."""

    def __init__(self, pupils: Sequence[Any]) -> None:
        self._by_key = {key: pupil for pupil in pupils for key in (pupil.number, pupil.key) if key}
        self._by_bare_key: dict[str, list[Any]] = defaultdict(list)
        self._by_name: dict[tuple[str, str, Any], list[Any]] = defaultdict(list)
        for pupil in pupils:
            for key in {pupil.number, pupil.key} - {None, ""}:
                self._by_bare_key[key.lstrip("0")].append(pupil)
            first, last = name_key(pupil)
            self._by_name[first, last, pupil.birth_date].append(pupil)

    def find(self, reference: PupilReference) -> Match:
        """By number, else by name and birth date."""
        return self._by_number(reference) if reference.key else self._by_name_and_day(reference)

    def _by_number(self, reference: PupilReference) -> Match:
        """A number without its leading zeros is accepted: Excel eats them. The name must be that pupil's."""
        key = reference.key or ""
        pupil = self._by_key.get(key)
        if pupil is None:
            others = self._by_bare_key.get(key.lstrip("0"), [])
            pupil = others[0] if len(others) == 1 else None
        if pupil is None:
            return Match(trouble="Dit leerlingnummer staat niet in het portaal. Lees eerst het EDEXML-bestand in.")
        if _another_child(reference, pupil):
            return Match(trouble="Dit leerlingnummer is in het portaal van een ander kind (naam of geboortedatum).")
        return Match(row=pupil)

    def _by_name_and_day(self, reference: PupilReference) -> Match:
        name = (folded(reference.first_name), folded(surname_of(reference)), reference.birth_date)
        found = self._by_name.get(name, [])
        if len(found) > 1:
            return Match(trouble="Er zijn meer kinderen met deze naam en geboortedatum. Vul het leerlingnummer in.")
        if not found:
            return Match(trouble="Er is in het portaal geen kind met deze naam en geboortedatum.")
        return Match(row=found[0])


def _another_child(reference: PupilReference, pupil: Any) -> bool:
    if reference.birth_date and pupil.birth_date and reference.birth_date != pupil.birth_date:
        return True
    if not reference.first_name:
        return False
    known = {folded(pupil.first_name), *folded(pupil.official_first_names).split()[:1]} - {""}
    return bool(known) and folded(reference.first_name) not in known


class GuardianFinder:
    """Which guardian of the register a person of the list is.

    Each row of the register is one person of the list at most.
    """

    def __init__(self, guardians: Sequence[Any], links: Iterable[Any]) -> None:
        self._by_key = {row.key: row for row in guardians if row.key}
        self._by_email: dict[str, list[Any]] = defaultdict(list)
        self._by_mobile: dict[str, list[Any]] = defaultdict(list)
        self._of_pupil: dict[uuid.UUID, list[Any]] = defaultdict(list)
        self._relation: dict[tuple[uuid.UUID, uuid.UUID], str] = {}
        self._taken: set[uuid.UUID] = set()
        by_id = {row.id: row for row in guardians}
        for row in guardians:
            if row.email:
                self._by_email[row.email.casefold()].append(row)
            if row.mobile:
                self._by_mobile[row.mobile].append(row)
        for link in links:
            if link.guardian_id in by_id:
                self._of_pupil[link.pupil_id].append(by_id[link.guardian_id])
                self._relation[link.guardian_id, link.pupil_id] = link.relation.value

    def find(self, person: RosterGuardian, relations: dict[uuid.UUID, str | None]) -> Match:
        """`relations`: the person's pupils in the register, with what the list calls the relation to each."""
        match = self._find(person, relations)
        if match.row is not None:
            self._taken.add(match.row.id)
        return match

    def _find(self, person: RosterGuardian, relations: dict[uuid.UUID, str | None]) -> Match:
        if person.key and (row := self._by_key.get(person.key)) is not None:
            return Match(row=row)
        family = [row for pupil_id in relations for row in self._of_pupil.get(pupil_id, ())]
        for candidates in (
            self._by_email.get((person.email or "").casefold(), []),
            [] if person.name.is_blank else family,
            self._by_mobile.get(person.mobile or "", []),
        ):
            fitting = self._fitting(person, candidates, relations)
            if len(fitting) > 1:
                fitting = self._nearest(fitting, relations)
            if len(fitting) > 1:
                return Match(
                    trouble="Er zijn in het portaal meer verzorgers op wie dit past. Vul een verzorgernummer in."
                )
            if fitting:
                return Match(row=fitting[0])
        return Match()

    def _fitting(
        self, person: RosterGuardian, candidates: Iterable[Any], relations: dict[uuid.UUID, str | None]
    ) -> list[Any]:
        unique = {row.id: row for row in candidates if row.id not in self._taken}.values()
        return [
            row
            for row in unique
            if same_name(person.name, row)
            and not (person.key and row.key)
            and (_by_first_name(person.name, row) or self._no_other_relation(row, relations))
        ]

    def _no_other_relation(self, row: Any, relations: dict[uuid.UUID, str | None]) -> bool:
        """Mother and father may both be J. de Vries: on initials alone, who is the father is not the mother."""
        known = ((self._relation.get((row.id, pupil_id)), said) for pupil_id, said in relations.items())
        return all(one == other or OTHER in (one, other) or None in (one, other) for one, other in known)

    def _nearest(self, rows: list[Any], relations: dict[uuid.UUID, str | None]) -> list[Any]:
        """Of several, those who already belong to the child, and of those the ones with this very relation."""
        linked = [row for row in rows if any((row.id, pupil_id) in self._relation for pupil_id in relations)]
        alike = [
            row
            for row in linked
            if any(self._relation.get((row.id, pupil_id)) == said for pupil_id, said in relations.items())
        ]
        return alike or linked or rows


def _by_first_name(name: Name, row: Any) -> bool:
    return bool(name.first_name and row.first_name)


def same_name(name: Name, row: Any) -> bool:
    """Whether the list's name can be this guardian's. What one of them lacks is no difference; J. can be Jan."""
    if name.is_blank or not (row.surname or row.first_name or row.initials):
        return True
    if folded(surname_of(name)) != folded(" ".join(part for part in (row.prefix, row.surname) if part)):
        return False
    if name.first_name and row.first_name:
        return folded(name.first_name) == folded(row.first_name)
    one, other = folded(name.initials or name.first_name)[:1], folded(row.initials or row.first_name)[:1]
    return not (one and other) or one == other
