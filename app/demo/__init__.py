"""The demo school: only there with DEMO=1; production never imports this."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to register yet."""
