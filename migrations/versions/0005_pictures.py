"""Pictures from editors: where the eye falls, whose they are, and that some only decorate."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEW = {
    "decorative": (sa.Boolean(), sa.false()),
    "rights": (sa.String(length=300), ""),
    "name": (sa.String(length=200), ""),
    "original": (sa.String(length=80), ""),
    "focus_x": (sa.Integer(), "50"),
    "focus_y": (sa.Integer(), "50"),
}


def upgrade() -> None:
    with op.batch_alter_table("photos") as table:
        for name, (kind, default) in NEW.items():
            table.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        table.add_column(sa.Column("by_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_photos_by_id_users"), "users", ["by_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("photos") as table:
        for name in NEW:
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("photos") as table:
        table.drop_constraint(op.f("fk_photos_by_id_users"), type_="foreignkey")
        for name in (*NEW, "by_id"):
            table.drop_column(name)
