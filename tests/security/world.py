"""The cast with everything that can leak: a contact, a medical record and requests of every family; and who may see what.

Beside the cast: Dirk, whose custody of Noor ended yesterday and of Sem was taken away, with a child of his own; Gerda,
whose only custody ended; Dora, whose account was disabled after she logged in.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Link, Purpose
from app.changes.messages import CONFIRM_PURPOSE
from app.changes.models import ChangeItem, ChangeRequest, ItemState, Subject
from app.core import clock, tokens
from app.core.actor import GRANTS, Role
from app.core.db import db
from app.records.models import EmergencyContact
from app.roster.models import ImportState, RosterImport
from app.school.models import Custody, Guardian, Guardianship, Household, Pupil, Staff
from tests.cast import Cast
from tests.security.canaries import Canaries, Owner, paint
from tests.security.walk import Rows, Walker, snapshot, walker

OUT = ("anonymous", "gerda", "dora")
PARENTS = ("lotte", "jeroen", "karim", "els", "bo", "samira", "dirk")
STAFF = {"samira": Role.TEACHER, "marijke": Role.ADMINISTRATOR, "ruud": Role.DIRECTOR, "anna": Role.ADMINISTRATOR}
ROLES = (*OUT, *PARENTS, "marijke", "ruud", "anna")


@dataclass
class Whose:
    """What a role stands for: its account, its guardian, the children that it sees (with custody), its school as staff."""

    name: str
    account_id: Any = None
    guardian_id: Any = None
    household_id: Any = None
    children: dict[Any, Custody] = field(default_factory=dict)
    school_id: Any = None
    permissions: frozenset = frozenset()
    requests: set = field(default_factory=set)

    @property
    def is_out(self) -> bool:
        return self.name in OUT

    @property
    def ids(self) -> set:
        return {self.account_id, self.guardian_id, *self.requests} - {None}


@dataclass
class World:
    """Everything that a walk needs. `open` and `closed`: each proposer's requests by role."""

    cast: Cast
    canaries: Canaries
    roles: dict[str, Whose]
    clients: dict[str, Walker]
    tokens: dict[str, str]
    open: dict[str, Any]
    withdrawn: dict[str, Any]
    items: dict[str, Any]
    confirm_item: Any
    guardians: dict[str, Any]
    guardian_schools: dict[Any, Any]
    pim: Any
    link: Any
    request_schools: dict[Any, Any]
    imports: dict[Any, Any]
    rows: Rows

    @property
    def confirm_token(self) -> str:
        """Of the mail that asks whether Lotte's new address is hers."""
        return tokens.make(CONFIRM_PURPOSE, self.confirm_item)

    def link_token(self, purpose: str) -> str:
        """A token for Lotte's link; the link is one for a new password, so that any other purpose is a forgery."""
        return tokens.make(purpose, self.link)

    def sessions_of(self, role: str) -> list[Any]:
        """The one that this role's browser has; none of who is not logged in."""
        account_id = self.roles[role].account_id
        return [row["id"] for row in self.rows["login_session"].values() if row["account_id"] == account_id]

    def may_see(self, role: str) -> set[Owner]:
        """The owners of every word that this role may be shown."""
        whose = self.roles[role]
        if whose.is_out:
            return set()
        found = _seen_as_parent(whose) if whose.guardian_id else set()
        if whose.permissions:
            found |= _seen_as_staff(whose)
        return found


def _scalars(statement) -> list:
    return list(db.session.scalars(statement))


def _seen_as_parent(whose: Whose) -> set[Owner]:
    """The record of each child, the names of its guardians and teachers, one's own data, what one asked oneself."""
    found = {Owner("guardian-name", whose.guardian_id), Owner("guardian-contact", whose.guardian_id)}
    found |= {Owner("household", whose.household_id)}
    found |= {Owner("request", request) for request in whose.requests}
    found |= {Owner("staff-name", staff) for staff in _scalars(sa.select(Staff.id))}
    for pupil_id, custody in whose.children.items():
        pupil = db.session.get_one(Pupil, pupil_id)
        found |= {Owner("pupil", pupil_id), Owner("household", pupil.household_id)}
        if custody is Custody.FULL:
            found.add(Owner("medical", pupil_id))
        guardians = _scalars(sa.select(Guardianship.guardian_id).where(Guardianship.pupil_id == pupil_id))
        found |= {Owner("guardian-name", guardian) for guardian in guardians}
        for contact in _scalars(sa.select(EmergencyContact).where(EmergencyContact.pupil_id == pupil_id)):
            if contact.guardian_id in (None, whose.guardian_id):
                found.add(Owner("contact", contact.id))
    return found


def _seen_as_staff(whose: Whose) -> set[Owner]:
    """Everything of one's own school."""
    found = set()
    for model, kinds in (
        (Pupil, ("pupil", "pupil-register", "medical")),
        (Guardian, ("guardian-name", "guardian-contact", "guardian-register")),
        (Staff, ("staff-name", "staff-contact", "staff-register")),
        (Household, ("household",)),
        (EmergencyContact, ("contact",)),
        (ChangeRequest, ("request",)),
    ):
        ids = _scalars(sa.select(model.id).where(model.school_id == whose.school_id))
        found |= {Owner(kind, id_) for kind in kinds for id_ in ids}
    return found


def _more_people(f, cast: Cast) -> dict[str, Any]:
    """Those of whom something ended."""
    yesterday = clock.today() - timedelta(days=1)
    people = {}
    for name in ("Dirk", "Gerda", "Dora"):
        guardian = f.guardian(school=cast.school, first_name=name, surname="Vos", email=f"{name.lower()}@example.nl")
        people[name.lower()] = guardian
        cast.accounts[name.lower()] = f.account(username=name.lower(), guardians=[guardian])
    own = f.pupil(school=cast.school, first_name="Pim", surname="Vos", group=cast.group)
    f.guardianship(guardian=people["dirk"], pupil=own)
    f.guardianship(guardian=people["dirk"], pupil=cast.noor, ends_on=yesterday)
    f.guardianship(guardian=people["dirk"], pupil=cast.sem, custody=Custody.NONE)
    f.guardianship(guardian=people["gerda"], pupil=cast.tygo, ends_on=yesterday)
    f.guardianship(guardian=people["dora"], pupil=cast.tygo)
    return people


def _records(f, cast: Cast) -> None:
    """A medical record and emergency contacts for every child; Noor's are private to each parent, and one is everybody's."""
    for pupil in _scalars(sa.select(Pupil)):
        f.medical(pupil=pupil, doctor_name="x", diet="x", allergies="x", medication="x")
        f.emergency_contact(pupil=pupil, name="x", phone="+31612340000")
        if pupil.household_id is None:
            home = f.household(school=db.session.get_one(type(cast.school), pupil.school_id))
            pupil.household_id = home.id
    for guardian in (cast.lotte, cast.jeroen):
        f.emergency_contact(pupil=cast.noor, name="x", phone="+31612340000", guardian=guardian)


def _requests(f, guardians: dict[str, Any]) -> tuple[dict, dict, dict]:
    """Of each parent an open request about a child and about oneself, one that was taken back, and a refused one."""
    opened, withdrawn, items = {}, {}, {}
    contact = ("contact:0190f0f0-0000-7000-8000-00000000000", {"name": "x", "relation": "x", "phone": "x"})
    for number, (name, guardian) in enumerate(guardians.items()):
        child = db.session.scalar(
            sa.select(Pupil)
            .join(Guardianship)
            .where(Guardianship.guardian_id == guardian.id)
            .order_by(Pupil.id)
            .limit(1)
        )
        about_child = {"guardian": guardian, "pupil": child, "about": Subject.PUPIL}
        f.change_request(**about_child, section="medical", items={"diet": ("x", "x"), "doctor_phone": ("x", "x")})
        f.change_request(**about_child, section="emergency", items={f"{contact[0]}{number}": (None, contact[1])})
        f.change_request(**about_child, section="address", items={"address": ({"street": "x"}, {"street": "x"})})
        opened[name] = f.change_request(**about_child, section="details", items={"first_name": ("x", "x")})
        f.change_request(guardian=guardian, section="contact", items={"mobile": ("x", "x"), "email": ("x", "x")})
        gone = f.change_request(
            guardian=guardian, section="address", items={"address": (None, {"street": "x"})}, open=False
        )
        gone.items[0].state, gone.items[0].decided_at = ItemState.WITHDRAWN, clock.now()
        withdrawn[name] = gone
        refused = f.change_request(**about_child, section="medical", items={"insurer": ("x", "x")}, open=False)
        refused.items[0].state, refused.items[0].decided_at = ItemState.REJECTED, clock.now()
        items[name] = refused.items[0]
    return opened, withdrawn, items


def _whose(cast: Cast, name: str) -> Whose:
    if name == "anonymous":
        return Whose(name)
    account = cast.accounts[name]
    whose = Whose(name, account.id)
    today = clock.today()
    for link in account.guardian_links:
        whose.guardian_id, whose.household_id = link.guardian_id, link.guardian.household_id
        for bond in link.guardian.guardianships:
            if bond.custody_on(today) is not Custody.NONE:
                whose.children[bond.pupil_id] = bond.custody
        mine = sa.select(ChangeRequest.id).where(ChangeRequest.guardian_id == link.guardian_id)
        whose.requests = set(db.session.scalars(mine))
    if name in STAFF:
        whose.school_id, whose.permissions = account.posts[0].school_id, GRANTS[STAFF[name]]
    return whose


def build(app, f) -> World:
    """All of it, committed, with everybody logged in; Dora's account is disabled after that."""
    cast = Cast.build(f)
    people = _more_people(f, cast)
    _records(f, cast)
    guardians = {
        **{name: getattr(cast, name) for name in ("lotte", "jeroen", "karim", "els", "bo")},
        "samira": cast.samira_parent,
        **people,
    }
    opened, withdrawn, items = _requests(f, guardians)
    canaries = Canaries()
    paint(canaries)
    confirm = db.session.scalar(
        sa.select(ChangeItem)
        .join(ChangeRequest)
        .where(ChangeItem.key == "email", ChangeRequest.guardian_id == cast.lotte.id)
    )
    confirm.address = confirm.proposed
    db.session.commit()
    db.session.expire_all()
    roles = {name: _whose(cast, name) for name in ROLES}
    clients = {name: walker(app, cast.accounts.get(name)) for name in ROLES}
    dora = cast.accounts["dora"]
    dora.disabled_at = clock.now()
    link = _link(cast)
    imports = {_import(school).id: school.id for school in (cast.school, cast.kade)}
    db.session.commit()
    ids = [{name: row.id for name, row in rows.items()} for rows in (opened, withdrawn, items, guardians)]
    schools = {guardian.id: guardian.school_id for guardian in guardians.values()}
    pim = next(iter(roles["dirk"].children))
    csrf = {name: client.token() for name, client in clients.items()}
    requests = dict(db.session.execute(sa.select(ChangeRequest.id, ChangeRequest.school_id)).all())
    others = {
        "guardians": ids[3],
        "guardian_schools": schools,
        "pim": pim,
        "link": link.id,
        "request_schools": requests,
        "imports": imports,
    }
    return World(cast, canaries, roles, clients, csrf, *ids[:3], confirm.id, **others, rows=snapshot())


def _link(cast: Cast) -> Link:
    now, account = clock.now(), cast.accounts["lotte"]
    values = {"purpose": Purpose.RESET, "address": "x@example.nl", "issued_at": now, "school_id": cast.school.id}
    link = Link(account_id=account.id, expires_at=now + timedelta(hours=1), **values)
    db.session.add(link)
    return link


def _import(school) -> RosterImport:
    """A file that could not be read."""
    row = RosterImport(
        school_id=school.id, uploaded_at=clock.now(), source_name="x.csv", sha256="0" * 64, state=ImportState.REFUSED
    )
    db.session.add(row)
    db.session.flush()
    return row
