"""Builders of accounts. The password of every account in a test is `PASSWORD`."""

from functools import cache

from app.accounts.models import Account, AccountGuardian, AccountPost, Link, Purpose
from app.core import clock
from app.core.actor import Role
from tests.factories.base import Builders

PASSWORD = "vlieger boven zee"


@cache
def password_hash() -> str:
    from app.accounts.passwords import hash_password

    return hash_password(PASSWORD)


class AccountFactories(Builders):
    def account(self, *, username, guardians=(), active=True, **values):
        if active:
            values = {"password_hash": password_hash(), "active_since": clock.now()} | values
        account = self._add(Account(username=username, **values))
        for guardian in guardians:
            self._add(AccountGuardian(account_id=account.id, guardian_id=guardian.id))
        return account

    def used_link(self, *, account, guardian):
        """The invitation with which the guardian made the present password."""
        now = clock.now()
        used = {"issued_at": now, "expires_at": now, "used_at": now, "school_id": guardian.school_id}
        return self._add(Link(account_id=account.id, purpose=Purpose.SETUP, address=guardian.email, **used))

    def post(self, *, account, school, role=Role.ADMINISTRATOR, staff=None):
        staff_id = staff.id if staff else None
        return self._add(AccountPost(account_id=account.id, school_id=school.id, role=role, staff_id=staff_id))
