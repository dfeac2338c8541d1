"""A feed that knows when it is due and how it does."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsapp.wire.models import INTERVAL, LONGEST, Feed, How, Item, State

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def a_feed() -> Feed:
    return Feed(url="https://news.asia/feed", active=True, failures=0, error="", next_check_at=AT)


def test_a_success_clears_what_failed() -> None:
    feed = a_feed()
    feed.failed(AT, "news.asia answers 503 Service Unavailable.")
    feed.fetched(AT, etag='"1"', last_modified="then")
    assert (feed.failures, feed.error, feed.error_at, feed.etag) == (0, "", None, '"1"')
    assert not feed.due(AT)
    assert feed.due(AT + INTERVAL * 1.1)


def test_failures_wait_longer_and_longer_up_to_six_hours() -> None:
    feed, waits = a_feed(), []
    for _ in range(12):
        feed.failed(AT, "No.")
        waits.append(feed.next_check_at - AT)
    assert waits[0] < waits[2] < waits[5]
    assert LONGEST * 0.8 <= waits[-1] <= LONGEST
    assert len(set(waits)) == 12
    assert feed.error_at == AT


def test_a_feed_behind_a_busy_server_says_so_and_asks_its_own_more_and_more_seldom() -> None:
    feed, waits = a_feed(), []
    for _ in range(10):
        feed.kept_waiting(AT)
        waits.append(feed.next_check_at - AT)
    assert timedelta(minutes=2) <= waits[0] < waits[2] < waits[4] <= waits[-1] <= LONGEST
    told = feed.state(AT, ZoneInfo("UTC"))
    assert told.startswith("Waiting since 08:00: it redirects to a server that other feeds keep")
    feed.fetched(AT)
    assert (feed.how, feed.state(AT, ZoneInfo("UTC"))[:5]) == (How.FINE, "Fine,")


@pytest.mark.parametrize(
    ("asked", "waits"),
    [(3600, timedelta(hours=1)), (10**9, timedelta(days=1)), (0, timedelta(minutes=8))],
)
def test_a_server_is_left_alone_as_long_as_it_asks(asked: int, waits: timedelta) -> None:
    feed = a_feed()
    feed.failed(AT, "news.asia answers 429 Too Many Requests.", asked)
    assert waits <= feed.next_check_at - AT <= max(waits, timedelta(minutes=10))


def test_a_feed_that_is_gone_is_fetched_no_more_and_says_so() -> None:
    feed = a_feed()
    feed.failed(AT, "news.asia answers 410 Gone: the feed was taken down for good.", gone=True)
    assert not feed.due(AT + timedelta(days=365))
    assert "410 Gone" in feed.error


@pytest.mark.parametrize(("etag", "then"), [('"café"', "昨日"), ('"a\nb\0"', "x\r\nHost: evil")])
def test_a_validator_that_can_not_be_sent_back_is_left_out(etag: str, then: str) -> None:
    feed = a_feed()
    feed.fetched(AT, etag=etag, last_modified=then)
    assert (feed.etag, feed.last_modified) == ("", "")


def test_an_etag_that_does_not_fit_is_not_cut() -> None:
    feed = a_feed()
    feed.fetched(AT, etag="x" * 301, last_modified="y" * 101)
    assert (feed.etag, feed.last_modified) == ("", "")


def test_an_item_that_became_a_story_is_not_ignored_any_more() -> None:
    item = Item(state=State.TAKEN)
    item.ignore()
    assert item.state == State.TAKEN


def test_a_feed_tells_its_state_in_words() -> None:
    feed, zone = a_feed(), ZoneInfo("Asia/Tokyo")
    feed.checked_at = None
    assert feed.state(AT, zone) == "Not fetched yet, next check 17:00."
    assert feed.state(AT + INTERVAL, zone) == "Not fetched yet, due since 17:00."
    feed.fetched(AT)
    assert re.fullmatch(r"Fine, next check 17:0[45]\.", feed.state(AT, zone))
    feed.failed(AT, "news.asia answers 404 Not Found.")
    later = AT + timedelta(days=2)
    feed.next_check_at = later + timedelta(hours=1)
    assert feed.state(later, zone) == (
        "news.asia answers 404 Not Found. Failing since Sunday, next try 18:00."
    )
    feed.failed(later, "news.asia answers 410 Gone: it was taken down for good.", gone=True)
    assert feed.state(later + timedelta(days=30), zone) == (
        "news.asia answers 410 Gone: it was taken down for good. Failing since 1 March 2026, "
        "no longer fetched."
    )


@pytest.mark.parametrize(
    ("rhythm", "quiet", "asked", "wait"),
    [
        (0, 0, 0, timedelta(minutes=5)),
        (10, 0, 0, timedelta(minutes=2)),
        (3600, 0, 0, timedelta(minutes=30)),
        (60, 24, 0, timedelta(hours=1)),
        (60, 1000, 0, timedelta(hours=6)),
        (60, 0, 900, timedelta(minutes=15)),
        (60, 0, 10**9, timedelta(hours=6)),
    ],
)
def test_a_feed_is_asked_at_its_own_rhythm(
    rhythm: int, quiet: int, asked: int, wait: timedelta
) -> None:
    feed = a_feed()
    feed.rhythm, feed.asked, feed.last_new_at = rhythm, asked, AT - timedelta(hours=quiet)
    waits = {feed.pace(AT) for _ in range(20)}
    assert min(wait, LONGEST / 1.1) <= min(waits) < max(waits) <= min(wait * 1.1, LONGEST)
