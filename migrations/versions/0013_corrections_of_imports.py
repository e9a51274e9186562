"""What was corrected and decided while a document was imported is kept with the plan."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

REFERENCES = {"task_id": "task", "document_id": "plan_document", "person_id": "person"}


def upgrade() -> None:
    with op.batch_alter_table("plan_document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decided", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "import_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("column", sa.String(length=10), nullable=False),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_import_correction_{name}_{table}"))
            for name, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_correction")),
    )
    with op.batch_alter_table("import_correction", schema=None) as batch_op:
        for name in REFERENCES:
            batch_op.create_index(batch_op.f(f"ix_import_correction_{name}"), [name], unique=False)


def downgrade() -> None:
    op.drop_table("import_correction")
    with op.batch_alter_table("plan_document", schema=None) as batch_op:
        batch_op.drop_column("decided")
