"""What we have of a feed's entries, as far as it may be them: by guid, by page, by words.

Reads alone; `identity.py` decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from newsapp.wire.entries import ENTRIES, Entry
from newsapp.wire.links import page_hash, place_of
from newsapp.wire.models import Feed, Item, Sighting
from newsapp.wire.queries import closest, hosts_of, sources_at

TWINS = 2 * ENTRIES  # items of one feed and of its headlines that are looked at
Pages = Mapping[str, str | None]  # the hash of the page that each entry leads to, by guid


@dataclass(frozen=True, slots=True)
class Shelf:
    """The items that entries of a feed may be."""

    feed_id: int
    by_guid: Mapping[str, Item]  # of this feed, by hash
    by_page: Mapping[str, Item]  # the first of each page, by hash
    # Of this feed and a shared link, by the entry's guid; an item is of one entry.
    by_words: Mapping[str, Item]
    # Feeds of other outlets, or that only a list calls this one's, which brought some of them.
    strangers: frozenset[int]
    at_home: frozenset[str]  # guids of entries that lead to the site of the feed's own outlet

    @classmethod
    def of(cls, session: Session, feed: Feed, entries: Sequence[Entry], pages: Pages) -> "Shelf":
        """What we have of these entries."""
        by_guid = _by_guid(session, feed, entries)
        by_page = _by_page(session, _unsure(entries, pages, by_guid))
        strangers = _strangers(session, feed, [*by_guid.values(), *by_page.values()])
        return cls(
            feed.id,
            by_guid,
            by_page,
            _by_words(session, feed, entries, pages, by_guid),
            strangers,
            _at_home(session, feed, entries) if strangers and not feed.apart else frozenset(),
        )


def sighted_before(session: Session, feed: Feed, items: Iterable[Item]) -> frozenset[int]:
    """Which of other feeds' items this feed brought before, under whichever guid."""
    numbers = [item.id for item in items]
    if not numbers:
        return frozenset()
    query = select(Sighting.item_id).where(Sighting.feed_id == feed.id)
    return frozenset(session.scalars(query.where(Sighting.item_id.in_(numbers))))


def _by_guid(session: Session, feed: Feed, entries: Sequence[Entry]) -> Mapping[str, Item]:
    """The items that a feed brought, first or after another one."""
    hashes = [entry.guid_hash for entry in entries]
    query = select(Item).where(Item.feed_id == feed.id, Item.guid_hash.in_(hashes))
    first = {item.guid_hash: item for item in session.scalars(query)}
    rest = [guid_hash for guid_hash in hashes if guid_hash not in first]
    if not rest:
        return first
    also = select(Sighting.guid_hash, Item).join(Item, Item.id == Sighting.item_id)
    also = also.where(Sighting.feed_id == feed.id, Sighting.guid_hash.in_(rest))
    return first | dict(session.execute(also.order_by(Item.id.desc())).all())


def _unsure(entries: Iterable[Entry], pages: Pages, by_guid: Mapping[str, Item]) -> set[str]:
    """The pages of entries whose guid is new, or came with another page before."""
    found = ((by_guid.get(entry.guid_hash), pages[entry.guid]) for entry in entries)
    return {page for item, page in found if page and (item is None or item.page_hash != page)}


def _by_page(session: Session, pages: Iterable[str]) -> Mapping[str, Item]:
    wanted = sorted(pages)
    if not wanted:
        return {}
    query = select(Item).where(Item.page_hash.in_(wanted)).order_by(Item.id.desc())
    return {item.page_hash: item for item in session.scalars(query) if item.page_hash}


def _strangers(session: Session, feed: Feed, items: Iterable[Item]) -> frozenset[int]:
    others = {item.feed_id for item in items} - {feed.id}
    strange = or_(Feed.source_id != feed.source_id, Feed.apart)
    query = select(Feed.id).where(Feed.id.in_(others), strange)
    return frozenset(session.scalars(query)) if others else frozenset()


def _at_home(session: Session, feed: Feed, entries: Iterable[Entry]) -> frozenset[str]:
    urls = {entry.guid: entry.url for entry in entries if page_hash(entry.url)}
    outlets = sources_at(session, {host for url in urls.values() for host in hosts_of(url)})
    owners = {guid: closest(url, outlets) for guid, url in urls.items()}
    return frozenset(guid for guid, one in owners.items() if one and one.id == feed.source_id)


def _by_words(
    session: Session,
    feed: Feed,
    entries: Sequence[Entry],
    pages: Pages,
    by_guid: Mapping[str, Item],
) -> Mapping[str, Item]:
    """Each item goes to one entry, first to one that has its text, too."""
    owns = {entry.guid: by_guid.get(entry.guid_hash) for entry in entries}
    doubtful = [entry for entry in entries if _in_doubt(owns[entry.guid], entry)]
    if not doubtful:
        return {}
    sure = {item.id for item in owns.values() if item} - {
        item.id for entry in doubtful if (item := owns[entry.guid])
    }
    kept: dict[tuple[str, str], list[Item]] = {}
    for item in _sharing(session, feed, doubtful, pages):
        if item.id not in sure:
            kept.setdefault((place_of(item.url), item.headline), []).append(item)
    found: dict[str, Item] = {}
    for exact in (True, False):
        for entry in doubtful:
            items = kept.get((place_of(entry.url), entry.headline), [])
            like = (one for one in items if _same_date(one, entry, exact=exact))
            if entry.guid not in found and (item := next(like, None)):
                found[entry.guid] = item
                items.remove(item)
    return found


def _in_doubt(own: Item | None, entry: Entry) -> bool:
    """Whether a guid names no item surely: an item whose link is that of others now says more."""
    if own is None:
        return True
    return own.page_hash is None and own.headline != entry.headline


def _same_date(item: Item, entry: Entry, *, exact: bool) -> bool:
    """Whether an entry would have got the date that an item has; without one, its text counts."""
    dated = entry.published_at is not None and entry.published_at <= item.fetched_at
    said = min(entry.published_at or item.fetched_at, item.fetched_at)
    return said == item.published_at and (item.summary == entry.summary or (dated and not exact))


def _sharing(session: Session, feed: Feed, entries: Sequence[Entry], pages: Pages) -> list[Item]:
    """The items of a feed with these headlines whose link is that of others, the newest of them,
    and those whose link is that of these entries by now."""
    ours = select(Item).where(Item.feed_id == feed.id)
    alone = ours.where(
        Item.page_hash.is_(None),  # ix_items_sharing
        Item.headline.in_(sorted({entry.headline for entry in entries})),
    )
    items = [*session.scalars(alone.order_by(Item.published_at.desc()).limit(TWINS))]
    shared = {page_hash(entry.url) for entry in entries if pages[entry.guid] is None}
    if hashes := sorted(filter(None, shared)):
        items += session.scalars(ours.where(Item.page_hash.in_(hashes)).limit(TWINS))
    return items
