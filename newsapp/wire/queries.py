"""Reads of the wire: what is new, what is due, what fails."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from newsapp.wire.models import Feed, Item, State

PAGE = 50


def new_items(session: Session, before: int | None = None, limit: int = PAGE) -> Sequence[Item]:
    """The items that nobody has dealt with, newest arrival first, with feed and section.

    `before` is the number of the last item of the page before.
    """
    query = (
        select(Item)
        .where(Item.state == State.NEW)
        .options(joinedload(Item.feed).joinedload(Feed.section))
    )
    if before is not None:
        query = query.where(Item.id < before)
    return session.scalars(query.order_by(Item.id.desc()).limit(limit)).all()


def count_new_after(session: Session, after: int, limit: int = 999) -> int:
    """How many new items came after this one, counted up to `limit`."""
    scan = select(Item.id).where(Item.state == State.NEW, Item.id > after).limit(limit)
    return session.scalar(select(func.count()).select_from(scan.subquery())) or 0


def item(session: Session, item_id: int) -> Item | None:
    """An item with its feed and section."""
    return session.scalar(
        select(Item)
        .where(Item.id == item_id)
        .options(joinedload(Item.feed).joinedload(Feed.section))
    )


def feeds(session: Session) -> Sequence[Feed]:
    """All feeds with their sections, by title."""
    query = select(Feed).options(joinedload(Feed.section))
    return session.scalars(query.order_by(Feed.title, Feed.url)).all()


def failing_feeds(session: Session) -> Sequence[Feed]:
    """The feeds whose last fetch failed, those that fail longest first."""
    query = select(Feed).where(Feed.error != "")
    return session.scalars(query.order_by(Feed.error_at, Feed.id)).all()


def due_feeds(session: Session, at: datetime, limit: int) -> Sequence[Feed]:
    """The feeds whose time to be fetched has come, longest overdue first."""
    query = select(Feed).where(Feed.active.is_(True), Feed.next_check_at <= at)
    return session.scalars(query.order_by(Feed.next_check_at, Feed.id).limit(limit)).all()


def feed_by_url(session: Session, url: str) -> Feed | None:
    """The feed at this address."""
    return session.scalar(select(Feed).where(Feed.url == url))


def feed_by(session: Session, name: str) -> Feed | None:
    """The feed with this number or address, as an editor may name it."""
    if name.isascii() and name.isdecimal():
        return session.get(Feed, int(name)) if len(name) < 10 else None
    return feed_by_url(session, name)
