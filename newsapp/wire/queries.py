"""Reads of the wire: what is new, what is due, what fails."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVarTuple
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from newsapp.stories.models import Section
from newsapp.wire.models import (
    Cluster,
    Feed,
    Host,
    Item,
    ItemSection,
    ItemVersion,
    Source,
    State,
    Trust,
    outlet_of,
)

FLAGGED = 500  # items that are looked at for the cards that are flagged
Columns = TypeVarTuple("Columns")


def items(session: Session, numbers: Sequence[int]) -> Sequence[Item]:
    """The items with these numbers."""
    return session.scalars(select(Item).where(Item.id.in_(numbers)).order_by(Item.id)).all()


def earlier_words(session: Session, items: Iterable[Item]) -> dict[int, list[ItemVersion]]:
    """What these items said before their feeds changed them, by item, the newest first."""
    changed = [item.id for item in items if item.changes]
    query = select(ItemVersion).where(ItemVersion.item_id.in_(changed))
    found: dict[int, list[ItemVersion]] = {}
    for version in session.scalars(query.order_by(ItemVersion.replaced_at.desc())):
        found.setdefault(version.item_id, []).append(version)
    return found


def flagged_items(session: Session, limit: int = 20) -> Sequence[Item]:
    """Of each card the newest item that a rule flagged and nobody has dealt with, the newest first,
    with their sources."""
    waiting = (Item.flagged.is_(True), Item.state == State.NEW, Item.cluster_id.is_not(None))
    recent = select(Item.id, Item.cluster_id).where(*waiting)
    last = recent.order_by(Item.id.desc()).limit(FLAGGED).subquery()
    newest = select(func.max(last.c.id)).group_by(last.c.cluster_id)
    newest = newest.order_by(func.max(last.c.id).desc()).limit(limit)
    query = select(Item).where(Item.id.in_(newest)).order_by(Item.id.desc())
    return session.scalars(query.options(joinedload(Item.feed).joinedload(Feed.source))).all()


def item(session: Session, item_id: int) -> Item | None:
    """An item with its feed, source and sections."""
    feed = joinedload(Item.feed)
    return session.scalar(
        select(Item)
        .where(Item.id == item_id)
        .options(
            feed.joinedload(Feed.section),
            feed.joinedload(Feed.source).selectinload(Source.sections),
        )
    )


def item_behind(session: Session, story_id: int) -> Item | None:
    """The item that a story was made of; of several one that its outlet took out of its feed."""
    query = select(Item).where(Item.story_id == story_id)
    return session.scalar(query.order_by(Item.pulled_at.is_(None), Item.id).limit(1))


def items_since(
    session: Session, since: datetime, before: int | None = None, limit: int = 500
) -> Sequence[Item]:
    """The items that came since then, newest first; `before` is the last of the page before."""
    query = select(Item).where(Item.fetched_at >= since)
    if before is not None:
        query = query.where(Item.id < before)
    return session.scalars(query.order_by(Item.id.desc()).limit(limit)).all()


def sections_of(session: Session, item_id: int) -> Sequence[Section]:
    """What an item is about, in the tree's order, a region only where none of its countries is."""
    query = select(Section).join(ItemSection, ItemSection.section_id == Section.id)
    found = session.scalars(
        query.where(ItemSection.item_id == item_id).order_by(Section.position, Section.id)
    ).all()
    said = {section.parent_id for section in found}
    return [section for section in found if section.id not in said]


def also_reporting(session: Session, item: Item, most: int = 20) -> Sequence[Item]:
    """The items by which other sources report the event of this one: of each source the first
    that nobody set aside, of those that are doubted none."""
    query = (
        select(Item)
        .join(Item.feed)
        .join(Feed.source)
        .where(
            Item.cluster_id == item.cluster_id,
            Item.state != State.IGNORED,
            Source.id != item.feed.source_id,
            Source.trust != Trust.DOUBTFUL,
        )
        .options(contains_eager(Item.feed).contains_eager(Feed.source))
        .order_by(Item.id)
        .limit(200)
    )
    first: dict[int, Item] = {}
    for found in session.scalars(query):
        first.setdefault(found.feed.source_id, found)
    return [*first.values()][:most]


def cluster(session: Session, number: int) -> Cluster | None:
    """The cluster with this number; where it was joined to another one, that one."""
    found = session.get(Cluster, number)
    return session.get(Cluster, found.joined_id) if found and found.joined_id else found


def source_of(session: Session, url: str) -> Source | None:
    """The source that an address is of: the one on its host, else the closest one above it."""
    return closest(url, sources_at(session, hosts_of(url)))


def closest(url: str, found: Mapping[str, Source]) -> Source | None:
    """The source that an address is of, among these by their hosts."""
    return next((found[host] for host in hosts_of(url) if host in found), None)


def hosts_of(url: str) -> list[str]:
    """The hosts of which an address may be: its outlet's, then those above it."""
    labels = outlet_of(url).split(".")
    return [".".join(labels[n:]) for n in range(max(1, len(labels) - 1))]


def sources_at(session: Session, hosts: Iterable[str]) -> dict[str, Source]:
    """The sources on these hosts, by host."""
    query = select(Source).where(Source.host.in_(list(hosts)))
    return {source.host: source for source in session.scalars(query)}


def source_for(session: Session, url: str, name: str = "") -> Source:
    """The source that an address is of, made where there is none yet."""
    if found := source_of(session, url):
        return found
    made = new_source(url, name)
    session.add(made)
    return made


def new_source(url: str, name: str = "") -> Source:
    """The source that an address is of, where there is none yet."""
    parts, host = urlsplit(url), outlet_of(url)
    return Source(name=name[:120] or host, host=host, home=f"{parts.scheme}://{parts.netloc}/")


def names_of_sources(session: Session) -> dict[int, str]:
    """The sources' names by number, from A to Z; where several have one, with their hosts."""
    query = select(Source.id, Source.name, Source.host)
    found = session.execute(query.order_by(func.lower(Source.name), Source.id)).all()
    often = Counter(name.casefold() for _, name, _ in found)
    return {
        number: name if often[name.casefold()] == 1 else f"{name} ({host})"
        for number, name, host in found
    }


def any_feed(session: Session) -> bool:
    """Whether there is a feed."""
    return session.scalar(select(Feed.id).limit(1)) is not None


def feeds(session: Session) -> Sequence[Feed]:
    """All feeds with their sections, by title."""
    query = select(Feed).options(joinedload(Feed.section))
    return session.scalars(query.order_by(Feed.title, Feed.url)).all()


def due_feeds(session: Session, at: datetime, limit: int) -> Sequence[Feed]:
    """The feeds whose time to be fetched has come, longest overdue first."""
    query = select(Feed).where(*_due(at))
    return session.scalars(query.order_by(Feed.next_check_at, Feed.id).limit(limit)).all()


def next_due(session: Session, at: datetime) -> tuple[int, str] | None:
    """The feed that is overdue longest among those whose host may be asked, and that host."""
    query = _askable(select(Feed.id, Feed.host), at).order_by(Feed.next_check_at, Feed.id)
    found = session.execute(query.limit(1)).first()
    return (found.id, found.host) if found else None


def due_hosts(session: Session, at: datetime) -> int:
    """How many hosts may be asked for a feed that is due."""
    return session.scalar(_askable(select(func.count(Feed.host.distinct())), at)) or 0


def due_at(session: Session, host: str, at: datetime) -> bool:
    """Whether a feed of this host is due."""
    query = select(Feed.id).where(Feed.host == host, *_due(at)).limit(1)
    return session.scalar(query) is not None


def _askable(query: Select[*Columns], at: datetime) -> Select[*Columns]:
    """Narrows to feeds that are due and whose host's turn nobody has."""
    query = query.select_from(Feed).outerjoin(Host, Host.name == Feed.host)
    return query.where(*_due(at), or_(Host.name.is_(None), Host.free_at <= at))


def _due(at: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Feed.active.is_(True), Feed.next_check_at <= at


def feed_by_url(session: Session, url: str) -> Feed | None:
    """The feed at this address."""
    return session.scalar(select(Feed).where(Feed.url == url))


def feed_by(session: Session, name: str) -> Feed | None:
    """The feed with this number or address, as an editor may name it."""
    if name.isascii() and name.isdecimal():
        return session.get(Feed, int(name)) if len(name) < 10 else None
    return feed_by_url(session, name)
