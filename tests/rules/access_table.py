"""The access table: for every route, whom it is for, what of the addressed things is theirs, and what they then get.

Everybody else gets: the log-in (303, to htmx 401) when not logged in, 404 when logged in. A route that is not here, or an
argument without objects to try, fails the test.

`get` and `post` are the status for whom it is for, about what is theirs; `writes` the tables in which a POST of theirs may
leave rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.core.actor import Permission
from tests.rules import access_scopes as scopes
from tests.security.world import Whose, World

Status = int | Callable[[World, Whose, dict[str, Any]], int]
LOG = frozenset({"audit_event", "job", "message", "sent_form", "throttle_count"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One route. `scope` says which addressed things are theirs, `form` what is posted, `trace` that a GET notes itself."""

    audience: str
    permission: Permission | None = None
    scope: Callable[[World, Whose, dict[str, Any]], bool] = scopes.everything
    get: Status | None = None
    post: Status | None = None
    form: dict[str, str] = field(default_factory=dict)
    writes: frozenset[str] = frozenset()
    trace: bool = False


def public(**values: Any) -> Entry:
    return Entry("public", **values)


def account(**values: Any) -> Entry:
    return Entry("account", **values)


def guardian(**values: Any) -> Entry:
    return Entry("guardian", **values)


def staff(permission: Permission | None, **values: Any) -> Entry:
    return Entry("staff", permission, **values)


REQUEST = frozenset({"change_request", "change_item"})
SESSION = frozenset({"login_session"})
READ, INVITE = Permission.GUARDIANS_READ, Permission.GUARDIANS_INVITE
REVIEW, IMPORT = Permission.CHANGES_REVIEW, Permission.ROSTER_IMPORT

TABLE: dict[str, Entry] = {
    "core.health": public(get=200),
    "pwa.web_manifest": public(get=200),
    "pwa.service_worker": public(get=200),
    "pwa.offline": public(get=200),
    "pwa.install_help": public(get=200),
    # Logging in, links out of mails
    "accounts.login": public(get=200),
    "accounts.log_in": public(post=422),
    "accounts.logout": public(post=200, writes=SESSION),
    "accounts.language": public(get=200),
    "accounts.choose_language": public(post=303, form={"language": "en"}, writes=frozenset({"account"})),
    "accounts.forgot": public(get=200),
    "accounts.ask_link": public(post=422),
    "accounts.open_setup": public(get=scopes.link("setup"), trace=True),
    "accounts.open_reset": public(get=scopes.link("reset"), trace=True),
    "accounts.open_not_me": public(get=scopes.link("not_me"), trace=True),
    # Without a link that this browser opened there is nothing here
    "accounts.setup": public(get=410),
    "accounts.reset": public(get=410),
    "accounts.not_me": public(get=410),
    "accounts.make_password": public(post=410),
    "accounts.make_new_password": public(post=410),
    "accounts.fresh_setup": public(post=303),
    "accounts.fresh_reset": public(post=303),
    "accounts.disown": public(post=410),
    # One's own account
    "accounts.account": account(get=200),
    "accounts.password": account(get=200),
    "accounts.change_password": account(post=422),
    "accounts.end_session": account(scope=scopes.own_session, post=200, writes=SESSION),  # this one: logging out
    "accounts.end_other_sessions": account(post=303, writes=SESSION),
    "accounts.choose_comfort": account(post=303, form={"text_size": "huge"}, writes=frozenset({"account"})),
    # The list of guardians
    "accounts.guardians": staff(READ, get=200),
    "accounts.progress": staff(READ, get=200),
    "accounts.guardian": staff(READ, scope=scopes.guardian_of_school, get=200),
    "accounts.address": staff(INVITE, scope=scopes.guardian_of_school, get=200),
    "accounts.correct_address": staff(
        INVITE,
        scope=scopes.guardian_of_school,
        post=303,
        form={"email": "nieuw@example.nl"},
        writes=frozenset({"guardian", "link"}),
    ),
    "accounts.invite": staff(
        INVITE,
        scope=scopes.guardian_of_school,
        post=scopes.invited,
        writes=frozenset({"account", "account_guardian", "link"}),
    ),
    "accounts.confirm_invitations": staff(INVITE, get=200),
    "accounts.invite_many": staff(INVITE, post=303, writes=frozenset({"account", "account_guardian", "link"})),
    # A parent's pages
    "home.index": Entry("account", get=scopes.first_page),
    "home.child": guardian(scope=scopes.child, get=200),
    "home.me": guardian(get=200),
    # The pencil
    "changes.show": guardian(scope=scopes.card, get=200),
    "changes.show_own": guardian(scope=scopes.own_card, get=200),
    "changes.edit": guardian(scope=scopes.pencil, get=200),
    "changes.edit_own": guardian(scope=scopes.own_card, get=200),
    "changes.send": guardian(scope=scopes.pencil, post=scopes.sent, writes=REQUEST),
    "changes.send_own": guardian(scope=scopes.own_card, post=422, writes=REQUEST),
    "changes.index": guardian(get=200),
    "changes.opened": guardian(scope=scopes.own_request, get=303),
    "changes.withdraw": guardian(scope=scopes.own_visible_request, post=scopes.taken_back, writes=REQUEST),
    "changes.propose_again": guardian(
        scope=scopes.own_changeable_request, post=scopes.sent_again, form={"form_key": "k" * 32}, writes=REQUEST
    ),
    "changes.dismiss": guardian(scope=scopes.own_item, post=303, writes=REQUEST),
    "changes.confirm": public(get=scopes.confirmed, post=scopes.confirmed, writes=REQUEST),
    # The desk. Half-filled answers: deciding itself is tested in tests/desk
    "desk.queue": staff(None, get=200),
    "desk.me": staff(None, get=200),
    "desk.recent": staff(REVIEW, get=200),
    "desk.change": staff(REVIEW, scope=scopes.request_of_school, get=200, trace=True),
    "desk.decide": staff(REVIEW, scope=scopes.request_of_school, post=scopes.undecided),
    "desk.undo": staff(REVIEW, scope=scopes.request_of_school, post=409),
    "desk.take_over": staff(REVIEW, scope=scopes.request_of_school, post=303, writes=REQUEST),
    # The roster: an import that was refused, so that nothing but throwing it away is left
    "roster.index": staff(IMPORT, get=200),
    "roster.upload": staff(IMPORT, post=422),
    "roster.show": staff(IMPORT, scope=scopes.import_of_school, get=200),
    "roster.apply": staff(IMPORT, scope=scopes.import_of_school, post=409),
    "roster.read_again": staff(IMPORT, scope=scopes.import_of_school, post=409),
    "roster.discard": staff(IMPORT, scope=scopes.import_of_school, post=303, writes=frozenset({"roster_import"})),
}
