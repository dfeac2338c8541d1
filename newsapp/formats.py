"""Small values that travel in addresses and texts: stamps, hosts, times in words."""

import re
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

NUMBER_MAX = 2**31 - 1  # a row's
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Controls, and what turns the direction of writing around; joiners inside words stay.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_STAMP = re.compile(r"([0-9]{1,16})-([0-9]{1,18})")


class Stamp(NamedTuple):
    """A place in a listing: the story's publication and, among equals, its number."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Stamp":
        """The stamp in `text`; ValueError for anything that is none."""
        match = _STAMP.fullmatch(text)
        if match is None:
            raise ValueError(f"not a stamp: {text[:40]!r}")
        return cls(EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))


def line(text: str | None) -> str:
    """One line of plain text."""
    return " ".join(CONTROLS.sub("", text or "").split())


def prose(text: str | None) -> str:
    """Plain text of several lines."""
    return CONTROLS.sub("", (text or "").replace("\r\n", "\n")).strip()


def host_of(url: str) -> str:
    """The outlet's host as readers know it: scmp.com of https://www.scmp.com/news/1."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def discreet(url: str) -> str:
    """An address without its query and without who signs in with it: both may hold secrets."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def subscriber_of(address: str) -> str:
    """An address (IPv4), or the network that a single subscriber has (IPv6)."""
    if ":" not in address:
        return address
    try:
        return str(ip_network(f"{address.partition('%')[0]}/64", strict=False))
    except ValueError:  # whoever stands in front says so
        return address


def iso(at: datetime) -> str:
    """A moment as machines read it: 2024-06-19T08:05:00Z, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day_and_time(at: datetime) -> str:
    """A moment in words that need no script: 19 June 2024, 08:05 UTC."""
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def hours(at: datetime) -> str:
    """The time alone, UTC: 08:05."""
    return f"{at:%H:%M}"


def span(seconds: float) -> str:
    """About how long, in words that follow “every”: “40 minutes”, “2 hours”, “day”."""
    units = (("minute", 60), ("hour", 3600), ("day", 86400), ("week", 604800))
    fit = ((n, size) for n, size in reversed(units) if 0.9 <= seconds / size < 1.1
           or seconds >= size * 1.75)  # fmt: skip
    name, size = next(fit, units[0])
    count = max(1, round(seconds / size))
    return name if count == 1 else f"{count} {name}s"
