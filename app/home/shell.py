"""The frame of a parent's page: tabs, account, the band's words. Reads only what the view already fetched (`g.children`)."""

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, has_request_context, request

from app.core.access import current_actor
from app.core.languages import gettext as _
from app.school.queries import Child


@dataclass(frozen=True, slots=True)
class Tab:
    """An item of the tab bar (and of the staff's rail, with a count)."""

    endpoint_url: str
    label: str
    icon: str
    current: bool = False
    dot: bool = False


@dataclass(frozen=True, slots=True)
class AccountLink:
    url: str
    initials: str
    name: str

    @property
    def first_name(self) -> str:
        return self.name.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class Sibling:
    url: str
    name: str
    seed: int
    photo_url: str = ""


def initials(name: str) -> str:
    """`LV` for "Lotte de Vries": first letters of the first and the last word."""
    words = [word for word in name.split(" ") if word]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper()


def group_line(child: Child) -> str:
    """`Groep 5 bij juf Samira`."""
    if not child.group_name:
        return child.school_name
    name = (
        child.group_name if child.group_name.lower().startswith("groep") else _("Groep %(name)s", name=child.group_name)
    )
    if not child.teachers:
        return name
    return _("%(group)s bij %(teachers)s", group=name, teachers=_(" en ").join(child.teachers))


def siblings_of(child: Child) -> list[Sibling]:
    """The other children in this account, for the switch in the band: one tap, the same page of the other child."""
    others = [other for other in g.get("children", []) if other.id != child.id]
    return [Sibling(f"/children/{other.id}", other.first_name, other.id.int) for other in others[:3]]


def tabs() -> list[Tab]:
    """The open parts of the portal: two in phase 1."""
    children: list[Child] = g.get("children", [])
    child = g.get("child") or (children[0] if children else None)
    at_child = request.path.startswith("/children/")
    found = [Tab("/", _("Overzicht"), "house-simple", request.path == "/")]
    if child is not None:
        found.append(Tab(f"/children/{child.id}", _("Gegevens"), "identification-card", at_child))
    return found


def context() -> dict[str, Any]:
    """Variables of parent.html."""
    if not has_request_context():
        return {}
    actor = current_actor()
    children: list[Child] = g.get("children", [])
    child = g.get("child") or (children[0] if children else None)
    me = AccountLink("/me", initials(actor.name) or "–", actor.name)
    found: dict[str, Any] = {"home_url": "/", "account": me, "group_line": group_line, "siblings_of": siblings_of}
    if actor.is_guardian:
        found["tabs"] = tabs()
    if child is not None:
        found |= {"school_name": child.school_name, "child_colour": child.colour if g.get("child") else "mint"}
    return found


def new_form_key() -> str:
    """The key that makes a form's second arrival harmless."""
    return uuid.uuid4().hex


def init_app(app: Flask) -> None:
    app.context_processor(context)
    app.jinja_env.globals["new_form_key"] = new_form_key
