"""The database fails; readers get the last good copy and its age."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from newsapp.desk import finding
from newsapp.extensions import db
from tests.newsroom import Desk, Writer
from tests.patience import eventually

PAST_THE_EDGE = {"Authorization": "none"}
TABLES = ("streams", "stories", "alembic_version")
Broken = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def broken(app: Flask, session: Session) -> Broken:
    """While it lasts every question to the database about streams and stories fails."""

    @contextmanager
    def away() -> Iterator[None]:
        for table in TABLES:
            rename(table, f"{table}_away")
        try:
            yield
        finally:
            for table in TABLES:
                rename(f"{table}_away", table)

    def rename(old: str, new: str) -> None:
        session.rollback()  # an open transaction would hold the table
        with app.app_context(), db.engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    return away


def test_a_page_that_was_read_stays_readable(
    client: FlaskClient, make_story: Writer, broken: Broken
) -> None:
    story = make_story("Ferry sinks off Cebu", sections=["philippines"])
    urls = ("/", "/philippines", f"/{story.path}", "/feeds/philippines.rss")
    for url in urls:
        client.get(url, headers=PAST_THE_EDGE)
    with broken():
        for url in urls:
            assert "Ferry sinks off Cebu" in client.get(url, headers=PAST_THE_EDGE).text

        def has_an_age() -> bool:
            return "Age" in client.get("/", headers=PAST_THE_EDGE).headers

        # Until then the process trusts its own copies of the revisions.
        assert eventually(has_an_age)


def test_what_fails_is_told_without_what_was_to_be_stored(session: Session) -> None:
    values = {"url": "https://news.asia/feed?key=secret"}
    with pytest.raises(DBAPIError) as failed:
        session.execute(text("UPDATE feeds SET nothing = :url"), values)
    assert "nothing" in str(failed.value)
    assert "secret" not in str(failed.value)


def test_a_page_that_nobody_read_says_so_plainly(client: FlaskClient, broken: Broken) -> None:
    with broken():
        answer = client.get("/india", headers=PAST_THE_EDGE)
    assert answer.status_code in (500, 503)
    assert "Traceback" not in answer.text
    assert "<h1" in answer.text


@pytest.mark.parametrize("url", ["/nowhere", "/2024/06/19/x", "/pulse/front?seen=x", "/media/x"])
def test_a_wrong_address_is_answered_all_the_same(
    client: FlaskClient, broken: Broken, url: str
) -> None:
    with broken():
        answer = client.get(url, headers=PAST_THE_EDGE)
    assert answer.status_code in (400, 404, 500, 503)
    assert "<h1" in answer.text


def test_an_editor_is_told_and_nothing_is_half_saved(
    desk: Desk, make_story: Writer, broken: Broken
) -> None:
    story = make_story(live=False)
    with broken():
        answer = desk.client.get("/desk/stories")
    assert answer.status_code in (500, 503)
    assert not make_story.again(story.id).live


def test_an_editor_gets_back_what_was_typed(desk: Desk, broken: Broken) -> None:
    page = desk.get("/desk/stories/new").text
    token = page.partition('csrf_token" value="')[2].partition('"')[0]
    with broken():
        typed = {"headline": "Written in vain", "body": "<p>Or not.</p>", "csrf_token": token}
        answer = desk.client.post("/desk/stories", data=typed)
    assert answer.status_code in (500, 503)
    assert "Written in vain</textarea>" in answer.text and "Or not.</textarea>" in answer.text


def test_all_is_well_when_it_is_back(
    client: FlaskClient, make_story: Writer, broken: Broken
) -> None:
    with broken():
        client.get("/", headers=PAST_THE_EDGE)
    make_story("Back again")
    assert eventually(lambda: "Back again" in client.get("/", headers=PAST_THE_EDGE).text)


def test_a_database_that_hangs_holds_up_no_reader(
    app: Flask, client: FlaskClient, make_story: Writer
) -> None:
    make_story("Ferry sinks off Cebu", sections=["philippines"])
    urls = ("/", "/philippines", "/latest")
    for url in urls:
        client.get(url, headers=PAST_THE_EDGE)
    with app.app_context(), db.engine.connect() as blocker:
        # Whoever reads a revision now waits for ever; readers of SQLite don't even notice.
        is_postgres = blocker.dialect.name == "postgresql"
        hold = "LOCK TABLE streams IN ACCESS EXCLUSIVE MODE" if is_postgres else "BEGIN IMMEDIATE"
        blocker.execute(text(hold))

        def shows_the_last_good_copy() -> bool:
            answers = [client.get(url, headers=PAST_THE_EDGE) for url in urls]
            assert all("Ferry sinks off Cebu" in answer.text for answer in answers)
            return not is_postgres or all("Age" in answer.headers for answer in answers)

        # In Redis a copy of the revisions lives for five seconds.
        assert eventually(shows_the_last_good_copy, within=20)
        blocker.rollback()


@pytest.fixture
def silent(app: Flask, session: Session) -> Iterator[None]:
    """A database server that takes what it is sent and answers nothing."""
    if session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite has no server")
    pids = set(session.scalars(text("SELECT pid FROM pg_stat_activity")))
    session.rollback()
    if not all(is_of_postgresql(pid) for pid in pids):
        pytest.skip("the database is on another machine")
    pids.add(int(Path(f"/proc/{min(pids)}/stat").read_text().rpartition(")")[2].split()[1]))
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    yield
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


def is_of_postgresql(pid: int) -> bool:
    command = Path(f"/proc/{pid}/cmdline")
    return command.exists() and b"postgres" in command.read_bytes()


def test_who_asks_a_silent_database_is_told_in_two_seconds(
    client: FlaskClient, silent: None
) -> None:
    began = time.monotonic()
    answer = client.get("/india", headers=PAST_THE_EDGE)
    assert (answer.status_code, time.monotonic() - began < 3) == (503, True)


def test_a_full_disk_is_called_that_and_gives_back_what_was_typed(app: Flask, desk: Desk) -> None:
    with app.app_context():
        engine = db.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("a disk of a test's own is more than PostgreSQL's server has here")

    def full(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # as many as there are

    page = desk.get("/desk/stories/new").text
    token = page.partition('csrf_token" value="')[2].partition('"')[0]
    event.listen(engine, "checkout", full)
    typed = {"headline": "Long", "body": "<p>Words.</p>" * 9_000, "csrf_token": token,
             "language": "en", "sections": "news", "token": "0" * 32}  # fmt: skip
    answer = desk.client.post("/desk/stories", data=typed)
    event.remove(engine, "checkout", full)
    assert (answer.status_code, "no room left" in answer.text) == (503, True)
    assert "Words." in answer.text


def test_a_number_that_no_column_holds_is_not_told_as_a_database_away(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No form lets one through; PostgreSQL would end the transaction over it.
    monkeypatch.setattr(finding, "NUMBER_MAX", 2**60)
    answer = desk.get(f"/desk/stories/{2**40}")
    assert answer.status_code in (400, 404)  # SQLite knows larger numbers


def test_operators_are_told(client: FlaskClient, broken: Broken) -> None:
    with broken():
        answer = client.get("/readyz")
        assert (answer.status_code, "database away" in answer.text) == (503, True)
        assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200
