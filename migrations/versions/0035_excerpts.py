"""Excerpts that search engines leave out, because their source wants it."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    noindex = sa.Column("noindex", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("stories", noindex)


def downgrade() -> None:
    with op.batch_alter_table("stories") as table:
        table.drop_column("noindex")
