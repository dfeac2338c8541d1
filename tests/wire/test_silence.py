"""A feed is silent when it is quiet for longer than its rhythm, its nights and weekends explain."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from newsapp.extensions import db
from newsapp.wire import turns
from newsapp.wire.models import Feed
from tests import newsroom
from tests.far_end import FarEnd
from tests.wire.test_ingest import check, rss

AT = datetime(2026, 3, 2, 6, tzinfo=UTC)  # a Monday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
UTC_ZONE = ZoneInfo("UTC")


def office(days: int, every: timedelta = 40 * MINUTE) -> list[datetime]:
    """When a newsroom sends that works from 6 to 16 on weekdays."""
    moments = (AT + every * n for n in range(int(days * DAY / every)))
    return [at for at in moments if 6 <= at.hour < 16 and at.weekday() < 5]


def lived(moments: Iterable[datetime], until: datetime, *, dated: bool = True) -> list[datetime]:
    """When a feed that is checked every half hour, and sends at these moments, was silent."""
    feed = Feed(url="https://news.asia/feed", created_at=AT, active=True, error="", rhythm=0)
    waiting, sent, silent, at = sorted(moments), list[datetime](), list[datetime](), AT
    while at <= until:
        new = [moment for moment in waiting if moment <= at]
        sent, waiting = (sent + new)[-20:], waiting[len(new) :]
        feed.checked_at = at
        if new:
            gaps = [int((b - a).total_seconds()) for a, b in zip(sent, sent[1:], strict=False)]
            rhythm = sum(gaps) // len(gaps) if gaps else 600
            feed.brought(at, max(1, rhythm), max(gaps, default=0) if dated else 0)
        elif feed.silent:
            silent.append(at)
        at += HOUR / 2
    return silent


@pytest.mark.parametrize("dated", [True, False])
def test_nights_and_weekends_alarm_nobody(dated: bool) -> None:
    assert lived(office(60), AT + 60 * DAY, dated=dated) == []


@pytest.mark.parametrize("every", [2 * MINUTE, 3 * HOUR, DAY, 7 * DAY, 30 * DAY])
def test_a_steady_feed_alarms_nobody_however_seldom_it_sends(every: timedelta) -> None:
    count = 10 if every > DAY else 40
    assert lived([AT + every * n for n in range(count)], AT + every * (count - 1)) == []


def test_a_feed_that_falls_silent_is_told_after_three_of_its_longest_lulls() -> None:
    moments = office(40)
    silent = lived(moments, AT + 60 * DAY)
    weekend = 3 * DAY - 9 * HOUR
    assert 2.5 * weekend < silent[0] - moments[-1] <= 3 * weekend + HOUR


def test_a_feed_around_the_clock_is_told_within_the_hour_or_two() -> None:
    moments = [AT + 5 * MINUTE * n for n in range(288 * 20)]
    silent = lived(moments, moments[-1] + DAY)
    assert HOUR <= silent[0] - moments[-1] <= 2 * HOUR


def test_what_nobody_asked_is_not_silent() -> None:
    feed = Feed(url="https://news.asia/feed", active=True, error="", checked_at=AT, silent_at=AT)
    assert feed.silent
    for name, value in (("active", False), ("error", "No."), ("checked_at", AT - MINUTE)):
        other = Feed(url=feed.url, active=True, error="", checked_at=AT, silent_at=AT)
        setattr(other, name, value)
        assert not other.silent, name


def test_a_pause_is_no_silence() -> None:
    feed = Feed(url="https://news.asia/feed", active=False, error="", last_new_at=AT,
                silent_at=AT + DAY, checked_at=AT, next_check_at=AT)  # fmt: skip
    feed.resume(AT + 30 * DAY)
    feed.checked_at = AT + 30 * DAY + HOUR
    assert not feed.silent
    feed.checked_at = AT + 31 * DAY
    assert feed.silent


@pytest.mark.parametrize("lull", [0, 4 * 3600])
@pytest.mark.parametrize("days", [365, 600, 1_100, 40_000, -365, -20_000])
def test_a_clock_that_was_wrong_for_a_minute_puts_no_alarm_off_for_years(
    session: Session, feed: Feed, days: int, lull: int
) -> None:
    feed.created_at = AT - 100 * DAY
    for at in (AT, AT + days * DAY, AT + MINUTE):
        feed.brought(at, 3600, lull)
        session.commit()
    assert feed.silent_at and HOUR <= feed.silent_at - AT <= 91 * DAY


def test_what_brings_nothing_after_a_clock_was_wrong_is_told(session: Session, feed: Feed) -> None:
    feed.created_at = AT - 100 * DAY
    for wrong in (AT + 600 * DAY, AT - 9_000 * DAY):
        feed.brought(wrong, 60, 3600)
        feed.fetched(wrong)
        session.commit()
        turns.put_right(db.engine, AT)
        session.refresh(feed)
        assert (feed.last_new_at, feed.silent_at) == (AT, AT + 3 * HOUR), wrong


def test_a_clock_that_is_behind_alarms_nobody_afterwards(session: Session, feed: Feed) -> None:
    feed.created_at = AT - 100 * DAY
    feed.brought(AT, 60, 3600)
    session.commit()
    for at in (AT - 9_000 * DAY, AT + MINUTE):
        turns.put_right(db.engine, at)
    session.refresh(feed)
    assert (feed.last_new_at, feed.silent_at) == (AT, AT + 3 * HOUR)


def test_it_says_since_when_and_what_is_usual() -> None:
    feed = Feed(url="https://news.asia/feed", active=True, error="", rhythm=2400, moved_to="",
                last_new_at=AT, silent_at=AT + DAY, checked_at=AT + 2 * DAY,
                next_check_at=AT)  # fmt: skip
    assert feed.state(AT + 2 * DAY, UTC_ZONE) == (
        "Silent since Monday; it usually has news every 40 minutes."
    )


def test_the_dates_of_a_feed_tell_its_longest_lull(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    hours = (0, 1, 2, 16, 17, 5000)  # before now; the last one is pinned there
    items = "".join(
        f"<item><title>Item {n}</title><link>https://news.asia/{n}</link>"
        f"<pubDate>{format_datetime(AT - n * HOUR)}</pubDate></item>"
        for n in hours
    )
    far_end.serve(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    assert check(session, feed, far_end, AT) == len(hours)
    assert feed.lull == 14 * 3600
    assert feed.silent_at == AT + timedelta(days=4)  # no weekend was seen yet


def test_a_feed_whose_items_others_bring_first_is_not_silent(
    session: Session, feed: Feed, far_end: FarEnd
) -> None:
    other = newsroom.subscribe(session, far_end.serve(rss("Rain"), "/other"))
    far_end.serve(rss("Rain"))
    assert (check(session, other, far_end, AT), check(session, feed, far_end, AT)) == (1, 0)
    assert feed.last_new_at == AT
