"""Origin, Finding: the original of an excerpt, when it is asked again, what became of it."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from newsapp.accounts.models import User
from newsapp.clock import UtcDateTime
from newsapp.extensions import Model
from newsapp.stories.models import NotAllowed, Story

# After the excerpt went out; what the first one brings is what the others are compared with.
LOOKS = (timedelta(), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=24))
LEASE = timedelta(minutes=2)  # asking and what follows take less, or are over
AGAIN = timedelta(minutes=10)  # between two tries to reach an original
TRIES = 3  # in one look
SOON = timedelta(seconds=20)  # for a host that is being asked by others
PATIENCE = timedelta(hours=2)  # the longest wait that a server may ask for


class Origin(Model):
    """The original of an excerpt that readers have."""

    __tablename__ = "origins"

    story_id: Mapped[int] = mapped_column(
        ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True
    )
    url: Mapped[str] = mapped_column(String(2000))
    since: Mapped[datetime] = mapped_column(UtcDateTime)  # the excerpt went out
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)  # None: seen enough
    # Whoever asks it has until then; a worker that was killed holds it no longer.
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)  # that failed, in this look
    # What it said the last time, as watch.Said tells it; None before the first answer.
    said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    @classmethod
    def of(cls, story: Story, at: datetime) -> "Origin":
        """The original of an excerpt, to be asked for the first time."""
        since = story.published_at or at
        return cls(story_id=story.id, url=story.source_url, since=since, due_at=since + LOOKS[0],
                   tries=0)  # fmt: skip

    def seen(self, at: datetime) -> None:
        """Notes the end of a look. Of those whose time is over, too, none is made up for."""
        ahead = [self.since + look for look in LOOKS if self.since + look > at]
        self.due_at = ahead[0] if ahead else None
        self.tries, self.leased_until = 0, None

    def missed(self, at: datetime, retry_after: int | None = None) -> None:
        """Notes that it could not be reached: it is tried again a few times."""
        self.tries += 1
        if self.tries >= TRIES:
            self.seen(at)
            return
        wait = max(AGAIN, min(timedelta(seconds=retry_after or 0), PATIENCE))
        self.due_at, self.leased_until = at + wait, None

    def put_back(self, at: datetime) -> None:
        """Gives it back unasked: its host is being asked by others."""
        self.due_at, self.leased_until = at + SOON, None

    def let_go(self) -> None:
        """Asks it no more: readers don't have the excerpt any longer."""
        self.due_at, self.leased_until = None, None


class Kind(StrEnum):
    """What became of an original."""

    GONE = "gone"
    MOVED = "moved"
    HEADLINE = "headline"
    CORRECTION = "correction"
    PULLED = "pulled"  # out of its feed


class Finding(Model):
    """Something that became of an original, and that the desk has to look at."""

    __tablename__ = "findings"

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[str] = mapped_column(Text, default="")
    after: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    story: Mapped[Story] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_findings_open", "done_at", "at", "id"),
        Index("ix_findings_story", "story_id", "kind"),
    )

    def settle(self, by: User, at: datetime) -> None:
        """Takes it off the list; NotAllowed when somebody has."""
        if self.done_at is not None:
            raise NotAllowed("Somebody has dealt with this already.")
        self.done_at, self.done_by_id = at, by.id

    def follow(self, by: User, at: datetime) -> None:
        """Has our excerpt lead to where its original is now, and settles that; NotAllowed when it
        has not moved, or readers don't have the excerpt any longer."""
        if self.kind != Kind.MOVED:
            raise NotAllowed("This original has not moved.")
        if not self.story.live:
            raise NotAllowed("This story is not published any longer.")
        self.settle(by, at)
        self.story.lead_to(self.after, by, at)
