"""Folded texts for the search, kept by the program when triggers tell that what they fold has changed."""

import sqlalchemy as sa
from alembic import op

from tracker.store.search_texts import refold, unwatch, watch

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_text",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("object_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "object_id", name=op.f("pk_search_text")),
    )
    op.create_table(
        "search_stale",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_stale")),
    )
    watch(op.get_bind())
    refold(op.get_bind())


def downgrade() -> None:
    unwatch(op.get_bind())
    op.drop_table("search_stale")
    op.drop_table("search_text")
