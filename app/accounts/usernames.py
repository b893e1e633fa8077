"""User names: short, unlike every other, typed with any keyboard. Made once, never changed."""

import itertools
import re
import unicodedata
from collections.abc import Iterator

import sqlalchemy as sa

from app.accounts.models import Account
from app.core.db import db

LONGEST = 30
SHORTEST = 3
SPECIAL = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def free(first_name: str, surname: str) -> str:
    """A name that nobody has: `lotte`, `lottev`, `lottevr`, … `lotte2`."""
    first, last = folded(first_name), folded(surname)
    stem = (first or last or "ouder")[:LONGEST]
    taken = set(db.session.scalars(sa.select(Account.username).where(Account.username.startswith(stem))))
    return next(name for name in _spellings(stem, last) if name not in taken and len(name) >= SHORTEST)


def folded(text: str) -> str:
    """The letters a–z and digits of a name: `Zoë-Anne` → `zoeanne`."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(SPECIAL))
    return re.sub(r"[^a-z0-9]", "", plain.encode("ascii", "ignore").decode())


def _spellings(stem: str, last: str) -> Iterator[str]:
    yield stem
    if last and last != stem:
        yield from ((stem + last[:size])[:LONGEST] for size in range(1, len(last) + 1))
    yield from (f"{stem}{number}" for number in itertools.count(2))
