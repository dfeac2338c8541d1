"""Dates as feeds write them, as moments; what can't be one is no date at all."""

import calendar
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import struct_time

# Years after the Buddha, 543 ahead, as some Thai and Lao systems write them.
_BUDDHIST = range(2450, 2650)


def moment(parsed: struct_time | None) -> datetime | None:
    """The moment of a date that is UTC already."""
    try:
        return _sane(datetime.fromtimestamp(calendar.timegm(parsed), UTC)) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def moment_of(text: str) -> datetime | None:
    """The moment of a date as ISO 8601 or RFC 5322 writes it, in whatever language the weekday is.

    A date without a zone is UTC.
    """
    text = text.strip()[:100]
    for read in (datetime.fromisoformat, _rfc_date):
        try:
            found = read(text)
            return _sane(found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC))
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def _rfc_date(text: str) -> datetime:
    return parsedate_to_datetime(text.rpartition(",")[2].strip())


def _sane(found: datetime) -> datetime | None:
    if found.year in _BUDDHIST:
        found = found.replace(year=found.year - 543)
    # Years of other eras and of calendars that start elsewhere say nothing here.
    return found if found.year >= 1970 else None
