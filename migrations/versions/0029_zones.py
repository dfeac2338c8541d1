"""The zone of a source whose dates name none."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    zone = sa.Column("zone", sa.String(length=40), nullable=False, server_default="UTC")
    op.add_column("feeds", zone)


def downgrade() -> None:
    op.drop_column("feeds", "zone")
