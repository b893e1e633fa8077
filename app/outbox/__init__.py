"""Mail: rows that commit with what caused them, sent by the worker."""

from flask import Flask

from app.core import worker
from app.outbox import models, operations  # noqa: F401


def init_app(app: Flask) -> None:
    """Tell the outbox which address its mails come from, and add the command that sends them."""
    operations.configure(sender=app.config["MAIL_SENDER"])
    worker.init_app(app)
