"""Manners of the wire: leases of feeds, turns of hosts, rhythm, addresses that moved."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment, number = sa.DateTime(timezone=True), sa.Integer()
    op.add_column("feeds", sa.Column("leased_until", moment, nullable=True))
    op.add_column(
        "feeds",
        sa.Column("moved_to", sa.String(length=2000), nullable=False, server_default=""),
    )
    op.add_column("feeds", sa.Column("rhythm", number, nullable=False, server_default="0"))
    op.add_column("feeds", sa.Column("asked", number, nullable=False, server_default="0"))
    op.add_column("feeds", sa.Column("last_new_at", moment, nullable=True))
    op.create_table(
        "hosts",
        sa.Column("name", sa.String(length=260), nullable=False),
        sa.Column("free_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_hosts")),
    )


def downgrade() -> None:
    op.drop_table("hosts")
    for name in ("last_new_at", "asked", "rhythm", "moved_to", "leased_until"):
        op.drop_column("feeds", name)
