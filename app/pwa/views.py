"""Four addresses for everyone. Three of them say nothing about whoever asks, so they may be kept."""

import json

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import force_locale

from app.core.access import public
from app.core.assets import SOURCE
from app.pwa import manifest, worker
from app.pwa.phones import phone_of
from app.pwa.queries import name_of_portal

blueprint = Blueprint("pwa", __name__)

DAY = "public, max-age=86400"


def _offline_page() -> str:
    """One page for everybody: no session, no database, so it is rendered without what knows who asks."""
    with force_locale("nl"):
        return current_app.jinja_env.get_template("pwa/offline.html").render(current_language=lambda: "nl")


def _open_answer(body: str, mimetype: str, caching: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Cache-Control"] = caching
    response.headers["X-Public"] = "1"
    return response


@blueprint.get("/manifest.webmanifest")
@public
def web_manifest() -> Response:
    address = current_app.extensions["assets"].url
    built = manifest.build(name_of_portal(), address=address, static=SOURCE)
    return _open_answer(json.dumps(built, ensure_ascii=False), "application/manifest+json", DAY)


@blueprint.get("/sw.js")
@public
def service_worker() -> Response:
    body = worker.script(current_app.extensions["assets"].url, _offline_page())
    response = _open_answer(body, "text/javascript", "no-cache")
    response.headers["Service-Worker-Allowed"] = "/"
    return response


@blueprint.get("/offline")
@public
def offline() -> Response:
    """What the service worker keeps and shows when there is no internet."""
    return _open_answer(_offline_page(), "text/html", DAY)


@blueprint.get("/install")
@public
def install_help() -> str:
    """How to put the portal on a phone or computer; the steps of the browser that asks stand open."""
    return render_template("pwa/install.html", phone=phone_of(request.user_agent.string))
