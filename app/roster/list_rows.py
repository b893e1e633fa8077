"""One row of a guardians' list → the guardians that it names, each with this one child; every wrong cell becomes a
problem.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from app.roster.contact_values import parse_email, parse_house_number, parse_phone, parse_postcode, split_street
from app.roster.headers import Headers
from app.roster.list_values import parse_custody, parse_relation, parse_yes_no
from app.roster.problems import Problems
from app.roster.records import Name, PupilReference, Relation, RosterAddress, RosterChild, RosterGuardian
from app.roster.tables import Row, text_of
from app.roster.values import (
    BadValue,
    clean_key,
    label,
    parse_date,
    parse_initials,
    parse_name,
    parse_text,
    parse_whole_number,
)

T = TypeVar("T")

SWAPPED_FROM = 5
"""A column in which nothing can be read, over at least this many rows, is another column's."""

_PER_GUARDIAN = ("initials", "first_name", "prefix", "surname", "email", "mobile", "phone_home", "phone_work", "key")


class RowReader:
    """Reads rows under one header. `whole_file` afterwards reports what only many rows together show."""

    def __init__(self, headers: Headers, problems: Problems) -> None:
        self._headers = headers
        self.problems = problems
        self._index = {(column.whose, column.field, column.slot): index for index, column in headers.columns.items()}
        self._seen: Counter[int] = Counter()
        self._bad: Counter[int] = Counter()

    def read(self, row: Row) -> list[RosterGuardian]:
        """The guardians on this row; none where the row does not say which child it is about."""
        if any(text for cell in row.cells[self._headers.width :] if (text := str(cell).strip())):
            self.problems.error(
                "row.too_wide",
                "Deze regel heeft meer kolommen dan de kopregel. Staat er een scheidingsteken in een tekst?",
                line=row.line,
            )
            return []
        cells = _Cells(self, row)
        pupils = cells.pupils()
        if not pupils:
            self.problems.error("pupil.unnamed", "Op deze regel staat niet om welk kind het gaat.", line=row.line)
            return []
        cells.subject = f"leerling {label(str(pupils[0]))}"
        found = [guardian for slot in self._headers.slots if (guardian := cells.guardian(slot, pupils))]
        if not found and not cells.someone:
            self.problems.warning(
                "guardian.none", "Op deze regel staat geen verzorger.", line=row.line, subject=cells.subject
            )
        return found

    def whole_file(self) -> None:
        """An error for each column in which not one cell could be read: the columns are probably swapped."""
        for index, count in self._bad.items():
            if count >= SWAPPED_FROM and count == self._seen[index]:
                name = self._headers.names[index]
                self.problems.error(
                    "column.swapped",
                    "In de kolom ‘%(column)s’ klopt geen enkele waarde. Staan de kolommen goed?",
                    line=None,
                    field=name,
                    column=name,
                )

    def cell(self, row: Row, whose: str, field: str, slot: int) -> tuple[int | None, Any]:
        """The position and value of a cell; (None, None) without such a column."""
        index = self._index.get((whose, field, slot))
        return index, (row.cells[index] if index is not None and index < len(row.cells) else None)

    def count(self, index: int, *, bad: bool) -> None:
        self._seen[index] += 1
        self._bad[index] += bad

    def report(self, bad: BadValue, row: Row, index: int, subject: str | None, *, blocking: bool) -> None:
        name = self._headers.names[index]
        report = self.problems.error if blocking else self.problems.warning
        report(
            bad.key,
            bad.message,
            line=row.line,
            field=name,
            subject=subject,
            place=name,
            **bad.values,
        )


class _Cells:
    """The cells of one row, by what they mean."""

    def __init__(self, reader: RowReader, row: Row) -> None:
        self._reader = reader
        self._row = row
        self.subject: str | None = None
        self.someone = False  # whether anything was said about any guardian

    def pupils(self) -> list[PupilReference]:
        """The children that the row is about: one, or in a list by guardian several numbers in one cell."""
        keys = self.read("pupil", "pupil_keys", lambda raw: clean_key(raw))
        if keys:
            return [PupilReference(key=key) for part in keys.replace(";", ",").split(",") if (key := clean_key(part))]
        pupil = PupilReference(
            key=self.read("pupil", "pupil_key", _key),
            first_name=self.read("pupil", "first_name", lambda raw: parse_name(raw, limit=64)),
            prefix=self.read("pupil", "prefix", lambda raw: parse_name(raw, limit=20)),
            surname=self.read("pupil", "surname", lambda raw: parse_name(raw, limit=200)),
            birth_date=self.read("pupil", "birth_date", parse_date, as_text=False),
            group_name=self.read("pupil", "group", lambda raw: parse_text(raw, limit=64), blocking=False),
        )
        named = (pupil.first_name or pupil.surname) and pupil.birth_date
        return [pupil] if pupil.key or named else []

    def guardian(self, slot: int, pupils: list[PupilReference]) -> RosterGuardian | None:
        """The guardian in this slot; None when it is empty. One without a name needs at least an e-mail address."""
        if not any(self._raw("guardian", field, slot) for field in _PER_GUARDIAN):
            return None
        self.someone = True
        name = self._name(slot)
        email = self.read("guardian", "email", parse_email, slot=slot, blocking=False)
        if not (name.surname or name.first_name or email):
            self._reader.problems.error(
                "guardian.unnamed",
                "De verzorger heeft geen naam en geen e-mailadres.",
                line=self._row.line,
                subject=self.subject,
            )
            return None
        return RosterGuardian(
            line=self._row.line,
            name=name,
            children=tuple(self._child(slot, pupil) for pupil in pupils),
            key=self.read("guardian", "key", _key, slot=slot),
            email=email,
            mobile=self.read("guardian", "mobile", parse_phone, slot=slot, blocking=False),
            phone_home=self.read("guardian", "phone_home", parse_phone, slot=slot, blocking=False),
            phone_work=self.read("guardian", "phone_work", parse_phone, slot=slot, blocking=False),
            phone_secret=self.read("guardian", "phone_secret", parse_yes_no, slot=slot),
            address=self._address(slot),
            address_secret=self.read("guardian", "address_secret", parse_yes_no, slot=slot),
            lines=(self._row.line,),
        )

    def read(
        self,
        whose: str,
        field: str,
        parse: Callable[[Any], T | None],
        *,
        slot: int = 0,
        blocking: bool = True,
        as_text: bool = True,
    ) -> T | None:
        """The parsed cell; a bad one is an error, or with `blocking=False` a warning, and counts as empty."""
        index, raw = self._reader.cell(self._row, whose, field, slot)
        if index is None:
            return None
        try:
            value = parse(text_of(raw) if as_text else raw)
        except BadValue as bad:
            self._reader.count(index, bad=True)
            self._reader.report(bad, self._row, index, self.subject, blocking=blocking)
            return None
        if value is not None:
            self._reader.count(index, bad=False)
        return value

    def _raw(self, whose: str, field: str, slot: int) -> bool:
        _, raw = self._reader.cell(self._row, whose, field, slot)
        return raw is not None and str(raw).strip() != ""

    def _name(self, slot: int) -> Name:
        return Name(
            initials=self.read("guardian", "initials", parse_initials, slot=slot, blocking=False),
            first_name=self.read("guardian", "first_name", lambda raw: parse_name(raw, limit=64), slot=slot),
            prefix=self.read("guardian", "prefix", lambda raw: parse_name(raw, limit=20), slot=slot),
            surname=self.read("guardian", "surname", lambda raw: parse_name(raw, limit=200), slot=slot),
        )

    def _child(self, slot: int, pupil: PupilReference) -> RosterChild:
        raw_relation = self._raw("guardian", "relation", slot)
        relation = self.read("guardian", "relation", parse_relation, slot=slot, blocking=False)
        sequence = self.read(
            "guardian", "sequence", lambda raw: parse_whole_number(raw, lowest=1, highest=9), slot=slot, blocking=False
        )
        return RosterChild(
            line=self._row.line,
            pupil=pupil,
            relation=relation or (Relation.OTHER if raw_relation else None),
            custody=self.read("guardian", "custody", parse_custody, slot=slot),
            sequence=sequence or slot or None,
            emergency_order=self.read(
                "guardian",
                "emergency_order",
                lambda raw: parse_whole_number(raw, lowest=1, highest=99),
                slot=slot,
                blocking=False,
            ),
        )

    def _address(self, slot: int) -> RosterAddress | None:
        """The address, its number taken apart ("7 b") or out of the street ("Kerkstraat 7b"); None when all of it is
        empty.
        """
        number, addition = self.read("guardian", "house_number", parse_house_number, slot=slot, blocking=False) or (
            None,
            None,
        )
        street = self.read("guardian", "street", lambda raw: parse_text(raw, limit=100), slot=slot, blocking=False)
        if street:
            street, in_street = split_street(street, number)
            if number is None:
                number, addition = parse_house_number(in_street)
        own_addition = self.read(
            "guardian", "addition", lambda raw: parse_text(raw, limit=10), slot=slot, blocking=False
        )
        address = RosterAddress(
            street=street,
            number=number,
            addition=own_addition or (addition[:10] if addition else None),
            postcode=self.read("guardian", "postcode", parse_postcode, slot=slot, blocking=False),
            city=self.read("guardian", "city", lambda raw: parse_text(raw, limit=80), slot=slot, blocking=False),
        )
        return address if address != RosterAddress() else None


def _key(raw: str | None) -> str | None:
    """A pupil's or guardian's number. Excel's quote that keeps leading zeros is no part of it.

    Raises BadValue when it is a BSN's size.
    """
    key = clean_key(raw)
    if key and key.startswith("'"):
        key = clean_key(key[1:])
    if key and len(key) > 256:
        raise BadValue("key.too_long", "Deze sleutel is te lang.")
    return key
