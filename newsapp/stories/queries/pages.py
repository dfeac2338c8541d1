"""Reads of one story, whole, and of what stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.formats import host_of
from newsapp.media.models import Photo
from newsapp.stories.models import (
    RIVER,
    Byline,
    Correction,
    Placement,
    Status,
    Story,
    Tag,
    story_tags,
)
from newsapp.stories.queries.listings import CARD, Card, card_of, cards, cards_of


@dataclass(frozen=True, slots=True)
class Note:
    """A correction as readers see it."""

    kind: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A story, whole, as its own page shows it."""

    card: Card
    body: str
    dateline: str
    source_url: str
    bylines: tuple[str, ...]
    tags: tuple[str, ...]
    corrections: tuple[Note, ...]

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


def story_id_at(session: Session, path: str) -> int | None:
    """The number of the story that was ever published at this address."""
    return session.scalar(select(Story.id).where(Story.path == path))


def page(session: Session, story_id: int) -> Page | Withdrawn | None:
    """The story for its page; what is left when withdrawn; None while it is not live."""
    row = _whole_row(session, story_id)
    if row is not None and row.status == Status.WITHDRAWN:
        return Withdrawn(row.headline, row.withdrawal_note, row.changed_at)
    if row is None or row.status != Status.PUBLISHED:
        return None
    return _page(session, row)


def draft(session: Session, story_id: int) -> Page | None:
    """The story as its page would show what is saved, published or not."""
    row = _whole_row(session, story_id)
    return _page(session, row) if row is not None else None


def _whole_row(session: Session, story_id: int) -> Any:
    columns = (*CARD, Story.body, Story.dateline, Story.source_url, Story.status,
               Story.withdrawal_note, Story.changed_at)  # fmt: skip
    query = select(*columns).outerjoin(Photo, Photo.id == Story.photo_id)
    return session.execute(query.where(Story.id == story_id)).one_or_none()


def _page(session: Session, row: Any) -> Page:
    card = card_of(row[: len(CARD)])
    # A draft has no time and address yet; its preview stands at the last change.
    card = replace(card, published_at=card.published_at or row.changed_at, path=card.path or "")
    bylines = select(Byline.name).where(Byline.story_id == card.id).order_by(Byline.position)
    tags = select(Tag.name).join(story_tags).where(story_tags.c.story_id == card.id)
    notes = select(Correction.kind, Correction.text, Correction.at).where(
        Correction.story_id == card.id
    )
    return Page(
        card=card,
        body=row.body,
        dateline=row.dateline,
        source_url=row.source_url,
        bylines=tuple(session.scalars(bylines)),
        tags=tuple(session.scalars(tags.order_by(Tag.name))),
        corrections=tuple(
            Note(*note) for note in session.execute(notes.order_by(Correction.at.desc()))
        ),
    )


def related(
    session: Session, page: Page, places: Sequence[int], limit: int = 6
) -> tuple[Card, ...]:
    """Live stories that share tags with this one, then those that share most of its `places`.

    Of a story that stands nowhere, the newest of all.
    """
    places = places or (RIVER,)
    near = {card.id: card for top in cards(session, dict.fromkeys(places, 2 * limit)).values()
            for card in top}  # fmt: skip
    found = {card.id: card for card in _sharing_tags(session, page.card.id, limit)}
    by_nearness = sorted(
        near.values(),
        key=lambda card: (len(set(places) & set(card.section_ids)), card.stamp),
        reverse=True,
    )
    for card in by_nearness:
        found.setdefault(card.id, card)
    found.pop(page.card.id, None)
    return tuple(found.values())[:limit]


def _sharing_tags(session: Session, story_id: int, limit: int) -> list[Card]:
    mine = select(story_tags.c.tag_id).where(story_tags.c.story_id == story_id)
    scan = (
        select(Placement.published_at, Placement.story_id)
        .join(story_tags, story_tags.c.story_id == Placement.story_id)
        .where(Placement.section_id == RIVER, story_tags.c.tag_id.in_(mine))
        .distinct()
        .order_by(Placement.published_at.desc(), Placement.story_id.desc())
        .limit(limit + 1)
    )
    return [card_of(row) for row in session.execute(cards_of(scan.subquery()))]
