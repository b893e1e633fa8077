"""Lighthouse's marks for a child's page, as a logged-in parent on a phone. From npm, pinned in bench/package.json."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.browser import cookies_of
from bench.portal import Portal
from tests.support.browser import executable

HERE = Path(__file__).resolve().parent
PROGRAM = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices")


class Missing(RuntimeError):
    """What it takes is not on this machine; the message says what."""


def install() -> None:
    """Get Lighthouse once. Raises Missing without Node and npm, or when npm can't fetch it."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Missing(
            "Lighthouse was not run: it needs Node 18.16 or newer with npm (on Debian: apt-get install nodejs npm)."
        )
    if PROGRAM.exists():
        return
    done = subprocess.run(
        ["npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"],
        cwd=HERE, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode != 0 or not PROGRAM.exists():
        raise Missing(f"Lighthouse was not run: npm could not install it.\n{done.stderr[-500:]}")


def measure(portal: Portal) -> tuple[dict[str, int], list[str]]:
    """The marks by category, and what cost points."""
    install()
    cookies, url = cookies_of(portal)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        header = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)
        (folder / "headers.json").write_text(json.dumps({"Cookie": header}))
        done = subprocess.run(
            [
                "node", PROGRAM, url, "--quiet", "--output=json", f"--output-path={folder / 'report.json'}",
                f"--extra-headers={folder / 'headers.json'}", f"--only-categories={','.join(CATEGORIES)}",
                "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
            ],
            env={**os.environ, "CHROME_PATH": executable()}, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        if done.returncode != 0:
            raise Missing(f"Lighthouse failed:\n{done.stderr[-800:]}")
        report = json.loads((folder / "report.json").read_text())
    if not report["finalDisplayedUrl"].startswith(url):
        raise Missing(f"Lighthouse saw {report['finalDisplayedUrl']} instead of a child's page.")
    return {name: round(report["categories"][name]["score"] * 100) for name in CATEGORIES}, _costs(report)


def _costs(report: dict) -> list[str]:
    found = []
    for category in CATEGORIES:
        for reference in report["categories"][category]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                found.append(f"{category}: {audit['title']} ({audit.get('displayValue') or audit['score']})")
    return found
