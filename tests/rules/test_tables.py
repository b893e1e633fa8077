"""Rules about tables: names of constraints, keys, and the school on every row of a school."""

import sqlalchemy as sa

from app.core.db import db

# What belongs to a person or to the machine, not to one school; `board` and `school` are above it.
OF_NO_SCHOOL = {
    "board", "school", "account", "account_guardian", "login_session", "sent_form", "throttle_count",
}  # fmt: skip
LONGEST_NAME = 63  # PostgreSQL cuts the rest off without a word


def tables(app):
    found = db.metadata.sorted_tables
    assert len(found) > 20
    return found


def expected(constraint):
    table, columns = constraint.table.name, "_".join(column.name for column in constraint.columns)
    if isinstance(constraint, sa.PrimaryKeyConstraint):
        return f"pk_{table}"
    if isinstance(constraint, sa.UniqueConstraint):
        return f"uq_{table}_{columns}"
    if isinstance(constraint, sa.ForeignKeyConstraint):
        return f"fk_{table}_{columns}_{constraint.elements[0].column.table.name}"
    return None


def test_constraints_are_named_by_the_convention(app):
    for table in tables(app):
        for constraint in table.constraints:
            name = expected(constraint)
            if name is None:
                assert constraint.name.startswith(f"ck_{table.name}_"), constraint.name
            else:
                assert constraint.name == name
            assert len(constraint.name) <= LONGEST_NAME, constraint.name


def test_indexes_are_named_by_the_convention(app):
    for table in tables(app):
        for index in table.indexes:
            assert index.name.startswith((f"ix_{table.name}_", f"uq_{table.name}_")), index.name
            assert len(index.name) <= LONGEST_NAME, index.name


def test_every_foreign_key_has_an_index_that_begins_with_it(app):
    """Else deleting or joining reads the whole table."""
    for table in tables(app):
        leading = {next(iter(index.columns)).name for index in table.indexes}
        leading |= {next(iter(c.columns)).name for c in table.constraints if isinstance(c, sa.UniqueConstraint)}
        leading.add(next(iter(table.primary_key.columns)).name)
        small = {"link.school_id"}  # asked for by account only
        for key in table.foreign_keys:
            name = f"{table.name}.{key.parent.name}"
            assert key.parent.name in leading or name in small, name


def test_every_row_of_a_school_bears_its_school(app):
    for table in tables(app):
        assert ("school_id" in table.columns) == (table.name not in OF_NO_SCHOOL), table.name


def test_moments_have_a_zone(app):
    for table in tables(app):
        for column in table.columns:
            assert type(column.type) is not sa.DateTime, f"{table.name}.{column.name}"
