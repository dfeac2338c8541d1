"""Feed and Host: where an outlet's headlines are fetched, how that goes, whose turn it is."""

import random
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from newsapp.clock import AHEAD, UtcDateTime, day_of, now
from newsapp.extensions import Model
from newsapp.formats import discreet, host_of, span
from newsapp.stories.models import NotAllowed, Section
from newsapp.wire.models.sources import Source

INTERVAL = timedelta(minutes=5)  # where the source's rhythm is not known yet
SHORTEST = timedelta(minutes=2)
LONGEST = timedelta(hours=6)  # between two checks, and two tries of a feed that fails
OBEYED = timedelta(days=1)  # the longest Retry-After that is believed
# How long a feed brings nothing before that is told: by its longest lull, by its rhythm (with
# independent arrivals one quiet of 20,000 lasts ten times the usual), at least an hour, and longer
# than a weekend until one was seen.
LULLS, WAITS, QUIET, UNSEEN = 3, 10, timedelta(hours=1), timedelta(days=4)
ACQUAINTED = timedelta(days=9)  # from when on its weekends are known
# Half of a lull that never comes again is forgotten; of longer ones only dates tell, not arrivals,
# which a wrong clock may have noted.
FADES = timedelta(days=30)
WAITS_FOR_OTHERS = "it redirects to a server that other feeds keep busy"


class How(StrEnum):
    """How a feed does, what asks for somebody first."""

    SILENT = "silent"
    FAILS = "fails"
    MOVED = "moved"
    NEW = "new"
    FINE = "fine"
    PAUSED = "paused"


class Feed(Model):
    """An outlet's feed, and how its fetching goes."""

    __tablename__ = "feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), index=True)
    # It stands on another host than its source, and only a list says that it is of it.
    apart: Mapped[bool] = mapped_column(default=False)
    url: Mapped[str] = mapped_column(String(2000), unique=True)
    host: Mapped[str] = mapped_column(String(260), index=True)  # whose turn it needs
    title: Mapped[str] = mapped_column(String(200), default="")
    site_url: Mapped[str] = mapped_column(String(2000), default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    # What its stories are filed under unless the editor says otherwise.
    section_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))
    active: Mapped[bool] = mapped_column(default=True)
    etag: Mapped[str] = mapped_column(String(300), default="")
    last_modified: Mapped[str] = mapped_column(String(100), default="")
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_check_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    failures: Mapped[int] = mapped_column(default=0)  # since the last success
    error: Mapped[str] = mapped_column(String(400), default="")  # why, for editors; "": it waits
    error_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since when it fails or waits
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    moved_to: Mapped[str] = mapped_column(String(2000), default="")  # for good, its server says
    rhythm: Mapped[int] = mapped_column(default=0)  # seconds between its items; 0: not known
    asked: Mapped[int] = mapped_column(default=0)  # seconds that the source wants between checks
    last_new_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Seconds, the longest that it usually brings nothing (0: not known), and when it is silent.
    lull: Mapped[int] = mapped_column(default=0)
    silent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    source: Mapped[Source] = relationship(lazy="raise")
    section: Mapped[Section | None] = relationship(lazy="raise")

    __table_args__ = (Index("ix_feeds_due", "active", "next_check_at"),)

    @validates("url")
    def _at_its_host(self, key: str, url: str) -> str:
        parts = urlsplit(url)
        name = parts.hostname or ""
        # As addresses.turn_of says it: http and https are one server's.
        self.host = (name if parts.port in (None, 80, 443) else f"{name}:{parts.port}")[:260]
        return url

    def due(self, at: datetime) -> bool:
        """Whether its time to be fetched has come."""
        return self.active and self.next_check_at <= at

    def pace(self, at: datetime) -> timedelta:
        """How long to wait for the next check: half its rhythm, longer while it is quiet."""
        wait = INTERVAL
        if self.rhythm:
            quiet = at - (self.last_new_at or at)
            wait = max(timedelta(seconds=self.rhythm) / 2, quiet / 24)
        wait = max(wait, timedelta(seconds=min(self.asked or 0, LONGEST.total_seconds())))
        # Spread out, so that feeds that were added together do not stay together.
        return min(max(wait, SHORTEST), LONGEST / 1.1) * random.uniform(1.0, 1.1)

    def fetched(
        self,
        at: datetime,
        *,
        etag: str = "",
        last_modified: str = "",
        moved_to: str = "",
        asked: int | None = None,
    ) -> None:
        """Notes a success: what the server wants to be asked with the next time, and how often."""
        if asked is not None:
            self.asked = min(asked, 10**9)
        self.checked_at = at
        self.next_check_at = at + self.pace(at)
        self.failures, self.error, self.error_at = 0, "", None
        # Half a validator is none: one that does not fit, or can't be sent back, is left out.
        self.etag = etag if _fits(etag, 300) else ""
        self.last_modified = last_modified if _fits(last_modified, 100) else ""
        self.moved_to = moved_to if moved_to != self.url else ""

    def brought(self, at: datetime, rhythm: int, lull: int) -> None:
        """Notes that something new came, and from when on its quiet is more than usual.

        `rhythm` and `lull` are the usual and the longest seconds between its items; of a feed
        without dates, whose lull is 0, only its arrivals tell.
        """
        self.rhythm = min(rhythm, 10**9)
        # Whichever of the two moments a wrong clock gave: none came before the other.
        since = min(max(timedelta(), at - (self.last_new_at or at)), FADES)
        lull = min(lull or int(since.total_seconds()), 10**9)
        self.lull = max(lull, int((self.lull or 0) * 0.5 ** (since / FADES)))
        self.last_new_at = at
        self._listen(at)

    def put_right(self, at: datetime) -> None:
        """Has what a clock that was wrong has noted begin anew: its quiet, its failing, its age."""
        latest = at + AHEAD
        self.created_at = at if self.created_at > latest else self.created_at
        if self.checked_at and self.checked_at > latest:
            self.checked_at = at
        if self.error_at and self.error_at > latest:
            self.error_at = at
        if self.last_new_at:
            noted = self.created_at <= self.last_new_at <= latest
            self.last_new_at = self.last_new_at if noted else at
            self._listen(at)

    def _listen(self, at: datetime) -> None:
        """Counts its quiet from now on."""
        usual = timedelta(seconds=max(self.lull * LULLS, self.rhythm * WAITS))
        least = QUIET if at - (self.created_at or at) > ACQUAINTED else UNSEEN
        self.silent_at = at + max(usual, least) if self.lull else None

    def put_back(self, at: datetime) -> None:
        """Gives it back unfetched, to be tried again soon: its host is being asked by others."""
        self.next_check_at = at + timedelta(seconds=random.uniform(5, 30))

    def kept_waiting(self, at: datetime) -> None:
        """Notes that it redirects to a host that others are asking: its own was asked for nothing,
        and is left alone for longer after each time."""
        self.error_at = self.error_at or at
        wait = min(SHORTEST * 2 ** min(self.failures, 10), LONGEST / 1.5)
        self.failures += 1
        self.next_check_at = at + wait * random.uniform(1.0, 1.5)

    def follow(self) -> None:
        """Takes the address that its server gave for good; NotAllowed where there is none."""
        if not self.moved_to:
            raise NotAllowed("This feed has not moved.")
        self.url, self.moved_to = self.moved_to, ""
        self.ask_whole()

    def ask_whole(self) -> None:
        """Has its next fetch bring all of it, also what has not changed."""
        self.etag, self.last_modified = "", ""

    def pause(self) -> None:
        """Has it fetched no more; NotAllowed when it is not fetched as it is."""
        if not self.active:
            raise NotAllowed("This feed is paused already.")
        self.active = False

    def resume(self, at: datetime) -> None:
        """Has it fetched again, soon; NotAllowed when it is being fetched as it is."""
        if self.active:
            raise NotAllowed("This feed is being fetched already.")
        self.active = True
        self.hurry(at)
        # While nobody asked, nothing could come.
        if self.silent_at and self.last_new_at:
            self.silent_at = at + (self.silent_at - self.last_new_at)

    def hurry(self, at: datetime) -> None:
        """Has the worker fetch it at its next look."""
        self.next_check_at = min(self.next_check_at, at)

    @property
    def silent(self) -> bool:
        """Whether it answers, and has brought nothing for longer than its rhythm explains."""
        asked, silent_at = self.checked_at, self.silent_at
        return bool(self.active and not self.error and asked and silent_at and asked >= silent_at)

    @property
    def how(self) -> "How":
        """How it does, in a word."""
        if self.error:
            return How.FAILS
        if self.silent:
            return How.SILENT
        if not self.active:
            return How.PAUSED
        if self.moved_to:
            return How.MOVED
        return How.FINE if self.checked_at else How.NEW

    @property
    def name(self) -> str:
        """What it calls itself; its host's name until it has answered."""
        return self.title or host_of(self.url)

    def state(self, at: datetime, zone: ZoneInfo) -> str:
        """How it does, in words: “… answers 404. Failing since Tuesday, next try 18:10.”"""
        due, following = self.next_check_at < at, _when(self.next_check_at, at, zone)
        if self.error:
            since = _when(self.error_at or at, at, zone, hours=False)
            rest = f"{'due since' if due else 'next try'} {following}"
            rest = rest if self.active else "no longer fetched"
            return f"{self.error} Failing since {since}, {rest}."
        moved = f" It has moved to {discreet(self.moved_to)} for good." if self.moved_to else ""
        if not self.active:
            return f"Paused.{moved}"
        if self.failures:
            since = _when(self.error_at or at, at, zone, hours=False)
            rest = f"{'Due since' if due else 'Next try'} {following}"
            return f"Waiting since {since}: {WAITS_FOR_OTHERS}. {rest}.{moved}"
        if self.silent and self.last_new_at:
            since = _when(self.last_new_at, at, zone, hours=False)
            every = span(self.rhythm)
            return f"Silent since {since}; it usually has news every {every}.{moved}"
        known = "Fine" if self.checked_at else "Not fetched yet"
        return f"{known}, {'due since' if due else 'next check'} {following}.{moved}"

    def failed(
        self, at: datetime, reason: str, retry_after: int | None = None, *, gone: bool = False
    ) -> None:
        """Notes a failure: waits longer after each, as long as the server asks; `gone` ends it."""
        self.checked_at = at
        self.error = reason[:400]
        self.error_at = self.error_at or at
        self.failures += 1
        # Spread out, so that feeds that failed together do not come back together.
        wait = min(INTERVAL * 2 ** min(self.failures, 10), LONGEST) * random.uniform(0.8, 1.0)
        if retry_after is not None:
            wait = max(wait, min(timedelta(seconds=retry_after), OBEYED))
        self.next_check_at = at + wait
        self.active = self.active and not gone


def _fits(validator: str, size: int) -> bool:
    return len(validator) <= size and validator.isascii() and validator.isprintable()


def _when(moment: datetime, at: datetime, zone: ZoneInfo, *, hours: bool = True) -> str:
    """A moment as somebody in the newsroom says it at `at`: 18:10, Tuesday, 3 November."""
    local, days = moment.astimezone(zone), day_of(moment, zone) - day_of(at, zone)
    if not days:
        return f"{local:%H:%M}"
    day = f"{local:%A}" if abs(days) < timedelta(days=6) else f"{local.day} {local:%B %Y}"
    return f"{day} {local:%H:%M}" if hours else day


class Host(Model):
    """A server whose turn somebody has, and when it may be asked again."""

    __tablename__ = "hosts"

    name: Mapped[str] = mapped_column(String(260), primary_key=True)  # and an unusual port
    free_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lost: Mapped[int] = mapped_column(default=0)  # holders that never gave it back, in a row
