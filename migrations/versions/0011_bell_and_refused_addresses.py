"""Messages of the bell are marked as read; addresses that mail servers refuse are flagged."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

UNREAD = sa.text("channel = 'bell' AND state = 'sent' AND read_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("read_at", sa.DateTime(), nullable=True))
        batch_op.create_index("ix_outbox_unread", ["person_id"], sqlite_where=UNREAD, postgresql_where=UNREAD)
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mail_refused_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("mail_refused", sa.String(length=300), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("mail_refused")
        batch_op.drop_column("mail_refused_at")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_unread")
        batch_op.drop_column("read_at")
