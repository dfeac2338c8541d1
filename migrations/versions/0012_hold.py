"""Stories that are sent out and can still be called back."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stories", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    held = sa.text("held_until IS NOT NULL")
    op.create_index(
        "ix_stories_held", "stories", ["held_until"], sqlite_where=held, postgresql_where=held
    )


def downgrade() -> None:
    op.drop_index("ix_stories_held", "stories")
    op.drop_column("stories", "held_until")
