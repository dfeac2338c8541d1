"""Reads of photos."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.media.models import Photo


def photos_for_desk(session: Session, chosen: int | None, limit: int = 100) -> list[Photo]:
    """The newest photos, and the chosen one however old it is."""
    newest = list(session.scalars(select(Photo).order_by(Photo.id.desc()).limit(limit)))
    if chosen and chosen not in {photo.id for photo in newest}:
        newest += session.scalars(select(Photo).where(Photo.id == chosen))
    return newest
