"""Reads for machines: the months that have stories, and the addresses of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, literal, select, union_all
from sqlalchemy.orm import Session

from newsapp.clock import bounds_of, day_of
from newsapp.media.models import Photo
from newsapp.stories.models import RIVER, Placement, Story, story_photos
from newsapp.stories.queries.listings import PICTURE, Picture

SITEMAP_MAX = 50_000  # addresses, by the protocol


@dataclass(frozen=True, slots=True)
class Address:
    """A story's address and when what stands there last changed."""

    path: str
    changed_at: datetime


def span(session: Session) -> tuple[datetime, datetime] | None:
    """When the oldest and the newest live story came out; two looks at the ends of an index."""
    times = select(Placement.published_at).where(Placement.section_id == RIVER)
    oldest = session.scalar(times.order_by(Placement.published_at, Placement.story_id).limit(1))
    newest = session.scalar(
        times.order_by(Placement.published_at.desc(), Placement.story_id.desc()).limit(1)
    )
    return (oldest, newest) if oldest and newest else None


def months(session: Session, zone: ZoneInfo) -> list[date]:
    """The first days of the months that have live stories, newest first."""
    ends = span(session)
    if ends is None:
        return []
    asked = [_any_story(month, zone) for month in _between(*(day_of(at, zone) for at in ends))]
    # SQLite joins at most 500 SELECTs.
    parts = (asked[n : n + 400] for n in range(0, len(asked), 400))
    found = (text for part in parts for text in session.scalars(union_all(*part)))
    return sorted(map(date.fromisoformat, found), reverse=True)


def month_bounds(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open span of a month that begins on this day, as UTC."""
    following = (month + timedelta(days=31)).replace(day=1)
    return bounds_of(month, zone)[0], bounds_of(following, zone)[0]


def kept_out(session: Session, story_ids: Sequence[int]) -> frozenset[int]:
    """Which of these stories search engines are told to leave out."""
    query = select(Story.id).where(Story.id.in_(story_ids), Story.noindex.is_(True))
    return frozenset(session.scalars(query))


def pictures_of(session: Session, story_ids: Sequence[int]) -> dict[int, list[Picture]]:
    """The pictures in the texts of these stories, by story."""
    found: dict[int, list[Picture]] = {}
    query = (
        select(story_photos.c.story_id, *PICTURE)
        .join(Photo, Photo.id == story_photos.c.photo_id)
        .where(story_photos.c.story_id.in_(story_ids))
        .order_by(Photo.id)
    )
    for story_id, *picture in session.execute(query) if story_ids else ():
        found.setdefault(story_id, []).append(Picture(*picture))
    return found


def _between(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def _any_story(month: date, zone: ZoneInfo) -> Select[Any]:
    """The month's name if a story came out in it: one look into the index."""
    start, end = month_bounds(month, zone)
    one = exists().where(
        Placement.section_id == RIVER,
        Placement.published_at >= start,
        Placement.published_at < end,
    )
    return select(literal(month.isoformat())).where(one)


def addresses(session: Session, start: datetime, end: datetime) -> list[Address]:
    """The addresses of the live stories of a span of time that search engines are to find,
    newest first."""
    scan = (
        select(Placement.story_id, Placement.published_at)
        .where(
            Placement.section_id == RIVER,
            Placement.published_at >= start,
            Placement.published_at < end,
        )
        .order_by(Placement.published_at.desc(), Placement.story_id.desc())
        .limit(SITEMAP_MAX)
        .subquery()
    )
    query = (
        select(Story.path, Story.updated_at, Story.published_at)
        .join(scan, scan.c.story_id == Story.id)
        .where(Story.noindex.is_(False))
        .order_by(scan.c.published_at.desc(), scan.c.story_id.desc())
    )
    return [
        Address(path or "", updated or published)
        for path, updated, published in session.execute(query)
        if path and published
    ]
