"""Hashing of passwords with Argon2id, at the settings that OWASP names (19 MiB, 2 rounds, 1 lane)."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)


def normal(password: str) -> str:
    """The password in one spelling: a phone and a laptop put "é" together differently."""
    return unicodedata.normalize("NFC", password)


def hash_password(password: str) -> str:
    """The hash to store; of the whole password, however long."""
    return _hasher.hash(normal(password))


def verify(stored: str, password: str) -> bool:
    """Whether this is the password. An empty or broken hash fits nothing, and costs as much work as a real one."""
    try:
        return _hasher.verify(stored or dummy_hash(), normal(password)) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with older settings."""
    return _hasher.check_needs_rehash(stored)


@cache
def dummy_hash() -> str:
    """A hash that stands in where there is no account, so that the answer takes as long."""
    return _hasher.hash("there is nobody here")
