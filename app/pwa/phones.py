"""Which of the explanations fits a browser. A wrong guess only opens the wrong one of a list."""

import re

# The first that fits; what sits inside another app (Gmail, Facebook) can't put anything on a phone.
KINDS = (
    ("inside", r"FBA[NV]|FB_IAB|Instagram|WhatsApp|GSA/|; wv\)|(?:iPhone|iPad)(?!.*Safari/)"),
    ("apple", r"iPhone|iPad"),
    ("firefox", r"Android.*Firefox/"),
    ("samsung", r"SamsungBrowser/"),
    ("android", r"Android"),
    ("mac", r"Macintosh(?!.*(?:Chrome|Firefox|Edg)/).*Safari/"),
)


def phone_of(user_agent: str) -> str:
    """inside, apple, firefox, samsung, android, mac, or computer."""
    return next((kind for kind, pattern in KINDS if re.search(pattern, user_agent)), "computer")
