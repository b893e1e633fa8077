"""Who makes this request: from the cookie's token to `g.actor`, by way of Flask-Login.

The cookie holds the token of a row in `login_session`; there is no remember cookie, because that one can't be ended.
"""

import secrets
import uuid
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from itsdangerous import BadSignature, URLSafeSerializer

from app.accounts import comfort, devices, sessions
from app.accounts.brakes import Device
from app.accounts.models import Account
from app.core.access import current_actor

DEVICE_LIFE = 365 * 86_400
DEVICE_KEY_BYTES = 16


class Person(UserMixin):
    """What Flask-Login keeps: the token, and who that is."""

    def __init__(self, token: str, loaded: sessions.Loaded | None = None) -> None:
        self.token = token
        self.loaded = loaded

    def get_id(self) -> str:
        return self.token


def _load(token: str) -> Person | None:
    loaded = sessions.load(token)
    return Person(token, loaded) if loaded else None


def identify() -> None:
    """Set `g.actor` and `g.language`; a token that no longer works makes an anonymous request."""
    if request.endpoint == "core.health" or "_user_id" not in session:
        return
    if not current_user.is_authenticated:
        session.pop("_user_id")
        session.pop("_fresh", None)
        return
    g.login = current_user.loaded
    g.actor = g.login.actor
    g.language = g.login.language
    g.comfort = comfort.variables(g.login.comfort)


def _sign_of_life(_error: BaseException | None) -> None:
    """After the request, when its transaction is over: a second one beside it would wait for the first."""
    loaded = g.get("login")
    if loaded is not None and sessions.wants_sign_of_life(loaded):
        sessions.note_sign_of_life(loaded)


def enter(account: Account, *, shared: bool) -> None:
    """Log this browser in: everything that it held before is dropped, so that nobody can have planted it."""
    device = str(devices.kind_of(request.user_agent.string))
    token = sessions.start_session(account, shared=shared, device=device)
    session.clear()
    loaded = sessions.load(token)
    session.permanent = not shared and loaded is not None and not loaded.actor.is_staff
    login_user(Person(token, loaded))
    if loaded is not None:
        g.actor = loaded.actor


def leave() -> None:
    """End this browser's session, here and in the database."""
    token = session.get("_user_id")
    if token:
        sessions.end(token)
    session.clear()
    g.pop("login", None)
    g.pop("_login_user", None)


def home_of(actor: Any = None) -> str:
    """Where somebody begins: a parent with the children, staff with the desk."""
    actor = actor or current_actor()
    return "/desk" if actor.is_staff and not actor.is_guardian else "/"


def _device_serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="known-device")


def _device_cookie() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def known_device() -> Device | None:
    """The browser as it was at an earlier log-in; None when it never was, or its cookie was not made here."""
    try:
        account_id, key = _device_serializer().loads(request.cookies.get(_device_cookie(), ""))
    except (BadSignature, ValueError, TypeError):
        return None

    return Device(uuid.UUID(account_id), key)


def remember_device(response: Response, account: Account) -> None:
    """Let this browser be recognised at the next log-in to this account. It gives no right, only tries of its own."""

    device = known_device()
    key = device.key if device and device.account_id == account.id else secrets.token_urlsafe(DEVICE_KEY_BYTES)
    response.set_cookie(
        _device_cookie(),
        _device_serializer().dumps([str(account.id), key]),
        max_age=DEVICE_LIFE,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def init_app(app: Flask) -> None:
    """Find out who asks, before every request."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(_load)
    app.before_request(identify)
    app.context_processor(lambda: g.get("comfort", {}))
    app.teardown_request(_sign_of_life)
