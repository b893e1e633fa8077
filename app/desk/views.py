"""Staff's routes of the pencil: the list, one request, the answer, taking it back. The same templates for page and fragment."""

import uuid
from typing import Any

from flask import Blueprint, Response, flash, g, get_flashed_messages, redirect, request, url_for
from flask_babel import gettext as _

from app.changes import decisions, undoing
from app.changes.applying import open_items
from app.changes.decisions import AnsweredAlready, RecordMoved, Undecided
from app.changes.models import ChangeRequest
from app.changes.queries import review_of
from app.core import audit, clock
from app.core.access import current_actor, staff, wants_fragment
from app.core.actor import Permission
from app.core.errors import Conflict, NotFound
from app.core.forms import UNPRINTABLE
from app.core.fragments import page
from app.desk import answers, events, queries, review, shell, traces
from app.desk.answers import Answer
from app.desk.listing import Listing

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
reviewer = staff(Permission.CHANGES_REVIEW)

UNDO = "desk-undo"  # the kind of flash that carries the id of a request whose decision can be taken back
SAID = "desk"


def listing(current: uuid.UUID | None = None) -> Listing:
    """The list beside the detail, with the filter that the page was asked with."""
    found = Listing(
        current_actor(),
        section=request.values.get("section", "")[:30],
        search=UNPRINTABLE.sub("", request.args.get("q", "")).strip()[:60],
        page=request.args.get("page", 1, type=int) or 1,
        current=current,
    )
    g.desk_count = found.total
    return found


@blueprint.get("")
@staff()
def queue() -> Response:
    """The requests that wait. Who does not review sees what there is for them at the desk."""
    actor = current_actor()
    if not actor.may(Permission.CHANGES_REVIEW):
        return page("desk/start.html", links=shell.links(actor), name=actor.name)
    found = listing()
    fragment = "desk/_rows.html" if "page" in request.args else "desk/_queue.html"
    return page("desk/queue.html", fragment=fragment, listing=found, level=1, **_after_redirect())


@blueprint.get("/changes/<uuid:request_id>")
@reviewer
def change(request_id: uuid.UUID) -> Response:
    """One request: what is now, what is asked, and the answer. Says to colleagues that it is being looked at."""
    actor = current_actor()
    found = review_of(actor, request_id)
    shown = review.build(actor, found)
    traces.opened(actor, found)
    return _detail(shown, **_after_redirect())


def _after_redirect() -> dict[str, Any]:
    """What the last form did, for a browser that came here by a redirect."""
    flashes = dict(get_flashed_messages(with_categories=True, category_filter=[UNDO, SAID]))
    undo = None
    if UNDO in flashes:
        try:
            undo = _undo_of(review_of(current_actor(), uuid.UUID(flashes[UNDO])))
        except NotFound:
            undo = None
    return {"undo": undo, "said": flashes.get(SAID, "")}


def _undo_of(change: ChangeRequest) -> dict[str, Any] | None:
    """The bar that takes a decision back; none when its time is over."""
    if change.open or change.undo_until is None or change.undo_until <= clock.now():
        return None
    return {"url": url_for("desk.undo", request_id=change.id), "name": queries.name_of(change)}


def _detail(
    shown: review.Review | None,
    *,
    status: int = 200,
    found: Listing | None = None,
    said: str = "",
    undo: dict[str, Any] | None = None,
    problem: str = "",
    errors: bool = False,
    finished: str = "",
) -> Response:
    """A request with its list around it; to htmx the detail and the new list beside it.

    `problem` is what went wrong with an answer, `finished` who answered it first, `errors` whether sheets bear messages.
    """
    actor = current_actor()
    if found is None:
        found = listing(shown.request.id if shown else None)
    colleague = decisions.colleague_at(actor, shown.request) if shown and shown.request.open else None
    response = page(
        "desk/change.html",
        fragment="desk/_answer.html",
        status=status,
        review=shown,
        listing=found,
        level=2,
        colleague=colleague,
        said=said,
        undo=undo,
        problem=problem,
        errors=errors,
        finished=finished,
        undoable=bool(shown and not shown.request.open and _undo_of(shown.request)),
    )
    if request.method == "POST" and shown is not None and status == 200:
        response.headers["HX-Push-Url"] = found.url_of(shown.request.id)
    return response


@blueprint.post("/changes/<uuid:request_id>/decision")
@reviewer
def decide(request_id: uuid.UUID) -> Response:
    """Answer a request: every item, at once and once. Then the next one."""
    actor = current_actor()
    following = listing(request_id).next  # before this one leaves the list
    found = decisions.take(actor, request_id)
    given = answers.read(open_items(found), request.form)
    try:
        if found.open and decisions.close_settled(found):
            return _next(found, following, said=_("Dit stond al zo. Het verzoek is gesloten."))
        decisions.decide(actor=actor, request=found, verdicts=answers.verdicts(given))
    except Undecided as error:
        return _undecided(found, given, error)
    except RecordMoved as error:
        return _moved(found, given, error)
    except AnsweredAlready as error:
        return _too_late(found, following, error)
    return _next(found, _still_open(following), undo=True)


def _still_open(following: uuid.UUID | None) -> uuid.UUID | None:
    """The next request, or another when this answer closed it too: the other parent wanted the same changed."""
    if following is None or review_of(current_actor(), following).open:
        return following
    return _beside(None).offer


def _undecided(found: ChangeRequest, given: dict[uuid.UUID, Answer], error: Undecided) -> Response:
    marked = {
        item_id: Answer(answer.choice, answer.reason, answer.now, answer.rivals, _(error.errors[item_id]))
        if item_id in error.errors
        else answer
        for item_id, answer in given.items()
    }
    return _detail(review.build(current_actor(), found, marked), status=422, errors=True, said=_("Er klopt iets niet"))


def _moved(found: ChangeRequest, given: dict[uuid.UUID, Answer], error: RecordMoved) -> Response:
    """The fresh values, nothing preselected, what was typed kept."""
    kept = {item_id: Answer(reason=answer.reason) for item_id, answer in given.items()}
    message = _(error.message)
    return _detail(review.build(current_actor(), found, kept), status=409, problem=message, said=message)


def _too_late(found: ChangeRequest, following: uuid.UUID | None, error: AnsweredAlready) -> Response:
    """A colleague (or the parent) was first: say who, show what was answered, lead on."""
    if not found.decided_by:
        message = _("De ouder heeft dit net ingetrokken.")
    elif found.decided_by == current_actor().account_id:
        message = _("U hebt dit net zelf afgehandeld.")
    else:
        message = _(error.message, **error.values)
    shown = review.build(current_actor(), found)
    return _detail(shown, status=409, found=_beside(following), finished=message, said=message)


def _beside(following: uuid.UUID | None) -> Listing:
    found = listing(None)
    found.offer = following if following in found.ids else (found.ids[0] if found.ids else None)
    return found


def _next(done: ChangeRequest, following: uuid.UUID | None, *, undo: bool = False, said: str = "") -> Response:
    """After an answer: the next request to htmx, its page to a browser."""
    said = said or _("%(name)s is afgehandeld.", name=queries.name_of(done))
    if not wants_fragment():
        flash(*((str(done.id), UNDO) if undo else (said, SAID)))
        return redirect(listing().url_of(following), 303)  # type: ignore[return-value]
    bar = _undo_of(done) if undo else None
    shown = None
    if following is not None:
        upcoming = review_of(current_actor(), following)
        decisions.claim(actor=current_actor(), request=upcoming)
        traces.read_now(current_actor(), upcoming)
        shown = review.build(current_actor(), upcoming)
    response = _detail(shown, said=said, undo=bar)
    if shown is None:
        response.headers["HX-Push-Url"] = url_for("desk.queue")
    return response


@blueprint.post("/changes/<uuid:request_id>/undo")
@reviewer
def undo(request_id: uuid.UUID) -> Response:
    """Take a decision back, or, when its mail has left, open the request again."""
    actor = current_actor()
    found = decisions.take(actor, request_id)
    mailed = found.undo_until is not None and found.undo_until <= clock.now()
    try:
        undone = undoing.undo(actor=actor, request=found)
    except Conflict as error:
        message = _(error.message)
        return _detail(review.build(actor, found), status=409, problem=message, said=message)
    decisions.claim(actor=actor, request=undone.request)
    said = _("Heropend. De ouder krijgt bericht na uw nieuwe antwoord.") if mailed else _("Ongedaan gemaakt.")
    if undone.left:
        said += " " + _("Wat daarna weer is gewijzigd, blijft zoals het nu is.")
    if wants_fragment():
        return _detail(review.build(actor, undone.request), said=said)
    flash(said, SAID)
    return redirect(url_for("desk.change", request_id=undone.request.id), 303)  # type: ignore[return-value]


@blueprint.post("/changes/<uuid:request_id>/reviewer")
@reviewer
def take_over(request_id: uuid.UUID) -> Response:
    """Go on where a colleague was looking."""
    actor = current_actor()
    found = review_of(actor, request_id, lock=True)
    decisions.claim(actor=actor, request=found, take_over=True)
    audit.record(events.TAKEN_OVER, actor=actor, school_id=found.school_id, subject_id=found.id, section=found.section)
    if wants_fragment():
        return _detail(review.build(actor, found), said=_("U kijkt dit nu na."))
    return redirect(listing().url_of(found.id), 303)  # type: ignore[return-value]


@blueprint.get("/decisions")
@reviewer
def recent() -> Response:
    """The decisions of the last two weeks: to look back, to take one back, to open one again."""
    decided = [_decided(*row) for row in queries.recent(current_actor())]
    return page("desk/decisions.html", decided=decided, **_after_redirect())


def _decided(change: ChangeRequest, guardian: Any, pupil: Any) -> dict[str, Any]:
    """A decision as a row; what was closed with another decision is taken back there."""
    owner = next((item.closed_with for item in change.items if item.closed_with), None)
    return {
        "request": change,
        "name": (pupil or guardian).full_name,
        "seed": (pupil or guardian).id.int,
        "guardian": guardian.full_name,
        "what": review.labels_of(change),
        "undo_url": url_for("desk.undo", request_id=owner or change.id),
        "in_time": bool(change.undo_until and change.undo_until > clock.now()),
    }


@blueprint.get("/me")
@staff()
def me() -> Response:
    """Who is logged in: language, the own children, log out."""
    return page("desk/me.html", name=current_actor().name)
