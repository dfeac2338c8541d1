"""Migrations: up and down on an empty database, ending where the models are."""

import os
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.engine import make_url

from newsapp import clock, create_app
from newsapp.extensions import Model, db
from newsapp.media.models import Photo, Video
from newsapp.stories.cli import seed_sections
from newsapp.stories.models import WorkingCopy
from newsapp.wire.links import page_hash
from newsapp.wire.models import Item
from tests import newsroom
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


def rows() -> dict[str, int]:
    """How many rows each table has."""
    with db.engine.connect() as connection:
        return {
            name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0
            for name in Model.metadata.tables
        }


def test_a_newsroom_at_work_loses_nothing_on_the_way(empty: Flask) -> None:
    flask_migrate.upgrade()
    session = db.session()
    seed_sections(session)
    editor = newsroom.hire(session, "editor@example.org", "editor")
    photo = Photo(hash="a" * 32, width=1600, height=900, by_id=editor.id)
    video = Video(kind="file", address="https://cdn.example/a.mp4", poster=photo)
    feed = newsroom.subscribe(session, "https://wire.example/rss")
    newsroom.subscribe(session, "https://feeds.wire.example/sport")
    session.add(photo)
    session.flush()
    write = newsroom.Writer(session)
    story = write(tags=["rain"], bylines=["Rosa Lim"], breaking=True, photo_id=photo.id,
                  pictures=[photo], video=video, videos=[video])  # fmt: skip
    story.correct("correction", "It was Tuesday.", editor, clock.now())
    at = clock.now()
    session.add_all((
        WorkingCopy(user_id=editor.id, token="0" * 32, story_id=story.id, seen_at=at),
        Item(feed_id=feed.id, guid="1", guid_hash="1", url="https://wire.example/one",
             headline="x", published_at=at, fetched_at=at, story_id=story.id),
    ))  # fmt: skip
    session.commit()
    before = rows()
    story_id, photo_id = story.id, photo.id
    db.session.remove()
    flask_migrate.downgrade(revision="0004")  # before any table that others refer to is copied
    kept = tables()  # those that came later begin anew
    flask_migrate.upgrade()
    assert all(before[name] for name in kept)
    assert {name: rows()[name] for name in kept} == {name: before[name] for name in kept}
    assert rows()["sources"] == 1  # of both feeds, found by their host
    assert db.session.scalars(select(Item.page_hash)).one() == page_hash("https://wire.example/one")
    again = newsroom.Writer(db.session()).again(story_id)
    assert (again.photo_id, len(again.placements), len(again.corrections)) == (photo_id, 5, 1)
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1


def test_going_up_twice_changes_nothing(empty: Flask) -> None:
    flask_migrate.upgrade()
    flask_migrate.upgrade()
    assert tables() == set(Model.metadata.tables)
