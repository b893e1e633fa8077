"""A plan → rows, in bulk. All of it or nothing: the caller's transaction; nothing here commits."""

import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from app.core.db import db, new_id
from app.roster.household_plan import PARTS
from app.roster.link_plan import Linking
from app.roster.placements import Placing
from app.roster.plan import Action, Kind, Plan, Step, writes
from app.school.models import (
    Group,
    GroupTeacher,
    Guardian,
    Guardianship,
    Household,
    Placement,
    Pupil,
    SchoolYear,
    Staff,
)

MODELS: dict[Kind, Any] = {
    Kind.YEAR: SchoolYear,
    Kind.GROUP: Group,
    Kind.PUPIL: Pupil,
    Kind.STAFF: Staff,
    Kind.GUARDIAN: Guardian,
}
COLOURS = ("mint", "sky", "coral", "lilac", "sun")
"""New pupils get one after another, so that a group is colourful."""


def write(plan: Plan) -> None:
    """Write every step of the plan, in the order of what refers to what, and forget what the session knew."""
    steps = [step for step in plan.steps if writes(step)]
    _write_households(plan)
    for kind, model in MODELS.items():
        _write_rows(model, [step for step in steps if step.kind is kind], plan)
    _write_placements(steps, plan)
    _write_teaching(steps, plan)
    _write_links(steps, plan)
    db.session.flush()
    db.session.expire_all()


def links_changed(plan: Plan) -> Iterable[tuple[uuid.UUID, uuid.UUID, dict[str, Any]]]:
    """Of links that were there already, those whose custody or end changes: (guardian, link, values)."""
    for step in plan.steps:
        if isinstance(step.extra, Linking):
            for link_id, values in step.extra.updates:
                if step.row_id and ("custody" in values or "ends_on" in values):
                    yield step.row_id, link_id, values


def _write_rows(model: Any, steps: list[Step], plan: Plan) -> None:
    new = [step for step in steps if step.action is Action.NEW]
    rows = [{"id": step.new_id, "school_id": plan.school_id, **step.values} for step in new]
    if model is Pupil:
        for number, row in enumerate(rows):
            row["colour"] = COLOURS[number % len(COLOURS)]
    _insert(model, rows)
    _update(model, [(step.row_id, step.values) for step in steps if step.row_id and step.values])


def _write_households(plan: Plan) -> None:
    """Only those in which somebody will live: a held move made one for nobody."""
    homes = {step.values.get("household_id") for step in plan.steps}
    rows = [
        {"id": home, "school_id": plan.school_id} | {part: getattr(address, part) for part in PARTS}
        for home, address in plan.households.items()
        if home in homes
    ]
    _insert(Household, rows)


def _write_placements(steps: list[Step], plan: Plan) -> None:
    rows, changed = [], []
    for step in steps:
        if isinstance(step.extra, Placing):
            changed += [(placement, {"ends_on": day}) for placement, day in step.extra.ends] + step.extra.updates
            rows += [_placement(step, start, plan) for start in step.extra.starts]
    _update(Placement, changed)
    _insert(Placement, rows)


def _placement(step: Step, start: tuple[uuid.UUID, str, Any], plan: Plan) -> dict[str, Any]:
    group_id, level, day = start
    row = {"id": new_id(), "school_id": plan.school_id, "pupil_id": step.id, "group_id": group_id}
    return row | {"year_level": level, "starts_on": day, "ends_on": None}


def _write_teaching(steps: list[Step], plan: Plan) -> None:
    rows = []
    for step in steps:
        if step.kind is not Kind.STAFF or not step.extra:
            continue
        added, removed = step.extra
        rows += [
            {"id": new_id(), "school_id": plan.school_id, "staff_id": step.id, "group_id": group_id}
            for group_id in sorted(added)
        ]
        if removed:
            gone = sa.delete(GroupTeacher).where(GroupTeacher.staff_id == step.id, GroupTeacher.group_id.in_(removed))
            db.session.execute(gone.execution_options(synchronize_session=False))
    _insert(GroupTeacher, rows)


def _write_links(steps: list[Step], plan: Plan) -> None:
    rows, changed = [], []
    for step in steps:
        if isinstance(step.extra, Linking):
            rows += [{"id": new_id(), "school_id": plan.school_id} | link for link in step.extra.added]
            changed += step.extra.updates
    _insert(Guardianship, rows)
    _update(Guardianship, changed)


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    """One statement for all rows: each gets every column that any of them has."""
    if not rows:
        return
    names = {name for row in rows for name in row}
    missing = {name: _default(model, name) for name in names}
    db.session.execute(sa.insert(model), [missing | row for row in rows])


def _update(model: Any, changed: list[tuple[Any, dict[str, Any]]]) -> None:
    """Rows with the same columns go together, so that it is one statement for each set of columns."""
    ordered = sorted(changed, key=lambda pair: sorted(pair[1]))
    if ordered:
        db.session.execute(sa.update(model), [{"id": row_id, **values} for row_id, values in ordered])


def _default(model: Any, name: str) -> Any:
    default = model.__table__.c[name].default
    return default.arg if default is not None and default.is_scalar else None
