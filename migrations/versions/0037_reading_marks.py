"""Reading marks: what somebody has seen of the wire."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reading_marks",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("newest_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_reading_marks_cluster_id_clusters"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_reading_marks_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "cluster_id", name=op.f("pk_reading_marks")),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_index(op.f("ix_reading_marks_newest_id"), "reading_marks", ["newest_id"])


def downgrade() -> None:
    op.drop_table("reading_marks")
