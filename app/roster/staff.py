"""The staff's screens: hand in a file, look at what it would do, have it done."""

import uuid
from typing import Any

from flask import Blueprint, Flask, Response, current_app, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from app.core.access import current_actor, staff
from app.core.actor import Permission
from app.core.db import begin_write, late_write
from app.core.fragments import page
from app.core.languages import translated
from app.core.origin import csrf
from app.roster import operations, queries
from app.roster.errors import RosterError
from app.roster.forms import UploadForm
from app.roster.models import ImportState, RosterImport
from app.roster.problems import in_words
from app.roster.report import choices_of, refusal_of
from app.roster.sniff import sniff

blueprint = Blueprint("roster", __name__)

FORM_ROOM = 64 * 1024
"""What the rest of the form may take beside the file."""
EVERYTHING = frozenset({"all:gone", "all:same"})


@blueprint.get("/desk/roster")
@staff(Permission.ROSTER_IMPORT)
def index() -> Response:
    """The form for a file, and the latest imports."""
    return _index(_form(formdata=None))


@blueprint.post("/desk/roster")
@staff(Permission.ROSTER_IMPORT)
@late_write
def upload() -> Response:
    """Take a file in. What is plainly no roster file is refused at once, the rest is read by the worker."""
    request.max_content_length = current_app.config["ROSTER_MAX_BYTES"] + FORM_ROOM
    try:
        csrf.protect()  # here, because reading the form is what the limit is for
    except RequestEntityTooLarge:
        return _refused(
            _form(formdata=None), _("Dit bestand is te groot. Kies het bestand uit het administratiesysteem."), 413
        )
    form = _form()
    if not form.validate():
        return _index(form, status=422)
    try:
        source = sniff(form.file.data.stream, name=form.file.data.filename or "")
    except RosterError as error:
        return _refused(form, in_words(error.parts, translated), 422)
    begin_write()
    row = operations.receive(source, school_id=uuid.UUID(form.school.data), actor=current_actor())
    return _to(row)


@blueprint.get("/desk/roster/<uuid:import_id>")
@staff(Permission.ROSTER_IMPORT)
def show(import_id: uuid.UUID) -> Response:
    """One import: how far it is, what it would do, or what it did. While work is under way the fragment asks again."""
    row = queries.import_of(current_actor(), import_id)
    job = queries.job_of(row) if row.under_way else None
    report = row.report if row.state in (ImportState.READY, ImportState.BLOCKED) else None
    refusal = refusal_of(row)
    message = in_words(refusal, translated) if refusal else translated(row.message)
    return page("roster/show.html", fragment="roster/_import.html", row=row, job=job, report=report, message=message)


@blueprint.post("/desk/roster/<uuid:import_id>/application")
@staff(Permission.ROSTER_IMPORT)
def apply(import_id: uuid.UUID) -> Response:
    """Have the dry run applied, with what was ticked in it."""
    row = queries.import_of(current_actor(), import_id, lock=True)
    known = choices_of(row.report or {"entries": []}) | EVERYTHING
    ticked = {value for name in request.form if name.startswith("choice") for value in request.form.getlist(name)}
    operations.start_applying(row, sorted(ticked & known))
    return _to(row)


@blueprint.post("/desk/roster/<uuid:import_id>/reading")
@staff(Permission.ROSTER_IMPORT)
def read_again(import_id: uuid.UUID) -> Response:
    """Make the dry run anew."""
    row = queries.import_of(current_actor(), import_id, lock=True)
    operations.read_again(row)
    return _to(row)


@blueprint.post("/desk/roster/<uuid:import_id>/removal")
@staff(Permission.ROSTER_IMPORT)
def discard(import_id: uuid.UUID) -> Response:
    """Throw the file away; nothing was changed."""
    actor = current_actor()
    operations.discard(queries.import_of(actor, import_id, lock=True), actor=actor)
    return redirect(url_for("roster.index"), 303)  # type: ignore[return-value]


def _form(**options: Any) -> UploadForm:
    form = UploadForm(**options)
    form.school.choices = [(str(school.id), school.name) for school in queries.schools_of(current_actor())]
    if len(form.school.choices) == 1:
        form.school.data = form.school.choices[0][0]
    return form


def _index(form: UploadForm, *, status: int = 200) -> Response:
    return page("roster/index.html", status=status, form=form, recent=queries.recent_imports(current_actor()))


def _refused(form: UploadForm, message: str, status: int) -> Response:
    form.file.errors = [message]
    return _index(form, status=status)


def _to(row: RosterImport) -> Response:
    return redirect(url_for("roster.show", import_id=row.id), 303)  # type: ignore[return-value]


def init_app(app: Flask) -> None:
    """Register the routes. The upload checks its token itself, once it is known that the sender may send at all."""
    app.register_blueprint(blueprint)
    app.jinja_env.filters["problem_text"] = lambda parts: in_words(parts, translated)
    csrf.exempt(upload)
