"""Forms that people sent to see what would happen."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "typed_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("recorded", sa.Boolean(), nullable=False),
        sa.Column("typed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_typed_form_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typed_form")),
    )
    with op.batch_alter_table("typed_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_typed_form_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_typed_form_typed_at"), ["typed_at"], unique=False)


def downgrade() -> None:
    op.drop_table("typed_form")
