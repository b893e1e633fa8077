"""The ground: register, accounts, change requests, outbox, jobs, audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "account",
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("active_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "audit_event",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "board",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board")),
        sa.UniqueConstraint("name", name=op.f("uq_board_name")),
    )
    op.create_table(
        "job",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_by", sa.String(length=80), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_run_at", ["done_at", "failed_at", "run_at"], unique=False)

    op.create_table(
        "message",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=True),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_school_id"), ["school_id"], unique=False)
        batch_op.create_index("ix_message_state_not_before", ["state", "not_before"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_topic"), ["topic"], unique=False)

    op.create_table(
        "sent_form",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sent_form")),
    )
    with op.batch_alter_table("sent_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_form_sent_at"), ["sent_at"], unique=False)

    op.create_table(
        "throttle_count",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle_count")),
    )
    with op.batch_alter_table("throttle_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_throttle_count_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_login_session_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "school",
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short_name", sa.String(length=40), nullable=False),
        sa.Column("brin", sa.String(length=6), nullable=True),
        sa.Column("dependance_code", sa.String(length=2), nullable=False),
        sa.Column("school_key", sa.String(length=128), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("content_email", sa.String(length=254), nullable=False),
        sa.Column("administration_email", sa.String(length=254), nullable=False),
        sa.Column("contact_name", sa.String(length=80), nullable=False),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("undo_minutes", sa.Integer(), nullable=False),
        sa.Column("field_policies", sa.JSON(), nullable=False),
        sa.Column("reject_reasons", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["board.id"], name=op.f("fk_school_board_id_board")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school")),
        sa.UniqueConstraint("brin", "dependance_code", name=op.f("uq_school_brin_dependance_code")),
    )
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_board_id"), ["board_id"], unique=False)

    op.create_table(
        "household",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("street", sa.String(length=100), nullable=False),
        sa.Column("house_number", sa.Integer(), nullable=True),
        sa.Column("addition", sa.String(length=10), nullable=False),
        sa.Column("postcode", sa.String(length=7), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("abroad", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_household_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_school_id"), ["school_id"], unique=False)

    op.create_table(
        "link",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("setup", "reset", "not_me", name="purpose", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_link_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_link_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index("ix_link_account_id_purpose", ["account_id", "purpose"], unique=False)

    op.create_table(
        "school_year",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=9), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_school_year_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_year")),
        sa.UniqueConstraint("school_id", "name", name=op.f("uq_school_year_school_id_name")),
    )
    op.create_table(
        "staff",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=256), nullable=True),
        sa.Column("eckid", sa.String(length=256), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("form_of_address", sa.String(length=20), nullable=False),
        sa.Column("file_roles", sa.String(length=60), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("initials", sa.String(length=20), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("surname", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_staff_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("school_id", "key", name=op.f("uq_staff_school_id_key")),
    )
    op.create_table(
        "account_post",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "director",
                "teacher",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_post_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_account_post_school_id_school")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_account_post_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_post")),
        sa.UniqueConstraint("account_id", "school_id", "role", name=op.f("uq_account_post_account_id_school_id_role")),
    )
    with op.batch_alter_table("account_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_post_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_post_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "guardian",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=256), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "email_state",
            sa.Enum("ok", "bounced", "wrong", name="mailstate", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("mobile", sa.String(length=20), nullable=False),
        sa.Column("other_phone", sa.String(length=20), nullable=False),
        sa.Column("work_phone", sa.String(length=20), nullable=False),
        sa.Column("phone_hidden", sa.Boolean(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("address_hidden", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("deceased_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("initials", sa.String(length=20), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("surname", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_guardian_household_id_household")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_guardian_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
        sa.UniqueConstraint("school_id", "key", name=op.f("uq_guardian_school_id_key")),
    )
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.create_index("ix_guardian_email", ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_guardian_household_id"), ["household_id"], unique=False)
        batch_op.create_index("ix_guardian_school_id_surname", ["school_id", "surname"], unique=False)

    op.create_table(
        "pupil",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=256), nullable=True),
        sa.Column("eckid", sa.String(length=256), nullable=True),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("official_first_names", sa.String(length=200), nullable=False),
        sa.Column("official_prefix", sa.String(length=20), nullable=False),
        sa.Column("official_surname", sa.String(length=200), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("birth_date_uncertain", sa.Boolean(), nullable=False),
        sa.Column("birth_place", sa.String(length=80), nullable=False),
        sa.Column("birth_country", sa.String(length=60), nullable=False),
        sa.Column("nationality", sa.String(length=60), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("male", "female", "unknown", name="sex", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("household_id", sa.Uuid(), nullable=True),
        sa.Column("address_hidden", sa.Boolean(), nullable=False),
        sa.Column("location", sa.String(length=64), nullable=False),
        sa.Column("previous_school", sa.String(length=120), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("enrolled_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("colour", sa.String(length=10), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("initials", sa.String(length=20), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=20), nullable=False),
        sa.Column("surname", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_pupil_household_id_household")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_pupil_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pupil")),
        sa.UniqueConstraint("school_id", "eckid", name=op.f("uq_pupil_school_id_eckid")),
        sa.UniqueConstraint("school_id", "key", name=op.f("uq_pupil_school_id_key")),
    )
    with op.batch_alter_table("pupil", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pupil_household_id"), ["household_id"], unique=False)
        batch_op.create_index("ix_pupil_school_id_surname", ["school_id", "surname"], unique=False)

    op.create_table(
        "school_group",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("school_year_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=256), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("year_level", sa.String(length=2), nullable=False),
        sa.Column("composed", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_school_group_school_id_school")),
        sa.ForeignKeyConstraint(
            ["school_year_id"], ["school_year.id"], name=op.f("fk_school_group_school_year_id_school_year")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_group")),
        sa.UniqueConstraint(
            "school_id", "school_year_id", "key", name=op.f("uq_school_group_school_id_school_year_id_key")
        ),
    )
    with op.batch_alter_table("school_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_school_group_school_year_id"), ["school_year_id"], unique=False)

    op.create_table(
        "account_guardian",
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_guardian_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardian.id"], name=op.f("fk_account_guardian_guardian_id_guardian"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guardian_id", name=op.f("pk_account_guardian")),
    )
    with op.batch_alter_table("account_guardian", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_guardian_account_id"), ["account_id"], unique=False)

    op.create_table(
        "change_request",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(length=30), nullable=False),
        sa.Column(
            "subject",
            sa.Enum("pupil", "guardian", name="subject", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_name", sa.String(length=120), nullable=False),
        sa.Column("reviewer", sa.Uuid(), nullable=True),
        sa.Column("reviewer_name", sa.String(length=120), nullable=False),
        sa.Column("reviewer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardian.id"], name=op.f("fk_change_request_guardian_id_guardian")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_change_request_pupil_id_pupil")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_change_request_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
    )
    with op.batch_alter_table("change_request", schema=None) as batch_op:
        batch_op.create_index("ix_change_request_guardian_id_sent_at", ["guardian_id", "sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_request_pupil_id"), ["pupil_id"], unique=False)
        batch_op.create_index(
            "ix_change_request_school_id_open", ["school_id", "open", "urgent", "sent_at"], unique=False
        )
        batch_op.create_index("ix_change_request_subject_id", ["subject_id", "section"], unique=False)
        batch_op.create_index(
            "uq_change_request_open",
            ["guardian_id", "section", "subject_id"],
            unique=True,
            sqlite_where=sa.text("open"),
            postgresql_where=sa.text("open"),
        )

    op.create_table(
        "emergency_contact",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["guardian.id"], name=op.f("fk_emergency_contact_guardian_id_guardian")
        ),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_emergency_contact_pupil_id_pupil")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_emergency_contact_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_contact")),
    )
    with op.batch_alter_table("emergency_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_emergency_contact_guardian_id"), ["guardian_id"], unique=False)
        batch_op.create_index("ix_emergency_contact_pupil_id", ["pupil_id", "position"], unique=False)
        batch_op.create_index(batch_op.f("ix_emergency_contact_school_id"), ["school_id"], unique=False)

    op.create_table(
        "group_teacher",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["school_group.id"], name=op.f("fk_group_teacher_group_id_school_group")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_group_teacher_school_id_school")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_group_teacher_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_teacher")),
        sa.UniqueConstraint("group_id", "staff_id", name=op.f("uq_group_teacher_group_id_staff_id")),
    )
    with op.batch_alter_table("group_teacher", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_group_teacher_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_group_teacher_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "guardianship",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "mother",
                "father",
                "step_parent",
                "foster_parent",
                "legal_guardian",
                "parent",
                "grandparent",
                "other",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "custody",
            sa.Enum("full", "informed", "none", name="custody", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("call_order", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardian.id"], name=op.f("fk_guardianship_guardian_id_guardian")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_guardianship_pupil_id_pupil")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_guardianship_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
        sa.UniqueConstraint("guardian_id", "pupil_id", name=op.f("uq_guardianship_guardian_id_pupil_id")),
    )
    with op.batch_alter_table("guardianship", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guardianship_pupil_id"), ["pupil_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_guardianship_school_id"), ["school_id"], unique=False)

    op.create_table(
        "medical_record",
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("doctor_name", sa.String(length=80), nullable=False),
        sa.Column("doctor_phone", sa.String(length=20), nullable=False),
        sa.Column("dentist_name", sa.String(length=80), nullable=False),
        sa.Column("dentist_phone", sa.String(length=20), nullable=False),
        sa.Column("insurer", sa.String(length=80), nullable=False),
        sa.Column("diet", sa.String(length=300), nullable=False),
        sa.Column("allergies", sa.String(length=500), nullable=False),
        sa.Column("medication", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_medical_record_pupil_id_pupil")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_medical_record_school_id_school")),
        sa.PrimaryKeyConstraint("pupil_id", name=op.f("pk_medical_record")),
    )
    with op.batch_alter_table("medical_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_medical_record_school_id"), ["school_id"], unique=False)

    op.create_table(
        "placement",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("pupil_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("year_level", sa.String(length=2), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["school_group.id"], name=op.f("fk_placement_group_id_school_group")),
        sa.ForeignKeyConstraint(["pupil_id"], ["pupil.id"], name=op.f("fk_placement_pupil_id_pupil")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_placement_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("pupil_id", "group_id", "starts_on", name=op.f("uq_placement_pupil_id_group_id_starts_on")),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_placement_school_id"), ["school_id"], unique=False)

    op.create_table(
        "change_item",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seen", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("proposed", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("previous", sa.JSON(none_as_null=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "rejected",
                "withdrawn",
                "lapsed",
                name="itemstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_with", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["change_request.id"],
            name=op.f("fk_change_item_request_id_change_request"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_change_item_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_item")),
    )
    with op.batch_alter_table("change_item", schema=None) as batch_op:
        batch_op.create_index("ix_change_item_request_id", ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_change_item_school_id"), ["school_id"], unique=False)

    _protect_audit()


def _protect_audit():
    """The database itself refuses to change or delete an event."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_event_no_{verb.lower()} BEFORE {verb} ON audit_event "
                f"BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit events are never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()"
    )


def downgrade():
    with op.batch_alter_table("change_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_item_school_id"))
        batch_op.drop_index("ix_change_item_request_id")

    op.drop_table("change_item")
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_school_id"))
        batch_op.drop_index(batch_op.f("ix_placement_group_id"))

    op.drop_table("placement")
    with op.batch_alter_table("medical_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_medical_record_school_id"))

    op.drop_table("medical_record")
    with op.batch_alter_table("guardianship", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guardianship_school_id"))
        batch_op.drop_index(batch_op.f("ix_guardianship_pupil_id"))

    op.drop_table("guardianship")
    with op.batch_alter_table("group_teacher", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_group_teacher_staff_id"))
        batch_op.drop_index(batch_op.f("ix_group_teacher_school_id"))

    op.drop_table("group_teacher")
    with op.batch_alter_table("emergency_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_emergency_contact_school_id"))
        batch_op.drop_index("ix_emergency_contact_pupil_id")
        batch_op.drop_index(batch_op.f("ix_emergency_contact_guardian_id"))

    op.drop_table("emergency_contact")
    with op.batch_alter_table("change_request", schema=None) as batch_op:
        batch_op.drop_index("uq_change_request_open", sqlite_where=sa.text("open"), postgresql_where=sa.text("open"))
        batch_op.drop_index("ix_change_request_subject_id")
        batch_op.drop_index("ix_change_request_school_id_open")
        batch_op.drop_index(batch_op.f("ix_change_request_pupil_id"))
        batch_op.drop_index("ix_change_request_guardian_id_sent_at")

    op.drop_table("change_request")
    with op.batch_alter_table("account_guardian", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_guardian_account_id"))

    op.drop_table("account_guardian")
    with op.batch_alter_table("school_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_group_school_year_id"))

    op.drop_table("school_group")
    with op.batch_alter_table("pupil", schema=None) as batch_op:
        batch_op.drop_index("ix_pupil_school_id_surname")
        batch_op.drop_index(batch_op.f("ix_pupil_household_id"))

    op.drop_table("pupil")
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.drop_index("ix_guardian_school_id_surname")
        batch_op.drop_index(batch_op.f("ix_guardian_household_id"))
        batch_op.drop_index("ix_guardian_email")

    op.drop_table("guardian")
    with op.batch_alter_table("account_post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_post_staff_id"))
        batch_op.drop_index(batch_op.f("ix_account_post_school_id"))

    op.drop_table("account_post")
    op.drop_table("staff")
    op.drop_table("school_year")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index("ix_link_account_id_purpose")

    op.drop_table("link")
    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_household_school_id"))

    op.drop_table("household")
    with op.batch_alter_table("school", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_school_board_id"))

    op.drop_table("school")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_account_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("throttle_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_throttle_count_expires_at"))

    op.drop_table("throttle_count")
    with op.batch_alter_table("sent_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sent_form_sent_at"))

    op.drop_table("sent_form")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_topic"))
        batch_op.drop_index("ix_message_state_not_before")
        batch_op.drop_index(batch_op.f("ix_message_school_id"))
        batch_op.drop_index(batch_op.f("ix_message_account_id"))

    op.drop_table("message")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_run_at")

    op.drop_table("job")
    op.drop_table("board")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_subject_id"))
        batch_op.drop_index(batch_op.f("ix_audit_event_school_id"))
        batch_op.drop_index(batch_op.f("ix_audit_event_at"))

    op.drop_table("audit_event")
    op.drop_table("account")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS audit_event_refuse()")
