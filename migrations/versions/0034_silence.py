"""When a feed is silent, and its items in the order in which they came."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("feeds", sa.Column("lull", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("feeds", sa.Column("silent_at", moment, nullable=True))
    op.create_index("ix_items_feed", "items", ["feed_id", "fetched_at"])
    # Of those that were quiet before: a week, or long by their rhythm.
    moments = (sa.column(name, moment) for name in ("last_new_at", "silent_at"))
    feeds = sa.table("feeds", sa.column("id"), sa.column("rhythm"), *moments)
    known = sa.select(feeds.c.id, feeds.c.rhythm, feeds.c.last_new_at)
    for row in op.get_bind().execute(known.where(feeds.c.last_new_at.is_not(None))).all():
        wait = max(timedelta(days=7), timedelta(seconds=row.rhythm) * 30)
        op.execute(
            feeds.update().where(feeds.c.id == row.id).values(silent_at=row.last_new_at + wait)
        )


def downgrade() -> None:
    op.drop_index("ix_items_feed", "items")
    op.drop_column("feeds", "silent_at")
    op.drop_column("feeds", "lull")
