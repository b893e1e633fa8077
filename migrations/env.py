"""Runs the migrations: one transaction, the same files for SQLite and PostgreSQL."""

from alembic import context
from flask import current_app

from app.core.db import db

config = context.config
target = db.metadata


def render_item(kind, obj, autogen_context):
    """Write our own column types as the plain type beneath them: a migration must not depend on today's code."""
    if kind == "type" and obj.__class__.__module__.startswith("app."):
        return f"sa.{obj.impl_instance!r}"
    return False


def run(connection):
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # A batch migration rebuilds the table; with foreign keys on, dropping the old one deletes its children.
        # The pragma does nothing inside a transaction, so it goes past SQLAlchemy, which would begin one.
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=target,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise RuntimeError(f"the migration broke {len(broken)} references")
    if sqlite:
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("migrations are run against a database, not written out as SQL")
with current_app.extensions["migrate"].db.engine.connect() as open_connection:
    run(open_connection)
    open_connection.commit()
