"""Section, Story and what belongs to a story; the verbs of publishing live here."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Any

from anyascii import anyascii
from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, String, Table, Text
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from newsapp.accounts.models import NotAllowed as NotAllowed
from newsapp.accounts.models import User
from newsapp.clock import UtcDateTime, now
from newsapp.extensions import Model
from newsapp.formats import EPOCH
from newsapp.media.models import Photo, Video

# The section `latest`, the river that every live story stands in; seeded first.
RIVER = 1
HEADLINE_MAX = 300
NOTE_MAX = 300
UPDATE = "update"  # of the kinds of corrections, the one that says nothing was wrong
TICKER_MEMORY = timedelta(days=1)  # for which readers are taken to remember a ticker's line
TICKER_MENDED = timedelta(hours=2)  # for which a correction stands in the ticker
# What editors write of a story, as it is typed.
WRITTEN = (
    "headline", "standfirst", "kicker", "dateline", "language", "exclusive",
    "original_headline", "original_language", "source_name", "source_url", "slug",
)  # fmt: skip


class Kind(StrEnum):
    """What a section is; `river` is the one of `latest`."""

    RIVER = "river"
    REGION = "region"
    COUNTRY = "country"
    TOPIC = "topic"
    FORMAT = "format"


class Section(Model):
    """A place where stories are listed."""

    __tablename__ = "sections"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    code: Mapped[str | None] = mapped_column(String(2))  # ISO 3166-1 alpha-2, of countries
    zone: Mapped[str | None] = mapped_column(String(40))  # IANA time zone, of regions, countries
    position: Mapped[int] = mapped_column(default=0)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("sections.id"))


class Status(StrEnum):
    """Where a story stands in the newsroom's flow."""

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


story_sections = Table(
    "story_sections",
    Model.metadata,
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True),
    Column("section_id", ForeignKey("sections.id"), primary_key=True),
)

story_tags = Table(
    "story_tags",
    Model.metadata,
    Column("tag_id", ForeignKey("tags.id"), primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, index=True),
)

# The pictures and videos in the text; what leads it is the story's own.
story_photos = Table(
    "story_photos",
    Model.metadata,
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True),
    Column("photo_id", ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True, index=True),
)

story_videos = Table(
    "story_videos",
    Model.metadata,
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True),
    Column("video_id", ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Tag(Model):
    """A word that ties stories together."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)


class Byline(Model):
    """One of the names over a story, in their order; guests have no account."""

    __tablename__ = "bylines"

    story_id: Mapped[int] = mapped_column(
        ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))


class Placement(Model):
    """A live story standing in one section."""

    __tablename__ = "placements"

    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id"), primary_key=True)
    story_id: Mapped[int] = mapped_column(
        ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


# Every listing is a range scan over this index, newest first.
Index(
    "ix_placements_listing",
    Placement.section_id,
    Placement.published_at.desc(),
    Placement.story_id.desc(),
)


class Correction(Model):
    """A marked change of a published story, told to readers."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # correction, clarification, update, removal
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


# All of them, newest first, in one range scan.
Index("ix_corrections_listing", Correction.at.desc(), Correction.id.desc())


class FormerPath(Model):
    """An address where a story stood before; it leads to where it stands now."""

    __tablename__ = "former_paths"

    path: Mapped[str] = mapped_column(String(140), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), index=True)


class Revision(Model):
    """All the words of a story as they stood after one save."""

    __tablename__ = "revisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(NOTE_MAX), default="")
    version: Mapped[int] = mapped_column(default=0)  # the story's, after this save
    words: Mapped[dict[str, Any]] = mapped_column(JSON)  # as Story.words() tells them


class WorkingCopy(Model):
    """A story's form that somebody has open, with what is typed in it and not saved yet."""

    __tablename__ = "working_copies"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    token: Mapped[str] = mapped_column(String(32), primary_key=True)  # names the form
    story_id: Mapped[int | None] = mapped_column(
        ForeignKey("stories.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int] = mapped_column(default=0)  # of the story, when the form was drawn
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    typed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # As Story.words() tells them; None while all is saved.
    words: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    def keep(self, words: dict[str, Any] | None, at: datetime) -> None:
        """Keeps what is typed, or that nothing is typed that the story doesn't say."""
        self.words = words
        self.typed_at = at if words is not None else None


class TickerLine(Model):
    """Where a story that is breaking stands in the ticker; it goes when the breaking ends.

    Not with the story itself: who puts lines in order is in nobody's way who writes.
    """

    __tablename__ = "ticker_lines"

    story_id: Mapped[int] = mapped_column(
        ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True
    )
    says: Mapped[str] = mapped_column(String(20), default="")  # the kind of its correction
    # The highest stands first: when it broke, in microseconds, until an editor moves it.
    place: Mapped[int] = mapped_column(BigInteger, index=True)
    version: Mapped[int] = mapped_column(default=1)

    # Two editors at once: the second raises StaleDataError, and looks again.
    __mapper_args__ = {"version_id_col": version}


def move_line(lines: Sequence[TickerLine], story_id: int, other_id: int, *, above: bool) -> int:
    """Puts a story's line right above or below another's and tells its number, from 1; `lines`
    are all in their order. NotAllowed when one of the two is not among them."""
    known = {line.story_id: line for line in lines}
    if story_id == other_id or not known.keys() >= {story_id, other_id}:
        raise NotAllowed("One of the two lines has ended meanwhile.")
    order = [line for line in lines if line.story_id != story_id]
    at = order.index(known[other_id]) + (not above)
    order.insert(at, known[story_id])
    places = sorted((line.place for line in lines), reverse=True)
    for line, place in zip(order, places, strict=True):
        line.place = place
    return at + 1


class Story(Model):
    """What a reader reads."""

    __tablename__ = "stories"

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(String(12), default=Status.DRAFT)
    headline: Mapped[str] = mapped_column(String(HEADLINE_MAX))
    standfirst: Mapped[str] = mapped_column(Text, default="")
    kicker: Mapped[str] = mapped_column(String(80), default="")
    body: Mapped[str] = mapped_column(Text, default="")  # sanitised HTML
    dateline: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(12), default="en")
    original_headline: Mapped[str] = mapped_column(String(HEADLINE_MAX), default="")
    original_language: Mapped[str] = mapped_column(String(12), default="")
    source_name: Mapped[str] = mapped_column(String(120), default="")  # of excerpts
    source_url: Mapped[str] = mapped_column(String(2000), default="")
    noindex: Mapped[bool] = mapped_column(default=False)  # search engines leave it out
    exclusive: Mapped[bool] = mapped_column(default=False)
    demo: Mapped[bool] = mapped_column(default=False, index=True)

    slug: Mapped[str] = mapped_column(String(120), default="")  # as wished; empty: the headline's
    # 2024/06/19/slug: given at the first publication; then no headline changes it.
    path: Mapped[str | None] = mapped_column(String(140), unique=True)

    photo_id: Mapped[int | None] = mapped_column(
        ForeignKey("photos.id", ondelete="SET NULL"), index=True
    )
    video_id: Mapped[int | None] = mapped_column(ForeignKey("videos.id"), index=True)
    publish_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unpublish_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # came down by the clock
    embargo_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # not out before
    # Sent out, and on its way for moments in which that can be undone.
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # as readers see it
    breaking_until: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    broke_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # last, also when it is over
    # In the ticker for its correction alone: it is not breaking any more.
    recalled: Mapped[bool] = mapped_column(default=False)
    withdrawal_note: Mapped[str] = mapped_column(Text, default="")
    review_note: Mapped[str] = mapped_column(Text, default="")  # between reporter and editor
    sent_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # to whoever wrote it

    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)  # as the desk sees it
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    # Made with the empty form: the same form sent twice finds the story it made.
    token: Mapped[str | None] = mapped_column(String(32), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    photo: Mapped[Photo | None] = relationship(lazy="raise")
    video: Mapped[Video | None] = relationship(lazy="raise")
    pictures: Mapped[list[Photo]] = relationship(secondary=story_photos, lazy="raise")
    videos: Mapped[list[Video]] = relationship(secondary=story_videos, lazy="raise")
    sections: Mapped[list[Section]] = relationship(secondary=story_sections, lazy="raise")
    tags: Mapped[list[Tag]] = relationship(secondary=story_tags, lazy="raise")
    bylines: Mapped[list[Byline]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=Byline.position
    )
    placements: Mapped[list[Placement]] = relationship(lazy="raise", cascade="all, delete-orphan")
    corrections: Mapped[list[Correction]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by=Correction.at.desc()
    )
    line: Mapped[TickerLine | None] = relationship(lazy="raise", cascade="all, delete-orphan")
    former_paths: Mapped[list["FormerPath"]] = relationship(
        lazy="raise", cascade="all, delete-orphan"
    )
    # Hundreds of a long story: never loaded with it, only added.
    revisions: WriteOnlyMapped[Revision] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (
        Index("ix_stories_due", "status", "publish_at"),
        # The desk's lists, last changed first: each is a range scan of one of these.
        Index("ix_stories_desk", "status", "changed_at", "id"),
        Index("ix_stories_changed", "changed_at", "id"),
        Index("ix_stories_author", "created_by_id", "changed_at", "id"),
        Index("ix_stories_changer", "changed_by_id", "changed_at", "id"),
    )
    # Two saves of one state at once: the second raises StaleDataError, nothing is lost unseen.
    __mapper_args__ = {"version_id_col": version}

    def __init__(self, **fields: Any) -> None:
        # A new story's collections are known to be empty; unset they would count as unloaded.
        # Its verbs ask for its status before the database has given it one.
        collections = (
            "pictures", "videos", "sections", "tags", "bylines", "placements", "corrections",
            "former_paths",
        )  # fmt: skip
        known: dict[str, Any] = {
            "status": Status.DRAFT,
            "line": None,
            **{name: [] for name in collections},
        }
        super().__init__(**{**known, **fields})

    @property
    def live(self) -> bool:
        """Whether readers can see it."""
        return self.status == Status.PUBLISHED

    @property
    def decided(self) -> bool:
        """Whether an editor has decided that readers get it: they have it, or will by the clock."""
        return self.live or self.held_until is not None or self.status == Status.SCHEDULED

    def words(self) -> dict[str, Any]:
        """What editors have written of it, in the terms of their form."""
        return {
            **{name: getattr(self, name) for name in WRITTEN},
            "body": self.body,
            "byline": ", ".join(byline.name for byline in self.bylines),
            "tags": ", ".join(sorted(tag.name for tag in self.tags)),
            "sections": [section.slug for section in self.sections],
            "photo": self.photo_id or 0,
            "video": self.video_id or 0,
        }

    def saved(self, by: User | None, at: datetime, note: str = "") -> None:
        """Keeps its words, who changed it and when; of a live one readers see the time, too."""
        self.changed_at = at
        self.changed_by_id = by.id if by else None
        if self.live:
            self.updated_at = at
        self._keep(by, at, note)

    def lead_to(self, url: str, by: User, at: datetime) -> None:
        """Takes the address where its original is now; what readers read of it has not changed."""
        self.source_url = url
        self.changed_at, self.changed_by_id = at, by.id
        self._keep(by, at, "The original has moved")

    def credit(self, name: str, by: User, at: datetime) -> None:
        """Names its source as it is called now; no list of what changed lately has it for that."""
        self.source_name = name
        self._keep(by, at, "Its source is called otherwise now")

    def barred(self, at: datetime, seen: Collection[int] = ()) -> str:
        """Why its pictures and videos can't be put before readers at `at`, in a sentence; empty
        when they can, or are among those `seen` already."""
        over = self.photo.barred(at, seen=seen) if self.photo else ""
        bars = (photo.barred(at, seen=seen, in_text=True) for photo in self.pictures)
        films = (video.barred(at, seen=seen) for video in self.films)
        return over or next(filter(None, chain(bars, films)), "")

    @property
    def films(self) -> tuple[Video, ...]:
        """Its videos, the one over the text first."""
        return (*([self.video] if self.video else ()), *self.videos)

    @property
    def shown(self) -> frozenset[int]:
        """The numbers of the pictures that it shows, stills of videos among them."""
        stills = (video.poster for video in self.films)
        return frozenset(photo.id for photo in (self.photo, *self.pictures, *stills) if photo)

    def sign(self, names: Iterable[str]) -> None:
        """Puts these names over the story, in this order."""
        # Same key, other name: SQLAlchemy turns the pair into an UPDATE.
        self.bylines = [Byline(position=n, name=name) for n, name in enumerate(names)]

    def file_under(self, sections: Iterable[Section]) -> None:
        """Files it under these sections; a live story moves to their listings."""
        self.sections = list(sections)
        if self.live:
            self._place()

    def file_also(self, section: Section) -> None:
        """Files it under this section too; NotAllowed when it stands there."""
        if section in self.sections:
            raise NotAllowed("It stands there already.")
        self.file_under([*self.sections, section])

    def move_to(self, section: Section) -> None:
        """Files it under this section instead of the others of its kind, of which regions and
        countries are one; NotAllowed when it stands there alone."""
        places = {Kind.REGION, Kind.COUNTRY}
        kinds = places if section.kind in places else {section.kind}
        others = [s for s in self.sections if s.kind not in kinds]
        if [s for s in self.sections if s.kind in kinds] == [section]:
            raise NotAllowed("It stands there already.")
        self.file_under([*others, section])

    def publish(self, by: User | None, at: datetime, path: str) -> None:
        """Makes it live at `at`; the first time under the address `path`, kept from then on.

        Raises NotAllowed for a story that was withdrawn, for one without a headline, and, when
        somebody publishes it, for one with a picture that readers may not be shown.
        """
        self._check_whole(by, at)
        if by:
            self._check_embargo(at)
        self.published_at = self.published_at or at
        self.publish_at = self.held_until = self.ended_at = self.sent_back_at = None
        self.path = self.path or path
        self.status = Status.PUBLISHED
        self.changed_at = at
        self.changed_by_id = by.id if by else self.changed_by_id
        self._place()
        self._keep(by, at, "Published")

    def move(self, path: str) -> None:
        """Stands at another address from now on; the one it had leads there."""
        if self.path and self.path != path:
            left = FormerPath(path=self.path)
            self.former_paths = [f for f in self.former_paths if f.path != path] + [left]
            self.path = path

    def hold(self, by: User, at: datetime, until: datetime) -> None:
        """Sends it out: live by itself at `until`, moments from now, unless it is called back.

        Raises NotAllowed as publish() does, and for a live one.
        """
        self._check_whole(by, until)
        if self.live:
            raise NotAllowed("This story is published already.")
        self._check_embargo(until)
        self.held_until = until
        self.saved(by, at, "Sent out")

    def due(self, at: datetime) -> bool:
        """Whether it is to be out by `at` and isn't: by its schedule, or sent out before."""
        scheduled = self.status == Status.SCHEDULED and self.publish_at
        return not self.live and any(m and m <= at for m in (scheduled, self.held_until))

    def call_back(self, by: User, at: datetime) -> None:
        """Undoes hold(); NotAllowed when it is out already, or was never sent out."""
        if self.live:
            raise NotAllowed("It is out already. Unpublish it, or withdraw it.")
        if self.held_until is None:
            raise NotAllowed("This story was not sent out.")
        self.held_until = None
        self.saved(by, at, "Called back")

    def hand_in(self, by: User, at: datetime, note: str) -> None:
        """Asks an editor to look at it, with a note; NotAllowed unless it is a draft or is being
        looked at already, and no editor has sent it out."""
        if self.held_until:
            raise NotAllowed("An editor has sent it out: it is on its way to readers.")
        if self.status not in (Status.DRAFT, Status.REVIEW):
            raise NotAllowed("Only a draft can be handed in.")
        self.status = Status.REVIEW
        self.review_note, self.sent_back_at = note, None
        self.saved(by, at, f"Handed in: {note}" if note else "Handed in")

    def send_back(self, by: User, at: datetime, note: str) -> None:
        """Makes it a draft again, with a note to whoever wrote it; NotAllowed when nobody handed
        it in."""
        if self.status != Status.REVIEW:
            raise NotAllowed("This story was not handed in.")
        self.status, self.held_until = Status.DRAFT, None
        self.review_note, self.sent_back_at = note, at
        self.saved(by, at, f"Sent back: {note}" if note else "Sent back")

    def embargo(self, by: User, at: datetime, until: datetime | None) -> None:
        """Keeps it from going out before then, or no longer; NotAllowed when it is out, on its
        way out, or scheduled for before."""
        if self.live or self.held_until:
            raise NotAllowed("It is out already. Unpublish it, or withdraw it.")
        out = self.publish_at if self.status == Status.SCHEDULED else None
        if until and out and out < until:
            raise NotAllowed("It is scheduled for a time before that. Change the schedule first.")
        self.embargo_until = until
        self.saved(by, at, "Under embargo" if until else "Embargo lifted")

    def schedule(
        self,
        by: User | None,
        at: datetime,
        publish_at: datetime,
        unpublish_at: datetime | None = None,
    ) -> None:
        """Has it go live by itself at `publish_at` and come down at `unpublish_at`, if given;
        NotAllowed unless it is still to come out and whole: the clock asks nobody."""
        if by and (bar := self.barred(publish_at)):
            raise NotAllowed(bar)
        if self.status not in (Status.DRAFT, Status.REVIEW, Status.SCHEDULED):
            raise NotAllowed("Only a story that is not out yet can be scheduled.")
        if publish_at <= at:
            raise NotAllowed("The time to publish must lie ahead.")
        if unpublish_at is not None and unpublish_at <= publish_at:
            raise NotAllowed("It can’t come down before it is out.")
        self._check_embargo(publish_at)
        self.publish_at, self.unpublish_at, self.held_until = publish_at, unpublish_at, None
        self.status = Status.SCHEDULED
        self.saved(by, at, "Scheduled")

    def unschedule(self, by: User | None, at: datetime) -> None:
        """Takes it off the schedule, a draft again; NotAllowed when it is not on it."""
        if self.status != Status.SCHEDULED:
            raise NotAllowed("This story is not on the schedule.")
        self.publish_at = self.unpublish_at = None
        self.status = Status.DRAFT
        self.saved(by, at, "Off the schedule")

    def schedule_end(self, by: User, at: datetime, unpublish_at: datetime | None) -> None:
        """Has a live story come down by itself then, or stay up if None; NotAllowed when readers
        don't have it. They see no difference until then."""
        if not self.live:
            raise NotAllowed("This story is not published.")
        if unpublish_at is not None and unpublish_at <= at:
            raise NotAllowed("The time to come down must lie ahead.")
        self.unpublish_at = unpublish_at
        self.changed_at, self.changed_by_id = at, by.id
        self._keep(by, at, "To come down by itself" if unpublish_at else "To stay up")

    def come_down(self, at: datetime) -> None:
        """Takes it back to the desk as its end has come: its address says that it was here."""
        self._take_down()
        self.status = Status.DRAFT
        self.ended_at = at
        self.saved(None, at, "Came down by itself")

    def unpublish(self, by: User | None, at: datetime) -> None:
        """Takes it back to the desk as a draft; NotAllowed when readers don't have it."""
        if not self.live:
            raise NotAllowed("This story is not published.")
        self._take_down()
        self.status = Status.DRAFT
        self.saved(by, at, "Unpublished")

    def withdraw(self, by: User | None, at: datetime, note: str) -> None:
        """Takes it down for good: its address answers 410 with the note."""
        if not self.live:
            raise NotAllowed("Only a published story can be withdrawn.")
        self._take_down()
        self.status = Status.WITHDRAWN
        self.withdrawal_note = note
        self.saved(by, at, f"Withdrawn: {note}")

    def break_news(self, until: datetime, at: datetime | None = None) -> None:
        """Puts a live story into the ticker until then, first of all unless it broke at another
        time than now, or leaves it there until then; NotAllowed when readers don't have it."""
        if not self.live:
            raise NotAllowed("Publish the story first, then mark it breaking.")
        at = at or now()
        if self.breaking_until is None or self.recalled:
            self.broke_at = at
        self.breaking_until, self.recalled = until, False
        self._stand_in_ticker(at)

    def end_breaking(self) -> None:
        """Takes it out of the ticker; it stays published."""
        self.breaking_until = self.line = None
        self.recalled = False

    def correct(self, kind: str, text: str, by: User | None, at: datetime) -> None:
        """Tells readers of a change, dated, on the story; NotAllowed when they don't have it.

        Where the wrong version stood in the ticker of the last day, the ticker tells it, too.
        """
        if not self.live:
            raise NotAllowed("Only a published story can carry a correction.")
        self.corrections.insert(
            0, Correction(kind=kind, text=text, by_id=by.id if by else None, at=at)
        )
        wrong = kind != UPDATE
        if wrong and self.broke_at and at - self.broke_at < TICKER_MEMORY:
            self.recalled = self.recalled or self.breaking_until is None
            self.breaking_until = max(self.breaking_until or at, at + TICKER_MENDED)
            self._stand_in_ticker(at).says = kind
        self.saved(by, at, f"{kind.capitalize()}: {text}")

    def _stand_in_ticker(self, at: datetime) -> TickerLine:
        if self.line is None:
            self.line = TickerLine(place=(at - EPOCH) // timedelta(microseconds=1))
        return self.line

    def _check_whole(self, by: User | None, at: datetime) -> None:
        if self.status == Status.WITHDRAWN:
            raise NotAllowed("This story was withdrawn; a withdrawn story stays down.")
        if not self.headline.strip():
            raise NotAllowed("A story needs a headline before it is published.")
        if by and (bar := self.barred(at)):
            raise NotAllowed(bar)

    def _check_embargo(self, at: datetime) -> None:
        if self.embargo_until and at < self.embargo_until:
            until = f"{self.embargo_until:%-d %B %Y, %H:%M} UTC"
            raise NotAllowed(f"This story is under embargo until {until}.")

    def _keep(self, by: User | None, at: datetime, note: str) -> None:
        note = note if len(note) <= NOTE_MAX else f"{note[: NOTE_MAX - 1]}…"
        by_id = by.id if by else None
        # The flush that saves this raises the version.
        version = (self.version or 0) + 1
        self.revisions.add(
            Revision(at=at, by_id=by_id, note=note, version=version, words=self.words())
        )

    def _take_down(self) -> None:
        self.placements = []
        self.unpublish_at = None
        self.end_breaking()

    def _place(self) -> None:
        assert self.published_at is not None
        wanted = {RIVER} | {section.id for section in self.sections}
        wanted |= {section.parent_id for section in self.sections if section.parent_id}
        standing = {placement.section_id for placement in self.placements}
        self.placements = [p for p in self.placements if p.section_id in wanted] + [
            Placement(section_id=section_id, published_at=self.published_at)
            for section_id in sorted(wanted - standing)
        ]


# What is on its way out: none, or a handful.
Index(
    "ix_stories_held",
    Story.held_until,
    sqlite_where=Story.held_until.is_not(None),
    postgresql_where=Story.held_until.is_not(None),
)


def slugify(headline: str, limit: int = 80) -> str:
    """The words of a headline for an address: ASCII, lower case, cut at a word; never empty.

    What is in another script is written as it sounds, roughly: 東京 dong-jing.
    """
    plain = " ".join(map(_in_ascii, unicodedata.normalize("NFC", headline).split()))
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub("['’]", "", plain.lower())).strip("-")
    if len(slug) > limit:
        slug = slug[: limit + 1].rpartition("-")[0] or slug[:limit]
    return slug or "story"


def _in_ascii(word: str) -> str:
    if word.isascii():
        return word
    # Scripts without spaces come out as SyllablesInCapitals.
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", anyascii(word))
