"""Source: an outlet, and what it allows us to do with its words and pictures."""

import re
from datetime import date
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from newsapp.extensions import Model
from newsapp.formats import host_of
from newsapp.stories.models import Section

EXCERPT = 60  # words that a source allows as long as nobody has asked it


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
    def as_made(self) -> bool:
        """Whether nobody has said yet what it is and what it allows."""
        said = self.language or self.logo_allowed or self.pictures_allowed or self.licence_ends
        usual = ("UTC", EXCERPT, Indexing.CANONICAL, Trust.KNOWN)
        return not said and (self.zone, self.most_words, self.indexing, self.trust) == usual

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
