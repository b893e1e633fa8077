"""Who of the demo can log in, and how far the others are on the way there: every state of the list of guardians."""

from datetime import datetime, timedelta
from itertools import chain, count
from typing import Any

from app.accounts.models import Account, AccountGuardian, AccountPost, Link, Purpose
from app.accounts.passwords import hash_password
from app.accounts.usernames import folded
from app.core import clock
from app.core.actor import Actor, Post, Role
from app.demo.family import People
from app.demo.logins import PASSWORD
from app.demo.place import Maker
from app.school.models import Custody, Guardian, MailState, Staff

INVITED_DAYS_AGO = 9
LIFE = timedelta(days=14)
# Of a hundred guardians who can be invited: so many are not yet, were, opened the link, have a password.
STATES = {"uninvited": 14, "invited": 12, "opened": 6, "active": 68}
STATES_OF = {"Fatima": "uninvited", "Wilma": "active", "Gert": "invited"}


class Accounts:
    """Makes accounts; every one has the demo's password, hashed once."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker
        self.hash = hash_password(PASSWORD)
        self.now: datetime = clock.now()
        self.by_guardian: dict[Any, Account] = {}
        self._taken: set[str] = set()

    def account(self, first: str, surname: str = "", **values: Any) -> Account:
        """An account that is in use, unless the values say otherwise."""
        since = self.now - timedelta(days=INVITED_DAYS_AGO - 1)
        in_use = {"password_hash": self.hash, "active_since": since, "password_changed_at": since}
        return self.maker.add(Account(username=self._username(first, surname), **{**in_use, **values}))

    def _username(self, first: str, surname: str) -> str:
        """As the portal itself makes them: `lotte`, `lottev`, `lottevr`, … `lotte2`."""
        stem, last = folded(first), folded(surname)
        longer = (stem + last[:size] for size in range(1, len(last) + 1))
        numbered = (f"{stem}{number}" for number in count(2))
        name = next(n for n in chain([stem], longer, numbered) if n not in self._taken and len(n) >= 3)
        self._taken.add(name)
        return name

    def guardian(self, guardian: Guardian, state: str = "active") -> Account | None:
        """The guardian's account in this state; none for who was never invited."""
        if state == "uninvited":
            return None
        idle = {} if state == "active" else {"password_hash": "", "active_since": None, "password_changed_at": None}
        account = self.account(guardian.first_name, guardian.surname, language=guardian.language, **idle)
        self.join(account, guardian)
        if state == "active" and self.maker.chance(80):
            account.last_seen_at = self.now - timedelta(hours=self.maker.random.randint(1, 180))
        self._invitation(account, guardian, state)
        return account

    def join(self, account: Account, guardian: Guardian) -> None:
        """Let the account be this guardian too."""
        self.maker.add(AccountGuardian(account_id=account.id, guardian_id=guardian.id))
        self.by_guardian[guardian.id] = account

    def _invitation(self, account: Account, guardian: Guardian, state: str) -> None:
        # Some waited so long that their link is too old by now.
        days = INVITED_DAYS_AGO + (12 if state == "invited" and self.maker.chance(25) else 0)
        issued = self.now - timedelta(days=days)
        link = Link(
            account_id=account.id,
            purpose=Purpose.SETUP,
            address=guardian.email,
            school_id=guardian.school_id,
            issued_at=issued,
            expires_at=issued + LIFE,
            opened_at=issued + timedelta(hours=self.maker.random.randint(1, 20)) if state != "invited" else None,
            used_at=issued + timedelta(hours=21) if state == "active" else None,
        )
        self.maker.add(link)

    def post(self, account: Account, role: Role, staff: Staff) -> AccountPost:
        """Give the account a role."""
        return self.maker.add(
            AccountPost(account_id=account.id, school_id=staff.school_id, staff_id=staff.id, role=role)
        )

    def actor(self, guardian: Guardian) -> Actor:
        """The person behind this guardian's account."""
        account = self.by_guardian[guardian.id]
        return Actor(account_id=account.id, name=guardian.full_name, guardian_ids=(guardian.id,))


def make(maker: Maker, people: People) -> tuple[Accounts, Actor]:
    """Accounts for the offered log-ins first, so that the short names are theirs; gives also who decides."""
    accounts = Accounts(maker)
    for name in ("Lotte", "Jeroen", "Els"):
        accounts.guardian(people.guardians[name])
    accounts.join(accounts.by_guardian[people.guardians["Els"].id], people.guardians["Els at De Kade"])
    samira = accounts.guardian(people.guardians["Samira"])
    if samira is not None:
        accounts.post(samira, Role.TEACHER, people.staff["Samira"])
    marijke = _staff(accounts, people.staff["Marijke"], Role.ADMINISTRATOR)
    _staff(accounts, people.staff["Ruud"], Role.DIRECTOR)
    _staff(accounts, people.staff["Anna"], Role.ADMINISTRATOR)
    _everybody_else(accounts, people)
    person = people.staff["Marijke"]
    post = Post(person.school_id, Role.ADMINISTRATOR, person.id)
    return accounts, Actor(account_id=marijke.id, name=person.full_name, posts=(post,))


def _staff(accounts: Accounts, person: Staff, role: Role) -> Account:
    account = accounts.account(person.first_name, person.surname)
    accounts.post(account, role, person)
    return account


def _everybody_else(accounts: Accounts, people: People) -> None:
    named = {guardian.id: name for name, guardian in people.guardians.items()}
    without = {link.guardian_id for link in accounts.maker.rows["guardianship"] if link.custody is Custody.NONE}
    choose = accounts.maker.random.choices
    for guardian in accounts.maker.rows["guardian"]:
        state = choose(list(STATES), list(STATES.values()))[0]
        if guardian.id in accounts.by_guardian or guardian.id in without or guardian.deceased_on or not guardian.email:
            continue
        if guardian.id in named:
            state = STATES_OF.get(named[guardian.id], "active")
        if guardian.email_state is not None and guardian.email_state is not MailState.OK:
            state = "invited"  # its mail came back
        accounts.guardian(guardian, state)
