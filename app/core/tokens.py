"""Signed links: itsdangerous for the signature and the purpose, a row for expiry and single use.

The token holds the row's id and nothing else, and is made from the row when the mail is sent: neither the database nor
the queue ever holds a working link.
"""

import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from flask import current_app
from itsdangerous import BadSignature, Signer


def _signer(purpose: str) -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt=f"link:{purpose}", digest_method=sha256, key_derivation="hmac")


def make(purpose: str, link_id: uuid.UUID) -> str:
    """The token of a link row, for this purpose only."""
    body = urlsafe_b64encode(link_id.bytes).rstrip(b"=")
    return _signer(purpose).sign(body).decode()


def read(purpose: str, token: str) -> uuid.UUID | None:
    """The id of the row that the token was made from; None for any token that this site did not make for this purpose."""
    try:
        body = _signer(purpose).unsign(token.encode())
        link_id = uuid.UUID(bytes=urlsafe_b64decode(body + b"=="))
    except (BadSignature, ValueError, UnicodeError):
        return None
    # Base64 has spare bits at its end: only the very spelling that `make` gives counts.
    return link_id if make(purpose, link_id) == token else None
