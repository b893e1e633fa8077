"""Who may enter a route: each declares its audience, and one that forgot is closed to everybody.

The second step, which record, is taken by fetching it through the actor (`queries.pupil_of(actor, id)`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request, url_for

from app.core.actor import NOBODY, Actor, Permission


@dataclass(frozen=True, slots=True)
class Audience:
    """Who a route is for: everybody, whoever is logged in, guardians, or staff with a permission."""

    kind: str
    permission: Permission | None = None

    def admits(self, actor: Actor) -> bool:
        if self.kind == "public":
            return True
        if actor.account_id is None:
            return False
        if self.kind == "guardian":
            return actor.is_guardian
        if self.kind == "staff":
            return actor.is_staff if self.permission is None else actor.may(self.permission)
        return self.kind == "account"


View = Callable[..., Any]


def _declare(audience: Audience) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.audience = audience  # type: ignore[attr-defined]
        return view

    return mark


public = _declare(Audience("public"))
account = _declare(Audience("account"))
guardian = _declare(Audience("guardian"))


def staff(permission: Permission | None = None) -> Callable[[View], View]:
    """For staff, with this permission at a school at least; without one, for any member of staff."""
    return _declare(Audience("staff", permission))


def audience_of(endpoint: str) -> Audience | None:
    """The audience that the endpoint's view declared."""
    return getattr(current_app.view_functions.get(endpoint), "audience", None)


def current_actor() -> Actor:
    """Who makes this request; `NOBODY` when not logged in."""
    return g.get("actor", NOBODY)


def wants_fragment() -> bool:
    """Whether htmx asks for a piece of a page (and not for a whole one, nor for the browser's Back)."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-Request-Type") != "full"
        and "HX-Boosted" not in request.headers
        and "HX-History-Restore-Request" not in request.headers
    )


def _to_login() -> Response:
    """Ask for the log-in, and come back to the page that was wanted (a page, not the address of a form's POST)."""
    wanted = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
    if wants_fragment():
        return _panel()
    return redirect(url_for("accounts.login", next=wanted if wanted != "/" else None), 303)  # type: ignore[return-value]


def _panel() -> Response:
    """To htmx: a log-in that opens beside what is on the screen, so that typed text stays; nothing is swapped away."""
    response = Response(render_template(current_app.config["SIGNED_OUT_FRAGMENT"], answer=None), 401)
    response.headers["HX-Retarget"] = "#signin"
    response.headers["HX-Reswap"] = "innerHTML"
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def check() -> Response | None:
    """Before each request: is this person one of the route's audience? Not logged in → log in; no right → 404."""
    if request.endpoint is None:
        return None  # 404 and 405 answer for themselves
    audience = audience_of(request.endpoint)
    if audience is None:
        return abort(403)
    if audience.kind == "public":
        return None
    actor = current_actor()
    if audience.admits(actor):
        return None
    if actor.account_id is None:
        return _to_login()
    # What is not for you does not exist: a parent who guesses a staff address learns nothing.
    return abort(404)


def init_app(app: Flask) -> None:
    """Check every request; must come after the feature that sets `g.actor`."""
    app.before_request(check)
