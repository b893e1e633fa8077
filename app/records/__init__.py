"""records."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to register yet."""
    from app.records import models  # noqa: F401
