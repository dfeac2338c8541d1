"""Thinning: marks of items that are gone, and what finds those that are to go."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spiked",
        sa.Column("mark", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_spiked")),
        sqlite_with_rowid=False,
    )
    without = sa.text("story_id IS NULL")
    op.create_index(
        "ix_items_thin", "items", ["fetched_at"], sqlite_where=without, postgresql_where=without
    )
    empty = sa.text("items = 0")
    op.create_index(
        "ix_clusters_empty", "clusters", ["moved_at"], sqlite_where=empty, postgresql_where=empty
    )


def downgrade() -> None:
    op.drop_index("ix_clusters_empty", table_name="clusters")
    op.drop_index("ix_items_thin", table_name="items")
    op.drop_table("spiked")
