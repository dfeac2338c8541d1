"""Addresses where stories stood before."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_paths",
        sa.Column("path", sa.String(length=140), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_former_paths_story_id_stories"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_former_paths")),
    )  # fmt: skip
    op.create_index(op.f("ix_former_paths_story_id"), "former_paths", ["story_id"])


def downgrade() -> None:
    op.drop_table("former_paths")
