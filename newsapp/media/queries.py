"""Reads of photos."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from newsapp.media.models import Photo

PAGE = 60


def photos_for_desk(session: Session, chosen: Iterable[int], limit: int = 24) -> list[Photo]:
    """The newest photos, and before them the chosen ones however old they are."""
    newest = list(session.scalars(select(Photo).order_by(Photo.id.desc()).limit(limit)))
    missing = {number for number in chosen if number} - {photo.id for photo in newest}
    old = session.scalars(select(Photo).where(Photo.id.in_(missing))) if missing else ()
    return [*old, *newest]


def library(
    session: Session, words: str = "", before: int | None = None, limit: int = PAGE
) -> list[Photo]:
    """The photos that have all these words in what is said of them, newest first."""
    said = (Photo.alt, Photo.caption, Photo.credit, Photo.name)
    query = select(Photo)
    for word in words.split()[:8]:
        query = query.where(or_(*(text.icontains(word, autoescape=True) for text in said)))
    if before is not None:
        query = query.where(Photo.id < before)
    return list(session.scalars(query.order_by(Photo.id.desc()).limit(limit)))


def photo(session: Session, number: int) -> Photo | None:
    """A photo."""
    return session.get(Photo, number)


def photo_by_hash(session: Session, name: str) -> Photo | None:
    """The photo with this content."""
    return session.scalar(select(Photo).where(Photo.hash == name))
