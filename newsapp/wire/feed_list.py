"""Reads of the feed desk: which feeds do how, what each brought hour by hour."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, extract, func, or_, select
from sqlalchemy.orm import Session, join, joinedload

from newsapp.formats import EPOCH
from newsapp.wire.models import Feed, Host, How, Item, Sighting

PAGE = 100
HOURS = 48  # that a feed's chart shows
IDLE = timedelta(minutes=15)  # that a worker is waited for
ORDER = list(How)

_SILENT = and_(Feed.active.is_(True), Feed.checked_at >= Feed.silent_at)
# As Feed.how says it: the place in ORDER.
_HOW: ColumnElement[int] = case(
    (Feed.error != "", ORDER.index(How.FAILS)),
    (_SILENT, ORDER.index(How.SILENT)),
    (Feed.active.is_(False), ORDER.index(How.PAUSED)),
    (Feed.moved_to != "", ORDER.index(How.MOVED)),
    (Feed.checked_at.is_(None), ORDER.index(How.NEW)),
    else_=ORDER.index(How.FINE),
)


def feeds_of(
    session: Session, how: How | None, words: str, page: int = 1, limit: int = PAGE
) -> Sequence[Feed]:
    """A page of the feeds that do so and have these words in name or address, with their sections;
    what asks for somebody comes first."""
    query = _named(select(Feed), words).options(joinedload(Feed.section))
    if how is not None:
        query = query.where(_HOW.in_([ORDER.index(how)]))
    order = (_HOW, func.lower(Feed.title), Feed.url)
    return session.scalars(query.order_by(*order).limit(limit).offset((page - 1) * PAGE)).all()


def count_feeds(session: Session, words: str = "") -> dict[How, int]:
    """How many feeds with these words do how."""
    query = _named(select(_HOW, func.count()).group_by(_HOW), words)
    return {ORDER[place]: count for place, count in session.execute(query)}


def alarming(session: Session, limit: int) -> Sequence[Feed]:
    """The feeds that are silent or fail, silent ones first, those that fail longest before
    others."""
    query = select(Feed).where(or_(_SILENT, Feed.error != ""))
    order = (_HOW, func.coalesce(Feed.error_at, Feed.last_new_at), Feed.id)
    return session.scalars(query.order_by(*order).limit(limit)).all()


def idle_since(session: Session, at: datetime) -> datetime | None:
    """Since when no feed was asked although one is due for long: the worker is away."""
    # A clock that was ahead may have noted checks that are still to come.
    asked = func.max(Feed.checked_at).filter(Feed.checked_at <= at)
    query = select(asked, func.min(Feed.next_check_at))
    last, due = session.execute(query.where(Feed.active.is_(True))).one()
    return last or due if due and due < at - IDLE and (last or due) < at - IDLE else None


def ended(session: Session, feeds: Iterable[Feed], at: datetime) -> Mapping[int, datetime]:
    """Which of these are due, but whoever read them last was ended, and when each may be asked."""
    due = {feed.id: feed.host for feed in feeds if feed.due(at)}
    query = select(Host.name, Host.free_at).where(Host.name.in_(set(due.values())))
    # The first may be reading it just now.
    held = dict(session.execute(query.where(Host.lost > 1, Host.free_at > at)).all())
    return {number: held[host] for number, host in due.items() if host in held}


def hourly(session: Session, numbers: Iterable[int], at: datetime) -> Mapping[int, Sequence[int]]:
    """How many items each of these feeds brought in each of the last 48 hours, oldest first: one
    range of one index for each. What was old when it came counts by its own date: what a new feed
    has had for long is no rhythm."""
    wanted = list(numbers)
    end = int((at - EPOCH) / timedelta(hours=1)) + 1
    found = {number: [0] * HOURS for number in wanted}
    start = EPOCH + timedelta(hours=end - HOURS)
    also = join(Sighting, Item, Item.id == Sighting.item_id)
    first = (Item, Item.feed_id, Item.fetched_at)
    for told, feed_id, came in (first, (also, Sighting.feed_id, Sighting.at)):
        dated = case((Item.published_at < came, Item.published_at), else_=came)
        second = extract("epoch", dated)
        hour = second - second % 3600
        query = (
            select(feed_id, hour, func.count())
            .select_from(told)
            .where(feed_id.in_(wanted), came >= start, came <= at, dated >= start)
            .group_by(feed_id, hour)
        )
        for number, began, count in session.execute(query):
            found[number][int(began) // 3600 - end + HOURS] += count
    return found


def newest_items(session: Session, feed: Feed, limit: int = 20) -> Sequence[tuple[datetime, Item]]:
    """The last items of a feed and when it brought them, alone or after others, newest first."""
    first = select(Item.fetched_at, Item).where(Item.feed_id == feed.id)
    also = select(Sighting.at, Item).join(Item, Item.id == Sighting.item_id)
    queries = (
        first.order_by(Item.fetched_at.desc(), Item.id.desc()),
        also.where(Sighting.feed_id == feed.id).order_by(Sighting.at.desc()),
    )
    found = [(at, item) for query in queries for at, item in session.execute(query.limit(limit))]
    return sorted(found, key=lambda one: one[0], reverse=True)[:limit]


def brought_nothing(session: Session, feed: Feed) -> bool:
    """Whether this feed never brought an item, alone or with others."""
    if feed.last_new_at is not None:  # what it brought may be thinned by now
        return False
    brought = select(Item.id).where(Item.feed_id == feed.id)
    sighted = select(Sighting.item_id).where(Sighting.feed_id == feed.id)
    return not any(session.scalar(found.limit(1)) for found in (brought, sighted))


def known_hashes(session: Session, feed: Feed, hashes: Iterable[str]) -> frozenset[str]:
    """Which of these items the feed has brought already."""
    wanted = list(hashes)
    first = select(Item.guid_hash).where(Item.feed_id == feed.id, Item.guid_hash.in_(wanted))
    also = select(Sighting.guid_hash).where(
        Sighting.feed_id == feed.id, Sighting.guid_hash.in_(wanted)
    )
    return frozenset(session.scalars(first.union(also)))


def known_addresses(session: Session, addresses: Iterable[str]) -> frozenset[str]:
    """Which of these addresses feeds have."""
    return frozenset(session.scalars(select(Feed.url).where(Feed.url.in_(list(addresses)))))


def all_feeds(session: Session) -> Sequence[Feed]:
    """Every feed with its section and source, in the order of sections, then by name."""
    query = select(Feed).options(joinedload(Feed.section), joinedload(Feed.source))
    return session.scalars(query.order_by(Feed.section_id, func.lower(Feed.title), Feed.url)).all()


def feed(session: Session, number: int) -> Feed | None:
    """The feed with this number, its section and source."""
    query = select(Feed).where(Feed.id == number)
    return session.scalar(query.options(joinedload(Feed.section), joinedload(Feed.source)))


def _named(query: Any, words: str) -> Any:
    for word in words.split():
        has = (column.icontains(word, autoescape=True) for column in (Feed.title, Feed.url))
        query = query.where(or_(*has))
    return query
