"""Parents' routes of the pencil: see a card, open its form, send, take back, send again, put an answer away.

One set for every section. Everything works without JavaScript; htmx swaps the same card in place.
"""

import uuid
from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for

from app.changes import brakes, decisions, operations, queries, subjects
from app.changes.cards import Card
from app.changes.messages import CONFIRM_PURPOSE
from app.changes.models import ChangeRequest, ItemState, Subject
from app.changes.operations import ChangedMeanwhile
from app.changes.places import Place, place_of
from app.changes.registry import Values, section, version_of
from app.core import tokens
from app.core.access import current_actor, guardian, public, wants_fragment
from app.core.db import db
from app.core.errors import Conflict, DomainError, Gone, NotFound
from app.core.fragments import page
from app.core.languages import gettext as _
from app.school.queries import Child, children_of

blueprint = Blueprint("changes", __name__)


def _show(place: Place, *, said: str = "", focus: bool = False, again: ChangeRequest | None = None) -> Response:
    return page(
        "changes/section.html",
        fragment="changes/_card.html",
        card=place.card(),
        said=said,
        focus=focus,
        again=again,
        suffix=place.suffix,
        **place.shell(),
    )


@blueprint.get("/children/<uuid:pupil_id>/<section_key>")
@guardian
def show(pupil_id: uuid.UUID, section_key: str) -> Response:
    """A card of a child's record."""
    return _show(Place(pupil_id, section_key), focus="focus" in request.args)


@blueprint.get("/me/<section_key>")
@guardian
def show_own(section_key: str) -> Response:
    """A card of one's own data."""
    return _show(Place(None, section_key), focus="focus" in request.args)


@blueprint.get("/children/<uuid:pupil_id>/<section_key>/edit")
@guardian
def edit(pupil_id: uuid.UUID, section_key: str) -> Response:
    """The card as a form, in place."""
    return _form(Place(pupil_id, section_key))


@blueprint.get("/me/<section_key>/edit")
@guardian
def edit_own(section_key: str) -> Response:
    """One's own card as a form, in place."""
    return _form(Place(None, section_key))


def _form(place: Place) -> Response:
    card = _changeable(place)
    values = {**place.values, **_shown_in_form(place, card)}
    form = place.form(formdata=None, data=place.section.fill(values))
    return _answer_form(place, card, form, status=200)


def _shown_in_form(place: Place, card: Card) -> Values:
    """A form shows what is pending; after a refusal, on request (`?again`), what the parent sent then."""
    marks = queries.marks_of((place.whose.guardian_id,), [place.whose.subject_id])
    states = {ItemState.PROPOSED, ItemState.REJECTED} if "again" in request.args else {ItemState.PROPOSED}
    own = marks.get((place.whose.subject_id, place.section.key), [])
    return {mark.key: mark.proposed for mark in own if mark.state in states}


def _changeable(place: Place) -> Card:
    card = place.card()
    if not card.may_change:
        raise NotFound
    return card


def _answer_form(place: Place, card: Card, form: Any, *, status: int, **context: Any) -> Response:
    """The form with its messages; it carries the fingerprints of the values that the parent is shown."""
    context = {"error": None, "clash": {}, "form_key": uuid.uuid4().hex, **context}
    return page(
        "changes/edit.html",
        fragment="changes/_form.html",
        status=status,
        card=card,
        form=form,
        version=context.pop("version", version_of(place.values)),
        now=place.section.fill(place.values),
        place=place,
        **context,
        **place.shell(),
    )


@blueprint.post("/children/<uuid:pupil_id>/<section_key>/edit")
@guardian
def send(pupil_id: uuid.UUID, section_key: str) -> Response:
    """Send the form: it becomes a pending change request."""
    return _send(Place(pupil_id, section_key))


@blueprint.post("/me/<section_key>/edit")
@guardian
def send_own(section_key: str) -> Response:
    """Send the form about one's own data."""
    return _send(Place(None, section_key))


def _braked() -> None:
    """Refuse (429) who sends more forms than people do. The count stands whatever becomes of the form."""
    account_id = current_actor().account_id
    allowed = account_id is not None and brakes.may_send(account_id)
    db.session.commit()
    if not allowed:
        abort(429)


def _send(place: Place) -> Response:
    _braked()
    card = _changeable(place)
    form = place.form(formdata=request.form)
    if getattr(form, "reshape", None) and form.reshape(request.form):
        return _answer_form(place, card, form, status=200, version=request.form.get("version", ""))
    form_key, version = request.form.get("form_key", ""), request.form.get("version", "")
    if not form.validate():
        return _answer_form(place, card, form, status=422, version=version, form_key=form_key)
    try:
        outcome = operations.propose(
            actor=current_actor(),
            draft=place.draft(form_key, version),
            typed=place.section.typed(form, place.values),
            insist="insist" in request.form,
        )
    except ChangedMeanwhile as clash:
        return _answer_form(place, card, form, status=409, clash=_clash_lines(place, clash.current))
    except DomainError as error:
        return _refused(place, card, form, error, version)
    return _sent(place, outcome)


def _clash_lines(place: Place, current: Values) -> dict[str, list[str]]:
    """What the school has now, in words, by the label of each item that changed meanwhile."""
    items = {item.key: item for item in place.section.items({**place.values, **current})}
    return {str(items[key].label): items[key].show(value) for key, value in current.items() if key in items}


def _refused(place: Place, card: Card, form: Any, error: DomainError, version: str) -> Response:
    db.session.rollback()
    if account_id := current_actor().account_id:
        brakes.note_refusal(account_id)
        db.session.commit()
    message = _(error.message, **error.values)
    field = form.field_of(error.field or "")
    if field is not None:
        field.errors = [*field.errors, message]
        message = None
    return _answer_form(place, card, form, status=422, version=version, error=message)


def _sent(place: Place, outcome: operations.Outcome) -> Response:
    if outcome.sent or outcome.repeated:
        said = _("Doorgegeven. De school kijkt het na.")
    elif outcome.taken_back:
        said = _("Er verandert niets. Uw eerdere wijziging is ingetrokken.")
    elif outcome.request is not None:
        said = _("Er verandert niets. De school kijkt dit al na.")
    else:
        said = _("Er verandert niets. Dit stond al zo bij school.")
    return _back(place, said)


def _back(place: Place, said: str, again: ChangeRequest | None = None) -> Response:
    """After a POST: the card to htmx, the page that it stands on to a browser (303), each with what happened."""
    if wants_fragment():
        return _show(place, said=said, focus=True, again=again)
    flash(said, "again:" + str(again.id) if again else "ok")
    return redirect(place.url, 303)  # type: ignore[return-value]


@blueprint.get("/changes")
@guardian
def index() -> Response:
    """Everything that this parent passed on, and what became of it."""
    children = g.children = children_of(current_actor())
    requests = queries.requests_of(current_actor())
    return page("changes/index.html", requests=[_listed(change, children) for change in requests])


def _listed(change: ChangeRequest, children: list[Child]) -> dict[str, Any]:
    declared = section(change.subject, change.section)
    child = next((child for child in children if child.id == change.subject_id), None)
    name = child.first_name if child else ""
    gone = change.subject is Subject.PUPIL and child is None
    shown = [] if declared is None or gone else [_listed_item(declared, item) for item in change.items]
    return {"request": change, "title": declared.title(name) if shown else _("Wijziging"), "items": shown}


def _listed_item(declared: Any, item: Any) -> dict[str, Any]:
    shape = next(shape for shape in declared.items({item.key: item.proposed}) if shape.key == item.key)
    return {"label": shape.label, "value": shape.show(item.proposed), "code": shape.latin, "item": item}


@blueprint.get("/changes/<uuid:request_id>")
@guardian
def opened(request_id: uuid.UUID) -> Response:
    """Where the mails lead: to the card that the request is about."""
    change = queries.own_request(current_actor(), request_id)
    if change.subject is Subject.GUARDIAN:
        anchor = f"guardian-{change.section}{subjects.mark_of(current_actor(), change.guardian_id)}"
        return redirect(url_for("home.me", _anchor=anchor), 303)  # type: ignore[return-value]
    target = url_for("home.child", pupil_id=change.subject_id, _anchor=f"pupil-{change.section}")
    return redirect(target, 303)  # type: ignore[return-value]


@blueprint.post("/changes/<uuid:request_id>/withdrawal")
@guardian
def withdraw(request_id: uuid.UUID) -> Response:
    """Take a request back, while the school has not answered."""
    change = queries.own_request(current_actor(), request_id)
    place = place_of(change)
    try:
        operations.withdraw(actor=current_actor(), request=change)
    except Conflict as error:
        return _too_late(place, error)
    return _back(place, _("Ingetrokken. Er verandert niets."), again=change)


@blueprint.post("/changes/<uuid:request_id>/resubmission")
@guardian
def propose_again(request_id: uuid.UUID) -> Response:
    """Send what was just taken back after all."""
    change = queries.own_request(current_actor(), request_id)
    place = place_of(change)
    _changeable(place)
    try:
        draft = place.draft(request.form.get("form_key", ""), "")
        outcome = operations.propose_again(actor=current_actor(), request=change, draft=draft)
    except DomainError as error:
        return _too_late(place, error)
    return _sent(place, outcome)


def _too_late(place: Place, error: DomainError) -> Response:
    """The school was first: the card as it is now, with that said."""
    message = _(error.message, **error.values)
    response = _show(place, said=message, focus=True)
    response.status_code = 409
    return response


@blueprint.post("/changes/items/<uuid:item_id>/dismissal")
@guardian
def dismiss(item_id: uuid.UUID) -> Response:
    """ "Begrepen": close the box with the school's answer."""
    item = queries.own_item(current_actor(), item_id)
    place = place_of(item.request)
    operations.dismiss(item=item)
    return _back(place, _("Begrepen. Het antwoord staat nog bij Mijn wijzigingen."))


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> Response:
    """Where the mail to a new address leads. A GET shows a button and changes nothing: mail scanners open links too."""
    item_id = tokens.read(CONFIRM_PURPOSE, token)
    item = queries.item_to_confirm(item_id) if item_id else None
    if item is None:
        raise Gone("Deze link werkt niet meer.")
    if request.method == "POST":
        try:
            decisions.confirm_address(actor=current_actor(), item=item)
        except Conflict as error:
            raise Gone(error.message) from error
        body = render_template("changes/confirmed.html", done=True)
    else:
        body = render_template("changes/confirmed.html", done=item.confirmed_at is not None)
    response = Response(body)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
