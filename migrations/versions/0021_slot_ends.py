"""Slots end by the clock, those of drafts too: one index for all."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_slots_until", "slots", ["until"])
    op.drop_index("ix_slots_due", table_name="slots")


def downgrade() -> None:
    op.create_index("ix_slots_due", "slots", ["draft", "until"])
    op.drop_index("ix_slots_until", table_name="slots")
