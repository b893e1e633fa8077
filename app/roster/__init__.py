"""Roster: what schools' files hold, into the register."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to register yet."""
