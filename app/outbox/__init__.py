"""Mail: rows that commit with what caused them, sent by the worker."""

from flask import Flask
from flask_mail import Mail

from app.core import worker
from app.outbox import operations, sending  # noqa: F401 - it names itself the handler


def init_app(app: Flask) -> None:
    """Tell the outbox which address its mails come from, and hand the worker what it does."""
    operations.configure(sender=app.config["MAIL_SENDER"])
    app.config["MAIL_SUPPRESS_SEND"] = False  # Flask-Mail sends nothing in a test otherwise; the tests' server is local
    app.config["MAIL_DEBUG"] = False
    Mail(app)
    worker.init_app(app)
