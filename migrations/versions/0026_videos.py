"""Videos: over a story and in its text, with a still picture, a duration and a transcript."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "videos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("transcript", sa.Text(), nullable=False),
        sa.Column("poster_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["poster_id"], ["photos.id"], name=op.f("fk_videos_poster_id_photos"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_videos_by_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_videos")),
        sa.UniqueConstraint("address", name=op.f("uq_videos_address")),
    )  # fmt: skip
    op.create_index(op.f("ix_videos_poster_id"), "videos", ["poster_id"])
    op.create_table(
        "story_videos",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("video_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_story_videos_story_id_stories"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["video_id"], ["videos.id"], name=op.f("fk_story_videos_video_id_videos"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("story_id", "video_id", name=op.f("pk_story_videos")),
    )  # fmt: skip
    op.create_index(op.f("ix_story_videos_video_id"), "story_videos", ["video_id"])
    # In place: a large table is not copied. Alembic would add the reference by itself, which SQLite
    # can't; both databases take it with the column.
    op.execute(
        "ALTER TABLE stories ADD COLUMN video_id INTEGER "
        "CONSTRAINT fk_stories_video_id_videos REFERENCES videos (id)"
    )
    op.create_index(op.f("ix_stories_video_id"), "stories", ["video_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_stories_video_id"), "stories")
    with op.batch_alter_table("stories") as table:
        table.drop_column("video_id")
    op.drop_table("story_videos")
    op.drop_table("videos")
