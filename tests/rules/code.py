"""The code as text and as trees: what the rules look at."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
TEMPLATES = APP / "templates"


def modules() -> dict[str, Path]:
    """Every module of the app by its path from the root."""
    return {path.relative_to(ROOT).as_posix(): path for path in sorted(APP.rglob("*.py"))}


def functions(path: Path) -> list[ast.FunctionDef]:
    """A module's own functions; what a method does is often said by the class that it answers to."""
    return [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]


def templates(*, mail: bool = True) -> dict[str, str]:
    """The source of every template by its name."""
    found = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text()
        for path in sorted(TEMPLATES.rglob("*"))
        if path.suffix in (".html", ".txt") and "icons" not in path.parts
    }
    return {name: text for name, text in found.items() if mail or not name.startswith("mail/")}


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
