"""Receipts of fronts that are launched."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("receipts") as table:
        table.add_column(sa.Column("section_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_receipts_section_id_sections"), "sections", ["section_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("receipts") as table:
        table.drop_constraint(op.f("fk_receipts_section_id_sections"), type_="foreignkey")
        table.drop_column("section_id")
