"""Reading comfort: how large the text is, how much room there is around it, light or dark. Kept with the account, so
that it is the same on every device; `base.html` applies it.
"""

from enum import StrEnum


class TextSize(StrEnum):
    """How large the text is: 106, 125 or 150 per cent."""

    NORMAL = "normal"
    LARGE = "large"
    HUGE = "huge"


class Spacing(StrEnum):
    """How much room there is between lines and words."""

    NORMAL = "normal"
    ROOMY = "roomy"


class Theme(StrEnum):
    """Light or dark; by itself as the phone has it."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


# By the names of the columns, which are the names of base.html's variables too.
CHOICES: dict[str, type[StrEnum]] = {"text_size": TextSize, "spacing": Spacing, "theme": Theme}
USUAL = frozenset({TextSize.NORMAL, Spacing.NORMAL, Theme.SYSTEM})


def variables(chosen: dict[str, StrEnum]) -> dict[str, str]:
    """What `base.html` is told: only what is another than usual."""
    return {name: choice.value for name, choice in chosen.items() if choice not in USUAL}


def read(form: dict[str, str]) -> dict[str, StrEnum]:
    """The choices that a form holds; what is no choice is left out."""
    return {
        name: kind(form[name]) for name, kind in CHOICES.items() if form.get(name) in [choice.value for choice in kind]
    }
