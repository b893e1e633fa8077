"""Which browser on which device, in words that its owner recognises. Out of what a browser says of itself only that is
kept: the rest would tell one phone from all others, and the portal has no use for it.
"""

import re
from dataclasses import dataclass

# The first that fits: most browsers name the ones that they look like too. Each fits its own name, so that what was
# kept can be read again.
BROWSERS = (
    ("Edge", r"\bEdg(e|A|iOS)?\b"),
    ("Opera", r"\bOPR/|\bOpera\b"),
    ("Samsung Internet", r"\bSamsung ?(Browser|Internet)\b"),
    ("DuckDuckGo", r"\bDdg/|\bDuckDuckGo\b"),
    ("Firefox", r"\b(Firefox|FxiOS)\b"),
    ("Chrome", r"\b(Headless)?Chrome\b|\bChromium\b|\bCriOS\b"),
    ("Safari", r"\bSafari\b"),
)
SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b|\bMacintosh\b.*\b(CriOS|FxiOS|EdgiOS)\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("Chromebook", r"\bCrOS\b|\bChromebook\b"),
    ("Mac", r"\bMacintosh\b|\bMac\b"),
    ("Linux", r"\bLinux\b"),
)
LONGEST = 500  # of what is looked at: a browser says it in 250 characters


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of browser on a kind of device; empty where it is not known."""

    browser: str
    system: str

    @property
    def may_be_an_ipad(self) -> bool:
        """Safari on an iPad says that it is a Mac."""
        return (self.browser, self.system) == ("Safari", "Mac")

    def __str__(self) -> str:
        return f"{self.browser} {self.system}".strip()


def kind_of(text: str) -> Kind:
    """What a browser says of itself (User-Agent), or what was kept of that, as a kind."""
    text = text[:LONGEST]
    return Kind(_first(BROWSERS, text), _first(SYSTEMS, text))


def _first(kinds: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in kinds if re.search(pattern, text)), "")
