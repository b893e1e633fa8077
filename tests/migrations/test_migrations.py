"""Every migration runs up and down on both databases with data in it, and its end is what the models say."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from app.core import audit, clock
from app.core.db import begin_write, db
from tests.cast import Cast
from tests.factories import Factories

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"


def revisions():
    return [path.name[:4] for path in sorted(VERSIONS.glob("*.py"))]


def fill():
    """The cast, with a request, a contact, a medical record and an event."""
    begin_write()
    factories = Factories(db.session)
    cast = Cast.build(factories)
    factories.emergency_contact(pupil=cast.noor, name="Riet", phone="+31612340000")
    factories.medical(pupil=cast.noor, allergies="Pinda")
    factories.change_request(guardian=cast.lotte, section="contact", items={"mobile": ("+31612345678", "+31648217703")})
    db.session.add(audit.AuditEvent(at=clock.now(), kind="test", details={}))
    db.session.commit()


def tables():
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def counts():
    with db.engine.connect() as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in db.metadata.sorted_tables
        }


def test_numbered_without_gaps_and_one_head():
    assert revisions() == [f"{number:04d}" for number in range(1, len(revisions()) + 1)]
    script = ScriptDirectory(str(VERSIONS.parent))
    assert script.get_heads() == [revisions()[-1]]


def test_up_gives_what_the_models_say(migrated):
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, db.metadata)
    assert differences == []


def test_up_and_down_and_up_again_with_data(migrated):
    upgrade()
    fill()
    assert counts()["change_item"] == 1
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    fill()


def test_each_step_keeps_the_data(migrated):
    """Down to each revision that has the tables and up again: no row is lost (a batch migration could)."""
    upgrade()
    fill()
    before = counts()
    for revision in revisions()[:-1]:
        downgrade(revision=revision)
        upgrade()
        assert counts() == before


def test_events_can_be_added_and_never_changed(migrated):
    upgrade()
    fill()
    for statement in ("UPDATE audit_event SET kind = 'other'", "DELETE FROM audit_event"):
        with pytest.raises(sa.exc.DBAPIError, match="never changed"), db.engine.begin() as connection:
            connection.exec_driver_sql(statement)


def test_constraints_are_named_by_the_convention(migrated):
    upgrade()
    names = [
        constraint["name"]
        for table in tables()
        for constraint in sa.inspect(db.engine).get_foreign_keys(table)
        + sa.inspect(db.engine).get_unique_constraints(table)
    ]
    assert names
    assert all(re.match(r"(fk|uq)_[a-z_]+\Z", name or "") for name in names)
