"""Which of the addressed things are a role's own, and what a route then answers. Written out here, not asked of the app."""

import uuid
from collections.abc import Iterator
from typing import Any

from app.school.models import Custody
from tests.security.world import PARENTS, Whose, World

Arguments = dict[str, Any]
ABSENT = uuid.UUID("0190f0f0-0000-7000-8000-0000000000ff")
MALFORMED = ("not-a-uuid", "9223372036854775808", "%D9%A3")

CARDS = {"address", "emergency", "medical", "details", "family"}
PENCILS = {"address", "emergency", "medical", "details"}
OWN_CARDS = {"contact", "address"}
SECTIONS = (*sorted(CARDS), "contact", "nothing")


def everything(_world: World, _whose: Whose, _args: Arguments) -> bool:
    return True


def child(_world: World, whose: Whose, args: Arguments) -> bool:
    return args["pupil_id"] in whose.children


def card(world: World, whose: Whose, args: Arguments) -> bool:
    """Medical only with full custody (AVG art. 9)."""
    if not child(world, whose, args) or args["section_key"] not in CARDS:
        return False
    return args["section_key"] != "medical" or _decides(whose, args["pupil_id"])


def pencil(_world: World, whose: Whose, args: Arguments) -> bool:
    return _decides(whose, args["pupil_id"]) and args["section_key"] in PENCILS


def own_card(_world: World, _whose: Whose, args: Arguments) -> bool:
    return args["section_key"] in OWN_CARDS


def _decides(whose: Whose, pupil_id: Any) -> bool:
    return whose.children.get(pupil_id) is Custody.FULL


def own_request(_world: World, whose: Whose, args: Arguments) -> bool:
    return args["request_id"] in whose.requests


def own_visible_request(world: World, whose: Whose, args: Arguments) -> bool:
    """One's own, about oneself or about a child that one still sees: Dirk's are about Noor, whom he sees no longer."""
    about_oneself = args["request_id"] == world.withdrawn.get(whose.name)
    return own_request(world, whose, args) and (about_oneself or whose.name != "dirk")


def own_changeable_request(world: World, whose: Whose, args: Arguments) -> bool:
    """Also one that a parent without custody sent before: nothing of it can be sent again, but about oneself."""
    about_oneself = args["request_id"] == world.withdrawn.get(whose.name)
    return own_visible_request(world, whose, args) and (about_oneself or whose.name != "karim")


def own_item(world: World, whose: Whose, args: Arguments) -> bool:
    """The refused medical item stands on a card that Karim and Dirk do not get; the other one is about Lotte herself."""
    if args["item_id"] == world.confirm_item:
        return whose.name == "lotte"
    return args["item_id"] == world.items.get(whose.name) and whose.name not in ("karim", "dirk")


def guardian_of_school(world: World, whose: Whose, args: Arguments) -> bool:
    school = world.guardian_schools.get(args["guardian_id"])
    return school is not None and school == whose.school_id


def request_of_school(world: World, whose: Whose, args: Arguments) -> bool:
    return world.request_schools.get(args["request_id"], ABSENT) == whose.school_id


def import_of_school(world: World, whose: Whose, args: Arguments) -> bool:
    return world.imports.get(args["import_id"], ABSENT) == whose.school_id


def own_session(world: World, whose: Whose, args: Arguments) -> bool:
    return args["session_id"] in world.sessions_of(whose.name)


# --- what is answered


def link(purpose: str):
    def status(world: World, _whose: Whose, args: Arguments) -> int:
        return 303 if purpose == "reset" and args["token"] == world.link_token(purpose) else 404

    return status


def confirmed(world: World, _whose: Whose, args: Arguments) -> int:
    return 200 if args["token"] == world.confirm_token else 410


def invited(world: World, _whose: Whose, args: Arguments) -> int:
    """Gerda has no custody of any child, and Dora may not log in: they can't be invited."""
    return 409 if args["guardian_id"] in (world.guardians["gerda"], world.guardians["dora"]) else 303


def first_page(_world: World, whose: Whose, _args: Arguments) -> int:
    return 200 if whose.guardian_id else 303


def sent(_world: World, _whose: Whose, args: Arguments) -> int:
    """An empty form lacks what is required; of the emergency contacts it lacks the form's key, of the rest nothing else."""
    return 422


def taken_back(world: World, whose: Whose, args: Arguments) -> int:
    return 409 if args["request_id"] == world.withdrawn[whose.name] else 303


def sent_again(world: World, whose: Whose, args: Arguments) -> int:
    return 303 if args["request_id"] == world.withdrawn[whose.name] else 409


def undecided(world: World, _whose: Whose, args: Arguments) -> int:
    """An empty answer to an open request; what was taken back is answered no more."""
    return 409 if args["request_id"] in world.withdrawn.values() else 422


# --- what is tried


def objects(world: World, role: str, name: str) -> list[Any]:
    """What is put into an argument of an address: one's own, a co-parent's, another family's, another school's, none's.

    Raises KeyError for an argument that nobody thought of.
    """
    others = ("lotte", "jeroen", "els", "bo")
    cast, own = world.cast, [name for name in (role, *others) if name in PARENTS]
    found = {
        "pupil_id": lambda: [cast.noor.id, cast.tygo.id, cast.fien.id, *world.roles[role].children],
        "section_key": lambda: list(SECTIONS),
        "request_id": lambda: [*(world.open[who] for who in own), *(world.withdrawn[who] for who in own[:2])],
        "item_id": lambda: [*(world.items[who] for who in own), world.confirm_item],
        "guardian_id": lambda: [world.guardians[who] for who in (*others, "gerda", "dora")],
        "import_id": lambda: list(world.imports),
        "session_id": lambda: [id_ for who in dict.fromkeys((role, *others)) for id_ in world.sessions_of(who)],
        "token": lambda: [world.confirm_token, world.link_token("reset"), "x.y", "a" * 300],
    }[name]()
    return list(dict.fromkeys(found if name in ("section_key", "token") else [*found, ABSENT]))


def addresses(world: World, role: str, rule: Any) -> Iterator[tuple[str, Arguments]]:
    """The addresses of a rule with everything that is tried; every section only of one child."""
    for args in _combinations(world, role, sorted(rule.arguments)):
        if (
            "pupil_id" in args
            and args.get("section_key") not in (None, "address")
            and args["pupil_id"] != world.cast.noor.id
        ):
            continue
        yield _path(rule, args), args


def _combinations(world: World, role: str, names: list[str]) -> Iterator[Arguments]:
    if not names:
        yield {}
        return
    for value in objects(world, role, names[0]):
        for rest in _combinations(world, role, names[1:]):
            yield {names[0]: value, **rest}


def malformed(rule: Any) -> list[str]:
    """Addresses with what is no id in the place of one."""
    if not any(rule._converters[name].__class__.__name__ == "UUIDConverter" for name in rule.arguments):
        return []
    return [_path(rule, dict.fromkeys(rule.arguments, text)) for text in MALFORMED]


def _path(rule: Any, args: Arguments) -> str:
    path = rule.rule
    for name, value in args.items():
        for shape in (f"<uuid:{name}>", f"<{name}>"):
            path = path.replace(shape, str(value))
    return path
