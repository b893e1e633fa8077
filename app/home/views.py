"""What a parent opens first. Each page costs the same few queries, however many children or requests there are."""

import uuid
from dataclasses import dataclass

from flask import Blueprint, Response, g, redirect, url_for

from app.changes import cards, queries, subjects
from app.changes.models import ItemState, Subject
from app.changes.queries import Mark
from app.changes.reading import read_all
from app.changes.registry import section, sections
from app.core.access import account, current_actor, guardian
from app.core.fragments import page
from app.school.queries import children_of

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the overview: something that waits, or an answer that was not read yet."""

    url: str
    title: str
    name: str


@blueprint.get("/")
@account
def index() -> Response:
    """The children's tiles, what needs this parent, what waits at school. Staff without children go to their desk."""
    actor = current_actor()
    if not actor.is_guardian:
        return redirect(url_for("desk.queue"), 303)  # type: ignore[return-value]
    g.children = children_of(actor)
    subject_ids = [child.id for child in g.children] + list(actor.guardian_ids)
    marks = queries.marks_of(actor.guardian_ids, subject_ids)
    return page(
        "home/index.html",
        children=g.children,
        waiting=_told(marks, ItemState.PROPOSED),
        refused=_told(marks, ItemState.REJECTED),
        busy={subject for (subject, _key), found in marks.items() if _any(found, ItemState.PROPOSED)},
    )


def _any(marks: list[Mark], state: ItemState) -> bool:
    return any(mark.state is state for mark in marks)


def _told(marks: dict[tuple[uuid.UUID, str], list[Mark]], state: ItemState) -> list[Told]:
    """One line for each card that holds a proposal in this state."""
    names = {child.id: child for child in g.children}
    found = []
    for (subject_id, key), its_marks in marks.items():
        child = names.get(subject_id)
        declared = section(Subject.PUPIL if child else Subject.GUARDIAN, key)
        if declared is None or not _any(its_marks, state):
            continue
        page_url = f"/children/{child.id}" if child else "/me"
        name = child.first_name if child else current_actor().name
        found.append(Told(f"{page_url}#{declared.subject.value}-{key}", str(declared.title(name)), name))
    return found


@blueprint.get("/children/<uuid:pupil_id>")
@guardian
def child(pupil_id: uuid.UUID) -> Response:
    """A child's record as cards, after the card of how the school reaches this parent."""
    actor = current_actor()
    g.children = children_of(actor)
    g.child, whose = subjects.of_child(actor, pupil_id, g.children)
    own = _own(whose.guardian_id)
    marks = queries.marks_of((whose.guardian_id,), [whose.subject_id, own.subject_id])
    contact = section(Subject.GUARDIAN, "contact")
    found = cards.build_all([contact] if contact else [], own, marks)
    found += cards.build_all(sections(Subject.PUPIL), whose, marks)
    return page("home/child.html", child=g.child, whose=whose, cards=found)


def _own(guardian_id: uuid.UUID) -> cards.Subjected:
    return subjects.of_oneself(current_actor(), g.children, guardian_id)


@blueprint.get("/me")
@guardian
def me() -> Response:
    """One's own data at each school, and what belongs to the account."""
    actor = current_actor()
    g.children = children_of(actor)
    everywhere = [_own(guardian_id) for guardian_id in actor.guardian_ids]
    marks = queries.marks_of(actor.guardian_ids, list(actor.guardian_ids))
    own = sections(Subject.GUARDIAN)
    values = read_all(own, {whose.subject_id: whose.viewer for whose in everywhere})
    mine = [(whose, cards.build_all(own, whose, marks, values[whose.subject_id])) for whose in everywhere]
    return page("home/me.html", mine=mine, child=None)
