"""Items that share their link, by their words."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_items_sharing",
        "items",
        ["feed_id", "headline", "published_at"],
        sqlite_where=sa.text("page_hash IS NULL"),
        postgresql_where=sa.text("page_hash IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_items_sharing", "items")
