"""Where an item stands at the desk that its feed had before we knew it."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("stands_at", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("items", "stands_at")
