"""Kept documents that came by the command line, which is nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plan_document", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    op.execute(
        "UPDATE amendment SET document_id = NULL "
        "WHERE document_id IN (SELECT id FROM plan_document WHERE person_id IS NULL)"
    )
    op.execute("DELETE FROM plan_document WHERE person_id IS NULL")
    with op.batch_alter_table("plan_document", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
