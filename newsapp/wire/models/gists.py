"""Gist: what an event says, by which items that come later find it (cluster.py)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from newsapp.clock import UtcDateTime
from newsapp.extensions import Model


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
