"""The pages of the portal, each in every state that it can be brought to by looking, and how to get there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

Act = Callable[[Page], None]


@dataclass(frozen=True)
class Stop:
    """A page: who looks at it, its address with `{names}` of the furnished town, what to do there first."""

    name: str
    who: str | None
    path: str
    act: Act | None = None

    def __str__(self) -> str:
        return self.name


def press(selector: str, then: str) -> Act:
    """Press something, and wait for what it brings."""

    def act(page: Page) -> None:
        page.locator(selector).first.click()
        page.locator(then).first.wait_for()

    return act


def pencil(card: str) -> Act:
    return press(f"#{card}-pencil", f"#{card} form")


def wrong(card: str, **typed: str) -> Act:
    """Open a card, type what cannot be, send it."""

    def act(page: Page) -> None:
        pencil(card)(page)
        for name, value in typed.items():
            page.locator(f"#{card} [name='{name.replace('__', '-')}']").fill(value)
        press(f"#{card} .actions button[type=submit]", f"#{card} .error-summary")(page)

    return act


def fill(button: str, then: str, **typed: str) -> Act:
    """A form on a page of its own."""

    def act(page: Page) -> None:
        for name, value in typed.items():
            page.locator(f"main [name='{name}']").fill(value)
        press(button, then)(page)

    return act


SEND = "main form button[type=submit]"
OUTSIDE = [
    Stop("log in", None, "/login"),
    Stop("log in, empty", None, "/login", fill(SEND, ".field-error")),
    Stop("log in, wrong", None, "/login", fill(SEND, ".bar-error", username="lotte", password="fout wachtwoord")),
    Stop("forgot", None, "/forgot"),
    Stop("forgot, empty", None, "/forgot", fill(SEND, ".field-error")),
    Stop("forgot, sent", None, "/forgot", fill(SEND, ".bar-ok", username="niemand@example.nl")),
    Stop("set-up", None, "/setup/{token}"),
    Stop("set-up, too short", None, "/setup/{token}", fill(SEND, ".field-error", password="kort")),
    Stop("set-up, unknown link", None, "/setup/nooit-gestuurd"),
    Stop("reset, used link", None, "/reset/{used_token}"),
    Stop("reset, another link sent", None, "/reset/{used_token}", press(SEND, "h1:has-text('Kijk in uw e-mail')")),
    Stop("not me", None, "/not-me/{not_me_token}"),
    Stop("confirm an address", None, "/confirm/{confirm_token}"),
    Stop("language", None, "/language"),
    Stop("no internet", None, "/offline"),
    Stop("install", None, "/install"),
    Stop("not found", None, "/bestaat-niet"),
    Stop("link that confirms nothing", None, "/confirm/niets"),
]

CARDS = {"guardian-contact", "guardian-address", "pupil-details", "pupil-address", "pupil-emergency", "pupil-medical"}
NOOR, OWN = "/children/{noor}", "guardian-contact"
PARENT = [
    Stop("home", "lotte", "/"),
    Stop("home with long names", "mina", "/"),
    Stop("child", "lotte", NOOR),
    Stop("child with a refusal", "lotte", "/children/{sem}"),
    Stop("child with long names", "mina", "/children/{long}"),
    Stop("child, informed only", "karim", NOOR),
    Stop("contact open", "lotte", NOOR, pencil(OWN)),
    Stop("contact wrong", "lotte", NOOR, wrong(OWN, mobile="12", email="geen adres")),
    Stop("contact with long names", "mina", "/me", pencil(OWN)),
    Stop("details open", "lotte", NOOR, pencil("pupil-details")),
    Stop("details wrong", "lotte", NOOR, wrong("pupil-details", first_name="")),
    Stop("address open", "lotte", NOOR, pencil("pupil-address")),
    Stop("address wrong", "lotte", NOOR, wrong("pupil-address", postcode="12", house_number="")),
    Stop("own address open", "lotte", "/me", pencil("guardian-address")),
    Stop("own address wrong", "lotte", "/me", wrong("guardian-address", city="")),
    Stop("emergency open", "lotte", NOOR, pencil("pupil-emergency")),
    Stop("emergency wrong", "lotte", NOOR, wrong("pupil-emergency", contacts__0__name="", contacts__1__phone="1")),
    Stop("medical open", "lotte", NOOR, pencil("pupil-medical")),
    Stop("medical wrong", "lotte", NOOR, wrong("pupil-medical", doctor_phone="1")),
    Stop("a form on a page of its own", "lotte", NOOR + "/address/edit"),
    Stop("a card on a page of its own", "lotte", NOOR + "/emergency"),
    Stop("what was refused, sent again", "lotte", "/children/{sem}/details/edit?again=1"),
    Stop("changes", "lotte", "/changes"),
    Stop("changes, none", "karim", "/changes"),
    Stop("me", "lotte", "/me"),
    Stop("me with long names", "mina", "/me"),
    Stop("account", "lotte", "/account"),
    Stop("another password", "lotte", "/account/password"),
    Stop("another password, wrong", "lotte", "/account/password", fill(SEND, ".field-error", password="kort")),
    Stop("the desk, to a parent", "lotte", "/desk"),
]

ONE = "/desk/changes/"
GUARDIAN = "/desk/guardians/"
CORRECT = press("text=Wijzig e-mailadres", "main form [name=email]")
DESK_STOPS = [
    Stop("queue", "marijke", "/desk"),
    Stop("queue, one kind", "marijke", "/desk?section=address"),
    Stop("queue, searched", "marijke", "/desk?q=Noor"),
    Stop("queue, nothing waits", "anna", "/desk"),
    Stop("request", "marijke", ONE + "{plain}"),
    Stop("request in place", "marijke", "/desk", press(".queue-item", ".detail-head")),
    Stop("request, rejected with a chip", "marijke", ONE + "{plain}", press(".segment-no", ".chip")),
    Stop("request of several", "marijke", ONE + "{several}"),
    Stop("request, nothing chosen", "marijke", ONE + "{several}", press("[data-finish]", "#errors")),
    Stop("three-way", "marijke", ONE + "{three_way}"),
    Stop("side by side", "marijke", ONE + "{side_by_side}"),
    Stop("answered, may be undone", "marijke", ONE + "{refused}"),
    Stop("answered, mailed", "marijke", ONE + "{agreed}"),
    Stop("decisions", "marijke", "/desk/decisions"),
    Stop("decisions, none", "anna", "/desk/decisions"),
    Stop("staff account", "marijke", "/desk/me"),
    Stop("staff account, all of it", "marijke", "/account"),
    Stop("another password of staff", "marijke", "/account/password"),
    Stop("the desk of a teacher", "samira", "/desk"),
    Stop("guardians", "marijke", "/desk/guardians"),
    Stop("guardians, nobody found", "marijke", "/desk/guardians?q=niemand"),
    Stop("guardian", "marijke", GUARDIAN + "{els}"),
    Stop("guardian's address", "marijke", GUARDIAN + "{els}", CORRECT),
    Stop(
        "guardian's address, wrong",
        "marijke",
        GUARDIAN + "{els}/address",
        fill(SEND, ".field-error", email="geen adres"),
    ),
    Stop("invite", "marijke", "/desk/guardians/invitations"),
    Stop("inviting", "marijke", "/desk/guardians/progress"),
    Stop("read files", "marijke", "/desk/roster"),
    Stop("read files, none chosen", "marijke", "/desk/roster", fill(SEND, ".field-error")),
    Stop(
        "file, to be applied",
        "marijke",
        "/desk/roster/{file_ready}",
        press("details:not([open]) > summary", "details[open]"),
    ),
    Stop("file with faults", "marijke", "/desk/roster/{file_blocked}"),
    Stop("file, applied", "marijke", "/desk/roster/{file_applied}"),
    Stop("file, unreadable", "marijke", "/desk/roster/{file_unread}"),
    Stop("file, outdated", "marijke", "/desk/roster/{file_outdated}"),
    Stop("file, being read", "marijke", "/desk/roster/{file_reading}"),
    Stop("not at the desk", "marijke", ONE + "00000000-0000-4000-8000-000000000000"),
]
