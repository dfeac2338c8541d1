"""The one clock: aware UTC everywhere; the newsroom's calendar day where a day is meant."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

# Further apart no two hosts' clocks are: what lies further ahead than it can was noted by a clock
# that was wrong.
AHEAD = timedelta(minutes=5)


def now() -> datetime:
    """The current moment, aware UTC."""
    return datetime.now(UTC)


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The calendar day of `at` on the newsroom's wall."""
    return at.astimezone(zone).date()


def bounds_of(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open span [start, end) of a calendar day in `zone`, as UTC."""
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def moments(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moments, as UTC, at which clocks in `zone` show this: one; none when they jump over
    it; two when they show it again."""
    found = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    real = [at for at in found if at.astimezone(zone).replace(tzinfo=None) == wall]
    return sorted(set(real))


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: refuses naive values, stores UTC, gives back aware UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite keeps no zone: what went in was UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
