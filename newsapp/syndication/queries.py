"""Reads for machines: the months that have stories, and the addresses of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.stories.models import RIVER, Placement, Story

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


def months(first: date, last: date) -> Iterator[date]:
    """The first days of all months from the last back to the first."""
    month = last.replace(day=1)
    while month >= first.replace(day=1):
        yield month
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def addresses(session: Session, start: datetime, end: datetime) -> list[Address]:
    """The addresses of the live stories of a span of time, newest first."""
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
        .order_by(scan.c.published_at.desc(), scan.c.story_id.desc())
    )
    return [
        Address(path or "", updated or published)
        for path, updated, published in session.execute(query)
        if path and published
    ]
