"""The originals of our excerpts are asked again, and what became of them is told."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.extensions import db
from newsapp.origins import queries, watch
from newsapp.origins.models import LEASE, Finding, Origin
from newsapp.stories.models import Story
from newsapp.tasks import ask_next_origin
from newsapp.wire.models import Item
from tests import newsroom
from tests.far_end import FarEnd
from tests.newsroom import Writer
from tests.wire.test_ingest import check, rss

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AFTER = {
    "once": MINUTE,
    "5 minutes": 6 * MINUTE,
    "an hour": HOUR + MINUTE,
    "a day": 24 * HOUR + MINUTE,
}
At = Callable[[timedelta], list[tuple[str, str, str]]]


@pytest.fixture
def far_end(app: Flask) -> Iterator[FarEnd]:
    """The outlet's server, which this newsroom trusts."""
    with FarEnd() as server:
        app.config["WIRE_ALLOWED_HOSTS"] = frozenset({server.host})
        yield server
        server.shutdown()


@pytest.fixture
def began() -> datetime:
    """When the excerpt went out."""
    return clock.now() - timedelta(minutes=1)


@pytest.fixture
def excerpt(make_story: Writer, far_end: FarEnd, began: datetime) -> Story:
    page(far_end, "Rain stops play")
    return make_story("Rain in Dhaka", at=began, source_name="Asia Daily",
                      source_url=far_end.url("/story"))  # fmt: skip


@pytest.fixture
def at(app: Flask, session: Session, excerpt: Story, began: datetime) -> At:
    """Has the worker look so long after the excerpt went out; what then waits at the desk."""

    def work(after: timedelta) -> list[tuple[str, str, str]]:
        session.rollback()
        with time_machine.travel(began + after):
            watch.take_up(db.session(), clock.now())
            watch.follow_feeds(db.session(), clock.now())
            db.session.commit()
            for _ in range(queries.count_due(db.session(), clock.now())):
                db.session.rollback()
                ask_next_origin(app)
        session.expire_all()
        found = queries.open_findings(session)
        return [(finding.kind, finding.before, finding.after) for finding in found]

    return work


def page(far_end: FarEnd, headline: str, text: str = "<p>Players left.</p>") -> str:
    """The original says this now."""
    body = f"<title>{headline} | Asia Daily</title><article><h1>{headline}</h1>{text}"
    return far_end.serve(body.encode(), "/story", Content_Type="text/html")


def test_it_is_asked_at_once_and_three_times_more(at: At, far_end: FarEnd) -> None:
    asked = []
    for after in (MINUTE, 6 * MINUTE, 7 * MINUTE, 59 * MINUTE, 61 * MINUTE, 2 * HOUR, 23 * HOUR,
                  25 * HOUR, 50 * HOUR):  # fmt: skip
        assert at(after) == []
        asked.append(len(far_end.asked))
    assert asked == [1, 2, 2, 2, 3, 3, 3, 4, 4]
    assert {one["path"] for one in far_end.asked} == {"/story"}
    assert far_end.asked[0]["user-agent"].startswith("Asian-News.net wire (+http")
    assert far_end.asked[0]["accept"].startswith("text/html")


@pytest.mark.parametrize(("away", "times"), [(3 * HOUR, 2), (30 * HOUR, 1), (80 * HOUR, 0)])
def test_after_a_time_without_a_worker_it_is_asked_once(
    at: At, far_end: FarEnd, away: timedelta, times: int
) -> None:
    for later in (timedelta(), MINUTE, 2 * MINUTE):
        at(away + later)
        assert len(far_end.asked) == min(times, 1)
    at(away + 30 * HOUR)
    assert len(far_end.asked) == times


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
@pytest.mark.parametrize("when", AFTER)
def test_one_that_is_gone_is_told_once(at: At, far_end: FarEnd, status: str, when: str) -> None:
    far_end.serve(b"Nothing here", "/story", status=status)
    told = [("gone", far_end.url("/story"), f"127.0.0.1 answers {status[:3]}.")]
    assert at(AFTER[when]) == told
    assert at(26 * HOUR) == told


def test_what_changes_before_the_first_five_minutes_are_over_is_told(
    at: At, far_end: FarEnd
) -> None:
    assert at(MINUTE) == []
    page(far_end, "Rain stops play, 12 hurt", "<p>Players left. Correction: They stayed.</p>")
    assert at(6 * MINUTE) == [
        ("correction", "", "Correction: They stayed."),
        ("headline", "Rain stops play", "Rain stops play, 12 hurt"),
    ]


@pytest.mark.parametrize("status", ["301 Moved", "302 Found"])
def test_one_that_leads_to_a_front_page_is_gone(at: At, far_end: FarEnd, status: str) -> None:
    at(MINUTE)
    far_end.serve(b"<h1>Asia Daily</h1>", "/?utm_source=old")
    far_end.serve(status=status, path="/story", Location="/?utm_source=old")
    assert at(6 * MINUTE) == [("gone", far_end.url("/story"), "127.0.0.1 leads to its front page.")]


def test_one_that_moved_and_then_went_is_gone_only(at: At, far_end: FarEnd) -> None:
    far_end.serve(status="301 Moved", path="/story", Location="/sport/another-address")
    far_end.serve(b"<h1>Rain stops play</h1>", "/sport/another-address")
    assert [kind for kind, _, _ in at(MINUTE)] == ["moved"]
    far_end.serve(status="410 Gone", path="/sport/another-address")
    assert [kind for kind, _, _ in at(6 * MINUTE)] == ["gone"]


def test_one_that_comes_back_is_no_task_any_more(at: At, far_end: FarEnd) -> None:
    far_end.serve(status="404 Not Found", path="/story")
    assert len(at(6 * MINUTE)) == 1
    page(far_end, "Rain stops play")
    assert at(2 * HOUR) == []


@pytest.mark.parametrize("status", ["500 Oh", "403 Forbidden", "429 Later"])
def test_one_that_can_not_be_reached_is_tried_again_and_is_no_finding(
    at: At, far_end: FarEnd, status: str
) -> None:
    far_end.serve(status=status, path="/story")
    for after in range(6, 58, 2):
        assert at(after * MINUTE) == []
    assert len(far_end.asked) == 3
    page(far_end, "Rain stops play")
    assert at(2 * HOUR) == []


def test_one_that_moved_for_good_is_told(at: At, far_end: FarEnd) -> None:
    at(6 * MINUTE)
    far_end.serve(status="301 Moved", path="/story", Location="/sport/another-address")
    new = far_end.serve(b"<h1>Rain stops play</h1>", "/sport/another-address")
    assert at(2 * HOUR) == [("moved", far_end.url("/story"), new)]
    assert at(25 * HOUR) == [("moved", far_end.url("/story"), new)]


@pytest.mark.parametrize(
    ("status", "address"),
    [("302 Found", "/elsewhere"), ("301 Moved", "/story/"), ("308 Moved", "/story?utm_source=rss")],
)
def test_a_detour_or_another_spelling_is_no_move(
    at: At, far_end: FarEnd, status: str, address: str
) -> None:
    far_end.serve(b"<h1>Rain stops play</h1>", address)
    far_end.serve(status=status, path="/story", Location=address)
    assert at(6 * MINUTE) == []


def test_a_new_headline_is_told_against_the_first_answer(at: At, far_end: FarEnd) -> None:
    assert at(6 * MINUTE) == []
    page(far_end, "Rain stops play, 12 hurt")
    assert at(2 * HOUR) == [("headline", "Rain stops play", "Rain stops play, 12 hurt")]
    page(far_end, "Rain stops play, 15 hurt")
    assert at(25 * HOUR) == [("headline", "Rain stops play", "Rain stops play, 15 hurt")]


def test_a_headline_that_is_taken_back_is_no_task_any_more(at: At, far_end: FarEnd) -> None:
    at(6 * MINUTE)
    page(far_end, "Rain stops play, 12 hurt")
    assert len(at(2 * HOUR)) == 1
    page(far_end, "Rain stops play")
    assert at(25 * HOUR) == []


def test_what_was_dealt_with_is_told_again_only_when_it_changes_again(
    at: At, far_end: FarEnd, session: Session, excerpt: Story
) -> None:
    at(6 * MINUTE)
    page(far_end, "Sun")
    at(2 * HOUR)
    found = queries.open_finding(session, excerpt.id, "headline")
    assert found is not None
    found.done_at = clock.now()
    session.commit()
    assert at(25 * HOUR) == []


def test_a_correction_is_told_once(at: At, far_end: FarEnd) -> None:
    at(6 * MINUTE)
    page(far_end, "Rain stops play", "<p>Text.</p><p>Correction: It was Tuesday.</p>")
    told = [("correction", "", "Correction: It was Tuesday.")]
    assert at(2 * HOUR) == told
    assert at(25 * HOUR) == told


def test_a_page_that_can_not_be_read_is_no_finding(at: At, far_end: FarEnd) -> None:
    at(6 * MINUTE)
    far_end.serve(b"<a " * 500_000, "/story")
    assert at(2 * HOUR) == []
    page(far_end, "Rain stops play")
    assert at(25 * HOUR) == []


def test_a_wall_before_the_page_is_no_new_headline(at: At, far_end: FarEnd) -> None:
    at(6 * MINUTE)
    far_end.serve(b"<title>One moment</title><p>Are you a person?", "/story")
    assert at(2 * HOUR) == []
    page(far_end, "Rain stops play, 12 hurt")
    assert at(25 * HOUR) == [("headline", "Rain stops play", "Rain stops play, 12 hurt")]


def test_stories_of_our_own_and_excerpts_that_came_down_are_left_alone(
    at: At, far_end: FarEnd, session: Session, excerpt: Story, make_story: Writer
) -> None:
    make_story("Our own")
    make_story("A demonstration", source_url=far_end.url("/demo"), demo=True)
    make_story("A draft", source_url=far_end.url("/draft"), live=False)
    at(MINUTE)
    assert [origin.story_id for origin in session.query(Origin)] == [excerpt.id]
    make_story.again(excerpt.id).come_down(clock.now())
    session.commit()
    at(2 * HOUR)
    assert len(far_end.asked) == 1


def test_another_address_begins_anew(
    at: At, far_end: FarEnd, session: Session, excerpt: Story
) -> None:
    at(6 * MINUTE)
    excerpt.source_url = far_end.serve(b"<h1>Another story</h1>", "/other")
    session.commit()
    assert at(2 * HOUR) == []
    assert far_end.asked[-1]["path"] == "/other"


def test_one_that_two_workers_want_is_asked_by_one(
    at: At, app: Flask, session: Session, excerpt: Story, far_end: FarEnd, began: datetime
) -> None:
    at(MINUTE)
    with time_machine.travel(began + 6 * MINUTE):
        first = watch.ask_next(db.engine, app.config["WIRE_ALLOWED_HOSTS"])
        assert watch.ask_next(db.engine, app.config["WIRE_ALLOWED_HOSTS"]) is None
    assert first is not None
    assert len(far_end.asked) == 2  # once when it went out


def test_one_whose_worker_was_killed_is_asked_again_after_its_lease(
    at: At, app: Flask, session: Session, far_end: FarEnd, began: datetime
) -> None:
    at(MINUTE)
    far_end.serve(status="410 Gone", path="/story")
    with time_machine.travel(began + 6 * MINUTE):
        lost = watch.ask_next(db.engine, app.config["WIRE_ALLOWED_HOSTS"])
    assert lost is not None
    assert at(7 * MINUTE) == []
    assert len(at(6 * MINUTE + LEASE + MINUTE)) == 1
    assert watch.store(session, lost) == []  # it comes too late
    session.commit()
    assert session.query(Finding).count() == 1


def test_a_clock_that_was_ahead_holds_no_original_for_longer(
    at: At, session: Session, began: datetime
) -> None:
    at(MINUTE)
    far = {"due_at": began + 30 * 24 * HOUR, "leased_until": began + 30 * 24 * HOUR}
    for column, moment in far.items():
        origin = session.scalars(select(Origin)).one()
        setattr(origin, column, moment)
        session.commit()
        assert watch.take_up(session, began + 6 * MINUTE) == 0
        session.commit()
        assert queries.next_due(session, began + 6 * MINUTE) is not None


def test_an_address_inside_is_never_asked(
    at: At, app: Flask, session: Session, excerpt: Story, far_end: FarEnd
) -> None:
    excerpt.source_url = "http://169.254.169.254/latest"
    session.commit()
    assert at(6 * MINUTE) == []
    assert at(2 * HOUR) == []


def test_a_new_headline_in_its_feed_is_told_too(
    at: At, session: Session, excerpt: Story, far_end: FarEnd, began: datetime
) -> None:
    feed = newsroom.subscribe(session, far_end.serve(rss("Rain stops play"), "/feed"))
    check(session, feed, far_end, began)
    session.scalars(select(Item)).one().take(excerpt)
    session.commit()
    assert at(6 * MINUTE) == []
    far_end.serve(rss("Rain ends play"), "/feed")
    with time_machine.travel(began + 10 * MINUTE):
        check(session, feed, far_end, clock.now())
    assert at(2 * HOUR) == [("headline", "Rain stops play", "Rain ends play")]
    assert at(25 * HOUR) == [("headline", "Rain stops play", "Rain ends play")]


def test_what_its_outlet_took_out_of_its_feed_is_told_until_it_is_back(
    at: At, session: Session, excerpt: Story, began: datetime
) -> None:
    feed = newsroom.subscribe(session, "https://asia.example/rss", title="Asia Daily")
    item = Item(feed_id=feed.id, guid="1", guid_hash="1", url="https://asia.example/1",
                headline="Rain stops play", published_at=began, fetched_at=began,
                story_id=excerpt.id)  # fmt: skip
    session.add(item)
    for out, told in ((None, 0), (began, 1), (began, 1), (None, 0), (began + HOUR, 1)):
        item.pulled_at = out
        session.commit()
        assert len(found := at(2 * HOUR)) == told
    assert found == [("pulled", "Rain stops play", "Asia Daily lists it no more.")]
    session.query(Finding).one().done_at = clock.now()
    session.commit()
    assert at(3 * HOUR) == []


def test_what_is_asked_each_minute_never_reads_all_items(session: Session) -> None:
    connection, asked = session.connection(), list[tuple[Any, ...]]()
    if connection.dialect.name == "sqlite":  # which knows no figures of its tables
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        queries.pulled(session)
        queries.listed_again(session)
        for sql, values in tuple(asked):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
            assert "SCAN items" not in str(plan)
