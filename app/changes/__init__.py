"""The pencil: one engine for every section of the record. Propose, withdraw, approve, reject, apply."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the parents' routes; sections hand themselves in, staff's screens are the desk's."""
    from app.changes import messages, models  # noqa: F401 - tables and mails
    from app.changes.views import blueprint

    app.register_blueprint(blueprint)
