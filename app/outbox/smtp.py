"""The conversation with the mail server, and what its answers mean for a message."""

import contextlib
import logging
import re
import smtplib
import ssl
import threading
from typing import Any

import flask_mail
from flask import current_app

from app.core import worker

log = logging.getLogger(__name__)

SETTINGS = (
    "MAIL_SERVER",
    "MAIL_PORT",
    "MAIL_USE_SSL",
    "MAIL_USE_TLS",
    "MAIL_CA_FILE",
    "MAIL_USERNAME",
    "MAIL_PASSWORD",
    "MAIL_TIMEOUT",
)
ENHANCED = re.compile(rb"^([245]\.\d{1,3}\.\d{1,3})\b")  # RFC 2034: an enhanced status code (RFC 3463) opens the text
NO_MAILBOX = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}
NO_MAILBOX_PLAIN = {550, 551, 553}  # where the server gives no enhanced code (RFC 5321, 4.2.3)


class NotSent(Exception):
    """The mail was not taken, or nobody knows whether it was. `reason` is a code and a class, nothing of a person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Away(NotSent):
    """There is no talking to the mail server (down, unknown certificate, wrong login): no message can leave."""


class Later(NotSent):
    """Not this message, not now (4xx, time-out, broken line): the same mail again later."""


class Refused(NotSent):
    """Never this message (5xx). `no_mailbox`: because nobody can be reached at that address."""

    def __init__(self, reason: str, *, no_mailbox: bool = False) -> None:
        super().__init__(reason)
        self.no_mailbox = no_mailbox


class VerifiedConnection(flask_mail.Connection):
    """Flask-Mail's, with what that leaves out: the certificate is checked, silence ends, nothing is printed."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and log in. Raises OSError or SMTPException; then nothing stays open."""
        settings = current_app.config
        context = ssl.create_default_context(cafile=settings.get("MAIL_CA_FILE"))
        # Without a name of its own smtplib asks the DNS for one, which may take long and tells the host's name.
        own_name = settings["MAIL_SENDER"].rpartition("@")[2] or "localhost"
        where: dict[str, Any] = {
            "host": settings["MAIL_SERVER"],
            "port": settings["MAIL_PORT"],
            "local_hostname": own_name,
            "timeout": settings.get("MAIL_TIMEOUT", 15),
        }
        host = smtplib.SMTP_SSL(context=context, **where) if settings["MAIL_USE_SSL"] else smtplib.SMTP(**where)
        try:
            host.set_debuglevel(0)  # it would print the login
            if settings["MAIL_USE_TLS"] and not settings["MAIL_USE_SSL"]:
                host.starttls(context=context)
            if settings.get("MAIL_USERNAME") and settings.get("MAIL_PASSWORD"):
                host.login(settings["MAIL_USERNAME"], settings["MAIL_PASSWORD"])
        except BaseException:
            host.close()
            raise
        return host


class Line(threading.local):
    """One open connection a thread, kept over several mails."""

    connection: VerifiedConnection | None = None
    settings: tuple[Any, ...] = ()

    def open(self) -> VerifiedConnection:
        """The connection that is open and still answers, or a new one. Raises Away."""
        wanted = tuple(current_app.config.get(name) for name in SETTINGS)
        if self.connection is not None and (self.settings != wanted or not self._answers()):
            self.close()
        if self.connection is None:
            connection = VerifiedConnection(current_app.extensions["mail"])
            try:
                connection.host = connection.configure_host()
            except (OSError, smtplib.SMTPException) as error:
                raise Away(_reason(error)) from error
            self.connection, self.settings = connection, wanted
        return self.connection

    def _answers(self) -> bool:
        try:
            return self.connection.host.noop()[0] == 250  # type: ignore[union-attr]
        except (OSError, smtplib.SMTPException):
            return False

    def close(self) -> None:
        """Say goodbye, if anybody listens."""
        if self.connection is None:
            return
        host, self.connection = self.connection.host, None
        with contextlib.suppress(OSError, smtplib.SMTPException):
            host.quit()  # type: ignore[union-attr]
        host.close()  # type: ignore[union-attr]


_line = Line()
close = worker.at_rest(_line.close)


def deliver(letter: flask_mail.Message) -> None:
    """Hand the mail to the server; on return the server has taken it (its 250 after the data).

    Raises Away, Later or Refused.
    """
    connection = _line.open()
    try:
        connection.send(letter, envelope_from=current_app.config["MAIL_SENDER"])
    except smtplib.SMTPRecipientsRefused as error:
        raise _answer(error, *next(iter(error.recipients.values())), recipient=True) from None
    except smtplib.SMTPDataError as error:
        raise _answer(error, error.smtp_code, error.smtp_error, recipient=False) from None
    except (OSError, smtplib.SMTPException) as error:
        # A refused sender is here too: that is about us, and somebody will put it right.
        _line.close()
        raise Later(_reason(error)) from None


def _answer(error: Exception, code: int, text: bytes | str, *, recipient: bool) -> NotSent:
    match = ENHANCED.match(text.encode() if isinstance(text, str) else text)
    enhanced = match[1].decode() if match else ""
    reason = " ".join(part for part in (str(code), enhanced, type(error).__name__) if part)
    if code < 500:
        return Later(reason)
    no_mailbox = enhanced in NO_MAILBOX if enhanced else code in NO_MAILBOX_PLAIN
    return Refused(reason, no_mailbox=recipient and no_mailbox)


def _reason(error: Exception) -> str:
    code = getattr(error, "smtp_code", None) or getattr(error, "verify_code", None)
    return " ".join(str(part) for part in (code, type(error).__name__) if part)
