"""Clusters: items on the same event, what they say in common, what editors said of them."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clusters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("sources", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["joined_id"], ["clusters.id"], name=op.f("fk_clusters_joined_id_clusters")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clusters")),
    )
    op.create_index(op.f("ix_clusters_joined_id"), "clusters", ["joined_id"])
    op.create_index("ix_clusters_desk", "clusters", ["joined_id", "moved_at", "id"])
    op.create_table(
        "gists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=True),
        sa.Column("story_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_gists_cluster_id_clusters")
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_gists_story_id_stories"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gists")),
        sa.UniqueConstraint("story_id", name=op.f("uq_gists_story_id")),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index(op.f("ix_gists_cluster_id"), "gists", ["cluster_id"])
    op.create_index(op.f("ix_gists_moved_at"), "gists", ["moved_at"])
    op.create_table(
        "gist_terms",
        sa.Column("term", sa.String(length=40), nullable=False),
        sa.Column("gist_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", "gist_id", name=op.f("pk_gist_terms")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "term_counts",
        sa.Column("term", sa.String(length=40), nullable=False),
        sa.Column("gists", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_term_counts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cluster_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_cluster_choices_cluster_id_clusters")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["clusters.id"], name=op.f("fk_cluster_choices_other_id_clusters")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_cluster_choices_by_id_users"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster_choices")),
    )  # fmt: skip
    op.create_index(op.f("ix_cluster_choices_cluster_id"), "cluster_choices", ["cluster_id"])
    op.create_index(op.f("ix_cluster_choices_other_id"), "cluster_choices", ["other_id"])
    # SQLite copies the table: what a column added in place says of deletion, nobody reads back.
    with op.batch_alter_table("items") as table:
        table.add_column(sa.Column("cluster_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("gist_id", sa.Integer(), nullable=True))
        for name, size in (("why", 10), ("shared", 300)):
            column = sa.Column(name, sa.String(length=size), nullable=False, server_default="")
            table.add_column(column)
        table.add_column(sa.Column("like_story_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_items_cluster_id_clusters"), "clusters", ["cluster_id"], ["id"]
        )
        table.create_foreign_key(
            op.f("fk_items_like_story_id_stories"), "stories", ["like_story_id"], ["id"],
            ondelete="SET NULL",
        )  # fmt: skip
    # What came before is a card each.
    op.execute(
        "INSERT INTO clusters (id, items, sources, started_at, moved_at) "
        "SELECT id, 1, 1, fetched_at, fetched_at FROM items"
    )
    op.execute("UPDATE items SET cluster_id = id, why = 'first'")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "SELECT setval(pg_get_serial_sequence('clusters', 'id'), "
            "(SELECT coalesce(max(id), 0) + 1 FROM clusters), false)"
        )
    op.create_index("ix_items_cluster", "items", ["cluster_id", "feed_id"])
    op.create_index(op.f("ix_items_like_story_id"), "items", ["like_story_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_items_like_story_id"), "items")
    op.drop_index("ix_items_cluster", "items")
    with op.batch_alter_table("items") as table:
        for name in ("like_story_id", "shared", "why", "gist_id", "cluster_id"):
            table.drop_column(name)
    for name in ("cluster_choices", "term_counts", "gist_terms", "gists", "clusters"):
        op.drop_table(name)
