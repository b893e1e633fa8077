"""The frame of every staff page: the rail with what this person may do, and who is logged in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import format_date
from flask_babel import gettext as _

from app.core import clock
from app.core.access import current_actor
from app.core.actor import Actor, Permission
from app.core.jinja import day, hour
from app.desk import queries, words


@dataclass(frozen=True, slots=True)
class Tab:
    """An item of the rail."""

    endpoint_url: str
    label: str
    icon: str
    current: bool = False
    dot: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class AccountLink:
    url: str
    initials: str
    name: str


def initials(name: str) -> str:
    """`MB` for "Marijke de Boer"."""
    parts = [part for part in name.split(" ") if part]
    return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()


def count_of(actor: Actor) -> int:
    """How many requests wait; a view that has read them all spares the query."""
    if "desk_count" not in g:
        g.desk_count = queries.count_open(actor)
    return g.desk_count


def links(actor: Actor) -> list[Tab]:
    """What this person may do at the desk."""
    path, found = request.path, []
    if actor.may(Permission.CHANGES_REVIEW):
        here = path in ("/desk", "/desk/decisions") or path.startswith("/desk/changes")
        found.append(Tab("/desk", _("Nakijken"), "tray", here, count=count_of(actor)))
    if actor.may(Permission.GUARDIANS_READ):
        found.append(Tab("/desk/guardians", _("Ouders"), "users-three", path.startswith("/desk/guardians")))
    if actor.may(Permission.ROSTER_IMPORT):
        found.append(Tab("/desk/roster", _("Inlezen"), "student", path.startswith("/desk/roster")))
    if actor.is_guardian:
        found.append(Tab("/", _("Mijn kind"), "house-simple"))
    return found


def _at_desk(actor: Actor) -> bool:
    """Every page of the desk; and the account's, which a member of staff with a child here sees as a parent."""
    return request.path.startswith("/desk") or (request.path.startswith("/account") and not actor.is_guardian)


def context() -> dict[str, Any]:
    """Variables of staff.html; a parent's page has its own (app.home.shell)."""
    if not has_request_context():
        return {}
    actor = current_actor()
    if not actor.is_staff or not _at_desk(actor):
        return {}
    me = AccountLink("/desk/me", initials(actor.name) or "–", actor.name)
    own = {"home_url": "/desk", "account": me, "rail": links(actor), "child_colour": "mint"}
    return own | {
        "is_guardian": actor.is_guardian,
        "enumeration": words.enumeration,
        "section_word": words.section_word,
    }


def row_time(moment: datetime, *, own_day: bool = True) -> str:
    """`08.14` of today and yesterday, `12 mrt.` of an older day.

    Not `own_day`: the heading above the row names no day, so that yesterday is `gisteren`.
    """
    age = (clock.today() - clock.local(moment).date()).days
    if age > 1:
        return format_date(clock.local(moment).date(), "d MMM")
    return hour(moment) if own_day or age == 0 else _("gisteren")


def sent(moment: datetime) -> str:
    """`vandaag 08.14`, `gisteren 21.06`, `12 maart`: shorter than on a parent's page."""
    age = (clock.today() - clock.local(moment).date()).days
    if age > 1:
        return day(moment)
    return (_("vandaag %(time)s") if age == 0 else _("gisteren %(time)s")) % {"time": hour(moment)}


def init_app(app: Flask) -> None:
    app.context_processor(context)
    app.jinja_env.filters["sent"] = sent
    app.jinja_env.filters["row_time"] = row_time
