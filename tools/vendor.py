"""Fetch the third-party files that the browser gets, each by exact version.

Run by hand when a version below changes; the results are committed, so that
neither the server nor CI needs npm:

    .venv/bin/python tools/vendor.py
"""

import hashlib
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "app" / "static"
ICONS = ROOT / "app" / "templates" / "components" / "icons"

HTMX = "4.0.1"
FONT = "5.3.0"
PHOSPHOR = "2.1.1"

# The letters of Western Europe and Turkish, and the punctuation of our own texts; the rest is in the second file.
# Left out of Latin-1: signs that no name and no text of ours has (¼, ¶, ð …). It saves 2 kB of each first visit.
LATIN = (
    "U+0020-007E,U+00A0,U+00A3,U+00A7,U+00A9,U+00AB,U+00B0,U+00B2,U+00B4,U+00B7,U+00BB,U+00BD,U+00BF-00CF,U+00D1-00DD,"
    "U+00DF-00EF,U+00F1-00F6,U+00F8-00FD,U+00FF,U+0131,U+0152-0153,U+2010-2011,U+2013-2014,U+2018-201A,U+201C-201E,"
    "U+2022,U+2026,U+20AC,U+2191,U+2193,U+2212"
)
LATIN_EXT = "U+0100-0130,U+0132-0151,U+0154-017F,U+0218-021B,U+1E9E"


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        htmx = unpack(folder, f"htmx.org@{HTMX}")
        font = unpack(folder, f"@fontsource-variable/atkinson-hyperlegible-next@{FONT}")
        phosphor = unpack(folder, f"@phosphor-icons/core@{PHOSPHOR}")
        vendor_htmx(htmx)
        vendor_font(font)
        vendor_icons(phosphor)
    write_list()


def unpack(folder, package):
    name = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()
    target = folder / name.removesuffix(".tgz")
    with tarfile.open(folder / name) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def vendor_htmx(package):
    target = STATIC / "vendor"
    target.mkdir(parents=True, exist_ok=True)
    for old in target.glob("htmx-*.min.js"):
        old.unlink()
    (target / f"htmx-{HTMX}.min.js").write_bytes((package / "dist" / "htmx.min.js").read_bytes())
    (target / "htmx-LICENSE.txt").write_text((package / "LICENSE").read_text())


def vendor_font(package):
    target = STATIC / "fonts"
    target.mkdir(parents=True, exist_ok=True)
    for part, unicodes in (("latin", LATIN), ("latin-ext", LATIN_EXT)):
        source = package / "files" / f"atkinson-hyperlegible-next-{part}-wght-normal.woff2"
        write_subset(source, unicodes, target / f"atkinson-{part}.woff2")
    (target / "OFL.txt").write_text((package / "LICENSE").read_text())


def write_subset(source, unicodes, target):
    font = TTFont(source)
    options = subset.Options(layout_features=["ccmp", "kern", "locl", "mark"], hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(unicodes))
    subsetter.subset(font)
    with tempfile.NamedTemporaryFile(suffix=".ttf") as step:
        font.flavor = None
        font.save(step.name)
        font = TTFont(step.name)
        # Only the weights that the stylesheet uses.
        instancer.instantiateVariableFont(font, {"wght": (400, 400, 700)}, inplace=True)
        font.flavor = "woff2"
        font.save(target)


def vendor_icons(package):
    """`name.svg` in our folder is regular, `name-fill.svg` and `name-bold.svg` those weights."""
    wanted = (ICONS / "phosphor.txt").read_text().split()
    for name in wanted:
        weight = next((w for w in ("fill", "bold") if name.endswith(f"-{w}")), "regular")
        source = (package / "assets" / weight / f"{name}.svg").read_text()
        paths = "".join(re.findall(r"<(?:path|circle|rect|line|polyline)\b[^>]*/>", source))
        (ICONS / f"{name}.svg").write_text(paths + "\n")
    (ICONS / "LICENSE.txt").write_text((package / "LICENSE").read_text())


def write_list():
    rows = [
        (f"vendor/htmx-{HTMX}.min.js", f"htmx.org {HTMX}", "0BSD"),
        ("fonts/atkinson-latin.woff2", f"Atkinson Hyperlegible Next, @fontsource-variable {FONT}", "OFL-1.1"),
        ("fonts/atkinson-latin-ext.woff2", f"Atkinson Hyperlegible Next, @fontsource-variable {FONT}", "OFL-1.1"),
    ]
    lines = [
        "# Third-party files",
        "",
        "Written by `tools/vendor.py`. Each licence stands beside its file.",
        f"Icons in `templates/components/icons` listed in its `phosphor.txt`: @phosphor-icons/core {PHOSPHOR}, MIT.",
        "",
        "| file | name, version | licence | SHA-256 |",
        "|---|---|---|---|",
    ]
    for path, name, licence in rows:
        digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()
        lines.append(f"| {path} | {name} | {licence} | `{digest}` |")
    (STATIC / "vendor" / "VENDOR.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
