"""The demo's letterbox: every mail that the portal wrote to DATA_DIR/mail, to read in the browser. Only in a demo."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Blueprint, Response, abort, current_app

from app.core.access import public
from app.core.fragments import page

blueprint = Blueprint("mailbox", __name__)

SHOWN = 100
HEAD = 16_384  # the headers of a mail of ours fit in this
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]*\.eml\Z")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as its reader would see it; `paragraphs` are lists of lines, empty in the list of letters."""

    name: str
    to: str
    sender: str
    subject: str
    sent_at: datetime
    paragraphs: tuple[tuple[str, ...], ...] = ()


def letters(folder: Path, limit: int = SHOWN) -> list[Letter]:
    """The newest mails in the folder, newest first. A file that goes away meanwhile is passed over."""
    names = sorted((path.name for path in folder.glob("*.eml") if NAME.match(path.name)), reverse=True)
    return list(_heads(folder, names[:limit]))


def letter(folder: Path, name: str) -> Letter | None:
    """One mail with its text; None for a name that isn't that of a mail in the folder."""
    if not NAME.match(name):
        return None
    try:
        mail = _parsed((folder / name).read_bytes())
    except OSError:
        return None
    body = mail.get_body(("plain",))
    return _letter(name, mail, body.get_content() if body else "")


def _heads(folder: Path, names: list[str]) -> Iterator[Letter]:
    for name in names:
        try:
            with (folder / name).open("rb") as file:
                head = file.read(HEAD)
        except OSError:
            continue
        yield _letter(name, _parsed(re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]))


def _parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)  # type: ignore[return-value]


def _letter(name: str, mail: EmailMessage, text: str = "") -> Letter:
    when = mail["Date"].datetime if mail["Date"] is not None else None
    blocks = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip())
    return Letter(
        name=name,
        to=str(mail["To"] or ""),
        sender=str(mail["From"] or ""),
        subject=str(mail["Subject"] or ""),
        sent_at=when.astimezone(UTC) if when else datetime.fromtimestamp(0, UTC),
        paragraphs=tuple(tuple(block.splitlines()) for block in blocks if block),
    )


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / "mail"


@blueprint.before_request
def only_in_a_demo() -> None:
    """Letters hold links that let somebody in: not shown where there are real parents."""
    if not current_app.config["DEMO"]:
        abort(404)


@blueprint.get("/demo/mail")
@public
def index() -> Response:
    """All letters, newest first."""
    return page("demo/mail.html", letters=letters(_folder()))


@blueprint.get("/demo/mail/<name>")
@public
def show(name: str) -> Response:
    """One letter, with links that work."""
    found = letter(_folder(), name)
    if found is None:
        abort(404)
    return page("demo/mail_letter.html", letter=found)
