"""Mail as files, for a demo: `DATA_DIR/mail/<when>-<message>.eml`, to be opened with any mail program."""

import os
from datetime import UTC
from pathlib import Path

import flask_mail
from flask import current_app

from app.outbox.models import Message


def in_use() -> bool:
    """Whether mails are written instead of sent: in a demo, or with MAIL_FOLDER; a MAIL_SERVER always wins."""
    settings = current_app.config
    return not settings.get("MAIL_SERVER") and bool(settings.get("MAIL_FOLDER") or settings["DEMO"])


def deliver(message: Message, letter: flask_mail.Message) -> Path:
    """Write the mail, whole or not at all. The same message again lands in the same file."""
    folder = Path(current_app.config["DATA_DIR"]) / "mail"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    when = message.not_before.astimezone(UTC)
    path = folder / f"{when:%Y%m%dT%H%M%SZ}-{message.id}.eml"
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("wb") as file:
        file.write(letter.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return path
