"""One clock: aware UTC inside, the newsroom's day where a day is meant."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.formats import Stamp, host_of
from newsapp.stories.models import Story
from tests.newsroom import Writer

KATHMANDU = ZoneInfo("Asia/Kathmandu")


def test_a_naive_moment_is_refused_by_the_database(session: Session) -> None:
    session.add(Story(headline="When?", changed_at=datetime(2026, 1, 1)))  # no zone
    with pytest.raises(StatementError, match="time zone"):
        session.flush()


def test_every_moment_comes_back_as_utc(make_story: Writer) -> None:
    tokyo = datetime(2026, 1, 1, 8, 0, 0, 123456, tzinfo=timezone(timedelta(hours=9)))
    published = make_story(at=tokyo).published_at
    assert published == tokyo
    assert published is not None and published.tzinfo is UTC


def test_a_day_is_the_newsrooms_day() -> None:
    evening = datetime(2024, 6, 18, 18, 20, tzinfo=UTC)
    assert clock.day_of(evening, KATHMANDU) == date(2024, 6, 19)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Asia/Kathmandu", date(2024, 6, 19), 24),
        ("Asia/Beirut", date(2024, 3, 31), 23),
        ("Asia/Beirut", date(2024, 10, 26), 25),
    ],
)
def test_a_day_ends_where_the_next_begins(zone: str, day: date, hours: int) -> None:
    start, end = clock.bounds_of(day, ZoneInfo(zone))
    assert end - start == timedelta(hours=hours)
    assert clock.bounds_of(day + timedelta(days=1), ZoneInfo(zone))[0] == end


@pytest.mark.parametrize(
    ("wall", "hours"),
    [
        (datetime(2027, 6, 1, 12, 0), [9]),
        (datetime(2027, 3, 28, 0, 30), []),  # put forward at midnight
        (datetime(2027, 10, 30, 23, 30), [20, 21]),  # put back at midnight
    ],
)
def test_a_time_on_a_wall_is_one_moment_or_none_or_two(wall: datetime, hours: list[int]) -> None:
    assert [at.hour for at in clock.moments(wall, ZoneInfo("Asia/Beirut"))] == hours


@pytest.mark.parametrize("at", [datetime(2026, 11, 23, 15, 3, 1, 999999, tzinfo=UTC),
                                datetime(1970, 1, 1, tzinfo=UTC)])  # fmt: skip
def test_a_stamp_survives_its_own_address(at: datetime) -> None:
    assert Stamp.parse(str(Stamp(at, 17))) == Stamp(at, 17)


@pytest.mark.parametrize("text", ["", "1", "1-", "-1", "1-1 ", "1-1\n", "٣-1", "1-1-1", "9" * 40])
def test_what_is_no_stamp_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a stamp"):
        Stamp.parse(text)


def test_a_host_is_told_as_readers_know_it() -> None:
    assert host_of("https://www.scmp.com/news/1?x=2") == "scmp.com"
    assert host_of("no address") == ""
