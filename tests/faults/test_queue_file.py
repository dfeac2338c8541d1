"""The queue's file is damaged, locked, out of reach or gone: the site runs, the queue heals."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from huey import Huey

from newsapp import create_app
from tests.stores import Stores

Spoil = Callable[[Path], None]
Trouble = Callable[[Path], AbstractContextManager[None]]


@pytest.fixture
def stores(stores: Stores) -> Stores:
    """The run's database, and a queue in a file."""
    return Stores(stores.folder, {**stores.settings, "REDIS_URL": ""})


@pytest.fixture
def file(instance: Path) -> Path:
    return instance / "jobs.db"


@pytest.fixture
def starts(stores: Stores, instance: Path) -> Callable[[], Flask]:
    """Another process of the same site."""
    return lambda: create_app({**stores.settings, "INSTANCE_FOLDER": str(instance)})


def ask(client: FlaskClient) -> int:
    """Asks for a letter, which waits in the queue; how that was answered."""
    page = client.get("/desk/forgotten").text
    token = page.partition('csrf_token" value="')[2].partition('"')[0]
    form = {"email": "editor@example.org", "csrf_token": token}
    return client.post("/desk/forgotten", data=form).status_code


def waiting(app: Flask) -> list[str]:
    huey: Huey = app.extensions["huey"]
    return [str(task.name) for task in huey.pending()]


def garbled(file: Path) -> None:
    file.write_bytes(b"\xf1garbage" * 2_000)


def cut_off(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5_000])


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def removed(file: Path) -> None:
    file.unlink()


damage = pytest.mark.parametrize("spoil", [garbled, cut_off, emptied, removed])


@contextmanager
def locked(file: Path) -> Iterator[None]:
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    yield
    holder.close()


@contextmanager
def out_of_reach(file: Path) -> Iterator[None]:
    file.mkdir()
    yield
    file.rmdir()


trouble = pytest.mark.parametrize("trouble", [locked, out_of_reach])


@damage
def test_a_site_starts_with_a_damaged_queue_and_makes_it_anew(
    app: Flask, file: Path, starts: Callable[[], Flask], spoil: Spoil
) -> None:
    assert waiting(app) == []
    spoil(file)
    client = starts().test_client()
    assert client.get("/").status_code == 200
    assert ask(client) == 200
    assert waiting(app) == ["help_in"]


@damage
def test_a_queue_that_is_spoilt_while_it_is_used_is_made_anew(
    app: Flask, client: FlaskClient, file: Path, starts: Callable[[], Flask], spoil: Spoil
) -> None:
    worker = starts()
    assert ask(client) == 200
    assert waiting(worker) == ["help_in"]
    spoil(file)
    assert ask(client) in (200, 503)
    assert ask(client) == 200
    assert waiting(worker)[-1:] == ["help_in"]


def test_what_is_no_database_is_kept_and_told(
    app: Flask, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    garbled(file)
    assert waiting(app) == []
    assert file.with_name("jobs.db.damaged").read_bytes().startswith(b"\xf1garbage")
    assert "jobs.db, is damaged: file is not a database. It is kept as" in caplog.text


@trouble
def test_a_site_starts_without_its_queue_and_takes_it_up_when_it_can(
    starts: Callable[[], Flask], file: Path, trouble: Trouble
) -> None:
    with trouble(file):
        client = starts().test_client()
        assert client.get("/").status_code == 200
        assert ask(client) == 503
    assert ask(client) == 200


@trouble
def test_a_worker_says_that_its_queue_can_not_be_used_and_tries_again(
    app: Flask, file: Path, trouble: Trouble,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    worker, _ = app.extensions["huey"].create_consumer().worker_threads[0]
    with trouble(file):
        worker.loop()
    assert f"The queue, {file}, can't be used: " in caplog.text
    worker.loop()
    assert waiting(app) == []
