"""Reads of stories in a row: cards, newest first, each by range scans of one index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from newsapp.formats import Stamp
from newsapp.media.models import Photo, Video
from newsapp.stories.models import (
    RIVER,
    Byline,
    Placement,
    Status,
    Story,
    TickerLine,
    story_sections,
)

PAGE = 30


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as a template shows it."""

    hash: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str
    focus_x: int  # per cent from the left
    focus_y: int  # and from the top
    cut_x: int | None  # the focal point that its slow renditions were made for
    cut_y: int | None
    colour: str


@dataclass(frozen=True, slots=True)
class Card:
    """A live story as listings show it."""

    id: int
    path: str
    headline: str
    standfirst: str
    kicker: str  # the editor's own; templates fall back to country and topic
    language: str
    original_headline: str
    original_language: str
    source_name: str
    exclusive: bool
    demo: bool
    breaking: bool
    published_at: datetime
    updated_at: datetime | None
    section_ids: tuple[int, ...]
    byline: str
    seconds: int | None  # of the video that leads it
    picture: Picture | None

    @property
    def url(self) -> str:
        """Its address on this site."""
        return f"/{self.path}"

    @property
    def stamp(self) -> Stamp:
        """Its place in a listing."""
        return Stamp(self.published_at, self.id)


# One correlated look-up by key a story, instead of one more SELECT a page.
_sections_of = (
    select(func.aggregate_strings(cast(story_sections.c.section_id, String), ","))
    .where(story_sections.c.story_id == Story.id)
    .correlate(Story)
    .scalar_subquery()
)
_names_over = (
    select(Byline.name)
    .where(Byline.story_id == Story.id)
    .order_by(Byline.position)
    .correlate(Story)
    .subquery()
)
_byline_of = select(func.aggregate_strings(_names_over.c.name, ", ")).scalar_subquery()
_seconds_of = (
    select(Video.seconds).where(Video.id == Story.video_id).correlate(Story).scalar_subquery()
)
# The columns of a Picture, in its order.
PICTURE = (
    Photo.hash, Photo.width, Photo.height, Photo.alt, Photo.caption, Photo.credit,
    Photo.focus_x, Photo.focus_y, Photo.cut_x, Photo.cut_y, Photo.colour,
)  # fmt: skip
_breaking = and_(Story.breaking_until.is_not(None), ~Story.recalled)
CARD = (
    Story.id, Story.path, Story.headline, Story.standfirst, Story.kicker, Story.language,
    Story.original_headline, Story.original_language, Story.source_name, Story.exclusive,
    Story.demo, _breaking.label("breaking"), Story.published_at, Story.updated_at,
    _sections_of.label("section_ids"), _byline_of.label("byline"), _seconds_of.label("seconds"),
    *PICTURE,
)  # fmt: skip


def card_of(row: Sequence[Any]) -> Card:
    (number, path, headline, standfirst, kicker, language, original, original_language, source,
     exclusive, demo, breaking, published_at, updated_at, sections, byline, seconds,
     *picture) = row  # fmt: skip
    return Card(
        number, path, headline, standfirst, kicker, language, original, original_language, source,
        exclusive, demo, bool(breaking), published_at, updated_at,
        tuple(map(int, sections.split(","))) if sections else (), byline or "", seconds,
        Picture(*picture) if picture[0] else None,
    )  # fmt: skip


def top_scans(count: int) -> list[Subquery]:
    """The newest of `count` sections, one range scan of the listing index each; `top_values` has
    their values."""
    return [
        select(Placement.section_id, Placement.published_at, Placement.story_id)
        .where(Placement.section_id == bindparam(f"section_{number}"))
        .order_by(Placement.published_at.desc(), Placement.story_id.desc())
        .limit(bindparam(f"limit_{number}", type_=Integer))
        .subquery()
        for number in range(count)
    ]


def top_values(tops: Mapping[int, int]) -> dict[str, Any]:
    """Which sections these scans read, and how many stories of each."""
    values: dict[str, Any] = {}
    for number, (section_id, limit) in enumerate(tops.items()):
        values |= {f"section_{number}": section_id, f"limit_{number}": limit}
    return values


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a section's stories, newest first, and where older ones begin."""

    cards: tuple[Card, ...]
    older: Stamp | None


def listing(
    session: Session,
    section_id: int,
    before: Stamp | None = None,
    after: Stamp | None = None,
    limit: int = PAGE,
) -> Listing:
    """The newest stories of a section between two stamps, one range scan."""
    query = _listing(before is not None, after is not None)
    values = _span(section_id, before, after) | {"limit": limit + 1}
    found = tuple(map(card_of, session.execute(query, values)))
    more = len(found) > limit
    return Listing(found[:limit], found[limit - 1].stamp if more else None)


@cache
def _listing(before: bool, after: bool) -> Select[Any]:
    scan = _scan(before, after).limit(bindparam("limit", type_=Integer))
    return cards_of(scan.subquery())


def cards_of(top: Subquery) -> Select[Any]:
    """The cards of the stories that a scan of placements finds, newest first."""
    return (
        select(*CARD)
        .select_from(top)
        .join(Story, Story.id == top.c.story_id)
        .outerjoin(Photo, Photo.id == Story.photo_id)
        .order_by(top.c.published_at.desc(), top.c.story_id.desc())
    )


def count_after(session: Session, section_id: int, after: Stamp, limit: int = 99) -> int:
    """How many stories came into a section after this stamp, counted up to `limit`."""
    query = _count(limit)
    return session.scalar(query, _span(section_id, after=after)) or 0


@cache
def _count(limit: int) -> Select[Any]:
    return select(func.count()).select_from(_scan(False, True).limit(limit).subquery())


def _scan(before: bool, after: bool) -> Select[Any, Any]:
    """The range scan of a section, newest first; `_span` has its values."""
    place = tuple_(Placement.published_at, Placement.story_id)
    query = select(Placement.published_at, Placement.story_id).where(
        Placement.section_id == bindparam("section_id")
    )
    if before:
        at, number = _moment("before_at"), bindparam("before_id", type_=BigInteger)
        query = query.where(Placement.published_at <= at, place < tuple_(at, number))
    if after:
        at, number = _moment("after_at"), bindparam("after_id", type_=BigInteger)
        query = query.where(Placement.published_at >= at, place > tuple_(at, number))
    return query.order_by(Placement.published_at.desc(), Placement.story_id.desc())


def _moment(name: str) -> BindParameter[Any]:
    return bindparam(name, type_=Placement.published_at.type)


def _span(
    section_id: int, before: Stamp | None = None, after: Stamp | None = None
) -> dict[str, Any]:
    values: dict[str, Any] = {"section_id": section_id}
    if before is not None:
        values |= {"before_at": before.at, "before_id": before.id}
    if after is not None:
        values |= {"after_at": after.at, "after_id": after.id}
    return values


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a story that a list may still show: its headline now, or that it is gone."""

    url: str
    headline: str
    language: str
    gone: bool


def changes(session: Session, since: datetime, limit: int = 20) -> list[Change]:
    """What became since then of stories that were ever live: at most `limit` of each status."""
    scans = [
        select(
            select(Story.path, Story.headline, Story.language, Story.status)
            .where(Story.status == status, Story.changed_at > since)
            .order_by(Story.changed_at.desc(), Story.id.desc())
            .limit(limit)
            .subquery()
        )
        for status in Status
    ]
    return [
        Change(f"/{path}", headline, language, gone=status != Status.PUBLISHED)
        for path, headline, language, status in session.execute(union_all(*scans))
        if path
    ]


def oldest(session: Session, section_id: int) -> datetime | None:
    """When the first of a section's live stories was published."""
    query = select(Placement.published_at).where(Placement.section_id == section_id)
    return session.scalar(query.order_by(Placement.published_at, Placement.story_id).limit(1))


def ticker(session: Session, limit: int = 20) -> tuple[list[Card], dict[int, str]]:
    """The stories of the ticker, in the editors' order, and by number what their lines say; or
    else the newest story alone."""
    rows = session.execute(_ticker(), _span(RIVER) | {"limit": limit}).all()
    lines = [row for row in rows if row.place]
    return [card_of(row[:-2]) for row in lines or rows], {row.id: row.says for row in lines}


@cache
def _ticker() -> Select[Any]:
    breaking = (
        select(TickerLine.place, TickerLine.says, TickerLine.story_id)
        .order_by(TickerLine.place.desc(), TickerLine.story_id.desc())
        .limit(bindparam("limit", type_=Integer))
        .subquery()
    )
    newest = _scan(False, False).limit(1).subquery()
    last = literal(0, BigInteger).label("place"), literal("").label("says")
    lines = union_all(select(breaking), select(*last, newest.c.story_id)).subquery()
    return (
        select(*CARD, lines.c.place, lines.c.says)
        .select_from(lines)
        .join(Story, Story.id == lines.c.story_id)
        .outerjoin(Photo, Photo.id == Story.photo_id)
        .order_by(lines.c.place.desc(), lines.c.story_id.desc())
    )
