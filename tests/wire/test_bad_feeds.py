"""Feeds hang, lie, bomb, break off and vanish at once: no other waits, each tells what it did."""

import gzip
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from newsapp import clock, tasks
from newsapp.extensions import db
from newsapp.wire.models import Feed, Host, Item
from tests import newsroom
from tests.far_end import FarEnd
from tests.patience import eventually
from tests.wire.test_ingest import rss

HEAD = b"HTTP/1.1 200 OK\r\n"
BOMB = gzip.compress(bytes(64 * 1024 * 1024))


@pytest.fixture
def servers() -> Iterator[list[FarEnd]]:
    started = [FarEnd() for _ in range(9)]
    yield started
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.fixture
def subscribed(app: Flask, session: Session, servers: list[FarEnd]) -> list[Feed]:
    """A feed of each server, the last one due last."""
    app.config["WIRE_ALLOWED_HOSTS"] = frozenset(server.host for server in servers)
    feeds = [newsroom.subscribe(session, server.url()) for server in servers]
    due_in_turn(session, feeds)
    return feeds


def due_in_turn(session: Session, feeds: list[Feed]) -> None:
    for n, feed in enumerate(feeds):
        feed.next_check_at = clock.now() - timedelta(minutes=len(feeds) - n)
    session.execute(update(Host).values(free_at=clock.now()))
    session.commit()


def anything(session: Session) -> bool:
    session.rollback()
    return session.scalar(select(Item.id).limit(1)) is not None


def work(app: Flask) -> None:
    """One thread of a worker, until nothing is due."""
    with app.app_context():
        while tasks.fetch_next(app):
            pass


def test_the_healthy_one_comes_in_while_the_others_do_their_worst(
    app: Flask, session: Session, servers: list[FarEnd], subscribed: list[Feed]
) -> None:
    enough = threading.Event()

    def drips() -> Iterator[bytes]:
        yield HEAD + b"Content-Length: 9999\r\n\r\n<rss>"
        while not enough.wait(0.2):
            yield b" "

    def hangs() -> Iterator[bytes]:
        enough.wait(30)
        yield b""

    def endless() -> Iterator[bytes]:
        yield HEAD + b"\r\n"
        while True:
            yield bytes(64 * 1024)

    servers[0].stream(hangs)
    servers[1].stream(drips)
    servers[2].stream(endless)
    servers[3].stream(lambda: [HEAD + b"Content-Encoding: gzip\r\n\r\n", BOMB])
    servers[4].stream(lambda: [HEAD + b"Content-Encoding: br\r\n\r\n", b"not brotli"])
    servers[5].stream(lambda: [HEAD + b"Content-Length: 9999\r\n\r\n<rss><channel>"])
    servers[6].serve(b"<rss>" + b"<a>" * 200_000)
    servers[7].shutdown()
    servers[7].server_close()
    servers[8].serve(rss("Rain"))
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        threads = [pool.submit(work, app) for _ in range(8)]
        came = eventually(lambda: anything(session))
        taken = time.monotonic() - began
        enough.set()
    assert came
    assert taken < 10
    assert all(thread.result() is None for thread in threads)
    session.expire_all()
    assert [bool(feed.error) for feed in subscribed] == [True] * 8 + [False]


def test_real_feeds_replayed_unchanged_write_a_row_each_and_run(
    app: Flask,
    session: Session,
    servers: list[FarEnd],
    subscribed: list[Feed],
    real_feeds: list[Path],
) -> None:
    for server, path in zip(servers, real_feeds[::6], strict=False):
        server.serve(path.read_bytes())
    work(app)
    written: list[tuple[str, int]] = []

    def note(_c: Any, cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("SELECT") and "hosts" not in statement:
            written.append((statement, cursor.rowcount))

    event.listen(db.engine, "after_cursor_execute", note)
    for _ in range(3):
        due_in_turn(session, subscribed)
        written.clear()
        work(app)
        assert all(statement.startswith("UPDATE feeds") for statement, _ in written)
        assert sum(rows for _, rows in written) == len(servers)
    event.remove(db.engine, "after_cursor_execute", note)
