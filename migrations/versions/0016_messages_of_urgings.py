"""What an urging by hand told whom: its messages share by share, for whom it was sent, and the key of its form."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("urging", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_urging_unit_id_unit"), "unit", ["unit_id"], ["id"])
    op.execute("UPDATE urging SET key = 'before:' || id")
    with op.batch_alter_table("urging", schema=None) as batch_op:
        batch_op.alter_column("key", existing_type=sa.String(length=80), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_urging_key"), ["key"])
    op.create_table(
        "urging_message",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("urging_id", sa.Integer(), nullable=False),
        sa.Column("struck_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.id"], name=op.f("fk_urging_message_message_id_outbox")),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"], name=op.f("fk_urging_message_share_id_share")),
        sa.ForeignKeyConstraint(["urging_id"], ["urging.id"], name=op.f("fk_urging_message_urging_id_urging")),
        sa.PrimaryKeyConstraint("message_id", "share_id", name=op.f("pk_urging_message")),
    )
    with op.batch_alter_table("urging_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_urging_message_share_id"), ["share_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_urging_message_urging_id"), ["urging_id"], unique=False)


def downgrade() -> None:
    op.drop_table("urging_message")
    with op.batch_alter_table("urging", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_urging_key"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_urging_unit_id_unit"), type_="foreignkey")
        batch_op.drop_column("unit_id")
        batch_op.drop_column("key")
