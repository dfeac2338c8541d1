"""The slow renditions of photos, for which focal point, and the colour that stands in."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("photos", sa.Column("cut_x", sa.Integer))
    op.add_column("photos", sa.Column("cut_y", sa.Integer))
    op.add_column("photos", sa.Column("colour", sa.String(3), nullable=False, server_default=""))
    op.create_table(
        "printings",
        sa.Column("photo_id", sa.Integer, sa.ForeignKey(
            "photos.id", name="fk_printings_photo_id_photos", ondelete="CASCADE"),
            primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("printings")
    for name in ("colour", "cut_y", "cut_x"):
        op.drop_column("photos", name)
