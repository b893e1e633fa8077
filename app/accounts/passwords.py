"""Hashing of passwords with Argon2id, at the settings that OWASP names (19 MiB, 2 rounds, 1 lane)."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

COST = {"time_cost": 2, "memory_cost": 19_456, "parallelism": 1}
_hasher = PasswordHasher(**COST, type=Type.ID)

# Before every hash that was made in a demo: everybody may know that password, so nowhere else does it open anything.
DEMO_MARK = "demo:"


def normal(password: str) -> str:
    """The password in one spelling: a phone and a laptop put "é" together differently."""
    return unicodedata.normalize("NFC", password)


def hash_password(password: str) -> str:
    """The hash to store; of the whole password, however long."""
    return (DEMO_MARK if _in_demo() else "") + _hasher.hash(normal(password))


def _in_demo() -> bool:
    return bool(current_app) and bool(current_app.config["DEMO"])


def _counting(stored: str) -> str:
    """The hash without its mark; empty where a demo's passwords don't count."""
    if not stored.startswith(DEMO_MARK):
        return stored
    return stored.removeprefix(DEMO_MARK) if _in_demo() else ""


def verify(stored: str, password: str) -> bool:
    """Whether this is the password. An empty or broken hash fits nothing, and costs as much work as a real one."""
    stored = _counting(stored)
    try:
        return _hasher.verify(stored or dummy_hash(), normal(password)) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with older settings."""
    return _hasher.check_needs_rehash(_counting(stored))


@cache
def dummy_hash() -> str:
    """A hash that stands in where there is no account, so that the answer takes as long."""
    return _hasher.hash("there is nobody here")
