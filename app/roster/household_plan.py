"""Who lives where: addresses of a guardians' list → households of the register.

One household is one address of one family. Two guardians share one when they have a child together and the same
address; neighbours in a flat without house numbers of their own do not. A move makes a new household, so that who stays
behind keeps the old one.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.core.db import new_id
from app.roster.queries import Register
from app.roster.records import RosterAddress

PARTS = ("street", "house_number", "addition", "postcode", "city")


@dataclass(frozen=True, slots=True)
class Address:
    """An address as the register stores it; equal addresses compare equal."""

    street: str = ""
    house_number: int | None = None
    addition: str = ""
    postcode: str = ""
    city: str = ""

    @classmethod
    def of_file(cls, address: RosterAddress | None) -> "Address | None":
        """The address of the file if it is complete enough to go to: a street and number, with a postcode or a town."""
        if address is None or not (address.street and address.number and (address.postcode or address.city)):
            return None
        return cls(address.street, address.number, address.addition or "", address.postcode or "", address.city or "")

    @classmethod
    def of_row(cls, row: Any) -> "Address":
        return cls(*(getattr(row, part) for part in PARTS))

    def is_in(self, row: Any) -> bool:
        """Whether a household of the register has this address. What the file left out is no difference."""
        if row is None or row.abroad:
            return False
        pairs = ((getattr(self, part), getattr(row, part)) for part in PARTS)
        return all(_folded(mine) == _folded(theirs) or mine == "" for mine, theirs in pairs)

    def as_item(self) -> dict[str, Any]:
        """As the pencil's address section writes it."""
        return {"postcode": self.postcode, "house_number": self.house_number, "addition": self.addition} | {
            "street": self.street,
            "city": self.city,
        }

    def __str__(self) -> str:
        number = f"{self.house_number or ''}{f' {self.addition}' if self.addition else ''}"
        return f"{self.street} {number}, {self.postcode} {self.city}".replace(" ,", ",").strip(" ,")


class Households:
    """Where everybody lives once the import is applied. `created` are the households that do not exist yet."""

    def __init__(self, register: Register) -> None:
        self._rows = register.households
        self._of_guardian: dict[uuid.UUID, uuid.UUID | None] = {row.id: row.household_id for row in register.guardians}
        self.created: dict[uuid.UUID, Address] = {}
        self._family: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)

    def know_family(self, pupil_guardians: Iterable[set[uuid.UUID]]) -> None:
        """For each pupil, all guardians: who may share a household."""
        for guardians in pupil_guardians:
            for guardian_id in guardians:
                self._family[guardian_id] |= guardians - {guardian_id}

    def row(self, household_id: uuid.UUID | None) -> Any:
        return self._rows.get(household_id) if household_id else None

    def of(self, guardian_id: uuid.UUID) -> uuid.UUID | None:
        return self._of_guardian.get(guardian_id)

    def move(self, guardian_id: uuid.UUID, address: Address) -> uuid.UUID:
        """The household at that address: one where family lives, or a new one."""
        for other in sorted(self._family[guardian_id]):
            home = self.of(other)
            if home is not None and self._has(home, address):
                self._of_guardian[guardian_id] = home
                return home
        home = new_id()
        self.created[home] = address
        self._of_guardian[guardian_id] = home
        return home

    def address_of(self, household_id: uuid.UUID) -> Address:
        return self.created.get(household_id) or Address.of_row(self._rows[household_id])

    def _has(self, household_id: uuid.UUID, address: Address) -> bool:
        if household_id in self.created:
            return self.created[household_id] == address
        return address.is_in(self._rows[household_id])


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
