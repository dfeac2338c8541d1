"""The corrections of all stories, newest first, by one range scan."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_corrections_listing", "corrections", [sa.text("at DESC"), sa.text("id DESC")]
    )


def downgrade() -> None:
    op.drop_index("ix_corrections_listing", table_name="corrections")
