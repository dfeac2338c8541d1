"""Identity of items: the page that names one in every feed, who else brought it, earlier words."""

import sqlalchemy as sa
from alembic import op

from newsapp.wire.links import page_hash

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    op.add_column("items", sa.Column("page_hash", sa.String(length=64), nullable=True))
    op.add_column("items", sa.Column("changes", sa.Integer(), nullable=False, server_default="0"))
    _fill()
    op.create_index(op.f("ix_items_page_hash"), "items", ["page_hash"])
    op.create_table(
        "sightings",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("guid_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_sightings_item_id_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feeds.id"], name=op.f("fk_sightings_feed_id_feeds"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", "feed_id", name=op.f("pk_sightings")),
    )
    op.create_index("ix_sightings_guid", "sightings", ["feed_id", "guid_hash"])
    op.create_table(
        "item_versions",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("headline", sa.String(length=300), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_versions_item_id_items"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", "number", name=op.f("pk_item_versions")),
    )  # fmt: skip


def _fill() -> None:
    """Names the page of each item, unless its feed gives the same one to several."""
    bind, last = op.get_bind(), 0
    query = sa.text("SELECT id, url FROM items WHERE id > :last ORDER BY id LIMIT :batch")
    write = sa.text("UPDATE items SET page_hash = :page WHERE id = :id")
    while rows := bind.execute(query, {"last": last, "batch": BATCH}).all():
        bind.execute(write, [{"id": number, "page": page_hash(url)} for number, url in rows])
        last = rows[-1].id
    op.execute(
        "UPDATE items SET page_hash = NULL WHERE (feed_id, page_hash) IN "
        "(SELECT feed_id, page_hash FROM items WHERE page_hash IS NOT NULL "
        "GROUP BY feed_id, page_hash HAVING count(*) > 1)"
    )


def downgrade() -> None:
    op.drop_table("item_versions")
    op.drop_table("sightings")
    op.drop_index(op.f("ix_items_page_hash"), "items")
    with op.batch_alter_table("items") as table:
        table.drop_column("changes")
        table.drop_column("page_hash")
