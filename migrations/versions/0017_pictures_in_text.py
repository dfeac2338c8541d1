"""Which pictures stand in a story's text."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "story_photos",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("photo_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"],
            ["stories.id"],
            name=op.f("fk_story_photos_story_id_stories"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"],
            ["photos.id"],
            name=op.f("fk_story_photos_photo_id_photos"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("story_id", "photo_id", name=op.f("pk_story_photos")),
    )
    op.create_index(op.f("ix_story_photos_photo_id"), "story_photos", ["photo_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_story_photos_photo_id"), "story_photos")
    op.drop_table("story_photos")
