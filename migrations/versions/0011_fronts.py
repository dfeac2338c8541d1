"""Fronts laid out by hand: slots, drafts of them, and what was launched when."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "arrangements",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("drafted", sa.Boolean(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("launched_at", moment, nullable=True),
        sa.Column("launched_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["section_id"], ["sections.id"]),
        sa.ForeignKeyConstraint(["changed_by_id"], ["users.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["launched_by_id"], ["users.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("section_id"),
    )
    op.create_table(
        "slots",
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("until", moment, nullable=True),
        sa.Column("since", moment, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["section_id"], ["arrangements.section_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("section_id", "draft", "position"),
    )
    op.create_index("ix_slots_story_id", "slots", ["story_id"])
    op.create_index("ix_slots_due", "slots", ["draft", "until"])
    op.create_table(
        "launches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("picks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["section_id"], ["arrangements.section_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_launches_section_id", "launches", ["section_id"])


def downgrade() -> None:
    for table in ("launches", "slots", "arrangements"):
        op.drop_table(table)
