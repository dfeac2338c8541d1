"""Alembic's environment: the site's own models and connection, on both databases."""

from typing import Any

from alembic import context
from flask import current_app

from newsapp.clock import UtcDateTime
from newsapp.extensions import Model


def render(kind: str, value: Any, autogen_context: Any) -> str | bool:
    """A migration must not change when our own types do: it names the database's."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Migrates over one connection; SQLite changes tables by copying them."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # Dropping the old copy would delete all that refers to it (sqlite.org/lang_altertable,
            # section 7); within a transaction this setting does nothing.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            render_as_batch=True,
            render_item=render,
        )
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                raise RuntimeError(f"rows would refer to nothing: {broken[:5]}")
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")  # the connection lives on
            connection.commit()


run()
