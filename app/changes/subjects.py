"""Finds whose card a request is about, through the person who asks: the first step of every view of the pencil."""

import uuid

from app.changes.cards import Subjected
from app.changes.registry import Viewer
from app.core.actor import Actor
from app.school import queries
from app.school.queries import Child


def of_child(actor: Actor, pupil_id: uuid.UUID, children: list[Child] | None = None) -> tuple[Child, Subjected]:
    """The child and whose eyes see it. Raises NotFound."""
    child = queries.child_of(actor, pupil_id, children)
    whose = Subjected(
        school=child.school,
        subject_id=child.id,
        guardian_id=child.guardian_id,
        viewer=Viewer(child.guardian_id, child.standing.household_id, child.custody),
        name=child.first_name,
        url=f"/children/{child.id}",
        may_propose=child.may_propose,
        pupil_id=child.id,
    )
    return child, whose


def of_oneself(actor: Actor, children: list[Child], guardian_id: uuid.UUID | None = None) -> Subjected:
    """The guardian that this person is, with the eldest child at that school beside it (for the school's queue).

    Raises NotFound for who is no guardian.
    """
    standing = queries.standing_of(actor, children, guardian_id)
    child = next((child for child in children if child.guardian_id == standing.guardian_id), None)
    return Subjected(
        school=standing.school,
        subject_id=standing.guardian_id,
        guardian_id=standing.guardian_id,
        viewer=Viewer(standing.guardian_id, standing.household_id),
        name=standing.first_name,
        url="/me",
        may_propose=True,
        pupil_id=child.id if child else None,
        mark=mark_of(actor, standing.guardian_id),
    )


def mark_of(actor: Actor, guardian_id: uuid.UUID) -> str:
    """What is added to the ids of this guardian's cards: nothing, but for who is a guardian at a second school."""
    return "" if guardian_id in actor.guardian_ids[:1] else f"-{guardian_id}"
