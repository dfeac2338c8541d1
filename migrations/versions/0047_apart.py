"""Feeds that only a list calls an outlet's."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Those that are here already are whose editors know them for.
    apart = sa.Column("apart", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("feeds", apart)


def downgrade() -> None:
    with op.batch_alter_table("feeds") as table:
        table.drop_column("apart")
