"""A feed that knows when it is due and how it does."""

from datetime import UTC, datetime, timedelta

import pytest

from newsapp.wire.models import INTERVAL, LONGEST, Feed, Item, State

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


def a_feed() -> Feed:
    return Feed(url="https://news.asia/feed", active=True, failures=0, error="", next_check_at=AT)


def test_a_success_clears_what_failed() -> None:
    feed = a_feed()
    feed.failed(AT, "news.asia answers 503 Service Unavailable.")
    feed.fetched(AT, etag='"1"', last_modified="then")
    assert (feed.failures, feed.error, feed.error_at, feed.etag) == (0, "", None, '"1"')
    assert not feed.due(AT)
    assert feed.due(AT + INTERVAL)


def test_failures_wait_longer_and_longer_up_to_six_hours() -> None:
    feed, waits = a_feed(), []
    for _ in range(12):
        feed.failed(AT, "No.")
        waits.append(feed.next_check_at - AT)
    assert waits[0] < waits[2] < waits[5]
    assert LONGEST * 0.8 <= waits[-1] <= LONGEST
    assert len(set(waits)) == 12
    assert feed.error_at == AT


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


def test_a_validator_that_can_not_be_sent_back_is_left_out() -> None:
    feed = Feed(url="https://a.example/")
    feed.fetched(AT, etag='"café"', last_modified="昨日")
    assert (feed.etag, feed.last_modified) == ("", "")


def test_an_etag_that_does_not_fit_is_not_cut() -> None:
    feed = a_feed()
    feed.fetched(AT, etag="x" * 301, last_modified="y" * 101)
    assert (feed.etag, feed.last_modified) == ("", "")


def test_an_item_that_became_a_story_is_not_ignored_any_more() -> None:
    item = Item(state=State.TAKEN)
    item.ignore()
    assert item.state == State.TAKEN
