"""changes."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to register yet."""
    from app.changes import models  # noqa: F401
