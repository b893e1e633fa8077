"""Pages that a mailed link leads to, and the wish for such a mail.

GET and HEAD use nothing up: mail scanners open every link, some run scripts. The link puts its id into the session and
leads on to an address without a token; only the POST with a typed password uses it up.

A set-up link works for all of its 14 days: a school invites on Monday, parents look on Sunday, and a second mail that
must be opened within the hour would lose most of them. The link is single use, dies with a change of address, and
opens an account that holds nothing of the person's own yet. A link for a new password works for 60 minutes.
"""

import uuid

import sqlalchemy as sa
from flask import Response, flash, redirect, request, session, url_for
from flask_babel import gettext as _

from app.accounts import brakes, identity, logging_in, operations, password_rules, passwords, queries
from app.accounts.blueprint import blueprint
from app.accounts.forms import ForgotForm, PasswordForm
from app.accounts.models import Link, Purpose
from app.accounts.queries import OpenedLink
from app.core import clock, tokens, trace
from app.core.access import current_actor, public
from app.core.db import begin_read, begin_write, db, late_write
from app.core.errors import Gone
from app.core.fragments import page


@blueprint.get("/setup/<token>")
@public
def open_setup(token: str) -> Response:
    return _open(Purpose.SETUP, token)


@blueprint.get("/reset/<token>")
@public
def open_reset(token: str) -> Response:
    return _open(Purpose.RESET, token)


@blueprint.get("/not-me/<token>")
@public
def open_not_me(token: str) -> Response:
    return _open(Purpose.NOT_ME, token)


def _open(purpose: Purpose, token: str) -> Response:
    """Note that the link was opened, keep its id, and lead on to the page without it."""
    link_id = tokens.read(purpose.value, token)
    known = link_id is not None and db.session.scalar(sa.select(Link.id).where(Link.id == link_id))
    if not known:
        return _dead(None, status=404)
    opened = sa.update(Link).where(Link.id == link_id, Link.opened_at.is_(None))
    trace.note(opened.values(opened_at=clock.now()))
    session[_key(purpose)] = str(link_id)
    endpoint = {Purpose.SETUP: "setup", Purpose.RESET: "reset", Purpose.NOT_ME: "not_me"}[purpose]
    response = redirect(url_for(f"accounts.{endpoint}"), 303)
    response.headers["X-Robots-Tag"] = "noindex"
    return response  # type: ignore[return-value]


def _key(purpose: Purpose) -> str:
    return f"link:{purpose.value}"


def _opened(purpose: Purpose) -> OpenedLink | None:
    """The link that this browser opened."""
    kept = session.get(_key(purpose))
    return queries.opened_link(uuid.UUID(kept)) if kept else None


def _dead(opened: OpenedLink | None, *, purpose: Purpose | None = None, status: int = 410) -> Response:
    """The page of a link that does not work (any more), with a button for a new one when it is known whose it was."""
    used = opened is not None and opened.link.used_at is not None
    return page("accounts/link_dead.html", status=status, purpose=purpose if opened else None, used=used)


@blueprint.get("/setup")
@public
def setup() -> Response:
    return _password_page(Purpose.SETUP)


@blueprint.get("/reset")
@public
def reset() -> Response:
    return _password_page(Purpose.RESET)


@blueprint.post("/setup")
@public
@late_write
def make_password() -> Response:
    return _make_password(Purpose.SETUP)


@blueprint.post("/reset")
@public
@late_write
def make_new_password() -> Response:
    return _make_password(Purpose.RESET)


def _password_page(purpose: Purpose, form: PasswordForm | None = None, *, status: int = 200) -> Response:
    opened = _opened(purpose)
    if opened is None or not opened.works:
        return _dead(opened, purpose=purpose)
    form = form or PasswordForm(formdata=None)
    masked = mask(opened.link.address)
    return page("accounts/password.html", status=status, form=form, opened=opened, masked=masked, purpose=purpose)


def _make_password(purpose: Purpose) -> Response:
    form, opened = PasswordForm(), _opened(purpose)
    if opened is None or not opened.works:
        return _dead(opened, purpose=purpose)
    if not (form.validate() and _good_enough(form, opened)):
        return _password_page(purpose, form, status=422)
    link_id = opened.link.id
    begin_read()
    password_hash = passwords.hash_password(form.password.data)
    begin_write()
    try:
        account = operations.set_password(link_id, purpose=purpose, password_hash=password_hash)
    except Gone:
        return _dead(_opened(purpose), purpose=purpose)
    identity.enter(account, shared=False)
    logging_in.record_login(current_actor(), shared=False)
    if current_actor().is_guardian:
        flash(_("Uw wachtwoord is gemaakt. U bent ingelogd."), "ok")
    response = redirect(identity.home_of(), 303)
    identity.remember_device(response, account)  # type: ignore[arg-type]
    return response  # type: ignore[return-value]


def _good_enough(form: PasswordForm, opened: OpenedLink) -> bool:
    try:
        password_rules.check(form.password.data, opened.own_words)
    except password_rules.WeakPassword as error:
        form.password.errors = [_(error.message)]
        return False
    return True


@blueprint.post("/setup/fresh")
@public
def fresh_setup() -> Response:
    return _fresh(Purpose.SETUP)


@blueprint.post("/reset/fresh")
@public
def fresh_reset() -> Response:
    return _fresh(Purpose.RESET)


def _fresh(purpose: Purpose) -> Response:
    """Mail a new link in place of the one that this browser opened. The answer is the same whatever was sent."""
    opened = _opened(purpose)
    if opened is None:
        return redirect(url_for("accounts.forgot"), 303)  # type: ignore[return-value]
    current = queries.address_at(opened.account.id, opened.link.school_id)
    if brakes.may_mail(str(opened.account.id), network=request.remote_addr or ""):
        operations.send_fresh_link(opened)
    # Whoever holds an old link may not be the person any more: only the address that it went to is shown.
    same = current is not None and current.email == opened.link.address
    return page("accounts/link_sent.html", masked=mask(opened.link.address) if same else "")


@blueprint.get("/not-me")
@public
def not_me() -> Response:
    opened = _opened(Purpose.NOT_ME)
    if opened is None or not opened.works:
        return _dead(None)
    return page("accounts/not_me.html", done=False)


@blueprint.post("/not-me")
@public
def disown() -> Response:
    opened = _opened(Purpose.NOT_ME)
    try:
        if opened is None:
            raise Gone(operations.LINK_IS_DEAD)
        address = operations.disown_password(opened.link.id)
    except Gone:
        return _dead(None)
    session.pop(_key(Purpose.NOT_ME), None)
    return page("accounts/not_me.html", done=True, masked=mask(address.email) if address else "")


@blueprint.get("/forgot")
@public
def forgot() -> Response:
    return page("accounts/forgot.html", form=ForgotForm(formdata=None), sent=False)


@blueprint.post("/forgot")
@public
def ask_link() -> Response:
    """The same answer, after the same work, for names that are known and names that are not."""
    form = ForgotForm()
    if not form.validate():
        return page("accounts/forgot.html", status=422, form=form, sent=False)
    name, network = form.username.data, request.remote_addr or ""
    found = [candidate.account_id for candidate in queries.candidates(name)]
    keys = [str(account_id) for account_id in found] or [f"name:{name.casefold()}"]
    allowed = [brakes.may_mail(key, network=network) for key in keys]
    operations.ask_links([account_id for account_id, may in zip(found, allowed, strict=False) if may])
    return page("accounts/forgot.html", form=form, sent=True)


def mask(address: str) -> str:
    """`l•••e@voorbeeld.nl`: enough to recognise one's own address, too little to learn another's."""
    local, _at, domain = address.partition("@")
    return f"{local[:1]}•••{local[-1:] if len(local) > 2 else ''}@{domain}"
