"""Thinning: what is old and of no story goes; marks stay, so that it never comes back as new.

A mark is 64 bits of what names an item: its guid in each feed that brought it, and its page, or its
words where it has no page of its own. An item in full takes a hundred times as much, and a lively
wire brings ten million in a year.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from newsapp.wire import filing, placing
from newsapp.wire.links import place_of
from newsapp.wire.models import Cluster, ClusterChoice, Host, Item, Sighting, Spiked
from newsapp.wire.parse import Entry

BATCH = 200  # items in one transaction: editors' saves wait behind it
RECENT = timedelta(days=7)  # what is dated within is no item that was thinned: that takes longer
IDLE = timedelta(days=1)  # after which a host's turn is forgotten


def thin(session: Session, at: datetime, days: int, most: int = BATCH) -> int:
    """Thins the oldest items that came so many days ago and have no story, clears events that hold
    none any more; how many rows went. The caller commits, and calls again until it is none."""
    filing.begin(session)
    limit = at - timedelta(days=days)
    old = (
        select(Item.id, Item.feed_id, Item.guid_hash, Item.page_hash, Item.cluster_id)
        .where(Item.fetched_at < limit, Item.story_id.is_(None))
        .order_by(Item.fetched_at)
        .limit(most)
        .with_for_update()  # whoever makes a story of one just now comes first
    )
    rows = session.execute(old).all()
    _spike(session, rows)
    numbers = {row.cluster_id for row in rows if row.cluster_id}
    empty = select(Cluster.id).where(Cluster.items == 0, Cluster.moved_at < limit)
    left = set(session.scalars(empty.limit(most)))
    _clear(session, left | _recounted(session, numbers))
    swept = filing.sweep(session, at, most)
    session.connection().execute(delete(Host).where(Host.free_at < at - IDLE))
    return len(rows) + len(left) + swept


def unspiked(
    session: Session, feed_id: int, fresh: Sequence[tuple[Entry, str | None]], at: datetime
) -> list[tuple[Entry, str | None]]:
    """Those of these entries, with their pages' hashes, that were never thinned.

    Asked after the items are: what is thinned meanwhile is in one of both.
    """
    marks = [marks_of(feed_id, *one, at) for one in fresh]
    wanted = sorted({mark for some in marks for mark in some if mark is not None})
    if not wanted:
        return list(fresh)
    known = set(session.scalars(select(Spiked.mark).where(Spiked.mark.in_(wanted))))
    return [
        one
        for one, some in zip(fresh, marks, strict=True)
        if not _was_thinned(one[0], *some, known, at)
    ]


def _was_thinned(
    entry: Entry,
    guid: int,
    page: int | None,
    words: int | None,
    known: Collection[int],
    at: datetime,
) -> bool:
    """Whether an entry names what was thinned.

    A page, or a guid, of old may have got a story of these days: then one of them names nothing.
    """
    if words in known:
        return True
    recent = entry.published_at is not None and at - entry.published_at < RECENT
    if recent and page is not None:
        return guid in known and page in known
    return guid in known or (page in known and not recent)


def marks_of(
    feed_id: int, entry: Entry, page: str | None, at: datetime
) -> tuple[int, int | None, int | None]:
    """What an entry would have left behind: the mark of its guid, and that of its page or, where
    it has none of its own, that of its words."""
    guid = _mark(f"{feed_id} {entry.guid_hash}")
    if page:
        return guid, _mark(page), None
    date = entry.published_at if entry.published_at and entry.published_at <= at else None
    return guid, None, _words(feed_id, entry.url, entry.headline, date, entry.summary)


def _words(feed_id: int, url: str, headline: str, date: datetime | None, summary: str) -> int:
    when = date.astimezone(UTC).isoformat() if date else summary
    return _mark(f"{feed_id} {place_of(url)}\n{headline}\n{when}")


def _mark(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:8], signed=True)


def _spike(session: Session, rows: Sequence[Any]) -> None:
    """Deletes these items, their earlier words and sightings, and keeps their marks."""
    if not rows:
        return
    numbers = [row.id for row in rows]
    sightings = select(Sighting.feed_id, Sighting.guid_hash).where(Sighting.item_id.in_(numbers))
    named = [(row.feed_id, row.guid_hash) for row in rows]
    marks = {_mark(f"{feed} {guid}") for feed, guid in (*named, *session.execute(sightings))}
    marks |= {_mark(row.page_hash) for row in rows if row.page_hash}
    marks |= _words_of(session, [row.id for row in rows if not row.page_hash])
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(Spiked).on_conflict_do_nothing()
    session.connection().execute(insert, [{"mark": mark} for mark in sorted(marks)])
    session.connection().execute(delete(Item).where(Item.id.in_(numbers)))


def _words_of(session: Session, numbers: Sequence[int]) -> set[int]:
    """The marks of these items' words."""
    query = select(Item).where(Item.id.in_(numbers))
    return {
        _words(
            item.feed_id,
            item.url,
            item.headline,
            item.published_at if item.published_at < item.fetched_at else None,
            item.summary,
        )
        for item in (session.scalars(query) if numbers else ())
    }


def _recounted(session: Session, numbers: Iterable[int]) -> set[int]:
    """Counts anew what these clusters hold; those that hold nothing."""
    wanted = sorted(numbers)
    held = select(Item.cluster_id).where(Item.cluster_id.in_(wanted)).distinct()
    kept = set(session.scalars(held))
    for event in session.scalars(select(Cluster).where(Cluster.id.in_(kept))):
        filing.recount(session, event)
    placing.moved(session, kept)
    return set(wanted) - kept


def _clear(session: Session, numbers: Iterable[int]) -> None:
    """Deletes clusters without items, those that were joined to them, what was said of them."""
    gone = sorted(numbers)
    if not gone:
        return
    joined = session.scalars(select(Cluster.id).where(Cluster.joined_id.in_(gone))).all()
    everything = [*joined, *gone]
    filing.forget(session, everything)
    said = or_(ClusterChoice.cluster_id.in_(everything), ClusterChoice.other_id.in_(everything))
    session.connection().execute(delete(ClusterChoice).where(said))
    for some in (joined, gone):
        session.connection().execute(delete(Cluster).where(Cluster.id.in_(some)))
