"""reading comfort: size of the text, room, light or dark"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHOICES = {
    "text_size": ("normal", "large", "huge"),
    "spacing": ("normal", "roomy"),
    "theme": ("system", "light", "dark"),
}


def upgrade():
    with op.batch_alter_table("account", schema=None) as batch_op:
        for name, values in CHOICES.items():
            column = sa.Column(name, sa.String(length=20), server_default=values[0], nullable=False)
            batch_op.add_column(column)
            allowed = ", ".join(f"'{value}'" for value in values)
            batch_op.create_check_constraint(op.f(_check(name)), f"{name} IN ({allowed})")


def downgrade():
    with op.batch_alter_table("account", schema=None) as batch_op:
        for name in reversed(CHOICES):
            batch_op.drop_constraint(op.f(_check(name)), type_="check")
            batch_op.drop_column(name)


def _check(name):
    return f"ck_account_{name.replace('_', '')}"
