"""The ticker's own index: without it a large archive was read through for it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_stories_ticker",
        "stories",
        [sa.text("published_at DESC"), sa.text("id DESC")],
        sqlite_where=sa.text("breaking_until IS NOT NULL"),
        postgresql_where=sa.text("breaking_until IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_stories_ticker", table_name="stories")
