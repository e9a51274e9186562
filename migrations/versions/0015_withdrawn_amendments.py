"""A decision recorded by mistake is taken back: it stays with who did so and why, and its number is free again."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBERED = ["plan_id", "number_key", "issued_on"]
BEFORE, SINCE = "uq_amendment_plan_id_number_key_issued_on", "uq_amendment_number_standing"
STANDING = sa.text("withdrawn_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_reason", sa.Text(), server_default="", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_amendment_withdrawn_by_person"), "person", ["withdrawn_by"], ["id"])
        batch_op.drop_constraint(batch_op.f(BEFORE), type_="unique")
    op.create_index(SINCE, "amendment", NUMBERED, unique=True, sqlite_where=STANDING, postgresql_where=STANDING)


def downgrade() -> None:
    # What a withdrawn decision replaced is put back already; the tables of before would take it for one that holds.
    op.execute(
        "DELETE FROM plan_change WHERE amendment_id IN (SELECT id FROM amendment WHERE withdrawn_at IS NOT NULL)"
    )
    op.execute("DELETE FROM amendment WHERE withdrawn_at IS NOT NULL")
    op.drop_index(SINCE, table_name="amendment")
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f(BEFORE), NUMBERED)
        batch_op.drop_constraint(batch_op.f("fk_amendment_withdrawn_by_person"), type_="foreignkey")
        for name in ("withdrawn_reason", "withdrawn_by", "withdrawn_at"):
            batch_op.drop_column(name)
