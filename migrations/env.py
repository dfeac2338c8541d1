"""Alembic's environment: the site's own models and connection, on both databases."""

from alembic import context
from flask import current_app

from newsapp.extensions import Model


def run() -> None:
    """Migrates over one connection; SQLite changes tables by copying them."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
