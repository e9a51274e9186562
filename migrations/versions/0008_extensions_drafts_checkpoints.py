"""Extensions, a unit's own checkpoints, drafts of log entries, corrections, and heads who approve reports."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("head_approves", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("progress_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("corrects_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_progress_entry_corrects_id_progress_entry"), "progress_entry", ["corrects_id"], ["id"]
        )
    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("due_then", sa.Date(), nullable=False),
        sa.Column("wanted_due", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("granted_due", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=120), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"], name=op.f("fk_extension_share_id_share")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_extension_asked_by_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_extension_decided_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_share_id_decided_at"), ["share_id", "decided_at"], unique=False)
        batch_op.create_index(
            "uq_extension_share_id_open",
            ["share_id"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
    op.create_table(
        "log_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.Column("percent", sa.String(length=10), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("difficulty", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_log_draft_person_id_person")),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"], name=op.f("fk_log_draft_share_id_share")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_draft")),
        sa.UniqueConstraint("person_id", "share_id", name=op.f("uq_log_draft_person_id_share_id")),
    )
    with op.batch_alter_table("log_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_log_draft_share_id"), ["share_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_log_draft_saved_at"), ["saved_at"], unique=False)
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"], name=op.f("fk_checkpoint_share_id_share")),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_checkpoint_added_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
    )
    with op.batch_alter_table("checkpoint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkpoint_share_id"), ["share_id"], unique=False)


def downgrade() -> None:
    for table in ("checkpoint", "log_draft", "extension"):
        op.drop_table(table)
    # The states before know nothing of approval, of what does not apply, of corrections.
    op.execute("UPDATE progress_entry SET state = 'in_progress' WHERE state IN ('approving', 'asked_away')")
    op.execute("UPDATE progress_entry SET state = 'returned' WHERE state = 'not_applicable'")
    op.execute("UPDATE progress_entry SET action = 'submit' WHERE action = 'approve'")
    op.execute(
        "UPDATE progress_entry SET action = 'progress' "
        "WHERE action IN ('propose', 'send_back', 'ask_away', 'consent', 'decline', 'withdraw', 'correct')"
    )
    with op.batch_alter_table("progress_entry", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_progress_entry_corrects_id_progress_entry"), type_="foreignkey")
        batch_op.drop_column("corrects_id")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_column("head_approves")
