"""Kept documents and half-made imports, amendments, the life of units."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draft_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("decided_as", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_draft_proposal_plan_id_plan")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_draft_proposal_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_proposal")),
    )
    with op.batch_alter_table("draft_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_proposal_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_document_person_id_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_document_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_document")),
    )
    with op.batch_alter_table("plan_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_document_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_document_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_document_sha256"), ["sha256"], unique=False)

    op.create_table(
        "unit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("ends", sa.Boolean(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unit_event_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_event")),
    )
    op.create_table(
        "amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("number_key", sa.String(length=80), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["plan_document.id"], name=op.f("fk_amendment_document_id_plan_document")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_amendment_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendment")),
        sa.UniqueConstraint(
            "plan_id", "number_key", "issued_on", name=op.f("uq_amendment_plan_id_number_key_issued_on")
        ),
    )
    op.create_table(
        "import_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("difference", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["plan_document.id"], name=op.f("fk_import_draft_document_id_plan_document")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_draft_person_id_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_import_draft_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_draft")),
    )
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_draft_document_id"), ["document_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_import_draft_person_id_changed_at"), ["person_id", "changed_at"], unique=False
        )

    op.create_table(
        "person_move",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["unit_event.id"], name=op.f("fk_person_move_event_id_unit_event")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_move_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_move_unit_id_unit")),
        sa.PrimaryKeyConstraint("event_id", "person_id", name=op.f("pk_person_move")),
    )
    op.create_table(
        "unit_event_unit",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["unit_event.id"], name=op.f("fk_unit_event_unit_event_id_unit_event")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_event_unit_unit_id_unit")),
        sa.PrimaryKeyConstraint("event_id", "unit_id", name=op.f("pk_unit_event_unit")),
    )
    with op.batch_alter_table("unit_event_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_event_unit_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "unit_past",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("short_name", sa.String(length=120), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["unit_event.id"], name=op.f("fk_unit_past_event_id_unit_event")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_past_parent_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_past_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_past")),
        sa.UniqueConstraint("unit_id", "until_on", name=op.f("uq_unit_past_unit_id_until_on")),
    )
    op.create_table(
        "plan_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("amendment_id", sa.Integer(), nullable=True),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendment.id"], name=op.f("fk_plan_change_amendment_id_amendment")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_change_plan_id_plan")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_plan_change_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_change")),
    )
    with op.batch_alter_table("plan_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_change_amendment_id"), ["amendment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_change_plan_id_holds_from"), ["plan_id", "holds_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_change_subject_subject_id"), ["subject", "subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_change_task_id"), ["task_id"], unique=False)

    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dropped_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("dropped_reason", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.add_column(sa.Column("from_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("until_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ending", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("end_reason", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("heir_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("log_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ended_by", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_share_milestone_id_unit_id"), type_="unique")
        batch_op.create_index(batch_op.f("ix_share_milestone_id"), ["milestone_id"], unique=False)
        batch_op.create_index(
            "uq_share_milestone_id_unit_id_current",
            ["milestone_id", "unit_id"],
            unique=True,
            sqlite_where=sa.text("until_on IS NULL"),
            postgresql_where=sa.text("until_on IS NULL"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_share_ended_by_unit_event"), "unit_event", ["ended_by"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_share_log_id_share"), "share", ["log_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_share_heir_id_share"), "share", ["heir_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_share_heir_id_share"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_share_log_id_share"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_share_ended_by_unit_event"), type_="foreignkey")
        batch_op.drop_index(
            "uq_share_milestone_id_unit_id_current",
            sqlite_where=sa.text("until_on IS NULL"),
            postgresql_where=sa.text("until_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_share_milestone_id"))
        batch_op.create_unique_constraint(batch_op.f("uq_share_milestone_id_unit_id"), ["milestone_id", "unit_id"])
        batch_op.drop_column("ended_by")
        batch_op.drop_column("log_id")
        batch_op.drop_column("heir_id")
        batch_op.drop_column("end_reason")
        batch_op.drop_column("ending")
        batch_op.drop_column("until_on")
        batch_op.drop_column("from_on")

    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_column("dropped_reason")
        batch_op.drop_column("dropped_on")

    with op.batch_alter_table("plan_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_change_task_id"))
        batch_op.drop_index(batch_op.f("ix_plan_change_subject_subject_id"))
        batch_op.drop_index(batch_op.f("ix_plan_change_plan_id_holds_from"))
        batch_op.drop_index(batch_op.f("ix_plan_change_amendment_id"))

    op.drop_table("plan_change")
    op.drop_table("unit_past")
    with op.batch_alter_table("unit_event_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_event_unit_unit_id"))

    op.drop_table("unit_event_unit")
    op.drop_table("person_move")
    with op.batch_alter_table("import_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_draft_person_id_changed_at"))
        batch_op.drop_index(batch_op.f("ix_import_draft_document_id"))

    op.drop_table("import_draft")
    op.drop_table("amendment")
    op.drop_table("unit_event")
    with op.batch_alter_table("plan_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_document_sha256"))
        batch_op.drop_index(batch_op.f("ix_plan_document_plan_id"))
        batch_op.drop_index(batch_op.f("ix_plan_document_person_id"))

    op.drop_table("plan_document")
    with op.batch_alter_table("draft_proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_proposal_plan_id"))

    op.drop_table("draft_proposal")
