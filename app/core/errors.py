"""Errors of the domain: each names the field that it is about and says in the reader's words what is wrong."""


def N_(text: str) -> str:  # noqa: N802 - gettext's usual name
    """Mark a Dutch text for the translators where it is written; it is translated where it is shown."""
    return text


class DomainError(Exception):
    """Something that a person asked for can't be done as asked.

    `message` is Dutch text for the screen (a gettext msgid); `field` the form field it belongs to, or None for the whole;
    `values` fill the message's placeholders.
    """

    def __init__(self, message: str, *, field: str | None = None, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.values = values


class NotFound(DomainError):
    """The thing does not exist, or not for this person: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(N_("Deze pagina bestaat niet."))


class Conflict(DomainError):
    """Somebody else was first; what the person saw is no longer so."""


class Gone(DomainError):
    """A link that was used, replaced or is too old."""
