"""Which passwords are good enough: long, not in everybody's list, not made of what others know of the person.

No rules about capitals or digits (NIST SP 800-63B-4): they make passwords worse.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from zxcvbn_rs_py import zxcvbn

from app.accounts.passwords import normal
from app.core.errors import N_, DomainError

SHORTEST = 12
LONGEST = 256
ESTIMATOR_LIMIT = 72  # what zxcvbn looks at; the length rule and the hash see all of it
STRONG_ENOUGH = 3  # of 4
SHORTEST_OWN_WORD = 3

DATA = Path(__file__).parent / "data"
LEET = str.maketrans("013457@$!€", "oieastasie")

TOO_SHORT = N_("Kies een wachtwoord van minstens 12 tekens.")
TOO_LONG = N_("Kies een wachtwoord van hoogstens 256 tekens.")
COMMON = N_("Dit wachtwoord gebruiken veel mensen. Kies een ander.")
OWN = N_("In dit wachtwoord staat vooral uw naam of de naam van de school. Kies een ander.")
GUESSABLE = N_("Dit wachtwoord is makkelijk te raden. Kies een ander.")


class WeakPassword(DomainError):
    """The password is not good enough; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="password")


def check(password: str, words: Iterable[str] = ()) -> None:
    """Raise WeakPassword for a password that is not good enough. `words`: the person's names, the school's name."""
    password = normal(password)
    if len(password) < SHORTEST:
        raise WeakPassword(TOO_SHORT)
    if len(password) > LONGEST:
        raise WeakPassword(TOO_LONG)
    own = [word for text in words for word in _pieces(text)]
    if _is_common(password):
        raise WeakPassword(COMMON)
    if _is_made_of(_letters(password), frozenset(own)):
        raise WeakPassword(OWN)
    if int(zxcvbn(password[:ESTIMATOR_LIMIT], own).score) < STRONG_ENOUGH:
        raise WeakPassword(GUESSABLE)


def _is_common(password: str) -> bool:
    """Whether it is in the list, as it is or with digits and signs around or instead of letters ("W3lkom2026!")."""
    plain, letters = password.casefold(), _letters(password)
    bare = (plain, re.sub(r"[\W_]+\Z", "", plain), re.sub(r"\d{1,4}[\W_]*\Z", "", plain))
    if not letters or any(text in _blocked() for text in bare):
        return True
    return any(_is_made_of(text, _blocked(), pieces=1) for text in (letters, _letters(_unleet(plain))))


def _is_made_of(text: str, words: frozenset[str], *, pieces: int = 2, dead: set[str] | None = None) -> bool:
    """Whether the text is nothing but these words: one, repeated, or (with `pieces`) several different ones.

    `dead` are the ends that were tried in vain: without it words like "aab" and "aabaab" take hours.
    """
    if text in words:
        return True
    if any(text == text[:size] * (len(text) // size) for size in range(1, len(text) // 2 + 1)):
        unit = next(size for size in range(1, len(text) + 1) if text == text[:size] * (len(text) // size))
        return text[:unit] in words or unit < SHORTEST_OWN_WORD
    if pieces < 2:
        return False
    dead = set() if dead is None else dead
    for rest in (text[cut:] for cut in _cuts(text, words)):
        if rest not in dead and _is_made_of(rest, words, dead=dead):
            return True
        dead.add(rest)
    return False


def _cuts(text: str, words: frozenset[str]) -> list[int]:
    return [len(word) for word in words if word and text.startswith(word) and len(word) < len(text)]


def _unleet(text: str) -> str:
    """`w@chtw00rd123` → `wachtwoord`: digits at the end are a year, those inside stand for letters."""
    return re.sub(r"[\W\d_]+\Z", "", text).translate(LEET)


def _letters(text: str) -> str:
    """The letters alone, lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalpha())


def _pieces(text: str) -> list[str]:
    """`De Vlieger` → vlieger, devlieger, de: what somebody would make a password of."""
    words = [_letters(word) for word in re.split(r"[\s@._-]+", text)]
    return [word for word in {*words, _letters(text)} if len(word) >= SHORTEST_OWN_WORD]


@cache
def _blocked() -> frozenset[str]:
    lines: set[str] = set()
    for name in ("common-passwords.txt", "dutch-words.txt"):
        text = (DATA / name).read_text(encoding="utf-8")
        lines.update(line.casefold() for line in text.splitlines() if line and not line.startswith("#"))
    return frozenset(lines)
