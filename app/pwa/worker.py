"""The service worker's script: `static/sw.js` with the shell's files of this release in front."""

import hashlib
import json
from collections.abc import Callable

from app.core.assets import SOURCE

# What the page without internet needs, and every page after it.
SHELL = ("css/app.css", "fonts/atkinson-latin.woff2", "vendor/htmx-4.0.1.min.js", "js/app.js")


def script(address: Callable[[str], str], offline_page: str) -> str:
    """The worker. Its version changes with the shell, the offline page and its own source; then phones renew them."""
    shell = [address(name) for name in SHELL]
    source = (SOURCE / "sw.js").read_text(encoding="utf-8")
    version = hashlib.sha256("\n".join([*shell, offline_page, source]).encode()).hexdigest()[:12]
    return f'const VERSION = "{version}";\nconst SHELL = {json.dumps(shell)};\n{source}'
