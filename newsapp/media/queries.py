"""Reads of photos."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from newsapp.media.models import Photo, Printing, Video

PAGE = 60
SOON = timedelta(days=14)  # rights that end by then are told of


def photos_for_desk(
    session: Session, chosen: Iterable[int], words: str = "", limit: int = 24
) -> list[Photo]:
    """The newest photos with all these words, and before them the chosen ones however old."""
    newest = library(session, words, limit=limit)
    missing = {number for number in chosen if number} - {photo.id for photo in newest}
    old = session.scalars(select(Photo).where(Photo.id.in_(missing))) if missing else ()
    return [*old, *newest]


def photos_of(session: Session, numbers: Iterable[int]) -> dict[int, Photo]:
    """The photos with these numbers, by number."""
    wanted = set(numbers)
    found = session.scalars(select(Photo).where(Photo.id.in_(wanted))) if wanted else ()
    return {photo.id: photo for photo in found}


class Show(StrEnum):
    """Which photos of the library: those that ask for something, or all."""

    ALL = ""
    WORDLESS = "wordless"  # without description or credit
    RIGHTS = "rights"  # that end soon, or have ended


def library(
    session: Session,
    words: str = "",
    before: int | None = None,
    limit: int = PAGE,
    *,
    show: Show = Show.ALL,
    at: datetime | None = None,
) -> list[Photo]:
    """The photos that have all these words in what is said of them, newest first.

    Of those whose rights end, by `at` plus SOON, only those, in the order of the end.
    """
    query = select(Photo).where(*_saying(words), *_shown(show, at))
    if before is not None:
        query = query.where(Photo.id < before)
    order = [Photo.rights_end_at, Photo.id] if show == Show.RIGHTS else [Photo.id.desc()]
    return list(session.scalars(query.order_by(*order).limit(limit)))


def counts(session: Session, words: str, at: datetime) -> dict[Show, int]:
    """How many photos each part of the library has with these words."""
    columns = [func.count().filter(*_shown(show, at) or [true()]) for show in Show]
    row = session.execute(select(*columns).select_from(Photo).where(*_saying(words))).one()
    return dict(zip(Show, row, strict=True))


def _saying(words: str) -> list[ColumnElement[bool]]:
    said = (Photo.alt, Photo.caption, Photo.credit, Photo.name, Photo.licence)
    return [
        or_(*(text.icontains(word, autoescape=True) for text in said)) for word in words.split()[:8]
    ]


def _shown(show: Show, at: datetime | None) -> list[ColumnElement[bool]]:
    if show == Show.WORDLESS:
        return [or_(Photo.credit == "", (Photo.alt == "") & ~Photo.decorative)]
    if show == Show.RIGHTS and at is not None:
        return [Photo.rights_end_at <= at + SOON]
    return []


def photo(session: Session, number: int) -> Photo | None:
    """A photo."""
    return session.get(Photo, number)


def known_hashes(session: Session, hashes: Iterable[str]) -> set[str]:
    """Those of these hashes that photos have."""
    return set(session.scalars(select(Photo.hash).where(Photo.hash.in_(list(hashes)))))


def photo_by_hash(session: Session, name: str) -> Photo | None:
    """The photo with this content."""
    return session.scalar(select(Photo).where(Photo.hash == name))


def unfinished(session: Session, at: datetime) -> tuple[Photo, Printing] | None:
    """The newest photo that lacks slow renditions for its focal point and is due now."""
    lacking = or_(
        Photo.cut_x.is_distinct_from(Photo.focus_x), Photo.cut_y.is_distinct_from(Photo.focus_y)
    )
    query = (
        select(Photo, Printing)
        .outerjoin(Printing, Printing.photo_id == Photo.id)
        .where(lacking, or_(Printing.due_at.is_(None), Printing.due_at <= at))
        .order_by(Photo.id.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1] or Printing(photo_id=row[0].id)) if row else None


def printing(session: Session, photo_id: int) -> Printing | None:
    """The making of this photo's slow renditions, while it is under way or fails."""
    return session.get(Printing, photo_id)


def videos_of(session: Session, numbers: Iterable[int]) -> dict[int, Video]:
    """The videos with these numbers, by number, with their posters."""
    wanted = set(numbers)
    query = select(Video).where(Video.id.in_(wanted)).options(joinedload(Video.poster))
    return {video.id: video for video in session.scalars(query)} if wanted else {}


def videos_for_desk(
    session: Session, words: str = "", chosen: Iterable[int] = (), limit: int = 100
) -> list[Video]:
    """The newest videos with all these words in their titles, and before them the chosen ones."""
    query = select(Video).options(joinedload(Video.poster))
    for word in words.split()[:8]:
        query = query.where(Video.title.icontains(word, autoescape=True))
    newest = list(session.scalars(query.order_by(Video.id.desc()).limit(limit)))
    missing = {number for number in chosen if number} - {video.id for video in newest}
    return [*videos_of(session, missing).values(), *newest]


def video(session: Session, number: int) -> Video | None:
    """A video, with its poster."""
    return videos_of(session, [number]).get(number)


def video_at(session: Session, address: str) -> Video | None:
    """The video that stands at this address."""
    return session.scalar(select(Video).where(Video.address == address))
