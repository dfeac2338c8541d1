"""Turns of hosts: http and https of one server are one."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for port in ("443", "80"):
        cut = f"substr(host, 1, length(host) - {len(port) + 1})"
        op.execute(f"UPDATE feeds SET host = {cut} WHERE host LIKE '%\\:{port}'")
    op.execute("DELETE FROM hosts")  # turns of moments


def downgrade() -> None:
    port = "CASE WHEN url LIKE 'https%' THEN '\\:443' ELSE '\\:80' END"
    op.execute(f"UPDATE feeds SET host = host || {port} WHERE host NOT LIKE '%\\:%'")
    op.execute("DELETE FROM hosts")
