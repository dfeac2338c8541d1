"""How cards were read before all were marked as read, to be taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reading_marks", sa.Column("before_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("reading_marks", "before_id")
