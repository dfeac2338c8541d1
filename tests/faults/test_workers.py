"""Workers are many or late, the queue is lost, a feed is poison: what is due is done."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
import time_machine
from flask import Flask
from huey import Huey
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from newsapp import clock, rota, tasks
from newsapp.accounts.models import User
from newsapp.extensions import db
from newsapp.wire import turns
from newsapp.wire.models import Feed, Host, How, Item
from tests import newsroom
from tests.far_end import FarEnd
from tests.wire.test_ingest import rss

MINUTE = timedelta(minutes=1)
AddFeed = Callable[..., tuple[Feed, FarEnd]]


@pytest.fixture
def huey(app: Flask) -> Huey:
    return app.extensions["huey"]


@pytest.fixture
def add_feed(app: Flask, session: Session) -> Iterator[AddFeed]:
    """A feed on a host of its own that brings these headlines."""
    servers: list[FarEnd] = []

    def add(*headlines: str, overdue: timedelta = MINUTE) -> tuple[Feed, FarEnd]:
        servers.append(server := FarEnd())
        app.config["WIRE_ALLOWED_HOSTS"] |= {server.host}
        feed = newsroom.subscribe(session, server.serve(rss(*headlines)))
        feed.next_check_at = clock.now() - overdue
        session.commit()
        return feed, server

    yield add
    for server in servers:
        server.shutdown()
        server.server_close()


def schedule(huey: Huey) -> None:
    """What the scheduler of each worker does once a minute."""
    for task in huey.read_periodic(clock.now().replace(minute=1, tzinfo=None)):
        huey.enqueue(task)


def work_off(huey: Huey) -> None:
    """Does what waits in the queue, as one thread of a worker."""
    while huey.storage.queue_size():
        huey.execute(huey.dequeue())


def headlines(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Item.headline).order_by(Item.id)))


def test_a_duty_is_done_once_a_minute_however_many_take_it_up(app: Flask) -> None:
    at, done, together = clock.now(), list[bool](), threading.Barrier(8)

    def worker(engine: Any) -> None:
        for minute in range(3):
            together.wait()
            done.append(rota.take_up(engine, "look", at + minute * MINUTE, MINUTE))

    with app.app_context():
        threads = [threading.Thread(target=worker, args=(db.engine,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (sum(done), len(done)) == (3, 24)


def test_three_schedulers_have_each_feed_fetched_once(
    huey: Huey, session: Session, add_feed: AddFeed
) -> None:
    servers = [add_feed(f"Rain {n}")[1] for n in range(3)]
    for _ in range(3):
        schedule(huey)
    work_off(huey)
    assert sorted(headlines(session)) == ["Rain 0", "Rain 1", "Rain 2"]
    assert [len(server.asked) for server in servers] == [1, 1, 1]


def test_a_queue_that_is_lost_is_filled_again_a_minute_later(
    huey: Huey, session: Session, add_feed: AddFeed
) -> None:
    add_feed("Rain")
    schedule(huey)
    huey.execute(huey.dequeue())
    huey.flush()
    with time_machine.travel(clock.now() + MINUTE):
        schedule(huey)
        work_off(huey)
    assert headlines(session) == ["Rain"]


def test_a_queue_that_nobody_works_off_does_not_grow(
    app: Flask, huey: Huey, add_feed: AddFeed
) -> None:
    add_feed("Rain"), add_feed("Snow")
    for minute in range(5):
        with time_machine.travel(clock.now() + minute * MINUTE), app.app_context():
            duty = huey._registry.string_to_task("newsapp.tasks.fetch_due_feeds")
            duty().execute()
    assert huey.storage.queue_size() == 2


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=1_100)])
def test_a_clock_that_was_ahead_for_a_minute_holds_up_nothing(
    app: Flask, huey: Huey, session: Session, add_feed: AddFeed, ahead: timedelta
) -> None:
    _, server = add_feed("Rain")
    with time_machine.travel(clock.now() + ahead):
        schedule(huey)
        work_off(huey)
    server.serve(rss("Snow"))
    with time_machine.travel(clock.now() + MINUTE):
        schedule(huey)
        work_off(huey)
    assert headlines(session) == ["Rain", "Snow"]
    feed = session.scalars(select(Feed)).one()
    assert (feed.error, feed.how) == ("", How.FINE)
    assert feed.silent_at is None or feed.silent_at < clock.now() + timedelta(days=100)


def test_after_six_hours_the_feeds_that_waited_longest_come_first(
    huey: Huey, session: Session, add_feed: AddFeed
) -> None:
    for headline, hours in (("2nd", 5), ("3rd", 1), ("1st", 6)):
        add_feed(headline, overdue=timedelta(hours=hours))
    schedule(huey)
    work_off(huey)
    assert headlines(session) == ["1st", "2nd", "3rd"]


def test_a_feed_that_can_not_be_stored_is_told_and_holds_up_nobody(
    huey: Huey, session: Session, add_feed: AddFeed
) -> None:
    poison, _ = add_feed("Poison", overdue=MINUTE * 2)
    add_feed("Rain")

    def refuse(_c: Any, _u: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "INTO items" in statement and "Poison" in str(parameters):
            raise ValueError("no database takes this")

    event.listen(db.engine, "before_cursor_execute", refuse)
    schedule(huey)
    work_off(huey)
    event.remove(db.engine, "before_cursor_execute", refuse)
    assert headlines(session) == ["Rain"]
    assert "can't be stored" in poison.error
    assert poison.next_check_at > clock.now() + 5 * MINUTE


def test_a_host_with_several_feeds_is_asked_on_and_on_with_a_rest(
    huey: Huey, session: Session, add_feed: AddFeed
) -> None:
    _, server = add_feed("Rain")
    newsroom.subscribe(session, server.serve(rss("Snow"), "/other"))
    schedule(huey)
    work_off(huey)
    assert headlines(session) == ["Rain"]
    with time_machine.travel(clock.now() + timedelta(seconds=2)):
        for task in huey.read_schedule():
            huey.enqueue(task)
        work_off(huey)
    assert headlines(session) == ["Rain", "Snow"]


def test_anybody_may_ask_for_help_but_not_without_end(
    app: Flask, huey: Huey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "MOST", 3)
    for n in range(20):
        app.extensions["help_in"](f"reader{n}@example.org")
    assert huey.storage.queue_size() == 6


def test_an_editor_saves_while_the_wire_writes_without_end(app: Flask, editor: User) -> None:
    over = threading.Event()

    def wire(engine: Engine) -> None:
        while not over.is_set():
            with turns.writing(engine), engine.begin() as connection:
                connection.execute(update(Host).values(lost=0))
                over.wait(0.05)

    with app.app_context():
        threads = [threading.Thread(target=wire, args=(db.engine,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for n in range(5):
            db.session.execute(update(User).values(name=f"Editor {n}"))
            db.session.commit()
        over.set()
        for thread in threads:
            thread.join()
        assert db.session.scalar(select(User.name)) == "Editor 4"


def test_threads_that_all_miss_their_store_say_so_once_a_minute() -> None:
    seldom, line = tasks.Seldom(), logging.makeLogRecord({"msg": "Error reading from queue"})
    assert [bool(seldom.filter(line)) for _ in range(32)] == [True] + [False] * 31
    other = logging.makeLogRecord({"msg": "Task %s failed", "args": (1,)})
    assert all(seldom.filter(other) for _ in range(3))


@pytest.mark.parametrize("line", ["Error reading schedule.", "Error enqueueing %s."])
def test_that_a_store_is_away_is_told_in_one_line(line: str) -> None:
    try:
        redis.Redis(port=1).ping()
    except redis.ConnectionError:
        record = logging.makeLogRecord({"msg": line, "exc_info": sys.exc_info()})
    record.args = ("50%",) * line.count("%s")
    assert tasks.Seldom().filter(record)
    told = logging.Formatter().format(record)
    assert "ConnectionError" in told and "\n" not in told
