"""The site under test, fresh for each test, on the stores that `--on` names."""

import gc
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextvars import Context
from pathlib import Path
from typing import Any, ClassVar

import flask_migrate
import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse
from xdist.scheduler import LoadScopeScheduling

from newsapp import create_app
from newsapp.accounts import guard
from newsapp.accounts.models import User
from newsapp.extensions import Model, db, limiter
from newsapp.stories.cli import seed_sections
from newsapp.stories.models import Story
from tests import newsroom
from tests.stores import Stores

# These find the same on any store, and each takes long; of journeys, what is the browser's alone.
ONCE = (
    "test_authorisation.py",
    "test_connection.py",
    "test_edition.py",
    "test_hosts.py",
    "test_templates.py",
    "test_without_javascript.py",
    "test_news_takes_nobody_s_focus",
    "test_on_a_phone_the_pill_leaves_the_pause_free",
    "test_real_feeds_come_in_once",
    "test_the_pill_leaves_the_reader_where_the_reader_is",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--on", choices=["embedded", "production"], default="embedded")


WRITING = ("test_unsaved", "test_arranging", "test_wire", "test_pictures", "test_a_day")
# These take longest: begun last, they would keep one worker while the others are done.
FIRST = ("/journeys/", "/faults/", "test_edition.py", "test_authorisation.py")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What touches no store says the same on any: it runs once, with the embedded ones."""
    items.sort(key=lambda item: not any(part in item.nodeid for part in FIRST))
    if config.getoption("--on") == "production":
        items[:] = [
            item
            for item in items
            if "stores" in getattr(item, "fixturenames", ())
            and not {item.path.name, item.name} & {*ONCE}
        ]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keeps the collector from what stays anyway, and from looking often: a seventh of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


class Workers(LoadScopeScheduling):  # type: ignore[misc]  # ships no types
    """A file stays on one worker. Journeys share three sites, which take a while to draw: one for
    who writes, one for who is looked at, one for all others."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if "/journeys/" not in file or "test_pages" in file:
            return file
        return "writing" if any(name in file for name in WRITING) else "journeys"


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Workers:
    return Workers(config, log)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real feeds, pictures and attack lists; without them tests skip visibly, never in CI."""
    path = Path(os.environ.get("SHARED_DATA", "../shared/data")).resolve()
    if not path.is_dir() and not os.environ.get("CI"):
        pytest.skip(f"no shared data in {path}")
    return path


class KnownRule(Rule):
    """Reads an address and compiles how it is made once in a run, not once in an app."""

    read: ClassVar[dict[str, Any]] = {}
    made: ClassVar[dict[str, Any]] = {}

    def _parse_rule(self, rule: str) -> Iterable[Any]:
        if rule not in self.read:
            parts = list(super()._parse_rule(rule))
            self.read[rule] = parts, self._trace[1:], self._converters
            return parts
        parts, trace, converters = self.read[rule]
        self._trace.extend(trace)
        self._converters.update(converters)
        self.arguments.update(converters)
        return list(parts)

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        name = f"{self.rule} {append_unknown} {self.defaults}"
        if name not in self.made:
            self.made[name] = super()._compile_builder(append_unknown)
        made: Callable[..., Any] = self.made[name]
        return made


@pytest.fixture(scope="session", autouse=True)
def quick_apps() -> Iterator[None]:
    """An app in a part of the time, for each test has one of its own; passwords at least cost."""
    least = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "url_rule_class", KnownRule)
        patch.setitem(guard.SETTINGS, "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", least)
        yield


@pytest.fixture(scope="session")
def engines() -> Iterator[None]:
    """An engine for each database, not for each app: statements are compiled once in a run."""
    made: dict[str, Engine] = {}
    make = db._make_engine

    def lasting(key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        name = repr(sorted(options.items()))
        if name not in made:
            made[name] = make(key, options, app)
        return made[name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "_make_engine", lasting)
        yield


@pytest.fixture(scope="session")
def stores(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engines: None
) -> Iterator[Stores]:
    """The database and the cache of this run, migrated and with sections."""
    started = Stores.start(request.config.getoption("--on"), tmp_path_factory.mktemp("stores"))
    app = create_app(started.settings)
    with app.app_context():
        flask_migrate.upgrade()
        seed_sections(db.session())
        db.session.commit()
        db.engine.dispose()
    yield started
    started.stop()


@pytest.fixture
def instance(stores: Stores) -> Path:
    """The site's instance folder, empty but for its database where that is a file."""
    folder = stores.folder / "site"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    if "DATABASE_URL" not in stores.settings:
        template = Path(stores.settings["INSTANCE_FOLDER"]) / "asian-news.db"
        shutil.copy(template, folder / "asian-news.db")
    return folder


@pytest.fixture
def app(stores: Stores, instance: Path) -> Iterator[Flask]:
    """The site with sections and nothing else."""
    settings = {**stores.settings, "INSTANCE_FOLDER": str(instance), "HOLD_SECONDS": "0"}
    if url := settings.get("REDIS_URL"):
        redis.Redis.from_url(url).flushdb()
    app = create_app(settings)
    # It outlives its app: a store that a test before this one took away isn't away any more.
    limiter._storage_dead = False
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(stores.folder))  # compiled once
    app.test_client_class = Reader
    yield app
    with app.app_context():
        if "DATABASE_URL" in settings:
            _empty()  # its connections stay: new ones would know nothing of the tables yet
        db.session.remove()
        if "DATABASE_URL" not in settings:
            db.engine.dispose()


def _empty() -> None:
    tables = {table.name: table for table in Model.metadata.sorted_tables}
    del tables["sections"]
    # Emptying an empty table takes as long as emptying a full one.
    any_row = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT FROM {t})" for t in tables)
    filled = set(db.session.scalars(text(any_row)))
    # TRUNCATE makes new files: of a few rows, DELETE is quicker by far.
    for name in reversed(tables):
        if name in filled:
            db.session.execute(text(f"DELETE FROM {name}"))
            if (key := tables[name].autoincrement_column) is not None:
                counter = f"pg_get_serial_sequence('{name}', '{key.name}')"
                db.session.execute(text(f"SELECT setval({counter}, 1, false)"))
    db.session.commit()


class Reader(FlaskClient):
    """A client whose every request stands alone, as in production."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return Context().run(super().open, *args, **kwargs)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The newsroom's own database session; the site's requests have theirs."""
    with app.app_context():
        yield db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger's browser."""
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """Runs `flask` commands."""
    return app.test_cli_runner()


@pytest.fixture
def make_story(session: Session) -> Callable[..., Story]:
    """Writes a story: `make_story(headline=…, sections=[slug …], at=…, live=True)`."""
    return newsroom.Writer(session)


@pytest.fixture
def editor(session: Session) -> User:
    """An editor: editor@example.org."""
    return newsroom.hire(session, "editor@example.org", "editor")


@pytest.fixture
def desk(app: Flask, editor: User) -> newsroom.Desk:
    """The editor's browser, signed in."""
    return newsroom.Desk(app.test_client(), "editor@example.org")


@pytest.fixture
def reads(client: FlaskClient) -> Callable[[str], Any]:
    """A reader's look past the edge, which may keep an answer for two seconds."""
    return lambda url: client.get(url, headers={"Authorization": "none"})
