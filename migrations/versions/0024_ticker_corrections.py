"""Corrections in the ticker where the wrong version stood."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stories", sa.Column("broke_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "stories", sa.Column("recalled", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "ticker_lines", sa.Column("says", sa.String(length=20), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("ticker_lines", "says")
    op.drop_column("stories", "recalled")
    op.drop_column("stories", "broke_at")
