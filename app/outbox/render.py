"""From a message row to a letter: its words in the reader's language, its headers in order."""

import re
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any

import flask_mail
from flask import current_app
from flask_babel import force_locale

from app.outbox import registry
from app.outbox.models import Message
from app.outbox.operations import checked_address
from app.outbox.queries import Letterhead, letterhead

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Plain ASCII on the line: not every server speaks 8BITMIME (RFC 6152).
LINES = policy.SMTP.clone(cte_type="7bit")
NOTHING = {"recipient_name": None, "button": None, "url": None}  # what a build may leave out


class Letter(flask_mail.Message):
    """Flask-Mail's message, written out by the standard library: long names with accents are folded without harm."""

    def __init__(self, message: Message, school: Letterhead | None, subject: str, text: str, html: str) -> None:
        self.sender_name = one_line(school.name) if school else "Ouderportaal"
        self.sender_address = current_app.config["MAIL_SENDER"]
        super().__init__(
            subject=one_line(subject),
            recipients=[message.address],
            body=_tidy(text),
            html=html,
            sender=formataddr((self.sender_name, self.sender_address)),
            reply_to=_reply_to(school),
        )
        self.msgId = message.message_id
        # When it was meant to leave (RFC 5322, 3.6.1): the same at every try, like the rest of the letter.
        self.meant_for = message.not_before

    def _message(self) -> EmailMessage:  # type: ignore[override]
        mail = EmailMessage(policy=LINES)
        mail["From"] = Address(self.sender_name, addr_spec=self.sender_address)
        mail["To"] = Address(addr_spec=_in_ascii(self.recipients[0]))
        if self.reply_to:
            mail["Reply-To"] = Address(addr_spec=_in_ascii(self.reply_to))
        mail["Subject"] = self.subject
        mail["Date"] = format_datetime(self.meant_for)
        mail["Message-ID"] = self.msgId
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
        mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # the same for Exchange
        mail.set_content(self.body)
        mail.add_alternative(self.html, subtype="html")
        return mail


def letter(message: Message) -> Letter | None:
    """The mail as it would be sent now; None when its builder says that it is no longer right."""
    language = message.language if message.language in current_app.config["LANGUAGES"] else "nl"
    with force_locale(language):
        values = registry.builder(message.kind)(message)
        if values is None:
            return None
        school = letterhead(message.school_id)
        context = {**NOTHING, **values, "school": school, "message": message, "language": language}
        subject, text, html = (
            _render(message.kind, name, context) for name in ("subject.txt", "body.txt", "body.html")
        )
    return Letter(message, school, subject, text, html)


def one_line(text: str) -> str:
    """Text that can stand in a header: no line ends or other control characters, single spaces."""
    return " ".join(CONTROL.sub(" ", text).split())


def _render(kind: str, name: str, context: dict[str, Any]) -> str:
    # Not flask.render_template: what that adds (the logged-in user, the request) doesn't exist here.
    return current_app.jinja_env.get_template(f"mail/{kind}/{name}").render(context)


def _tidy(text: str) -> str:
    """Parts that a mail leaves empty leave no holes."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines) + "\n"


def _reply_to(school: Letterhead | None) -> str | None:
    """The school's own address; what somebody wrote there that is none is left out."""
    try:
        return checked_address(school.administration_email) if school else None
    except ValueError:
        return None


def _in_ascii(address: str) -> str:
    """The address as every server reads it: a domain with accents in its ASCII form (RFC 5891)."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}"
