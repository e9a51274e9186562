"""Who of a unit does a share, why a unit joined a group's work, in which capacity a share was accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "share_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stand_in", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("until_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"], name=op.f("fk_share_person_share_id_share")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_share_person_person_id_person")),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_share_person_given_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_person")),
    )
    with op.batch_alter_table("share_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_share_person_share_id"), ["share_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_share_person_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_share_person_share_id_person_id_current",
            ["share_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("until_at IS NULL"),
            postgresql_where=sa.text("until_at IS NULL"),
        )

    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.add_column(sa.Column("from_reason", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("progress_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("capacity", sa.String(length=15), server_default="", nullable=False))
    with op.batch_alter_table("day_off", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("day_off", schema=None) as batch_op:
        batch_op.drop_column("changed_at")
    with op.batch_alter_table("progress_entry", schema=None) as batch_op:
        batch_op.drop_column("capacity")
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.drop_column("from_reason")
    op.drop_table("share_person")
