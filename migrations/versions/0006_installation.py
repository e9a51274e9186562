"""What belongs to this installation alone: the name under which its calendar events are known."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    table = op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_host", sa.String(length=80), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.bulk_insert(table, [{"id": 1, "calendar_host": f"{secrets.token_hex(8)}.tracker.invalid"}])


def downgrade() -> None:
    op.drop_table("installation")
