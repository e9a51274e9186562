"""A day taken out of the table of days off leaves its row: neither a later version nor a restart begins anew."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("day_off", schema=None) as batch_op:
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM day_off WHERE removed_at IS NOT NULL")
    with op.batch_alter_table("day_off", schema=None) as batch_op:
        batch_op.drop_column("removed_at")
