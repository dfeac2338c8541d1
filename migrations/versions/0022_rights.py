"""Rights in photos: their licence, and when they end."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("photos", sa.Column("licence", sa.String(200), nullable=False, server_default=""))
    op.add_column("photos", sa.Column("rights_end_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    for name in ("rights_end_at", "licence"):
        op.drop_column("photos", name)
