"""Working copies: what is typed and not saved yet; revisions know their story's version."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "working_copies",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["story_id"],
            ["stories.id"],
            name=op.f("fk_working_copies_story_id_stories"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_working_copies_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "token", name=op.f("pk_working_copies")),
    )  # fmt: skip
    for column in ("seen_at", "story_id"):
        op.create_index(op.f(f"ix_working_copies_{column}"), "working_copies", [column])
    # Of the saves before, nobody noted which version they made: 0 is none.
    with op.batch_alter_table("revisions") as table:
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        table.alter_column("version", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("revisions") as table:
        table.drop_column("version")
    for column in ("seen_at", "story_id"):
        op.drop_index(op.f(f"ix_working_copies_{column}"), table_name="working_copies")
    op.drop_table("working_copies")
