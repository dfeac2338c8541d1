"""The audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_deeds_at": ["at", "id"],
    "ix_deeds_person": ["by_id", "at", "id"],
    "ix_deeds_verb": ["verb", "at", "id"],
    "ix_deeds_story": ["story_id", "at", "id"],
}


def upgrade() -> None:
    op.create_table(
        "deeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=254), nullable=False),
        sa.Column("verb", sa.String(length=80), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("network", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_deeds_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deeds")),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "deeds", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="deeds")
    op.drop_table("deeds")
