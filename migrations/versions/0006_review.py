"""What a reporter tells the editor who reviews a story, and the editor the reporter."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Added in place: a large table is not copied, and its indexes stay as they are.
    note = sa.Column("review_note", sa.Text(), nullable=False, server_default="")
    op.add_column("stories", note)


def downgrade() -> None:
    op.drop_column("stories", "review_note")
