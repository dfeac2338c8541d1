"""From a stranger's server into the database, once each."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session, joinedload

from newsapp import clock
from newsapp.extensions import db
from newsapp.stories.models import NotAllowed
from newsapp.wire import feed_list, ingest, queries, turns
from newsapp.wire.fetch import fetch
from newsapp.wire.models import LONGEST, Feed, Host, How, Item, Sighting, State
from newsapp.wire.parse import parse
from tests import newsroom
from tests.far_end import FarEnd

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def rss(*headlines: str, **more: str) -> bytes:
    """A feed with these headlines, newest first; `more` goes into each item."""
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in more.items())
    items = "".join(
        f"<item><guid isPermaLink='false'>{h[:4]}</guid><title>{h}</title><link>/{h[:4]}</link>"
        f"{inside}</item>"
        for h in headlines
    )
    return f"<rss version='2.0'><channel><title>News Asia</title>{items}</channel></rss>".encode()


def check(session: Session, feed: Feed, far_end: FarEnd, at: datetime = AT) -> int:
    """Checks a feed as the worker does."""
    session.commit()
    count = ingest.check(session, feed.id, at, frozenset({far_end.host}))
    session.commit()
    return count or 0


def new_items(session: Session) -> Sequence[Item]:
    """The items that nobody has dealt with, newest arrival first."""
    query = select(Item).where(Item.state == "new").options(joinedload(Item.feed))
    return session.scalars(query.order_by(Item.id.desc())).all()


def headlines(session: Session) -> list[str]:
    return [item.headline for item in new_items(session)]


def test_real_feeds_come_in_once(
    session: Session, real_feeds: list[Path], bulk_feeds: list[Path]
) -> None:
    for path in (*real_feeds, *bulk_feeds):
        parsed = parse(path.read_bytes(), url="https://news.asia/feed")
        parsed = replace(parsed, entries=parsed.entries[:4])
        feed = newsroom.subscribe(session, f"https://news.asia/{path.name}")
        new = ingest.ingest(session, feed, parsed, AT)
        session.commit()
        seen = select(func.count()).where(Sighting.feed_id == feed.id)  # in another snapshot
        assert new + (session.scalar(seen) or 0) == len(parsed.entries)
        assert ingest.ingest(session, feed, parsed, AT) == 0
        assert not any(map(session.is_modified, session.dirty))


def test_the_newest_stands_on_top_with_its_feed(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    far_end.serve(rss("2nd story", "1st story"))
    assert check(session, feed, far_end) == 2
    assert headlines(session) == ["2nd story", "1st story"]
    assert new_items(session)[0].feed.title == "News Asia"
    assert feed.next_check_at > AT


def test_an_unchanged_feed_writes_no_item(session: Session, feed: Feed, far_end: FarEnd) -> None:
    far_end.serve(rss("Rain"))
    check(session, feed, far_end)
    written: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: written.append(args[2]))
    assert check(session, feed, far_end) == 0
    assert not [query for query in written if "items" in query and "SELECT" not in query]


def test_a_feed_that_says_unchanged_is_not_read(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    far_end.serve(rss("Rain"), ETag='"1"', Last_Modified="then")
    check(session, feed, far_end)
    far_end.serve(status="304 Not Modified")
    assert check(session, feed, far_end) == 0
    assert far_end.asked[1]["if-none-match"] == '"1"'
    assert (feed.etag, feed.last_modified, feed.error) == ('"1"', "then", "")


def test_a_changed_item_follows_its_feed_until_somebody_takes_it(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    far_end.serve(rss("Rain in Dhaka"))
    check(session, feed, far_end)
    far_end.serve(rss("Rain stops in Dhaka", description="Dry &lt;b&gt;now&lt;/b&gt;"))
    assert check(session, feed, far_end) == 0
    (item,) = new_items(session)
    assert (item.headline, item.summary) == ("Rain stops in Dhaka", "Dry <strong>now</strong>")
    item.ignore()
    far_end.serve(rss("Rain again"))
    check(session, feed, far_end)
    assert (item.headline, item.state) == ("Rain stops in Dhaka", State.IGNORED)


def test_an_ignored_item_does_not_come_back(session: Session, feed: Feed, far_end: FarEnd) -> None:
    far_end.serve(rss("Rain"))
    check(session, feed, far_end)
    new_items(session)[0].ignore()
    assert check(session, feed, far_end) == 0
    assert headlines(session) == []


def test_a_date_ahead_or_missing_becomes_the_time_of_the_fetch(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    for pub_date in ("Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 04 Mar 2026 08:00:00 GMT", "soon"):
        far_end.serve(rss(pub_date[-12:], pubDate=pub_date))
        check(session, feed, far_end)
    assert {item.published_at for item in new_items(session)} == {AT}


def test_a_failure_is_told_on_the_feed_and_its_items_stay(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    far_end.serve(rss("Rain"))
    check(session, feed, far_end)
    far_end.serve(status="503 Busy", Retry_After="7200")
    assert check(session, feed, far_end) == 0
    assert [failing.error for failing in feed_list.alarming(session, 9)] == [
        "127.0.0.1 answers 503 Service Unavailable."
    ]
    assert feed.next_check_at == AT + timedelta(hours=2)
    assert headlines(session) == ["Rain"]


def test_what_is_no_feed_is_told(session: Session, feed: Feed, far_end: FarEnd) -> None:
    for body, sentence in (
        (b"<!doctype html><html></html>", "This is a web page, not a feed."),
        (b"", "The server sent an empty page."),
    ):
        far_end.serve(body)
        check(session, feed, far_end)
        assert feed.error == sentence
    assert feed.failures == 2


def test_a_feed_that_is_gone_is_due_no_more(session: Session, feed: Feed, far_end: FarEnd) -> None:
    far_end.serve(status="410 Gone")
    check(session, feed, far_end)
    assert queries.due_feeds(session, AT + timedelta(days=999), 10) == []


def test_no_transaction_is_open_while_a_stranger_takes_his_time(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    open_meanwhile: list[int] = []
    pool: Any = db.engine.pool

    def slow() -> list[bytes]:
        open_meanwhile.append(pool.checkedout())
        return [b"HTTP/1.1 304 Not Modified\r\n\r\n"]

    far_end.stream(slow)
    number = feed.id
    session.rollback()
    ingest.check(session, number, AT, frozenset({far_end.host}))
    assert open_meanwhile == [0]


def test_checking_does_not_commit(session: Session, feed: Feed, far_end: FarEnd) -> None:
    far_end.serve(rss("Rain"), ETag='"1"')
    ingest.check(session, feed.id, AT, frozenset({far_end.host}))
    session.rollback()
    assert (headlines(session), feed.etag) == ([], "")


def test_many_items_come_in_by_parts_the_oldest_first_and_what_tells_them_unchanged_last(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    names = [f"{n:04}" for n in range(50, 0, -1)]
    far_end.serve(rss(*names), ETag='"1"')
    asked = ingest.ask(db.engine, feed.id, AT, frozenset({far_end.host}))
    assert asked
    for count in (20, 40):
        assert ingest.store_part(session, asked)
        session.commit()
        assert (headlines(session)[::-1], feed.etag) == (names[::-1][:count], "")
    assert not ingest.store_part(session, asked)
    assert ingest.store(session, asked) == 10
    assert (headlines(session)[::-1], feed.etag) == (names[::-1], '"1"')


def test_a_redirect_to_a_server_whose_turn_another_has_is_not_asked_for_minutes(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    turn = turns.take(db.engine, feed.host)
    busy = ingest.Asked(feed.id, AT, turn, trouble=turns.BusyError())
    assert ingest.store(session, busy) is None
    assert feed.next_check_at >= AT + timedelta(minutes=2)
    assert (feed.how, feed.failures) == (How.NEW, 1)


def test_two_workers_at_once_bring_each_item_once(
    app: Flask, session: Session, feed: Feed, far_end: FarEnd
) -> None:
    names = [f"{n:04}" for n in range(50)]
    far_end.serve(rss(*names))
    counts: list[int | None] = []
    session.commit()
    at_once = threading.Barrier(4)

    def work() -> None:
        with app.app_context():
            at_once.wait()
            asked = ingest.ask_next(db.engine, frozenset({far_end.host}))
            counts.append(ingest.store(db.session(), asked) if asked else None)
            db.session.commit()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(counts, key=str) == [50, None, None, None]
    assert len(far_end.asked) == 1
    assert sorted(session.scalars(select(Item.headline))) == names


def test_strange_characters_and_lengths_fit_the_database(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    long = "é" * 5000
    far_end.serve(
        f"""{{"version": "https://jsonfeed.org/version/1.1", "language": "en-{long}", "title":
        "{long}\\u0000\\ud800", "items": [{{"id": "\\u0000{long}", "url": "/1", "title": "{long}",
        "summary": "{long}", "authors": [{{"name": "{long}"}}]}}]}}""".encode()
    )
    assert check(session, feed, far_end) == 1
    assert check(session, feed, far_end) == 0
    assert fetch(feed.url, allowed_hosts=frozenset({far_end.host})).body


def test_a_killed_worker_leaves_its_feed_due_and_its_host_free_after_two_minutes(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    far_end.serve(rss("Rain"))
    allowed, engine = frozenset({far_end.host}), db.engine
    turns.take(engine, feed.host)  # and whoever has it is gone
    assert ingest.ask_next(engine, allowed) is None
    assert far_end.asked == []
    with time_machine.travel(clock.now() + turns.HELD):
        assert ingest.ask_next(engine, allowed)


def test_a_host_that_kills_whoever_asks_it_is_left_alone_longer_and_longer(
    session: Session, feed: Feed
) -> None:
    waits = []
    for _ in range(12):
        began = clock.now()
        with time_machine.travel(began, tick=False):
            waits.append(turns.take(db.engine, feed.host).until - began)
        session.execute(update(Host).values(free_at=began))
        session.commit()
    assert waits[:4] == [turns.HELD, turns.HELD, turns.HELD * 2, turns.HELD * 4]
    assert waits[-1] == LONGEST


def test_a_worker_that_took_too_long_stores_nothing(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    number, host, engine = feed.id, feed.host, db.engine
    session.rollback()

    def slow() -> list[bytes]:
        with time_machine.travel(clock.now() + turns.HELD):  # another begins when it is over
            turns.take(engine, host)
        return [b"HTTP/1.1 200 OK\r\n\r\n", rss("Rain")]

    far_end.stream(slow)
    assert ingest.check(session, number, AT, frozenset({far_end.host})) is None
    assert headlines(session) == []


def test_an_unchanged_feed_costs_one_row_beside_its_hosts_turn(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    far_end.serve(rss("Rain"))
    check(session, feed, far_end)
    written: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: written.append(args[2]))
    assert check(session, feed, far_end) == 0
    kinds = [query.split()[1] for query in written if query.startswith(("UPDATE", "INSERT"))]
    assert [table for table in kinds if table not in ("hosts", "INTO")] == ["feeds"]


def test_the_feed_that_is_due_longest_comes_first_but_not_past_its_host(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    far_end.serve(rss("Rain"))
    busy = newsroom.subscribe(session, "https://busy.example/feed")
    older = newsroom.subscribe(session, far_end.serve(rss("Snow"), "/older"))
    busy.next_check_at = older.next_check_at = AT
    session.commit()
    turns.take(db.engine, busy.host)
    asked = ingest.ask_next(db.engine, frozenset({far_end.host}))
    assert asked and [entry["path"] for entry in far_end.asked] == ["/older"]
    assert ingest.ask_next(db.engine, frozenset({far_end.host})) is None  # its host is asked


def test_a_host_is_asked_by_one_at_a_time_and_once_a_second(
    app: Flask, session: Session, far_end: FarEnd
) -> None:
    asked: list[tuple[float, float]] = []

    def answer() -> list[bytes]:
        began = time.monotonic()
        time.sleep(0.2)
        asked.append((began, time.monotonic()))
        return [b"HTTP/1.1 304 Not Modified\r\n\r\n"]

    numbers = []
    for name in "ab":
        numbers.append(newsroom.subscribe(session, far_end.stream(answer, f"/{name}")).id)
    session.commit()

    def work(number: int) -> None:
        with app.app_context():
            ingest.check(db.session(), number, AT, frozenset({far_end.host}))
            db.session.commit()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, numbers))
    first, second = sorted(asked)
    assert second[0] - first[1] >= 0.9


def test_a_host_that_others_are_asking_is_tried_again_soon(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    session.add(Host(name=far_end.host, free_at=clock.now() + timedelta(minutes=1)))
    session.commit()
    assert ingest.check(session, feed.id, AT, frozenset({far_end.host})) is None
    assert far_end.asked == []
    session.refresh(feed)
    assert feed.error == ""
    assert AT < feed.next_check_at <= AT + timedelta(seconds=30)


def test_a_feed_that_moved_for_good_says_so_until_its_address_is_taken(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    far_end.serve(status="301 Moved", Location="/new")
    new = far_end.serve(rss("Rain"), "/new")
    check(session, feed, far_end)
    assert feed.moved_to == new
    assert feed.state(AT, ZoneInfo("UTC")).endswith(f"It has moved to {new} for good.")
    feed.follow()
    assert (feed.url, feed.moved_to) == (new, "")
    with pytest.raises(NotAllowed):
        feed.follow()


def test_a_source_is_asked_as_seldom_as_it_wants(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    for header, body in (
        ("max-age=3600", rss("Rain")),
        ("", rss("Snow").replace(b"<channel>", b"<channel><ttl>60</ttl>")),
    ):
        far_end.serve(body, Cache_Control=header)
        check(session, feed, far_end)
        assert feed.next_check_at >= AT + timedelta(minutes=54)
