"""The order of the ticker's lines, in a table of its own: a handful of rows."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    lines = op.create_table(
        "ticker_lines",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"],
            ["stories.id"],
            name=op.f("fk_ticker_lines_story_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_ticker_lines")),
    )
    op.create_index("ix_ticker_lines_place", "ticker_lines", ["place"])
    stories = sa.table(
        "stories",
        sa.column("id", sa.Integer()),
        sa.column("published_at", sa.DateTime(timezone=True)),
        sa.column("breaking_until", sa.DateTime(timezone=True)),
    )
    breaking = sa.select(stories.c.id, stories.c.published_at).where(
        stories.c.breaking_until.is_not(None)
    )
    for number, at in op.get_bind().execute(breaking).all():
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        place = (at - EPOCH) // timedelta(microseconds=1)
        op.execute(lines.insert().values(story_id=number, place=place, version=1))
    op.drop_index("ix_stories_ticker", table_name="stories")


def downgrade() -> None:
    op.create_index(
        "ix_stories_ticker",
        "stories",
        [sa.text("published_at DESC"), sa.text("id DESC")],
        sqlite_where=sa.text("breaking_until IS NOT NULL"),
        postgresql_where=sa.text("breaking_until IS NOT NULL"),
    )
    op.drop_index("ix_ticker_lines_place", table_name="ticker_lines")
    op.drop_table("ticker_lines")
