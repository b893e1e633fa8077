"""The staff's list of guardians: who was invited, inviting them, correcting an address."""

import uuid
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts import guardian_list, invitations
from app.accounts.blueprint import blueprint
from app.accounts.forms import AddressForm
from app.accounts.guardian_list import Row, State, Wanted
from app.core.access import current_actor, staff, wants_fragment
from app.core.actor import Permission
from app.core.forms import UNPRINTABLE
from app.core.fragments import page
from app.school.models import Guardian

STATES = {
    State.NO_CUSTODY: _l("Zonder gezag"),
    State.NO_ADDRESS: _l("Geen e-mailadres"),
    State.WRONG: _l("Verkeerd e-mailadres"),
    State.BOUNCED: _l("E-mailadres werkt niet"),
    State.UNINVITED: _l("Nog niet uitgenodigd"),
    State.INVITED: _l("Uitgenodigd"),
    State.OPENED: _l("Link geopend"),
    State.ACTIVE: _l("Actief"),
}
LONGEST_SEARCH = 100


@blueprint.get("/desk/guardians")
@staff(Permission.GUARDIANS_READ)
def guardians() -> Response:
    """Every guardian of the school with the state of the invitation."""
    actor, wanted = current_actor(), _wanted()
    return page(
        "accounts/guardians.html",
        fragment="accounts/_guardians.html",
        listing=guardian_list.listing(actor, wanted),
        wanted=wanted,
        may_invite=_schools_to_invite(),
        states=STATES,
        jobs=guardian_list.running(actor, invitations.INVITE_MANY),
        address=_address,
    )


def _wanted() -> Wanted:
    """The filters out of the address; what makes no sense there is left out."""
    given = request.args
    text = UNPRINTABLE.sub("", given.get("q", ""))[:LONGEST_SEARCH].strip()
    state = given.get("state", "")
    number = given.get("page", "")
    return Wanted(
        text=text,
        state=State(state) if state in set(State) else None,
        group_id=_uuid(given.get("group")),
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )


def _address(**changes: Any) -> str:
    """The address of the list with some filters changed."""
    wanted = _wanted()
    given: dict[str, Any] = {"q": wanted.text, "state": wanted.state, "group": wanted.group_id} | changes
    return url_for("accounts.guardians", **{name: value for name, value in given.items() if value})


def _uuid(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


def _schools_to_invite() -> frozenset[uuid.UUID]:
    return frozenset(current_actor().schools_with(Permission.GUARDIANS_INVITE))


@blueprint.get("/desk/guardians/progress")
@staff(Permission.GUARDIANS_READ)
def progress() -> Response:
    """How far the inviting of many is; the piece asks for itself again until it is done."""
    jobs = guardian_list.running(current_actor(), invitations.INVITE_MANY)
    return page("accounts/progress.html", fragment="accounts/_progress.html", jobs=jobs)


@blueprint.get("/desk/guardians/<uuid:guardian_id>")
@staff(Permission.GUARDIANS_READ)
def guardian(guardian_id: uuid.UUID) -> Response:
    return _one(guardian_list.row_of(current_actor(), guardian_id))


def _one(row: Row, *, form: AddressForm | None = None, status: int = 200, said: str = "") -> Response:
    return page(
        "accounts/guardian.html",
        fragment="accounts/_guardian.html",
        status=status,
        row=row,
        form=form,
        said=said,
        may_invite=_schools_to_invite(),
        states=STATES,
    )


@blueprint.post("/desk/guardians/<uuid:guardian_id>/invitation")
@staff(Permission.GUARDIANS_INVITE)
def invite(guardian_id: uuid.UUID) -> Response:
    """Invite one guardian, or send the invitation again."""
    actor = current_actor()
    invitations.invite(guardian_list.guardian_of(actor, guardian_id), actor=actor)
    return _done(guardian_id, _("De e-mail gaat nu weg."))


@blueprint.get("/desk/guardians/<uuid:guardian_id>/address")
@staff(Permission.GUARDIANS_INVITE)
def address(guardian_id: uuid.UUID) -> Response:
    found = guardian_list.guardian_of(current_actor(), guardian_id)
    return _one(_row(found), form=_address_form(found, formdata=None))


@blueprint.post("/desk/guardians/<uuid:guardian_id>/address")
@staff(Permission.GUARDIANS_INVITE)
def correct_address(guardian_id: uuid.UUID) -> Response:
    """Correct the mail address, and with `send` invite at the new one at once."""
    actor = current_actor()
    found = guardian_list.guardian_of(actor, guardian_id)
    form = _address_form(found)
    if not form.validate():
        return _one(_row(found), form=form, status=422)
    invitations.correct_email(found, form.email.data, actor=actor)
    if "send" not in request.form:
        return _done(guardian_id, _("Het e-mailadres is aangepast."))
    invitations.invite(found, actor=actor)
    return _done(guardian_id, _("Het e-mailadres is aangepast. De e-mail gaat nu weg."))


def _row(found: Guardian) -> Row:
    return guardian_list.row_of(current_actor(), found.id)


def _address_form(found: Guardian, **options: Any) -> AddressForm:
    form = AddressForm(obj=found, **options)
    form.email.id = f"email-{found.id}"  # several may be open on one page
    return form


def _done(guardian_id: uuid.UUID, message: str) -> Response:
    if wants_fragment():
        return _one(guardian_list.row_of(current_actor(), guardian_id), said=message)
    flash(message)
    return redirect(url_for("accounts.guardian", guardian_id=guardian_id), 303)  # type: ignore[return-value]


@blueprint.get("/desk/guardians/invitations")
@staff(Permission.GUARDIANS_INVITE)
def confirm_invitations() -> Response:
    """The step before many mails leave: how many, to whom."""
    actor, group_id = current_actor(), _uuid(request.args.get("group"))
    name = guardian_list.group_name(actor, group_id) if group_id else ""
    number = len(guardian_list.to_invite(actor, group_id=group_id))
    return page("accounts/invitations.html", number=number, group_id=group_id, group_name=name)


@blueprint.post("/desk/guardians/invitations")
@staff(Permission.GUARDIANS_INVITE)
def invite_many() -> Response:
    """Invite all who were not invited yet, in a group or at the whole school."""
    actor, group_id = current_actor(), _uuid(request.form.get("group"))
    if group_id:
        guardian_list.group_name(actor, group_id)
    sent, jobs = invitations.invite_many(guardian_list.to_invite(actor, group_id=group_id), actor=actor)
    if jobs:
        flash(_("De uitnodigingen gaan nu weg. Hieronder ziet u hoe ver het is."))
    else:
        flash(ngettext("%(num)s uitnodiging gaat nu weg.", "%(num)s uitnodigingen gaan nu weg.", sent))
    return redirect(url_for("accounts.guardians", group=group_id), 303)  # type: ignore[return-value]
