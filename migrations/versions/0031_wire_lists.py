"""Lists of the wire: what items are about, and in which lists their cards stand."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TRAY = (
    "CASE WHEN max(CASE WHEN state = 'new' THEN 1 ELSE 0 END) = 1 THEN 'waiting' "
    "WHEN max(CASE WHEN state IN ('taken', 'published') THEN 1 ELSE 0 END) = 1 THEN 'used' "
    "ELSE 'ignored' END"
)


def upgrade() -> None:
    op.create_table(
        "item_sections",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_sections_item_id_items"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["section_id"], ["sections.id"], name=op.f("fk_item_sections_section_id_sections")
        ),
        sa.PrimaryKeyConstraint("item_id", "section_id", name=op.f("pk_item_sections")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "cluster_placements",
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("facet", sa.String(length=30), nullable=False),
        sa.Column("tray", sa.String(length=10), nullable=False),
        sa.Column("newest_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_cluster_placements_cluster_id_clusters"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cluster_id", "facet", name=op.f("pk_cluster_placements")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index(
        "ix_cluster_placements_listing",
        "cluster_placements",
        ["tray", "facet", "newest_id", "cluster_id"],
    )
    # No card leaves the desk: what they are about, `flask wire read` finds.
    primary = "substr(language, 1, instr(language || '-', '-') - 1)"
    if op.get_bind().dialect.name == "postgresql":
        primary = "split_part(language, '-', 1)"
    op.execute("CREATE TEMPORARY TABLE trays AS SELECT cluster_id, "
               f"{TRAY} AS tray, max(id) AS newest_id FROM items "
               "WHERE cluster_id IS NOT NULL GROUP BY cluster_id")  # fmt: skip
    facets = (
        "SELECT cluster_id, '' AS facet FROM items",
        f"SELECT cluster_id, 'language:' || lower({primary}) FROM items WHERE language <> ''",
        "SELECT cluster_id, 'source:' || feed_id FROM items",
    )
    for facet in facets:
        op.execute(
            "INSERT INTO cluster_placements (cluster_id, facet, tray, newest_id) "
            f"WITH facets (cluster_id, facet) AS ({facet}) "
            "SELECT DISTINCT trays.cluster_id, facet, tray, newest_id FROM trays "
            "JOIN facets ON facets.cluster_id = trays.cluster_id"
        )
    op.execute("DROP TABLE trays")


def downgrade() -> None:
    op.drop_table("cluster_placements")
    op.drop_table("item_sections")
