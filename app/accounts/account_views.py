"""One's own account, the same for parents and staff: the password, the devices that are logged in, how one reads."""

import uuid

from flask import Response, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import comfort, devices, identity, operations, password_change, password_rules, sessions, views
from app.accounts.blueprint import blueprint
from app.accounts.forms import ChangePasswordForm
from app.accounts.logging_in import Answer
from app.core import access
from app.core.access import current_actor
from app.core.db import late_write
from app.core.fragments import page
from app.school.queries import children_of


@blueprint.get("/account")
@access.account
def account() -> Response:
    return _account_page()


def _account_page(*, status: int = 200, message: str = "") -> Response:
    _fetch_children()
    live = sessions.live(g.login.actor.account_id)
    found = [(row, devices.kind_of(row.device)) for row in live]
    return page(
        "accounts/account.html",
        status=status,
        message=message,
        username=g.login.username,
        here=[each for each in found if each[0].id == g.login.session_id],
        elsewhere=[each for each in found if each[0].id != g.login.session_id],
        chosen=g.login.comfort,
    )


def _fetch_children() -> None:
    """A parent's tabs lead to the children, on this page as on the others."""
    if current_actor().is_guardian:
        g.children = children_of(current_actor())


@blueprint.get("/account/password")
@access.account
def password() -> Response:
    return _password_page(ChangePasswordForm(formdata=None))


def _password_page(form: ChangePasswordForm, *, status: int = 200, answer: Answer | None = None) -> Response:
    _fetch_children()
    shown = {"form": form, "answer": answer, "username": g.login.username}
    response = page("accounts/change_password.html", status=status, **shown)
    if status == 429:
        response.headers["Retry-After"] = str(views.WAIT_SECONDS)
    return response


@blueprint.post("/account/password")
@access.account
@late_write
def change_password() -> Response:
    form = ChangePasswordForm()
    if not (form.validate() and _good_enough(form)):
        return _password_page(form, status=422)
    outcome = password_change.try_change(
        current_actor(),
        current=form.current.data,
        password=form.password.data,
        network=request.remote_addr or "",
        device=identity.known_device(),
    )
    if outcome.account is None:
        if outcome.answer is Answer.WRONG:
            form.current.errors = [_("Dit wachtwoord klopt niet.")]
        return _password_page(form, status=422 if outcome.answer is Answer.WRONG else 429, answer=outcome.answer)
    shared = g.login.shared
    identity.enter(outcome.account, shared=shared)
    flash(_("Uw wachtwoord is veranderd. Op andere apparaten bent u uitgelogd."))
    response = redirect(url_for("accounts.account"), 303)
    if not shared:
        identity.remember_device(response, outcome.account)  # type: ignore[arg-type]
    return response  # type: ignore[return-value]


def _good_enough(form: ChangePasswordForm) -> bool:
    if form.password.data == form.current.data:
        form.password.errors = [_("Dit is uw wachtwoord van nu. Kies een ander.")]
        return False
    try:
        password_rules.check(form.password.data, password_change.own_words(g.login.actor.account_id))
    except password_rules.WeakPassword as error:
        form.password.errors = [_(error.message)]
        return False
    return True


@blueprint.post("/account/sessions/<uuid:session_id>/logout")
@access.account
def end_session(session_id: uuid.UUID) -> Response:
    """Log out one device; of this very one it is what logging out always is."""
    if session_id == g.login.session_id:
        return views.logout()
    operations.end_session(session_id, actor=current_actor())
    flash(_("Het apparaat is uitgelogd."))
    return redirect(url_for("accounts.account"), 303)  # type: ignore[return-value]


@blueprint.post("/account/sessions/logout")
@access.account
def end_other_sessions() -> Response:
    count = operations.end_other_sessions(actor=current_actor(), but=g.login.session_id)
    flash(ngettext("%(num)s apparaat is uitgelogd.", "%(num)s apparaten zijn uitgelogd.", count))
    return redirect(url_for("accounts.account"), 303)  # type: ignore[return-value]


@blueprint.post("/account/comfort")
@access.account
def choose_comfort() -> Response:
    """Each button is one choice, so that it shows at once."""
    chosen = comfort.read(request.form)
    if not chosen:
        return _account_page(status=422, message=_("Kies iets uit de lijst."))
    operations.choose_comfort(chosen, actor=current_actor())
    return redirect(url_for("accounts.account", _anchor="comfort-h"), 303)  # type: ignore[return-value]
