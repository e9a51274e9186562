"""Reminder rules speak of more than due dates, to more than those who do the work; the next look, and preferences."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# What the rules that came with the program were called: their own words say the same in either language.
SHIPPED = {
    "before-14": "Còn 14 ngày",
    "before-7": "Còn 7 ngày",
    "before-3": "Còn 3 ngày",
    "before-1": "Còn 1 ngày",
    "due-day": "Ngày đến hạn",
    "overdue": "Quá hạn, mỗi tuần một lần",
}
AUDIENCES = {"lead": "doers", "partner": "partners"}
PARTS = {audience: part for part, audience in AUDIENCES.items()}
OLD_LINE = ["share_id", "rule_code", "due", "person_id", "channel", "repeat_on"]
NEW_LINE = ["share_id", "subject", "rule_code", "day", "person_id", "channel", "repeat_on"]
RULES = sa.table(
    "reminder_rule",
    sa.column("code", sa.String),
    sa.column("name", sa.String),
    sa.column("event", sa.String),
    sa.column("audiences", sa.JSON),
)
LINES = sa.table("reminder", sa.column("rule_code", sa.String), sa.column("subject", sa.String))


def upgrade() -> None:
    with op.batch_alter_table("reminder_rule", schema=None) as batch_op:
        batch_op.add_column(sa.Column("event", sa.String(length=15), server_default="due", nullable=False))
        for name in ("times", "weekday", "urged"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.alter_column("parts", new_column_name="audiences", existing_type=sa.JSON(), existing_nullable=False)
    _reword("audiences", AUDIENCES)
    for code, name in SHIPPED.items():
        op.execute(sa.update(RULES).where(RULES.c.code == code, RULES.c.name == name).values(name=""))
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(length=30), server_default="due", nullable=False))
        batch_op.add_column(sa.Column("audience", sa.String(length=10), server_default="doers", nullable=False))
        batch_op.drop_constraint(
            batch_op.f("uq_reminder_share_id_rule_code_due_person_id_channel_repeat_on"), type_="unique"
        )
        batch_op.alter_column("due", new_column_name="day", existing_type=sa.Date(), existing_nullable=False)
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_unique_constraint("uq_reminder_line", NEW_LINE)
    op.execute(
        "UPDATE reminder SET audience = 'partners' WHERE share_id IN (SELECT id FROM share WHERE part = 'partner')"
    )
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.add_column(sa.Column("assigned_at", sa.DateTime(), nullable=True))
        batch_op.add_column(
            sa.Column("look_at", sa.DateTime(), server_default=sa.text("'1970-01-01 00:00:00'"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_share_look_at"), ["look_at"], unique=False)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_state"), ["state"], unique=False)
    _add_tables()


def _add_tables() -> None:
    op.create_table(
        "preference",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("muted", sa.JSON(), nullable=False),
        sa.Column("pause_from", sa.Date(), nullable=True),
        sa.Column("pause_until", sa.Date(), nullable=True),
        sa.Column("stand_in_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_preference_person_id_person")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["person.id"], name=op.f("fk_preference_stand_in_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_preference")),
    )
    op.create_table(
        "urging",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_urging_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urging")),
    )
    with op.batch_alter_table("urging", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_urging_at"), ["at"], unique=False)
    op.create_table(
        "urging_share",
        sa.Column("urging_id", sa.Integer(), nullable=False),
        sa.Column("share_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["urging_id"], ["urging.id"], name=op.f("fk_urging_share_urging_id_urging")),
        sa.ForeignKeyConstraint(["share_id"], ["share.id"], name=op.f("fk_urging_share_share_id_share")),
        sa.PrimaryKeyConstraint("urging_id", "share_id", name=op.f("pk_urging_share")),
    )
    with op.batch_alter_table("urging_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_urging_share_share_id"), ["share_id"], unique=False)


def downgrade() -> None:
    for table in ("urging_share", "urging", "preference"):
        op.drop_table(table)
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_state"))
    with op.batch_alter_table("share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_share_look_at"))
        batch_op.drop_column("look_at")
        batch_op.drop_column("assigned_at")
    # What speaks of anything but due dates to those who do the work has no place in the tables of before.
    above = sa.select(RULES.c.code).where(RULES.c.code.not_in(list(SHIPPED)))
    op.execute(sa.delete(LINES).where(sa.or_(LINES.c.subject != "due", LINES.c.rule_code.in_(above))))
    op.execute(sa.delete(RULES).where(RULES.c.code.not_in(list(SHIPPED))))
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.drop_constraint("uq_reminder_line", type_="unique")
        batch_op.alter_column("day", new_column_name="due", existing_type=sa.Date(), existing_nullable=False)
        batch_op.drop_column("audience")
        batch_op.drop_column("subject")
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_unique_constraint(
            batch_op.f("uq_reminder_share_id_rule_code_due_person_id_channel_repeat_on"), OLD_LINE
        )
    for code, name in SHIPPED.items():
        op.execute(sa.update(RULES).where(RULES.c.code == code, RULES.c.name == "").values(name=name))
    _reword("audiences", PARTS)
    with op.batch_alter_table("reminder_rule", schema=None) as batch_op:
        batch_op.alter_column("audiences", new_column_name="parts", existing_type=sa.JSON(), existing_nullable=False)
        for name in ("event", "times", "weekday", "urged", "urgent"):
            batch_op.drop_column(name)


def _reword(column: str, words: dict[str, str]) -> None:
    """Put other words for those whom a rule speaks to."""
    for code, told in op.get_bind().execute(sa.select(RULES.c.code, RULES.c[column])).all():
        others = sorted({words[each] for each in told if each in words})
        op.execute(sa.update(RULES).where(RULES.c.code == code).values({column: others}))
