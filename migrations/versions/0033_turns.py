"""Turns instead of leases: a feed knows its host, a host its lost holders; the rota."""

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "feeds", sa.Column("host", sa.String(length=260), nullable=False, server_default="")
    )
    feeds = sa.table("feeds", sa.column("id"), sa.column("url"), sa.column("host"))
    connection = op.get_bind()
    for number, url in connection.execute(sa.select(feeds.c.id, feeds.c.url)).all():
        values = {"host": _host(url)}
        connection.execute(feeds.update().where(feeds.c.id == number).values(values))
    op.create_index(op.f("ix_feeds_host"), "feeds", ["host"])
    op.drop_column("feeds", "leased_until")
    op.add_column("hosts", sa.Column("lost", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "duties",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_duties")),
    )


def downgrade() -> None:
    op.drop_table("duties")
    op.drop_column("hosts", "lost")
    op.add_column("feeds", sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True))
    op.drop_index(op.f("ix_feeds_host"), table_name="feeds")
    op.drop_column("feeds", "host")


def _host(url: str) -> str:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.hostname or ''}:{port}"[:260]
