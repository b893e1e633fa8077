"""The texts of the portal: as the code holds them, and as the catalogues translate them."""

import ast
import re
import tempfile
from functools import cache
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.rules.code import APP, ROOT, modules, without_comments

CATALOGUES = APP / "translations"
# The desk is for people who know the school's words and its files.
STAFF = re.compile(
    r"app/(desk|roster|demo)/|app/accounts/(staff|guardian_list|invitations|cli)|app/templates/(desk|roster|demo|staff)"
    r"|app/templates/accounts/(_?guardians?|_?progress|invitations|_panel)\b|app/templates/mail/changes/review/"
    r"|app/templates/components/(segmented|reason|upload|compare)"
)


@cache
def texts() -> dict[str, tuple[set[str], str]]:
    """Every Dutch text (one of a pair by its singular): the files that it stands in, and its plural or ""."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found: dict[str, tuple[set[str], str]] = {}
    for name, _line, text, _comments, _context in extract_from_dir(ROOT, methods, options):
        singular, plural = text if isinstance(text, tuple) else (text, "")
        files, known = found.setdefault(singular, (set(), plural))
        files.add(Path(name).as_posix())
        found[singular] = (files, plural or known)
    return found


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def compile_stale(language: str) -> None:
    """The app reads compiled catalogues, and keeps them; one that is older than its source is made anew.

    Another process may be about to do the same: the file is never there by half.
    """
    source = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    compiled = source.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
        with tempfile.NamedTemporaryFile(dir=compiled.parent, suffix=".new", delete=False) as file:
            write_mo(file, catalogue(language))
        Path(file.name).replace(compiled)


def for_parents() -> dict[str, set[str]]:
    """The texts that stand somewhere else than at the desk, with their plurals."""
    found = {}
    for text, (files, plural) in texts().items():
        own = {name for name in files if not STAFF.match(name)}
        if own:
            found |= {each: own for each in (text, plural) if each}
    return found


def sentences(text: str) -> list[list[str]]:
    """The words of each sentence; a placeholder is a word."""
    words = [re.findall(r"[^\s–·]*[\w%][^\s–·]*", sentence) for sentence in re.split(r"(?<=[.?!])\s+", text)]
    return [each for each in words if each]


def strings(path: Path) -> list[tuple[int, str]]:
    """The text constants of a module that are no docstrings, with their lines."""
    tree = ast.parse(path.read_text())
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    ]


def unmarked(known: set[str], *, without: re.Pattern) -> list[str]:
    """Constants in the code that read as Dutch and are not among the texts."""
    dutch = re.compile(r"\b(de|het|een|niet|deze|dit|geen|uw?|wordt|staat|zijn|hebt|heeft|van|voor)\b", re.IGNORECASE)
    return [
        f"{name}:{line}: {text}"
        for name, path in modules().items()
        if not without.match(name)
        for line, text in strings(path)
        if text not in known and " " in text.strip() and dutch.search(text)
    ]


# The names of columns, which a file has in Dutch; of keys; the one English line on a Dutch page, for who reads no Dutch.
NOT_OURS = (
    re.compile(r'<p class="code">[^<]*</p>'),
    re.compile(r"<dt>Alt [^<]*</dt>"),
    re.compile(r'<p [^<>]*lang="en">[^<]*</p>'),
)
SHOWN_ATTRIBUTE = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')
LETTERS = re.compile(r"[^\W\d_]{2,}")
TAG = re.compile(r"""</?[a-z!\s](?:[^<>"']|"[^"]*"|'[^']*')*>""")


def outside_jinja(text: str) -> str:
    """A template without what Jinja puts in: its own words, if it has any, and tags."""
    text = without_comments(text)
    for pattern in NOT_OURS:
        text = pattern.sub("", text)
    text = re.sub(r"\{% block \w*class %\}.*?\{% endblock %\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    return re.sub(r"<!--.*?-->|<!doctype[^>]*>|<style>.*?</style>", " ", text, flags=re.DOTALL | re.IGNORECASE)
