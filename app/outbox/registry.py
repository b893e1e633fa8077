"""What the features hand in at start: who makes a kind of mail, and who wants to know that an address was refused."""

import uuid
from collections.abc import Callable
from typing import Any

from app.outbox.models import Message

Build = Callable[[Message], dict[str, Any] | None]
OnBounce = Callable[[str, uuid.UUID | None], None]

_builders: dict[str, Build] = {}
_on_bounce: list[OnBounce] = []


def mail(kind: str) -> Callable[[Build], Build]:
    """Declare a kind of mail ("feature/name", also the folder of its templates) by the function that makes its values.

    The worker calls `build(message)` when it sends, not when the mail was caused: whether this person may still get it
    is asked then. It reads only, and gives the values for the templates, or None when the mail is no longer right
    (the message then becomes `cancelled`). Some names mean something to the base templates: `recipient_name`, and
    `button` with `url`.
    """

    def keep(build: Build) -> Build:
        _builders[kind] = build
        return build

    return keep


def builder(kind: str) -> Build:
    """The function that makes the values of this kind of mail. Raises KeyError for a kind that nobody declared."""
    return _builders[kind]


def kinds() -> tuple[str, ...]:
    """Every declared kind of mail."""
    return tuple(sorted(_builders))


def on_bounce(function: OnBounce) -> OnBounce:
    """Call `function(address, school_id)` when a mail server says for good that there is no such mailbox.

    It is called in a transaction that the outbox commits; it flushes. The address may have been refused for a mail
    without a school (`None`): then it is about the address everywhere.
    """
    _on_bounce.append(function)
    return function


def tell_of_bounce(address: str, school_id: uuid.UUID | None) -> None:
    """Tell everybody who asked with `on_bounce`."""
    for function in _on_bounce:
        function(address, school_id)
