"""A newsroom of any size for measuring: filled fast, on either pair of stores."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import Connection, Table, insert
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from bench.site import UNSET
from newsapp import clock, create_app
from newsapp.extensions import Model, db
from newsapp.stories.cli import seed_sections
from newsapp.stories.models import RIVER, Kind
from newsapp.stories.queries import sections
from newsapp.stories.queries.sections import Tree
from tests.stores import Stores

CHUNK = 5000
PHOTOS, TAGS = 300, 500

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Newsroom:
    """A site with stories, in this process, and the settings with which another serves it."""

    app: Flask
    settings: dict[str, str]


@contextmanager
def newsroom(on: str, folder: Path, stories: int) -> Iterator[Newsroom]:
    """A site with so many live stories, for as long as the block runs."""
    for name in ("TEST_DATABASE_URL", "TEST_REDIS_URL"):
        os.environ.pop(name, None)  # each newsroom has stores of its own
    folder.mkdir(mode=0o700, exist_ok=True)
    stores = Stores.start(on, folder)
    try:
        app = create_app({**UNSET, "LOG_LEVEL": "ERROR", **stores.settings})
        with app.app_context():
            flask_migrate.upgrade()
            seed_sections(db.session())
            db.session.commit()
            _fill(stories)
        yield Newsroom(app, stores.settings)
        with app.app_context():
            db.engine.dispose()
    finally:
        stores.stop()


def _fill(stories: int) -> None:
    """Rows straight into the tables, the newest story some seconds old, one every seven minutes."""
    tree = sections.tree(db.session())
    db.session.rollback()
    dice, now = random.Random(7), clock.now()
    with db.engine.begin() as connection:
        _insert(connection, {
            "photos": [{"id": n, "hash": f"{n:032x}", "width": 1600, "height": 900,
                        "alt": f"Picture {n}", "created_at": now} for n in range(1, PHOTOS + 1)],
            "tags": [{"id": n, "name": f"tag {n}"} for n in range(1, TAGS + 1)],
        })  # fmt: skip
        for start in range(1, stories + 1, CHUNK):
            rows: Rows = {}
            for n in range(start, min(start + CHUNK, stories + 1)):
                at = now - timedelta(minutes=7 * (stories - n), seconds=5)
                for table, lines in _story(n, at, tree, dice).items():
                    rows.setdefault(table, []).extend(lines)
            _insert(connection, rows)
        if connection.dialect.name == "postgresql":
            # Rows with numbers of their own do not move the sequences.
            for name in ("stories", "photos", "tags"):
                connection.exec_driver_sql(
                    f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"
                )
        connection.exec_driver_sql("ANALYZE")


def _story(n: int, at: datetime, tree: Tree, dice: random.Random) -> Rows:
    """A live story with a country, a topic and a format; two in three have a picture."""
    country, topic, form = (
        dice.choice(tree.of_kind(kind)) for kind in (Kind.COUNTRY, Kind.TOPIC, Kind.FORMAT)
    )
    filed = (country.id, topic.id, form.id)
    return {
        "stories": [{
            "id": n, "status": "published", "path": f"{at:%Y/%m/%d}/story-{n}",
            "headline": f"Headline {n}: what happened in {country.name} and what is next",
            "standfirst": f"One sentence of usual length: why story {n} matters.",
            "body": "<p>A paragraph as stories have them, of some length.</p>" * 12,
            "photo_id": dice.randint(1, PHOTOS) if n % 3 else None, "exclusive": n % 40 == 0,
            "published_at": at, "created_at": at, "changed_at": at,
        }],
        "streams": [{"name": f"story:{n}", "revision": 1}],
        "bylines": [{"story_id": n, "position": 0, "name": f"Author {n % 50}"}],
        "story_tags": [{"story_id": n, "tag_id": tag}
                       for tag in dice.sample(range(1, TAGS + 1), 2)],
        "story_sections": [{"story_id": n, "section_id": section} for section in filed],
        "placements": [{"story_id": n, "section_id": section, "published_at": at}
                       for section in (RIVER, country.parent_id, *filed)],
    }  # fmt: skip


def _insert(connection: Connection, rows: Rows) -> None:
    for name, lines in rows.items():
        table = Model.metadata.tables[name]
        defaults = _defaults(table)
        connection.execute(insert(table), [defaults | line for line in lines])


def _defaults(table: Table) -> dict[str, Any]:
    return {
        column.name: column.default.arg
        for column in table.columns
        if isinstance(column.default, ScalarElementColumnDefault)
    }
