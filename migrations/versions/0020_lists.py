"""The desk's lists, each by one range scan; and when a story was sent back."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LISTS = {
    "ix_stories_changed": ["changed_at", "id"],
    "ix_stories_author": ["created_by_id", "changed_at", "id"],
    "ix_stories_changer": ["changed_by_id", "changed_at", "id"],
}


def upgrade() -> None:
    op.add_column("stories", sa.Column("sent_back_at", sa.DateTime(timezone=True), nullable=True))
    for name, columns in LISTS.items():
        op.create_index(name, "stories", columns)


def downgrade() -> None:
    for name in LISTS:
        op.drop_index(name, table_name="stories")
    op.drop_column("stories", "sent_back_at")
