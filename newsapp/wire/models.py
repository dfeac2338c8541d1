"""Source, Feed, Item, Cluster: who sends headlines and how, what came, what is of one event."""

import random
import re
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from newsapp.clock import UtcDateTime, day_of, now
from newsapp.extensions import Model
from newsapp.formats import host_of, span
from newsapp.stories.models import NotAllowed, Section, Story

INTERVAL = timedelta(minutes=5)  # where the source's rhythm is not known yet
SHORTEST = timedelta(minutes=2)
LONGEST = timedelta(hours=6)  # between two checks, and two tries of a feed that fails
OBEYED = timedelta(days=1)  # the longest Retry-After that is believed
VERSIONS = 10  # of an item's earlier words that are kept
EXCERPT = 60  # words that a source allows as long as nobody has asked it
# How long a feed brings nothing before that is told: by its longest lull, by its rhythm (with
# independent arrivals one quiet of 20,000 lasts ten times the usual), at least an hour, and longer
# than a weekend until one was seen.
LULLS, WAITS, QUIET, UNSEEN = 3, 10, timedelta(hours=1), timedelta(days=4)
ACQUAINTED = timedelta(days=9)  # from when on its weekends are known
FADES = timedelta(days=30)  # half of a lull that never comes again is forgotten


class Trust(StrEnum):
    """How far an outlet is believed."""

    TRUSTED = "trusted"
    KNOWN = "known"
    DOUBTFUL = "doubtful"


class Indexing(StrEnum):
    """What search engines are told of an excerpt: where the original is, or to leave it out."""

    CANONICAL = "canonical"
    NOINDEX = "noindex"


# What an outlet's stories are filed under, beside the section of the feed that brought them.
source_sections = Table(
    "source_sections",
    Model.metadata,
    Column("source_id", ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("section_id", ForeignKey("sections.id"), primary_key=True),
)


class Source(Model):
    """An outlet, and what it allows us to do with what its feeds bring."""

    __tablename__ = "sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    home: Mapped[str] = mapped_column(String(2000), default="")
    host: Mapped[str] = mapped_column(String(253), unique=True)  # as outlet_of() gives it
    language: Mapped[str] = mapped_column(String(12), default="")  # empty: as its feeds say
    zone: Mapped[str] = mapped_column(String(40), default="UTC")  # of dates that name none
    most_words: Mapped[int] = mapped_column(default=EXCERPT)  # of an excerpt; 0: a headline alone
    logo_allowed: Mapped[bool] = mapped_column(default=False)
    pictures_allowed: Mapped[bool] = mapped_column(default=False)
    indexing: Mapped[str] = mapped_column(String(10), default=Indexing.CANONICAL)
    licence_ends: Mapped[date | None] = mapped_column()  # its last day; None: no end
    trust: Mapped[str] = mapped_column(String(10), default=Trust.KNOWN)

    sections: Mapped[list[Section]] = relationship(
        secondary=source_sections, lazy="raise", order_by=Section.position
    )

    def licensed(self, day: date) -> bool:
        """Whether new excerpts of it may go out on this day, as the newsroom's calendar has it."""
        return self.licence_ends is None or day <= self.licence_ends

    @property
    def unindexed(self) -> bool:
        """Whether it wants search engines to leave out its excerpts."""
        return self.indexing == Indexing.NOINDEX


def outlet_of(url: str) -> str:
    """The host by which an outlet goes: scmp.com of https://feeds.scmp.com/rss; ASCII."""
    host = host_of(url).rstrip(".")
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:  # no name that DNS knows: as it is written
        host = "".join(c for c in host if c.isascii())
    return re.sub(r"^(?:(?:www\d?|feeds?|rss)\.)+(?=[^.]+\.)", "", host)[:253]


class How(StrEnum):
    """How a feed does, what asks for somebody first."""

    SILENT = "silent"
    FAILS = "fails"
    MOVED = "moved"
    FINE = "fine"
    PAUSED = "paused"


class Feed(Model):
    """An outlet's feed, and how its fetching goes."""

    __tablename__ = "feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), index=True)
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
    error: Mapped[str] = mapped_column(String(400), default="")  # a sentence for editors
    error_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since when it fails
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
        self.etag = etag if len(etag) <= 300 and etag.isascii() else ""
        fits = len(last_modified) <= 100 and last_modified.isascii()
        self.last_modified = last_modified if fits else ""
        self.moved_to = moved_to if moved_to != self.url else ""

    def brought(self, at: datetime, rhythm: int, lull: int) -> None:
        """Notes that something new came, and from when on its quiet is more than usual.

        `rhythm` and `lull` are the usual and the longest seconds between its items; of a feed
        without dates, whose lull is 0, only its arrivals tell.
        """
        self.rhythm = min(rhythm, 10**9)
        since = at - (self.last_new_at or at)
        lull = min(lull or int(since.total_seconds()), 10**9)
        self.lull = max(lull, int((self.lull or 0) * 0.5 ** (since / FADES)))
        self.last_new_at = at
        usual = timedelta(seconds=max(self.lull * LULLS, self.rhythm * WAITS))
        least = QUIET if at - (self.created_at or at) > ACQUAINTED else UNSEEN
        self.silent_at = at + max(usual, least) if self.lull else None

    def put_back(self, at: datetime) -> None:
        """Gives it back unfetched, to be tried again soon: its host is being asked by others."""
        self.next_check_at = at + timedelta(seconds=random.uniform(5, 30))

    def follow(self) -> None:
        """Takes the address that its server gave for good; NotAllowed where there is none."""
        if not self.moved_to:
            raise NotAllowed("This feed has not moved.")
        self.url, self.moved_to = self.moved_to, ""
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
        return How.PAUSED if not self.active else How.MOVED if self.moved_to else How.FINE

    @property
    def name(self) -> str:
        """What it calls itself; its host's name until it has answered."""
        return self.title or host_of(self.url)

    def state(self, at: datetime, zone: ZoneInfo) -> str:
        """How it does, in words: “… answers 404 Not Found since Tuesday, next try 18:10.”"""
        following = _when(self.next_check_at, at, zone)
        if self.error:
            since = _when(self.error_at or at, at, zone, hours=False)
            rest = f"next try {following}" if self.active else "no longer fetched"
            return f"{self.error.removesuffix('.')} since {since}, {rest}."
        moved = f" It has moved to {self.moved_to} for good." if self.moved_to else ""
        if not self.active:
            return f"Paused.{moved}"
        if self.silent and self.last_new_at:
            since = _when(self.last_new_at, at, zone, hours=False)
            every = span(self.rhythm)
            return f"Silent since {since}; it usually has news every {every}.{moved}"
        known = "Fine" if self.checked_at else "Not fetched yet"
        return f"{known}, next check {following}.{moved}"

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


class State(StrEnum):
    """What became of an item."""

    NEW = "new"
    TAKEN = "taken"
    PUBLISHED = "published"
    IGNORED = "ignored"


AGED = timedelta(days=2)  # from which on an item is not of now


class Item(Model):
    """A headline that a feed brought; once it is old and of no story, only its marks are kept."""

    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feeds.id"))
    guid: Mapped[str] = mapped_column(String(2000))
    guid_hash: Mapped[str] = mapped_column(String(64))  # SHA-256 of the whole guid, hex
    url: Mapped[str] = mapped_column(String(2000))
    # What names it in every feed (links.py); None where its link is that of other items, too.
    page_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    changes: Mapped[int] = mapped_column(default=0)  # of its words, by its feed
    headline: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")  # sanitised HTML
    author: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fetched_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    state: Mapped[str] = mapped_column(String(10), default=State.NEW)
    story_id: Mapped[int | None] = mapped_column(
        ForeignKey("stories.id", ondelete="SET NULL"), index=True
    )

    # The event that it is of; "first", "link", "agency", "words" or "hand"; words that it shares.
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("clusters.id"))
    gist_id: Mapped[int | None] = mapped_column()  # no reference: gists go when their time is over
    why: Mapped[str] = mapped_column(String(10), default="")
    shared: Mapped[str] = mapped_column(String(300), default="")
    # The story of ours that says what it says.
    like_story_id: Mapped[int | None] = mapped_column(
        ForeignKey("stories.id", ondelete="SET NULL"), index=True
    )

    # The rule that it fell under; no reference: it stays when the rule goes. What the rule says.
    rule_id: Mapped[int | None] = mapped_column()
    mark: Mapped[str] = mapped_column(String(200), default="")
    flagged: Mapped[bool] = mapped_column(default=False)  # on top of the desk's list

    feed: Mapped[Feed] = relationship(lazy="raise")
    cluster: Mapped["Cluster | None"] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_items_cluster", "cluster_id", "feed_id"),
        UniqueConstraint("feed_id", "guid_hash"),
        # The desk's list, newest arrival first: ids rise as items come in.
        Index("ix_items_desk", "state", "id"),
        Index("ix_items_feed", "feed_id", "fetched_at"),
        Index(
            "ix_items_thin",
            "fetched_at",
            sqlite_where=text("story_id IS NULL"),
            postgresql_where=text("story_id IS NULL"),
        ),
    )

    @property
    def aged(self) -> bool:
        """Whether it was old when it came: a new feed brings what it has had for years."""
        return self.fetched_at - self.published_at > AGED

    def change(self, headline: str, summary: str, at: datetime) -> "ItemVersion | None":
        """Takes its feed's new words; what it said before, where that is something else."""
        if (self.headline, self.summary) == (headline, summary):
            return None
        kept = self.changes if self.changes < VERSIONS else 1 + self.changes % (VERSIONS - 1)
        before = ItemVersion(
            item_id=self.id, number=kept, headline=self.headline, summary=self.summary,
            replaced_at=at,
        )  # fmt: skip
        self.headline, self.summary = headline, summary
        self.changes += 1
        return before

    def take(self, story: Story) -> None:
        """Notes that this story was made of it; NotAllowed when another one was."""
        if self.story_id is not None and self.story_id != story.id:
            raise NotAllowed("Somebody has made a story of this item already.")
        self.state = State.TAKEN
        self.story_id = story.id

    def ignore(self) -> None:
        """Takes it off the desk's list; what a story was made of stays with its story."""
        if self.state == State.NEW:
            self.state = State.IGNORED

    def bring_back(self) -> None:
        """Puts it on the desk's list again, if it was ignored."""
        if self.state == State.IGNORED:
            self.state = State.NEW


# What rules published within an hour, and what they put on top: few of all items.
Index(
    "ix_items_rule",
    Item.rule_id,
    Item.fetched_at,
    sqlite_where=Item.rule_id.is_not(None),
    postgresql_where=Item.rule_id.is_not(None),
)
Index(
    "ix_items_flagged",
    Item.id,
    sqlite_where=Item.flagged.is_(True),
    postgresql_where=Item.flagged.is_(True),
)


class Spiked(Model):
    """What names an item that was thinned (thinning.py): it never comes back as new."""

    __tablename__ = "spiked"

    mark: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)

    __table_args__ = {"sqlite_with_rowid": False}


class Sighting(Model):
    """Another feed brought an item, too, under a guid of its own."""

    __tablename__ = "sightings"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("items.id", ondelete="CASCADE"), primary_key=True
    )
    feed_id: Mapped[int] = mapped_column(
        ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True
    )
    guid_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_sightings_guid", "feed_id", "guid_hash"),
        Index("ix_sightings_feed", "feed_id", "at"),
    )


class ItemVersion(Model):
    """What an item said before its feed changed it: the first words, and the last ones."""

    __tablename__ = "item_versions"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("items.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)  # of VERSIONS places; 0: the first
    headline: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Cluster(Model):
    """An event: the items that speak of it."""

    __tablename__ = "clusters"

    id: Mapped[int] = mapped_column(primary_key=True)
    items: Mapped[int] = mapped_column(default=0)
    sources: Mapped[int] = mapped_column(default=0)  # outlets, however many feeds they have
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime)  # its newest item came
    # Where its items went when an editor joined it to another one.
    joined_id: Mapped[int | None] = mapped_column(ForeignKey("clusters.id"), index=True)

    __table_args__ = (
        Index("ix_clusters_empty", "moved_at",
              sqlite_where=text("items = 0"), postgresql_where=text("items = 0")),
    )  # fmt: skip

    def take_in(self, at: datetime, *, new_source: bool) -> None:
        """Notes that an item of its event came."""
        self.items += 1
        self.sources += new_source
        self.moved_at = max(self.moved_at, at)


class ItemSection(Model):
    """An item is about this country, region or topic."""

    __tablename__ = "item_sections"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("items.id", ondelete="CASCADE"), primary_key=True
    )
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), primary_key=True)

    __table_args__ = {"sqlite_with_rowid": False}


class Tray(StrEnum):
    """Where a card lies at the desk."""

    WAITING = "waiting"  # it has an item that nobody has dealt with
    USED = "used"  # a story was made of it
    IGNORED = "ignored"


class ClusterPlacement(Model):
    """A cluster standing in one list of the desk (placing.py)."""

    __tablename__ = "cluster_placements"

    cluster_id: Mapped[int] = mapped_column(
        ForeignKey("clusters.id", ondelete="CASCADE"), primary_key=True
    )
    facet: Mapped[str] = mapped_column(String(30), primary_key=True)  # all, or what it is of
    tray: Mapped[str] = mapped_column(String(10))
    newest_id: Mapped[int]  # its newest item: they rise as items come in

    __table_args__ = (
        # Every list, newest movement first, in one range scan.
        Index("ix_cluster_placements_listing", "tray", "facet", "newest_id", "cluster_id"),
        {"sqlite_with_rowid": False},
    )


class ReadingMark(Model):
    """Up to which of its items a person has seen a card."""

    __tablename__ = "reading_marks"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    cluster_id: Mapped[int] = mapped_column(
        ForeignKey("clusters.id", ondelete="CASCADE"), primary_key=True
    )
    newest_id: Mapped[int] = mapped_column(index=True)

    __table_args__ = {"sqlite_with_rowid": False}


class Gist(Model):
    """What items of a cluster, or a story of ours, say (cluster.py): finds what comes later.

    A cluster that an editor joined keeps the gists of both. Gone when its window is over.
    """

    __tablename__ = "gists"

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int | None] = mapped_column(ForeignKey("clusters.id"), index=True)
    story_id: Mapped[int | None] = mapped_column(
        ForeignKey("stories.id", ondelete="CASCADE"), unique=True
    )
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    text: Mapped[str] = mapped_column(Text)  # JSON

    __table_args__ = {"sqlite_autoincrement": True}  # items keep the number of one that is gone


class GistTerm(Model):
    """A term stands in a gist."""

    __tablename__ = "gist_terms"

    term: Mapped[str] = mapped_column(String(40), primary_key=True)
    gist_id: Mapped[int] = mapped_column(primary_key=True)  # no reference: gone with its gist

    __table_args__ = {"sqlite_with_rowid": False}


class TermCount(Model):
    """In how many gists a term stands; the empty one stands in all."""

    __tablename__ = "term_counts"

    term: Mapped[str] = mapped_column(String(40), primary_key=True)
    gists: Mapped[int]

    __table_args__ = {"sqlite_with_rowid": False}


class ClusterChoice(Model):
    """An editor's word on two clusters: one event, or two; the last word counts."""

    __tablename__ = "cluster_choices"

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("clusters.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("clusters.id"), index=True)
    together: Mapped[bool]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
