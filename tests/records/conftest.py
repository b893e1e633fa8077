"""What the tests of the sections share: a form behind a pencil, and what it asked for."""

import pytest
import sqlalchemy as sa

from app.changes.models import ChangeItem, ItemState
from app.core.db import db
from tests.changes.conftest import PencilForm


@pytest.fixture
def pencil():
    return PencilForm


@pytest.fixture
def asked(database):
    """`asked()`: what is proposed now, by item."""

    def find():
        db.session.rollback()
        found = db.session.scalars(sa.select(ChangeItem).where(ChangeItem.state == ItemState.PROPOSED))
        return {item.key: item.proposed for item in found}

    return find


@pytest.fixture
def card(login, cast):
    """`card(role, section)`: the card about Noor as that person sees it; None when it is not there."""

    def see(role, section, pupil=None):
        answer = login(cast.accounts[role]).get(f"/children/{(pupil or cast.noor).id}/{section}")
        assert answer.status_code in (200, 404)
        return answer.text if answer.status_code == 200 else None

    return see
