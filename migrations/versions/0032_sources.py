"""Sources: the outlets behind the feeds, and what they allow."""

import re
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    def text(name: str, length: int, default: str = "") -> sa.Column[str]:
        return sa.Column(name, sa.String(length=length), nullable=False, server_default=default)

    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        text("home", 2000),
        sa.Column("host", sa.String(length=253), nullable=False),
        text("language", 12),
        text("zone", 40, "UTC"),
        sa.Column("most_words", sa.Integer(), nullable=False, server_default="60"),
        sa.Column("logo_allowed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("pictures_allowed", sa.Boolean(), nullable=False, server_default=sa.false()),
        text("indexing", 10, "canonical"),
        sa.Column("licence_ends", sa.Date(), nullable=True),
        text("trust", 10, "known"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("host", name=op.f("uq_sources_host")),
    )
    op.create_table(
        "source_sections",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_source_sections_source_id_sources"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_source_sections_section_id_sections")
        ),
        sa.PrimaryKeyConstraint("source_id", "section_id", name=op.f("pk_source_sections")),
    )  # fmt: skip
    with op.batch_alter_table("feeds") as table:
        table.add_column(sa.Column("source_id", sa.Integer(), nullable=True))
    _fill()
    with op.batch_alter_table("feeds") as table:
        table.alter_column("source_id", existing_type=sa.Integer(), nullable=False)
        table.create_foreign_key(
            op.f("fk_feeds_source_id_sources"), "sources", ["source_id"], ["id"]
        )
        table.drop_column("zone")
    op.create_index(op.f("ix_feeds_source_id"), "feeds", ["source_id"])
    _recount("feeds.source_id")


def _fill() -> None:
    """A source for each host of feeds, called as the first of them."""
    bind = op.get_bind()
    known: dict[str, int] = {}
    for feed, url, title, zone in bind.execute(
        sa.text("SELECT id, url, title, zone FROM feeds ORDER BY id")
    ).all():
        parts = urlsplit(url)
        host = re.sub(
            r"^(?:(?:www\d?|feeds?|rss)\.)+(?=[^.]+\.)", "", (parts.hostname or "").rstrip(".")
        )[:253]
        if host not in known:
            known[host] = len(known) + 1
            new = {"id": known[host], "name": title[:120] or host[:120], "host": host,
                   "home": f"{parts.scheme}://{parts.netloc}/", "zone": zone}  # fmt: skip
            bind.execute(
                sa.text("INSERT INTO sources (id, name, host, home, zone) "
                        "VALUES (:id, :name, :host, :home, :zone)"), new
            )  # fmt: skip
        bind.execute(
            sa.text("UPDATE feeds SET source_id = :source WHERE id = :feed"),
            {"source": known[host], "feed": feed},
        )
        bind.execute(
            sa.text("UPDATE sources SET zone = :zone WHERE id = :source AND zone = 'UTC'"),
            {"source": known[host], "zone": zone},
        )
    if bind.dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('sources', 'id'), "
            "(SELECT coalesce(max(id), 0) + 1 FROM sources), false)"
        )


def _recount(what: str) -> None:
    """Sets how many sources speak of an event, and lists its card under each."""
    op.execute(
        f"UPDATE clusters SET sources = (SELECT count(DISTINCT {what}) FROM items "
        "JOIN feeds ON feeds.id = items.feed_id WHERE items.cluster_id = clusters.id)"
    )
    op.execute("DELETE FROM cluster_placements WHERE facet LIKE 'source:%'")
    op.execute(
        "INSERT INTO cluster_placements (cluster_id, facet, tray, newest_id) "
        f"SELECT DISTINCT items.cluster_id, 'source:' || {what}, tray, newest_id FROM items "
        "JOIN feeds ON feeds.id = items.feed_id "
        "JOIN cluster_placements ON cluster_placements.cluster_id = items.cluster_id "
        "AND cluster_placements.facet = ''"
    )


def downgrade() -> None:
    _recount("feeds.id")
    op.drop_index(op.f("ix_feeds_source_id"), "feeds")
    zone = sa.Column("zone", sa.String(length=40), nullable=False, server_default="UTC")
    op.add_column("feeds", zone)
    op.execute(
        "UPDATE feeds SET zone = (SELECT zone FROM sources WHERE sources.id = feeds.source_id)"
    )
    with op.batch_alter_table("feeds") as table:
        table.drop_column("source_id")
    op.drop_table("source_sections")
    op.drop_table("sources")
