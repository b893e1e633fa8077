"""The web app manifest: the file `manifest.webmanifest`, with the addresses that the static files have today."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

RECORD = Path(__file__).parents[2] / "manifest.webmanifest"
SHORT = 12  # characters that fit under an icon


def build(school: str, *, address: Callable[[str], str], static: Path) -> dict[str, Any]:
    """The manifest of a portal for this school or board ("" for none in particular).

    `address` gives the public address of a file below the folder `static`. Screenshots that aren't there are left out.
    """
    manifest = json.loads(RECORD.read_text(encoding="utf-8"))
    if school:
        manifest["name"] = f"Ouderportaal {school}"
        manifest["short_name"] = school if len(school) <= SHORT else manifest["short_name"]
    shots = [shot for shot in manifest["screenshots"] if (static / shot["src"]).is_file()]
    for shot in shots:
        shot["sizes"] = _size(static / shot["src"])
    manifest["screenshots"] = shots
    for image in [*manifest["icons"], *shots, *(icon for cut in manifest["shortcuts"] for icon in cut["icons"])]:
        image["src"] = address(image["src"])
    return manifest


def _size(png: Path) -> str:
    """`780x1688`, from the first bytes of the picture."""
    with png.open("rb") as file:
        width, height = struct.unpack(">II", file.read(24)[16:])
    return f"{width}x{height}"
