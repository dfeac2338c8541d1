"""Item: a headline that a feed brought, what it said before, who else brought it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from newsapp.clock import UtcDateTime
from newsapp.extensions import Model
from newsapp.stories.models import NotAllowed, Story
from newsapp.wire.models.feeds import Feed

if TYPE_CHECKING:
    from newsapp.wire.models.clusters import Cluster

VERSIONS = 10  # of an item's earlier words that are kept


class State(StrEnum):
    """What became of an item."""

    NEW = "new"
    TAKEN = "taken"
    PUBLISHED = "published"
    IGNORED = "ignored"


AGED = timedelta(hours=3)  # from which on an item came in late


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
    pulled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # its feed had it no more
    # Of what a feed had before we knew it: the item that was newest when it came out, below which
    # it stands at the desk. None: it stands by its own number.
    stands_at: Mapped[int | None] = mapped_column()
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
        # Of those whose link is that of others, too: their words name them (identity.py).
        Index(
            "ix_items_sharing",
            "feed_id",
            "headline",
            "published_at",
            sqlite_where=text("page_hash IS NULL"),
            postgresql_where=text("page_hash IS NULL"),
        ),
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

    def let_go(self) -> None:
        """Has it wait again: the story that was made of it is no more."""
        self.state, self.story_id = State.NEW, None

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


class ItemSection(Model):
    """An item is about this country, region or topic."""

    __tablename__ = "item_sections"

    item_id: Mapped[int] = mapped_column(
        ForeignKey("items.id", ondelete="CASCADE"), primary_key=True
    )
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), primary_key=True)

    __table_args__ = {"sqlite_with_rowid": False}
