"""Static files with a hash in their name, so that a phone may keep them for ever.

`app/static` is copied at start to DATA_DIR/static with the hash of each file's content in its name and a compressed
copy beside it; WhiteNoise serves that folder. A style sheet's `@import "x.css" layer(name);` lines are replaced by the
files that they name: one request instead of fifteen, no bundler.
"""

import gzip
import hashlib
import os
import re
from pathlib import Path

import brotli
from flask import Flask
from whitenoise import WhiteNoise

SOURCE = Path(__file__).parent.parent / "static"
PREFIX = "/static/"
IMPORT = re.compile(r'^@import "([\w./-]+)"(?: layer\(([\w.-]+)\))?;\n?', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
JS_COMMENT = re.compile(r"^[ ]*/\*.*?\*/\s*?\n", re.MULTILINE | re.DOTALL)
URL = re.compile(r'url\("?(\.\./[\w./-]+)"?\)')
COMPRESSIBLE = {".css", ".js", ".svg", ".webmanifest", ".txt"}
YEAR = 31_536_000


def _inline_imports(text: str, folder: Path) -> str:
    def replace(match: re.Match[str]) -> str:
        body = _inline_imports((folder / match[1]).read_text(), folder)
        return f"@layer {match[2]} {{{body}}}\n" if match[2] else body

    return IMPORT.sub(replace, text)


def _squeeze(css: str) -> str:
    """Leave out comments and the white space that means nothing."""
    css = COMMENT.sub("", css)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(";}", "}").strip()


def _squeeze_script(script: str) -> str:
    """Leave out comments on lines of their own, and indentation; our scripts have no text of several lines."""
    return re.sub(r"^\s+", "", JS_COMMENT.sub("", script), flags=re.MULTILINE)


class Assets:
    """The hashed names of all static files, and the folder that they are served from."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.names: dict[str, str] = {}
        target.mkdir(parents=True, exist_ok=True)
        files = [path for path in sorted(SOURCE.rglob("*")) if path.is_file() and path.suffix != ".md"]
        for path in sorted(files, key=lambda path: path.suffix == ".css"):  # style sheets name the others' hashes
            self._add(path)

    def url(self, name: str) -> str:
        """The address of a static file by its path below app/static. Raises KeyError for one that isn't there."""
        return PREFIX + self.names[name]

    def _add(self, path: Path) -> None:
        name = path.relative_to(SOURCE).as_posix()
        body = self._body(path)
        digest = hashlib.sha256(body).hexdigest()[:10]
        self.names[name] = f"{path.relative_to(SOURCE).with_suffix('').as_posix()}.{digest}{path.suffix}"
        self._write(self.target / self.names[name], body)

    def _body(self, path: Path) -> bytes:
        if path.suffix == ".css":
            return self._css(path)
        if path.parent == SOURCE / "js":
            return _squeeze_script(path.read_text()).encode()
        return path.read_bytes()

    def _css(self, path: Path) -> bytes:
        text = _squeeze(_inline_imports(path.read_text(), path.parent))
        return URL.sub(lambda match: f"url({self.url(match[1].removeprefix('../'))})", text).encode()

    def _write(self, path: Path, body: bytes) -> None:
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in COMPRESSIBLE:
            _put(path.with_name(path.name + ".br"), brotli.compress(body, quality=11))
            _put(path.with_name(path.name + ".gz"), gzip.compress(body, 9, mtime=0))
        _put(path, body)


def _put(path: Path, body: bytes) -> None:
    """Write whole or not at all: several workers start at once."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(body)
    draft.replace(path)


def _add_headers(headers: object, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"  # type: ignore[index]
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"  # type: ignore[index]
    headers["Cross-Origin-Resource-Policy"] = "same-origin"  # type: ignore[index]
    headers["Referrer-Policy"] = "no-referrer"  # type: ignore[index]


def init_app(app: Flask) -> None:
    """Hash the static files and let WhiteNoise serve them; `asset("css/app.css")` in templates gives an address."""
    assets = Assets(app.config["DATA_DIR"] / "static")
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.url
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=assets.target,
        prefix=PREFIX,
        max_age=YEAR,
        allow_all_origins=False,
        add_headers_function=_add_headers,
        immutable_file_test=lambda _path, _url: True,
    )
