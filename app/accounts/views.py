"""Logging in and out, and the language: pages for everybody."""

from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Response, current_app, g, make_response, redirect, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from app.accounts import events, identity, logging_in
from app.accounts.blueprint import blueprint
from app.accounts.forms import LoginForm
from app.accounts.logging_in import Answer
from app.accounts.models import Account
from app.core import audit
from app.core.access import current_actor, public, wants_fragment
from app.core.db import db, late_write
from app.core.fragments import page

WAIT_SECONDS = 300
CLEAR = '"cache", "cookies", "storage"'


@blueprint.get("/login")
@public
def login() -> Response:
    form = LoginForm(formdata=None, next=local_path(request.args.get("next")) or "")
    return _login_page(form)


@blueprint.post("/login")
@public
@late_write
def log_in() -> Response:
    form = LoginForm()
    if not form.validate():
        return _login_page(form, status=422)
    outcome = logging_in.try_password(
        form.username.data, form.password.data, network=request.remote_addr or "", device=identity.known_device()
    )
    if outcome.account is None:
        return _not_in(form, outcome.answer)
    return _in(form, outcome.account)


def _not_in(form: LoginForm, answer: Answer) -> Response:
    if answer is Answer.WAIT:
        response = _login_page(form, status=429, answer=answer)
        response.headers["Retry-After"] = str(WAIT_SECONDS)
        return response
    return _login_page(form, status=429 if answer is Answer.RESET else 422, answer=answer)


def _in(form: LoginForm, account: Account) -> Response:
    chosen = session.get("language")
    if chosen in current_app.config["LANGUAGES"]:
        account.language = chosen  # chosen on the log-in page, just now
    identity.enter(account, shared=form.shared.data)
    logging_in.record_login(current_actor(), shared=form.shared.data)
    if wants_fragment():
        g.pop("csrf_token", None)  # made for the session that has just ended
        return page("accounts/login.html", fragment="accounts/_panel.html", fresh_token=generate_csrf(), answer=None)
    response = redirect(local_path(form.next.data) or identity.home_of(), 303)
    if not form.shared.data:
        identity.remember_device(response, account)  # type: ignore[arg-type]
    return response  # type: ignore[return-value]


def _login_page(form: LoginForm, *, status: int = 200, answer: Answer | None = None) -> Response:
    return page(
        "accounts/login.html",
        fragment="accounts/_panel.html",
        status=status,
        form=form,
        answer=answer,
        logged_in=current_actor().account_id,
    )


@blueprint.post("/logout")
@public
def logout() -> Response:
    """End the session and have the browser forget all it keeps of the portal."""
    actor = current_actor()
    identity.leave()
    if actor.account_id is not None:
        audit.record(events.LOGOUT, actor=actor, subject_id=actor.account_id)
    response = page("accounts/logged_out.html")
    response.headers["Clear-Site-Data"] = CLEAR
    return response


@blueprint.get("/language")
@public
def language() -> Response:
    return page("accounts/language.html", back=local_path(request.args.get("next")) or "/")


@blueprint.post("/language")
@public
def choose_language() -> Response:
    """Keep the chosen language with the account, or in this browser for who is not logged in."""
    chosen = request.form.get("language", "")
    if chosen not in current_app.config["LANGUAGES"]:
        message = _("Kies een taal uit de lijst.")
        return make_response(page("accounts/language.html", status=422, back="/", message=message))
    session["language"] = chosen
    account_id = current_actor().account_id
    if account_id is not None:
        db.session.execute(sa.update(Account).where(Account.id == account_id).values(language=chosen))
    return redirect(local_path(request.form.get("next")) or "/", 303)  # type: ignore[return-value]


def local_path(text: str | None) -> str | None:
    """The text when it is a path of this site, else None: a log-in never leads to another site."""
    if not text or not text.startswith("/") or text.startswith("//") or "\\" in text:
        return None
    if any(character <= " " or character == "\x7f" for character in text):
        return None  # browsers leave out tabs and line ends: "/<tab>/elsewhere" would be "//elsewhere"
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else text
