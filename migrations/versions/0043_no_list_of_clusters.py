"""Clusters are listed by their placements: the index that listed them goes."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_clusters_desk", "clusters")


def downgrade() -> None:
    op.create_index("ix_clusters_desk", "clusters", ["joined_id", "moved_at", "id"])
