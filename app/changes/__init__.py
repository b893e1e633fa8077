"""The pencil: one engine for every section of the record. Propose, withdraw, approve, reject, apply."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the parents' routes; sections hand themselves in, staff's screens are the desk's."""
    from app.changes import messages, models, operations  # noqa: F401 - tables and mails
    from app.changes.views import blueprint
    from app.core import worker

    app.register_blueprint(blueprint)
    worker.housekeeping(operations.forget_old_forms)
