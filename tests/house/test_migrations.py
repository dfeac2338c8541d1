"""Migrations: up and down on an empty database, ending where the models are."""

import os
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from newsapp import create_app
from newsapp.extensions import Model, db
from tests.stores import Stores


@pytest.fixture
def empty(stores: Stores, tmp_path: Path) -> Iterator[Flask]:
    """The site on a database without a table."""
    settings = {**stores.settings, "INSTANCE_FOLDER": str(tmp_path)}
    name = f"empty_{os.getpid()}"
    url = stores.settings.get("DATABASE_URL")
    if url:
        _as_owner(url, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
        own = make_url(url).set(database=name)
        settings["DATABASE_URL"] = own.render_as_string(hide_password=False)
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if url:
        _as_owner(url, f"DROP DATABASE {name}")


def _as_owner(url: str, *statements: str) -> None:
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_they_make_what_the_models_say(empty: Flask) -> None:
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Model.metadata) == []


def test_they_go_down_to_nothing_and_up_again(empty: Flask) -> None:
    flask_migrate.upgrade()
    full = tables()
    flask_migrate.downgrade(revision="base")
    assert tables() == set()
    flask_migrate.upgrade()
    assert tables() == full == set(Model.metadata.tables)


def test_going_up_twice_changes_nothing(empty: Flask) -> None:
    flask_migrate.upgrade()
    flask_migrate.upgrade()
    assert tables() == set(Model.metadata.tables)
