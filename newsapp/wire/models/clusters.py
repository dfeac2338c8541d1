"""Cluster: the items of one event, where its card lies at the desk, what people did with it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from newsapp.clock import UtcDateTime
from newsapp.extensions import Model


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
    newest_id: Mapped[int]  # its newest item, which rises as items come in, or what that stands at

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
    # Up to which it was seen before all was marked as read, the last time; -1: not at all. None:
    # it was not among them.
    before_id: Mapped[int | None] = mapped_column()

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
