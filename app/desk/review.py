"""From a request to what its reviewer sees: a head, and for each item a sheet with what is now and what is asked."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.changes.applying import open_items, section_of, viewer_of
from app.changes.models import ChangeItem, ChangeRequest, ItemState, Subject
from app.changes.queries import rivals_of
from app.changes.registry import Item, Risk, Values, fingerprint
from app.core import clock
from app.core.actor import Actor
from app.core.db import db
from app.core.jinja import day
from app.desk import queries, words
from app.desk.answers import Answer
from app.records.family import RELATIONS
from app.school.models import Custody, Group, Guardian, Guardianship, Household, Placement, Pupil, School
from app.school.queries import current_placement


@dataclass(slots=True)
class Note:
    """Something that the reviewer should know, in words."""

    text: str
    serious: bool = False


@dataclass(slots=True)
class Rival:
    """What another parent proposes for the same item."""

    id: uuid.UUID
    who: str
    first_name: str
    lines: list[str]
    sent_at: datetime


@dataclass(slots=True)
class Sheet:
    """One item: `seen` only when the record changed since the parent looked; `settled` when it says so already."""

    id: uuid.UUID
    label: str
    now: list[str]
    new: list[str]
    now_mark: str
    seen: list[str] | None = None
    settled: bool = False
    careful: bool = False
    notes: list[Note] = field(default_factory=list)
    rivals: list[Rival] = field(default_factory=list)
    answer: Answer = field(default_factory=Answer)
    state: ItemState = ItemState.PROPOSED
    reason: str = ""

    @property
    def plain(self) -> bool:
        """Nothing to think about: this may be approved with all the rest at one tap."""
        serious = any(note.serious for note in self.notes)
        return not (self.careful or serious or self.rivals or self.seen is not None)


@dataclass(slots=True)
class Review:
    """A request on the desk."""

    request: ChangeRequest
    school: School
    guardian: Guardian
    relation: str
    custody: str
    name: str
    seed: int
    colour: str
    group: str
    sheets: list[Sheet]
    warnings: list[Note]

    @property
    def plain(self) -> bool:
        """Whether "approve all" is offered."""
        return bool(self.sheets) and not self.warnings and all(sheet.plain for sheet in self.sheets)

    @property
    def settled(self) -> bool:
        """Whether the record says everything already."""
        return bool(self.sheets) and all(sheet.settled for sheet in self.sheets)

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return words.reasons(self.school.reject_reasons)


@dataclass(frozen=True, slots=True)
class _Head:
    guardian: Guardian
    school: School
    pupil: Pupil | None
    link: Guardianship | None
    group: str


def _head(request: ChangeRequest) -> _Head:
    """Everyone who is named in the head, in one query."""
    statement = (
        sa.select(Guardian, School, Pupil, Guardianship, Group.name, Household)
        .select_from(Guardian)
        .join(School, School.id == Guardian.school_id)
        .outerjoin(Pupil, Pupil.id == request.pupil_id)
        .outerjoin(Guardianship, sa.and_(Guardianship.guardian_id == Guardian.id, Guardianship.pupil_id == Pupil.id))
        .outerjoin(Placement, sa.and_(Placement.pupil_id == Pupil.id, current_placement(clock.today())))
        .outerjoin(Group, sa.and_(Group.id == Placement.group_id, Group.composed.is_(False)))
        # Read along, so that the address is there when the section asks for it.
        .outerjoin(Household, Household.id.in_([Guardian.household_id, Pupil.household_id]))
        .where(Guardian.id == request.guardian_id)
        .order_by(Group.name.nulls_last())
    )
    rows = db.session.execute(statement).all()
    guardian, school, pupil, link, group, _home = rows[0]
    return _Head(guardian, school, pupil, link, group or "")


def build(actor: Actor, request: ChangeRequest, answers: Mapping[uuid.UUID, Answer] | None = None) -> Review:
    """The request as its reviewer sees it; `answers` are what was filled in already."""
    head = _head(request)
    sheets = _open_sheets(request, head) if request.open else _closed_sheets(request, head)
    for sheet in sheets:
        sheet.answer = (answers or {}).get(sheet.id, sheet.answer)
    custody = head.link.custody_on(clock.today()) if head.link else None
    return Review(
        request=request,
        school=head.school,
        guardian=head.guardian,
        relation=str(RELATIONS[head.link.relation]) if head.link else "",
        custody=str(words.CUSTODY[custody]) if custody else "",
        name=head.pupil.full_name if head.pupil else head.guardian.full_name,
        seed=(head.pupil or head.guardian).id.int,
        colour=head.pupil.colour if head.pupil else "mint",
        group=words.group_word(head.group),
        sheets=sheets,
        warnings=_warnings(request, head, custody),
    )


def _warnings(request: ChangeRequest, head: _Head, custody: Custody | None) -> list[Note]:
    """What holds for the whole request."""
    if not request.open:
        return []
    if request.subject is Subject.PUPIL and custody is not Custody.FULL:
        return [Note(_("Deze ouder heeft geen gezag (meer) over dit kind. Keur dit niet zomaar goed."), serious=True)]
    if head.guardian.left_on:
        return [Note(_("Deze ouder staat niet meer ingeschreven bij de school."), serious=True)]
    return []


def _whose(request: ChangeRequest, head: _Head) -> str:
    person = head.guardian if request.subject is Subject.GUARDIAN or head.pupil is None else head.pupil
    return person.first_name or person.full_name


def _open_sheets(request: ChangeRequest, head: _Head) -> list[Sheet]:
    declared, items = section_of(request), open_items(request)
    current: Values = declared.read(request.subject_id, viewer_of(request))
    shapes = _shapes(declared, current, items)
    sheets = {item.key: _sheet(request, head, item, shapes[item.key], current) for item in items}
    _add_others(request, head, sheets, shapes)
    return list(sheets.values())


def _shapes(declared: Any, current: Values, items: list[ChangeItem]) -> dict[str, Item]:
    """The declaration of each item, numbered as on the parent's card: new ones after what is there."""
    proposed = {item.key: item.proposed for item in items if item.key not in current}
    found = {shape.key: shape for shape in declared.items({**current, **proposed})}
    for item in items:  # the record has lost it meanwhile
        found.setdefault(
            item.key, next(shape for shape in declared.items({item.key: item.proposed}) if shape.key == item.key)
        )
    return found


def _lines(declared: Any, shape: Item, value: Any) -> list[str]:
    """The value in lines; what is taken out of a list is said in a word."""
    taken_away = value is None and getattr(declared, "list_key", "") == shape.kind
    return [_("weghalen")] if taken_away else shape.show(value)


def _sheet(request: ChangeRequest, head: _Head, item: ChangeItem, shape: Item, current: Values) -> Sheet:
    declared, now = section_of(request), current.get(item.key)
    old, new = shape.show(now), _lines(declared, shape, item.proposed)
    moved = not declared.agrees(now, item.seen)
    return Sheet(
        id=item.id,
        label=_("%(what)s van %(name)s", what=shape.label, name=_whose(request, head)),
        now=old,
        new=words.changed(old, new),
        now_mark=fingerprint(now),
        seen=shape.show(item.seen) if moved else None,
        settled=declared.agrees(now, item.proposed),
        careful=shape.risk is not Risk.LOW,
        notes=_notes(request, item, shape),
    )


def _notes(request: ChangeRequest, item: ChangeItem, shape: Item) -> list[Note]:
    remarks = section_of(request).remarks(request.subject_id, item.key, item.proposed, viewer_of(request))
    notes = [Note(_(remark.text, **remark.values), remark.serious) for remark in remarks]
    if shape.confirm_address and item.confirmed_at is not None:
        notes.append(Note(_("Dit adres is al bevestigd.")))
    return notes


def _add_others(request: ChangeRequest, head: _Head, sheets: dict[str, Sheet], shapes: dict[str, Item]) -> None:
    """Other parents: open proposals for the same item stand beside it, answered ones are a remark."""
    if request.subject is Subject.GUARDIAN:
        return
    declared = section_of(request)
    rivals = rivals_of(request)
    people = _people(request, [rival.request.guardian_id for rival in rivals])
    for rival in rivals:
        who, first_name = people[rival.request.guardian_id]
        lines = _lines(declared, shapes[rival.key], rival.proposed)
        sheets[rival.key].rivals.append(Rival(rival.id, who, first_name, lines, rival.request.sent_at))
    for item, guardian in queries.earlier_of_others(request, list(sheets)):
        if item.key in sheets and not declared.agrees(item.proposed, _asked(request, item.key)):
            said = ", ".join(_lines(declared, shapes[item.key], item.proposed)) or _("leeg")
            values = {"name": guardian.full_name, "date": day(item.decided_at or clock.now()), "value": said}
            sheets[item.key].notes.append(
                Note(_("%(name)s gaf eerder (%(date)s) %(value)s door.", **values), serious=True)
            )


def _asked(request: ChangeRequest, key: str) -> Any:
    return next(item.proposed for item in open_items(request) if item.key == key)


def _people(request: ChangeRequest, guardian_ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[str, str]]:
    """`Jeroen Bakker, vader` and the first name, by guardian."""
    if not guardian_ids:
        return {}
    rows = db.session.execute(
        sa.select(Guardian, Guardianship.relation)
        .outerjoin(
            Guardianship,
            sa.and_(Guardianship.guardian_id == Guardian.id, Guardianship.pupil_id == request.subject_id),
        )
        .where(Guardian.id.in_(guardian_ids))
    )
    return {
        guardian.id: (
            f"{guardian.full_name}, {RELATIONS[relation]}" if relation else guardian.full_name,
            guardian.first_name or guardian.full_name,
        )
        for guardian, relation in rows
    }


def _closed_sheets(request: ChangeRequest, head: _Head) -> list[Sheet]:
    """What was decided, as it was then."""
    declared = section_of(request)
    items = [item for item in request.items if item.state is not ItemState.WITHDRAWN]
    shapes = _shapes(declared, {}, items)
    return [
        Sheet(
            id=item.id,
            label=_("%(what)s van %(name)s", what=shapes[item.key].label, name=_whose(request, head)),
            now=shapes[item.key].show(item.seen),
            new=_lines(declared, shapes[item.key], item.proposed),
            now_mark="",
            state=item.state,
            reason=item.reason,
        )
        for item in items
    ]


def labels_of(request: ChangeRequest) -> str:
    """`Mobiel nummer, e-mailadres`: what a closed request was about."""
    declared, items = section_of(request), [item for item in request.items if item.state is not ItemState.WITHDRAWN]
    shapes = _shapes(declared, {}, items)
    return words.enumeration([str(shapes[item.key].label) for item in items])
