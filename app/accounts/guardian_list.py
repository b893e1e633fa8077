"""Reads of the staff's list of guardians: who was invited and what became of it, at the schools of whoever asks."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from app.accounts import policy
from app.accounts.models import Account, AccountGuardian, Link, Purpose
from app.core import clock
from app.core.actor import Actor, Permission
from app.core.db import db
from app.core.errors import NotFound
from app.core.jobs import Job
from app.school.models import Group, Guardian, Guardianship, MailState, Placement, Pupil
from app.school.queries import current_placement

PAGE = 50
RECENT = timedelta(hours=1)


class State(StrEnum):
    """Where a guardian stands on the way to a log-in. In the order of the filters."""

    NO_CUSTODY = "no-custody"
    NO_ADDRESS = "no-address"
    WRONG = "wrong"
    BOUNCED = "bounced"
    UNINVITED = "uninvited"
    INVITED = "invited"
    OPENED = "opened"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to."""

    text: str = ""
    state: State | None = None
    group_id: uuid.UUID | None = None
    page: int = 1


@dataclass(slots=True)
class Row:
    """A guardian as staff see the invitation."""

    id: uuid.UUID
    school_id: uuid.UUID
    name: str
    sort_name: str
    email: str
    state: State
    invited_at: datetime | None
    expires_at: datetime | None
    opened_at: datetime | None
    active_since: datetime | None
    last_seen_at: datetime | None
    children: list[tuple[str, str]] = field(default_factory=list)

    @property
    def may_be_invited(self) -> bool:
        return self.state in (State.UNINVITED, State.INVITED, State.OPENED, State.ACTIVE)

    @property
    def link_expired(self) -> bool:
        waiting = self.state in (State.INVITED, State.OPENED)
        return waiting and self.expires_at is not None and self.expires_at <= clock.now()


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list, with the counts for the filters."""

    rows: list[Row]
    counts: dict[State, int]
    groups: list[tuple[uuid.UUID, str]]
    found: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // PAGE))

    @property
    def uninvited(self) -> int:
        return self.counts.get(State.UNINVITED, 0)

    @property
    def everybody(self) -> int:
        return sum(self.counts.values())


def _links() -> sa.Subquery:
    """For each account its latest set-up link: when it went, until when it works, when it was opened."""
    last = (
        sa.select(
            Link.account_id,
            Link.issued_at,
            Link.expires_at,
            Link.opened_at,
            sa.func.row_number().over(partition_by=Link.account_id, order_by=Link.issued_at.desc()).label("place"),
        )
        .where(Link.purpose == Purpose.SETUP)
        .subquery()
    )
    return sa.select(last).where(last.c.place == 1).subquery()


def _base(actor: Actor, permission: Permission = Permission.GUARDIANS_READ) -> tuple[sa.Select[Any], Any, Any]:
    """Guardians at the actor's schools who are still there, with their account; gives also the state and the link."""
    link, today = _links(), clock.today()
    state = sa.case(
        (sa.not_(policy.stands(today)), State.NO_CUSTODY.value),
        (Guardian.email == "", State.NO_ADDRESS.value),
        (Guardian.email_state == MailState.WRONG, State.WRONG.value),
        (Guardian.email_state == MailState.BOUNCED, State.BOUNCED.value),
        (Account.active_since.is_not(None), State.ACTIVE.value),
        (link.c.issued_at.is_(None), State.UNINVITED.value),
        (link.c.opened_at.is_not(None), State.OPENED.value),
        else_=State.INVITED.value,
    )
    statement = (
        sa.select(Guardian)
        .outerjoin(AccountGuardian, AccountGuardian.guardian_id == Guardian.id)
        .outerjoin(Account, Account.id == AccountGuardian.account_id)
        .outerjoin(link, link.c.account_id == Account.id)
        .where(
            Guardian.school_id.in_(actor.schools_with(permission)),
            sa.or_(Guardian.left_on.is_(None), Guardian.left_on > today),
            Guardian.deceased_on.is_(None),
        )
    )
    return statement, state, link


def _narrowed(statement: sa.Select[Any], wanted: Wanted) -> sa.Select[Any]:
    names = (Guardian.first_name, Guardian.initials, Guardian.prefix, Guardian.surname, Guardian.email)
    said = sa.func.lower(_joined(names))
    for word in wanted.text.lower().split()[:5]:
        statement = statement.where(sa.or_(said.contains(word, autoescape=True), _child_named(word)))
    if wanted.group_id is not None:
        statement = statement.where(_in_group(wanted.group_id))
    return statement


def _child_named(word: str) -> sa.ColumnElement[bool]:
    """Who rings says whose parent they are as often as their own name."""
    name = sa.func.lower(_joined((Pupil.first_name, Pupil.prefix, Pupil.surname)))
    day = clock.today()
    return sa.exists().where(
        Guardianship.guardian_id == Guardian.id,
        Guardianship.pupil_id == Pupil.id,
        sa.or_(Pupil.left_on.is_(None), Pupil.left_on >= day),
        name.contains(word, autoescape=True),
    )


def _joined(columns: Any) -> sa.ColumnElement[str]:
    first, *others = columns
    text = first
    for column in others:
        text = text + " " + column
    return text


def _in_group(group_id: uuid.UUID) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        Guardianship.guardian_id == Guardian.id,
        Guardianship.pupil_id == Placement.pupil_id,
        Placement.group_id == group_id,
        current_placement(clock.today()),
    )


def listing(actor: Actor, wanted: Wanted) -> Listing:
    """One page of the list; the same number of queries for any number of guardians."""
    statement, state, link = _base(actor)
    narrowed = _narrowed(statement, wanted)
    tally = narrowed.with_only_columns(state.label("state"), sa.func.count()).group_by(sa.text("state"))
    found = {row.state: row[1] for row in db.session.execute(tally.order_by(None))}
    counts = {one: found[one.value] for one in State if one.value in found}
    if wanted.state is not None:
        narrowed = narrowed.where(state == wanted.state.value)
    number = counts.get(wanted.state, 0) if wanted.state is not None else sum(counts.values())
    page = min(max(1, wanted.page), max(1, -(-number // PAGE)))
    narrowed = (
        narrowed.order_by(Guardian.surname, Guardian.first_name, Guardian.id).limit(PAGE).offset((page - 1) * PAGE)
    )
    return Listing(_rows(narrowed, state, link), counts, groups_of(actor), number, page)


def _rows(statement: sa.Select[Any], state: Any, link: Any) -> list[Row]:
    wanted = statement.add_columns(
        state, link.c.issued_at, link.c.expires_at, link.c.opened_at, Account.active_since, Account.last_seen_at
    )
    rows = [
        Row(guardian.id, guardian.school_id, guardian.full_name, guardian.sort_name, guardian.email, State(name), *when)
        for guardian, name, *when in db.session.execute(wanted)
    ]
    children = _children([row.id for row in rows])
    for row in rows:
        row.children = children[row.id]
    return rows


def _children(guardian_ids: list[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, str]]]:
    """The children of each guardian with the name of their group."""
    day = clock.today()
    wanted = (
        sa.select(Guardianship.guardian_id, Pupil.first_name, Pupil.surname, sa.func.coalesce(Group.name, ""))
        .join(Pupil, Pupil.id == Guardianship.pupil_id)
        .outerjoin(Placement, sa.and_(Placement.pupil_id == Pupil.id, current_placement(day)))
        .outerjoin(Group, sa.and_(Group.id == Placement.group_id, Group.composed.is_(False)))
        .where(Guardianship.guardian_id.in_(guardian_ids), sa.or_(Pupil.left_on.is_(None), Pupil.left_on >= day))
        .order_by(Pupil.birth_date, Pupil.first_name, Pupil.id)
    )
    found: dict[uuid.UUID, list[tuple[str, str]]] = defaultdict(list)
    for guardian_id, first_name, surname, group in db.session.execute(wanted):
        found[guardian_id].append((first_name or surname, group))
    return found


def groups_of(actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """The groups that have pupils today, at the actor's schools."""
    wanted = (
        sa.select(Group.id, Group.name)
        .where(
            Group.school_id.in_(actor.schools_with(Permission.GUARDIANS_READ)),
            sa.exists().where(Placement.group_id == Group.id, current_placement(clock.today())),
        )
        .order_by(Group.name, Group.id)
    )
    return [(group_id, name) for group_id, name in db.session.execute(wanted)]


def row_of(actor: Actor, guardian_id: uuid.UUID) -> Row:
    """One line of the list. Raises NotFound for a guardian of another school, or who is no longer there."""
    statement, state, link = _base(actor)
    rows = _rows(statement.where(Guardian.id == guardian_id), state, link)
    if not rows:
        raise NotFound
    return rows[0]


def guardian_of(actor: Actor, guardian_id: uuid.UUID) -> Guardian:
    """The guardian, for who may invite at that school. Raises NotFound."""
    statement, _state, _link = _base(actor, Permission.GUARDIANS_INVITE)
    guardian = db.session.scalar(statement.where(Guardian.id == guardian_id))
    if guardian is None:
        raise NotFound
    return guardian


def to_invite(actor: Actor, *, group_id: uuid.UUID | None = None) -> list[uuid.UUID]:
    """Who were never invited and may be, in one group or at all the actor's schools."""
    statement, state, _link = _base(actor, Permission.GUARDIANS_INVITE)
    wanted = statement.where(state == State.UNINVITED.value).with_only_columns(Guardian.id)
    if group_id is not None:
        wanted = wanted.where(_in_group(group_id))
    return list(db.session.scalars(wanted.order_by(Guardian.id)))


def group_name(actor: Actor, group_id: uuid.UUID) -> str:
    """The name of one of the actor's groups. Raises NotFound."""
    name = dict(groups_of(actor)).get(group_id)
    if name is None:
        raise NotFound
    return name


def running(actor: Actor, kind: str) -> list[Job]:
    """The jobs of this kind at the actor's schools that run, or ended less than an hour ago; latest first."""
    recent = sa.or_(Job.done_at.is_(None), Job.done_at > clock.now() - RECENT)
    wanted = sa.select(Job).where(
        Job.kind == kind, Job.school_id.in_(actor.schools_with(Permission.GUARDIANS_READ)), recent
    )
    return list(db.session.scalars(wanted.order_by(Job.created_at.desc()).limit(3)))
