"""Reads of one story, whole, with what stands beside it: one SELECT."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from newsapp.formats import host_of
from newsapp.media import players
from newsapp.media.models import Photo, Video
from newsapp.stories import clean
from newsapp.stories.models import (
    RIVER,
    Byline,
    Correction,
    FormerPath,
    Kind,
    Placement,
    Section,
    Status,
    Story,
    Tag,
    story_photos,
    story_sections,
    story_tags,
    story_videos,
)
from newsapp.stories.queries.beside import rows_of
from newsapp.stories.queries.listings import CARD, PICTURE, Card, Picture, card_of

RELATED = 6
PLACES = 6  # of a story that related ones are looked for in
_ITSELF, _SHARES_TAGS, _NEAR = range(3)


@dataclass(frozen=True, slots=True)
class Note:
    """A correction as readers see it."""

    kind: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Film:
    """A video as readers meet it."""

    kind: str
    key: str
    address: str
    title: str
    seconds: int | None
    transcript: str
    at: datetime  # when it came in
    poster: Picture | None

    @property
    def frame(self) -> str:
        """The address of the frame that plays it; empty for files."""
        return players.frame_of(self.kind, self.key)

    @property
    def provider(self) -> str:
        """Whose frame it is: YouTube; of a file, the host that has it."""
        player = players.PLAYERS.get(self.kind)
        return player.name if player else host_of(self.address)

    @property
    def clock(self) -> str:
        """Its duration as players show it; empty when nobody knows it."""
        return players.clock_of(self.seconds) if self.seconds else ""


@dataclass(frozen=True, slots=True)
class Page:
    """A story, whole, as its own page shows it."""

    card: Card
    body: str
    dateline: str
    source_url: str
    noindex: bool
    bylines: tuple[str, ...]
    tags: tuple[str, ...]
    corrections: tuple[Note, ...]
    related: tuple[Card, ...]
    pictures: dict[int, Picture]  # in the text, by number
    films: dict[int, Film]  # in it and over it
    lead: Film | None  # the one over it

    def parts(self) -> Iterator[str | tuple[Picture, ...] | Film]:
        """The text, its pictures and its videos in turn, as they follow each other."""
        for part in clean.parts(self.body):
            if isinstance(part, str):
                yield part
            elif part.kind == "video":
                yield from (self.films[n] for n in part.numbers if n in self.films)
            elif found := tuple(self.pictures[n] for n in part.numbers if n in self.pictures):
                yield found

    def played(self) -> tuple[set[str], set[str], bool]:
        """The hosts of its videos' frames, those of files, and whether one comes in pieces."""
        films = self.films.values()
        frames = {urlsplit(film.frame).netloc for film in films if film.frame}
        files = {urlsplit(film.address).netloc for film in films if not film.frame}
        return frames, files, any(film.kind == "hls" for film in films)

    def shown(self) -> tuple[Picture, ...]:
        """All its pictures, each once, in their order."""
        lead = (self.card.picture,) if self.card.picture else ()
        rest = (p for part in self.parts() if isinstance(part, tuple) for p in part)
        return tuple(dict.fromkeys((*lead, *rest)))

    @property
    def source_host(self) -> str:
        """The outlet's host: scmp.com."""
        return host_of(self.source_url)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What is left of a withdrawn story."""

    headline: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """What is left of a story whose time was over: that it was here, and until when."""

    headline: str
    at: datetime


def story_id_at(session: Session, path: str) -> int | None:
    """The number of the story that was ever published at this address."""
    now = select(Story.id).where(Story.path == path)
    before = select(FormerPath.story_id).where(FormerPath.path == path)
    return session.scalar(union_all(now, before).limit(1))


def page(session: Session, story_id: int) -> Page | Withdrawn | Ended | None:
    """The story for its page; what is left when withdrawn or ended; None while it is not live."""
    row, others = _read(session, story_id)
    if row is not None and row.status == Status.WITHDRAWN:
        return Withdrawn(row.headline, row.withdrawal_note, row.changed_at)
    if row is not None and row.status != Status.PUBLISHED and row.ended_at:
        return Ended(row.headline, row.ended_at)
    if row is None or row.status != Status.PUBLISHED:
        return None
    return _page(row, others)


def draft(session: Session, story_id: int) -> Page | None:
    """The story as its page would show what is saved, published or not."""
    row, others = _read(session, story_id)
    return _page(row, others) if row is not None else None


def _read(session: Session, story_id: int) -> tuple[Any, Sequence[Any]]:
    """The story's own row, None if there is none, and those of the stories beside it."""
    rows = session.execute(_whole(), {"id": story_id}).all()
    itself = rows[0] if rows and rows[0].id == story_id else None
    return itself, rows[1:]


def _page(row: Any, others: Sequence[Any]) -> Page:
    card = card_of(row[: len(CARD)])
    # A draft has no time and address yet; its preview stands at the last change.
    card = replace(card, published_at=card.published_at or row.changed_at, path=card.path or "")
    return Page(
        card=card,
        body=row.body,
        dateline=row.dateline,
        source_url=row.source_url,
        noindex=bool(row.noindex),
        bylines=tuple(name for (name,) in row.bylines or ()),
        tags=tuple(name for (name,) in row.tags or ()),
        corrections=tuple(Note(kind, text, _moment(at)) for kind, text, at in row.notes or ()),
        related=_related(row, others),
        pictures={number: Picture(*picture) for number, *picture in row.pictures or ()},
        films=(films := {number: _film(*film) for number, *film in row.films or ()}),
        lead=films.get(row.video_id),
    )


def _film(
    kind: str, key: str, address: str, title: str, seconds: int | None, transcript: str, at: str,
    *poster: Any,
) -> Film:  # fmt: skip
    still = Picture(*poster) if poster[0] else None
    return Film(kind, key, address, title, seconds, transcript, _moment(at), still)


def _moment(text: str) -> datetime:
    # SQLite keeps no zone: what went in was UTC.
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _related(row: Any, others: Sequence[Any]) -> tuple[Card, ...]:
    """Live stories that share tags with this one, then those that share most of its places."""
    places = set(map(int, row.places.split(","))) if row.places else {RIVER}
    found = [(other.why, card_of(other[: len(CARD)])) for other in others]
    tagged = [card for why, card in found if why == _SHARES_TAGS]
    near = sorted(
        (card for why, card in found if why == _NEAR),
        key=lambda card: (len(places.intersection(card.section_ids)), card.stamp),
        reverse=True,
    )
    return (*tagged, *near)[:RELATED]


# Building a statement of this size takes longer than running it; its shape never changes.
@cache
def _whole() -> Select[Any]:
    """The story first, then what stands beside it; only of the first all that hangs on it."""
    around = union_all(_itself(), _sharing_tags(), *map(_near, range(PLACES))).subquery()
    why = func.min(around.c.why).label("why")
    top = select(around.c.story_id, why).group_by(around.c.story_id).subquery()
    own = {
        "body": Story.body,
        "dateline": Story.dateline,
        "source_url": Story.source_url,
        "noindex": Story.noindex,
        "withdrawal_note": Story.withdrawal_note,
        "bylines": _bylines(),
        "tags": _tags(),
        "notes": _notes(),
        "pictures": _pictures(),
        "video_id": Story.video_id,
        "films": _films(),
        "places": _place_ids(),
    }
    whole = (_of_the_first(top.c.why, name, value) for name, value in own.items())
    return (
        select(*CARD, Story.status, Story.changed_at, Story.ended_at, top.c.why, *whole)
        .select_from(top)
        .join(Story, Story.id == top.c.story_id)
        .outerjoin(Photo, Photo.id == Story.photo_id)
        .order_by(top.c.why, Story.published_at.desc(), Story.id.desc())
    )


def _of_the_first(why: ColumnElement[int], name: str, value: Any) -> Any:
    # No other row pays for it: a CASE asks only where it holds.
    return case((why == _ITSELF, value), else_=null()).label(name)


def _this() -> Any:
    return bindparam("id", type_=BigInteger)


def _itself() -> Select[Any, Any]:
    return select(Story.id.label("story_id"), literal(_ITSELF, Integer).label("why")).where(
        Story.id == _this()
    )


def _sharing_tags() -> Select[Any, Any]:
    mine = select(story_tags.c.tag_id).where(story_tags.c.story_id == _this())
    scan = (
        select(Placement.published_at, Placement.story_id)
        .join(story_tags, story_tags.c.story_id == Placement.story_id)
        .where(Placement.section_id == RIVER, story_tags.c.tag_id.in_(mine))
        .distinct()
        .order_by(Placement.published_at.desc(), Placement.story_id.desc())
        .limit(RELATED + 1)
        .subquery()
    )
    return select(scan.c.story_id, literal(_SHARES_TAGS, Integer))


def _near(number: int) -> Select[Any, Any]:
    """The newest of this place of the story, one range scan; without any place, of all."""
    place: Any = _places().order_by(Section.position, Section.id).limit(1).offset(number)
    place = place.scalar_subquery()
    scan = (
        select(Placement.story_id)
        .where(Placement.section_id == (place if number else func.coalesce(place, RIVER)))
        .order_by(Placement.published_at.desc(), Placement.story_id.desc())
        .limit(2 * RELATED)
        .subquery()
    )
    return select(scan.c.story_id, literal(_NEAR, Integer))


def _places() -> Select[Any]:
    """Where the story is filed that says what it is about, not what form it has."""
    return (
        select(Section.id)
        .join(story_sections)
        .where(story_sections.c.story_id == _this())
        .where(Section.kind.not_in((Kind.FORMAT, Kind.RIVER)))
    )


def _place_ids() -> Any:
    places = _places().subquery()
    return select(func.aggregate_strings(cast(places.c.id, String), ",")).scalar_subquery()


def _bylines() -> Any:
    rows = select(Byline.name).where(Byline.story_id == _this())
    return rows_of(rows.order_by(Byline.position))


def _tags() -> Any:
    rows = select(Tag.name).join(story_tags).where(story_tags.c.story_id == _this())
    return rows_of(rows.order_by(Tag.name))


def _notes() -> Any:
    rows: Select[Any, Any, Any] = select(Correction.kind, Correction.text, Correction.at)
    return rows_of(rows.where(Correction.story_id == _this()).order_by(Correction.at.desc()))


def _pictures() -> Any:
    rows = select(Photo.id, *PICTURE).join(story_photos)
    return rows_of(rows.where(story_photos.c.story_id == _this()))


def _films() -> Any:
    columns = (Video.id, Video.kind, Video.key, Video.address, Video.title, Video.seconds,
               Video.transcript, Video.created_at, *PICTURE)  # fmt: skip
    in_text = select(story_videos.c.video_id).where(story_videos.c.story_id == _this())
    over_it = select(Story.video_id).where(Story.id == _this())
    rows = select(*columns).outerjoin(Photo, Photo.id == Video.poster_id)
    return rows_of(rows.where(Video.id.in_(union_all(in_text, over_it))))
