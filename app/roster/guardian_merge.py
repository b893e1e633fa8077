"""Rows of a guardians' list → people: one person for all rows that surely are the same, with all their children.

Two rows are one person when they have the same guardian's number; or the same name and the same e-mail address, mobile
or home address, and nothing that contradicts it (another number, another e-mail address, or the same child in another
place). When in doubt they stay two: linking a parent to another family's child is worse than having one parent twice.
"""

from dataclasses import fields, replace

from app.roster.problems import Problems
from app.roster.records import Name, PupilReference, RosterChild, RosterGuardian
from app.roster.values import label

_CONTACT = ("mobile", "phone_home", "phone_work", "address")
_SECRET = ("phone_secret", "address_secret")

Identity = tuple[str, ...]


class People:
    """The guardians found so far; `add` merges a row into one of them or makes a new one."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._people: list[RosterGuardian] = []
        self._by_identity: dict[Identity, list[int]] = {}

    def add(self, row: RosterGuardian) -> None:
        """Take a row in. Reports doubles and contradictions, each naming the earlier line."""
        position = self._position_of(row)
        if position is None:
            position = len(self._people)
            self._people.append(row)
        else:
            self._people[position] = self._merged(self._people[position], row)
        for identity in identities(row):
            known = self._by_identity.setdefault(identity, [])
            if position not in known:
                known.append(position)

    def finish(self) -> tuple[RosterGuardian, ...]:
        """Everybody, in the order of the file."""
        self._warn_about_shared_addresses()
        return tuple(self._people)

    def _position_of(self, row: RosterGuardian) -> int | None:
        """Who this row is about, if anybody: of several candidates, the one with the same relation to a child."""
        found = [position for identity in identities(row) for position in self._by_identity.get(identity, ())]
        candidates = [position for position in dict.fromkeys(found) if may_be_same(self._people[position], row)]
        relations = {child.relation for child in row.children}
        alike = [
            position
            for position in candidates
            if relations & {child.relation for child in self._people[position].children}
        ]
        if len(candidates) > 1:
            return alike[0] if alike else None
        return candidates[0] if candidates else None

    def _merged(self, person: RosterGuardian, row: RosterGuardian) -> RosterGuardian:
        kept = {name: self._first_known(person, row, name) for name in _CONTACT}
        for name in _SECRET:
            values = {getattr(person, name), getattr(row, name)}
            kept[name] = True if True in values else (False if False in values else None)
        return replace(
            person,
            **kept,
            name=self._merged_name(person, row),
            key=person.key or row.key,
            email=person.email or row.email,
            children=self._merged_children(person, row),
            lines=(*person.lines, *row.lines),
        )

    def _first_known(self, person: RosterGuardian, row: RosterGuardian, name: str) -> object:
        earlier, later = getattr(person, name), getattr(row, name)
        if earlier is not None and later is not None and earlier != later:
            self._problems.warning(
                "guardian.contradiction",
                "Deze verzorger staat op regel %(other)s met een andere telefoon of een ander adres. We nemen die van "
                "regel %(other)s.",
                line=row.line,
                subject=f"verzorger {row.name}".strip(),
                other=person.line,
            )
        return earlier if earlier is not None else later

    def _merged_name(self, person: RosterGuardian, row: RosterGuardian) -> Name:
        parts = {part.name: getattr(person.name, part.name) or getattr(row.name, part.name) for part in fields(Name)}
        return Name(**parts)

    def _merged_children(self, person: RosterGuardian, row: RosterGuardian) -> tuple[RosterChild, ...]:
        known = {pupil_identity(child.pupil): child for child in person.children}
        added = []
        for child in row.children:
            earlier = known.get(pupil_identity(child.pupil))
            if earlier is None:
                added.append(child)
            elif earlier.custody != child.custody and None not in (earlier.custody, child.custody):
                self._problems.error(
                    "guardian.custody_twice",
                    "Deze verzorger staat ook op regel %(other)s met ander gezag.",
                    line=child.line,
                    subject=f"leerling {label(str(child.pupil))}",
                    other=earlier.line,
                )
            else:
                self._problems.warning(
                    "guardian.double",
                    "Deze verzorger staat ook op regel %(other)s voor dit kind.",
                    line=child.line,
                    subject=f"leerling {label(str(child.pupil))}",
                    other=earlier.line,
                )
        return (*person.children, *added)

    def _warn_about_shared_addresses(self) -> None:
        """Two people with one e-mail address: only one of them can log in with it."""
        first: dict[str, RosterGuardian] = {}
        for person in self._people:
            earlier = first.setdefault(person.email.casefold(), person) if person.email else person
            if earlier is not person:
                self._problems.warning(
                    "email.shared",
                    "Dit e-mailadres heeft ook de verzorger op regel %(other)s. Ieder heeft een eigen adres nodig om "
                    "in te loggen.",
                    line=person.line,
                    subject=f"verzorger {person.name}".strip(),
                    other=earlier.line,
                )


def identities(row: RosterGuardian) -> list[Identity]:
    """What this person can be recognised by within one file, strongest first."""
    who = name_identity(row.name)
    found: list[Identity] = []
    if row.key:
        found.append(("key", row.key))
    if row.email:
        found.append(("email", row.email.casefold(), *who))
    if row.name.surname:
        if row.mobile:
            found.append(("mobile", row.mobile, *who))
        if row.address and row.address.postcode and row.address.number and row.name.first_name:
            found.append(("address", row.address.postcode, str(row.address.number), row.address.addition or "", *who))
        found.extend(("child", *pupil_identity(child.pupil), *who) for child in row.children)
    return found


def may_be_same(person: RosterGuardian, row: RosterGuardian) -> bool:
    """Whether nothing contradicts that they are one: number, e-mail address, or the place that they have with a child
    of both.
    """
    if person.key and row.key:
        return person.key == row.key
    if person.email and row.email and person.email.casefold() != row.email.casefold():
        return False
    places = {pupil_identity(child.pupil): child for child in person.children}
    return all(_same_place(places.get(pupil_identity(child.pupil)), child) for child in row.children)


def name_identity(name: Name) -> tuple[str, str]:
    """A name to compare by: surname with the name in use, or with the initials where that is all there is."""
    surname = " ".join(part for part in (name.prefix, name.surname) if part)
    return surname.casefold(), (name.first_name or name.initials or "").casefold()


def pupil_identity(pupil: PupilReference) -> tuple[str, ...]:
    """A pupil to compare by within one file: the number, else name and birth date."""
    if pupil.key:
        return ("key", pupil.key)
    name = " ".join(part for part in (pupil.first_name, pupil.prefix, pupil.surname) if part)
    return ("name", name.casefold(), pupil.birth_date.isoformat() if pupil.birth_date else "")


def _same_place(earlier: RosterChild | None, child: RosterChild) -> bool:
    """Two parents called J. de Vries with one address differ in relation or in number on the child's list."""
    if earlier is None:
        return True
    return all(
        one == other or None in (one, other)
        for one, other in ((earlier.relation, child.relation), (earlier.sequence, child.sequence))
    )
