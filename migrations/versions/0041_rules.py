"""Rules: what becomes of an item by itself; their marks on items."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("where_id", sa.Integer(), nullable=True),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("delay", sa.Integer(), nullable=False),
        sa.Column("hourly", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_rules_source_id_sources")
        ),
        sa.ForeignKeyConstraint(
            ["where_id"], ["sections.id"], name=op.f("fk_rules_where_id_sections")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["sections.id"], name=op.f("fk_rules_topic_id_sections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
    )
    op.create_index(op.f("ix_rules_place"), "rules", ["place"])
    op.create_index(op.f("ix_rules_source_id"), "rules", ["source_id"])
    op.add_column("items", sa.Column("rule_id", sa.Integer(), nullable=True))
    mark = sa.Column("mark", sa.String(length=200), nullable=False, server_default="")
    op.add_column("items", mark)
    flagged = sa.Column("flagged", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("items", flagged)
    ruled = sa.text("rule_id IS NOT NULL")
    op.create_index(
        "ix_items_rule", "items", ["rule_id", "fetched_at"],
        sqlite_where=ruled, postgresql_where=ruled,
    )  # fmt: skip
    flag = sa.text("flagged IS 1" if op.get_bind().dialect.name == "sqlite" else "flagged IS true")
    op.create_index("ix_items_flagged", "items", ["id"], sqlite_where=flag, postgresql_where=flag)


def downgrade() -> None:
    op.drop_index("ix_items_flagged", "items")
    op.drop_index("ix_items_rule", "items")
    with op.batch_alter_table("items") as table:
        for name in ("flagged", "mark", "rule_id"):
            table.drop_column(name)
    op.drop_table("rules")
