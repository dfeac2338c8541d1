"""Stories that come down by themselves, and since when those are down that did."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("unpublish_at", "ended_at"):
        op.add_column("stories", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_stories_unpublish_at", "stories", ["unpublish_at"])


def downgrade() -> None:
    op.drop_index("ix_stories_unpublish_at", table_name="stories")
    for name in ("ended_at", "unpublish_at"):
        op.drop_column("stories", name)
