"""Settings, all from the environment. In production the portal refuses to start without its secrets."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from click import ClickException

PARENT_IDLE = timedelta(days=30)
PARENT_LIFE = timedelta(days=90)
STAFF_IDLE = timedelta(minutes=60)
STAFF_LIFE = timedelta(hours=12)
SHARED_IDLE = timedelta(minutes=10)


class ConfigError(ClickException):
    """A setting is missing or makes no sense; the message says which and what to do: at the command line that alone."""


def _flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    return default if not value else value in ("1", "true", "yes", "on")


def _secret_key(data_dir: Path, *, demo: bool) -> str:
    """SECRET_KEY; a demo makes one at its first start and keeps it in the data folder.

    What a demo signs (sessions, links in mails) counts nowhere else, not even with the same key.
    """
    key = os.environ.get("SECRET_KEY", "")
    if key:
        if len(key) < 32:
            raise ConfigError("SECRET_KEY is shorter than 32 characters. Make one with: openssl rand -hex 32")
        return f"demo:{key}" if demo else key
    if not demo:
        raise ConfigError("SECRET_KEY is not set. Make one with: openssl rand -hex 32")
    return "demo:" + _kept_key(data_dir / "secret-key")


def _kept_key(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_hex(32))
    return key


def _database_url(data_dir: Path) -> str:
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'portal.sqlite'}"
    return url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url


def _mail(*, demo: bool) -> dict[str, Any]:
    server = os.environ.get("MAIL_SERVER", "")
    folder = _flag("MAIL_FOLDER")
    if not (server or folder or demo):
        raise ConfigError(
            "MAIL_SERVER is not set: the portal has to send mail (invitations, answers). "
            "To try it out, MAIL_FOLDER=1 writes each mail as a file in DATA_DIR/mail instead."
        )
    return {
        "MAIL_SERVER": server,
        "MAIL_FOLDER": folder,
        "MAIL_PORT": int(os.environ.get("MAIL_PORT", "587")),
        "MAIL_USERNAME": os.environ.get("MAIL_USERNAME") or None,
        "MAIL_PASSWORD": os.environ.get("MAIL_PASSWORD") or None,
        "MAIL_USE_TLS": _flag("MAIL_USE_TLS", True),
        "MAIL_USE_SSL": _flag("MAIL_USE_SSL"),
        "MAIL_CA_FILE": os.environ.get("MAIL_CA_FILE") or None,
        "MAIL_TIMEOUT": int(os.environ.get("MAIL_TIMEOUT", "15")),
        "MAIL_SENDER": os.environ.get("MAIL_SENDER", "portaal@localhost"),
        "MAIL_DEBUG": False,
    }


def load() -> dict[str, Any]:
    """All settings as Flask's config wants them.

    Raises ConfigError when a secret or an address is missing outside a demo.
    """
    demo = _flag("DEMO")
    data_dir = Path(os.environ.get("DATA_DIR", "instance")).absolute()
    data_dir.mkdir(parents=True, exist_ok=True)
    public_url = os.environ.get("PUBLIC_URL", "").rstrip("/")
    if not public_url:
        if not demo:
            raise ConfigError("PUBLIC_URL is not set: the links in mails need the portal's own address.")
        public_url = f"http://{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
    secure = urlsplit(public_url).scheme == "https"
    if not (secure or demo or _flag("ALLOW_HTTP")):
        raise ConfigError("PUBLIC_URL must begin with https:// (or set ALLOW_HTTP=1 for a test on your own machine).")
    return {
        "DEMO": demo,
        "DATA_DIR": data_dir,
        "SECRET_KEY": _secret_key(data_dir, demo=demo),
        "SQLALCHEMY_DATABASE_URI": _database_url(data_dir),
        "PUBLIC_URL": public_url,
        "TRUSTED_PROXIES": int(os.environ.get("TRUSTED_PROXIES", "0")),
        **cookie_settings(secure=secure),
        **_mail(demo=demo),
    }


def cookie_settings(*, secure: bool) -> dict[str, Any]:
    """Session cookie: with https it is bound to this very host (`__Host-`)."""
    return {
        "SESSION_COOKIE_NAME": "__Host-portal" if secure else "portal",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": PARENT_LIFE,
    }


# The same for every installation.
FIXED: dict[str, Any] = {
    "BABEL_DEFAULT_LOCALE": "nl",
    "BABEL_DEFAULT_TIMEZONE": "Europe/Amsterdam",
    "COMPRESS_ALGORITHM": ["br", "gzip"],
    "COMPRESS_BR_LEVEL": 3,  # 5 saves a twentieth of the bytes and costs four times the work
    "COMPRESS_BR_WINDOW": 18,  # 256 kB hold any page; without it a window of 4 MB is made for each answer
    "COMPRESS_LEVEL": 6,
    "COMPRESS_MIN_SIZE": 500,
    "COMPRESS_MIMETYPES": ["text/html", "text/javascript", "application/manifest+json"],
    "LANGUAGES": {"nl": "Nederlands", "en": "English"},
    "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 500_000,
    "MAX_FORM_PARTS": 500,
    "ROSTER_MAX_BYTES": 100 * 1024 * 1024,
    "WTF_CSRF_TIME_LIMIT": None,
    "WTF_CSRF_SSL_STRICT": False,  # app.core.origin checks where a request comes from; there is no Referer here
}
