"""What each feed saw after others, in the order in which it did."""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_sightings_feed", "sightings", ["feed_id", "at"])


def downgrade() -> None:
    op.drop_index("ix_sightings_feed", "sightings")
