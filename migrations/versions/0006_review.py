"""What a reporter tells the editor who reviews a story, and the editor the reporter."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stories") as table:
        table.add_column(sa.Column("review_note", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("stories") as table:
        table.alter_column("review_note", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("stories") as table:
        table.drop_column("review_note")
