"""Which item an entry of a feed is: by its guid, else by its link, in whichever feed it came.

Guids change and are given to new stories, links are those of whole sites: neither alone is believed
against what the headlines and the dates say. Where neither names an item, its feed's same words of
the same date, with the same link, do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.wire.entries import ENTRIES
from newsapp.wire.links import page_hash, place_of
from newsapp.wire.models import Feed, Item, Sighting
from newsapp.wire.names import APART, alike, repeats
from newsapp.wire.parse import Entry
from newsapp.wire.queries import hosts_of, sources_at
from newsapp.wire.thinning import unspiked

TWINS = 2 * ENTRIES  # items of one feed and of its headlines that are looked at


@dataclass(slots=True)
class Settled:
    """What each entry of a feed is."""

    known: list[tuple[Item, Entry]] = field(default_factory=list)  # items of this feed
    sighted: list[tuple[Item, Entry]] = field(default_factory=list)  # new here, of another feed
    fresh: list[tuple[Entry, str | None]] = field(default_factory=list)  # with the link's hash
    owned: list[tuple[Item, Entry]] = field(default_factory=list)  # of its site, another's first
    # Items of others that stand for pages of this outlet's site, by the fresh ones' guid_hash.
    shadows: dict[str, Item] = field(default_factory=dict)
    mistaken: list[Item] = field(default_factory=list)  # whose link is that of other items, too
    pulled: list[Item] = field(default_factory=list)  # of this feed, which lists them no more


def settle(session: Session, feed: Feed, entries: Sequence[Entry], at: datetime) -> Settled:
    """Tells known entries from new ones; an item is named once."""
    pages = pages_of(entries)
    entries = [entry for entry in entries if entry.guid in pages]
    guids = _by_guid(session, feed, entries)
    linked = _by_page(session, _unsure(entries, pages, guids))
    twins = _twins(session, feed, entries, pages, guids)
    strangers, ours = _claims(session, feed, entries, [*guids.values(), *linked.values()])
    found, named = Settled(), set[int]()
    for entry in entries:
        own, page = guids.get(entry.guid_hash), pages[entry.guid]
        same = linked.get(page or "")
        item = twins.get(entry.guid) or _which(own, same, entry, page, at)
        first = (item or same) if page and entry.guid in ours else None
        if (
            first
            and first.feed_id in strangers
            and first.page_hash == page
            and own in (None, first)
        ):
            if not alike(first.headline, entry.headline):
                found.shadows[entry.guid_hash], item = first, None
            elif first.id not in named:
                found.owned.append((first, entry))
        elif own is not None and item is not own:
            # The guid names neither of them; as in one feed (names.py).
            entry = replace(entry, guid=entry.words)
        if item is None and same is not None and entry.guid_hash not in found.shadows:
            page = None
            found.mistaken += [same] if same.feed_id == feed.id else []
        if item is None:
            found.fresh.append((entry, page))
        elif item.id not in named:
            named.add(item.id)
            if item.feed_id == feed.id:
                found.known.append((item, entry))
                found.mistaken += [item] if page is None and item.page_hash else []
            elif item is not own:
                found.sighted.append((item, entry))
    found.sighted = _unsighted(session, feed, found.sighted)
    found.fresh = unspiked(session, feed.id, found.fresh, at)
    return found


def pages_of(entries: Iterable[Entry]) -> dict[str, str | None]:
    """The hash of the page that each entry leads to, by guid; None where entries of one feed that
    say different things lead to the same. Those that say the same twice are left out."""
    groups: dict[str, list[Entry]] = {}
    pages: dict[str, str | None] = {}
    for entry in entries:
        groups.setdefault(place_of(entry.url), []).append(entry)
    for first, *others in groups.values():
        page = page_hash(first.url)
        if page and all(repeats(first, other) for other in others):
            pages[first.guid] = page
        else:
            said = {(one.words, one.published_at): one.guid for one in (*others[::-1], first)}
            pages |= dict.fromkeys(said.values())
    return pages


def _claims(
    session: Session, feed: Feed, entries: Iterable[Entry], items: Iterable[Item]
) -> tuple[set[int], set[str]]:
    """The feeds of these items that are of other outlets; the guids of entries that lead to this
    outlet's own site: for what stands there, its words count, whoever was faster."""
    others = {item.feed_id for item in items} - {feed.id}
    query = select(Feed.id).where(Feed.id.in_(others), Feed.source_id != feed.source_id)
    strangers = set(session.scalars(query)) if others else set()
    if not strangers:
        return set(), set()
    hosts = {entry.guid: hosts_of(entry.url) for entry in entries if page_hash(entry.url)}
    sources = sources_at(session, {host for some in hosts.values() for host in some})
    closest = {
        guid: next(filter(None, map(sources.get, some)), None) for guid, some in hosts.items()
    }
    return strangers, {guid for guid, one in closest.items() if one and one.id == feed.source_id}


def _unsure(
    entries: Iterable[Entry], pages: Mapping[str, str | None], guids: Mapping[str, Item]
) -> set[str]:
    """The pages of entries whose guid is new, or came with another page before."""
    found = ((guids.get(entry.guid_hash), pages[entry.guid]) for entry in entries)
    return {page for item, page in found if page and (item is None or item.page_hash != page)}


def _which(
    own: Item | None, same: Item | None, entry: Entry, page: str | None, at: datetime
) -> Item | None:
    """The item that an entry is: the one that its guid names, or the one that is of its page."""
    if own is not None:
        unsure = page is None and entry.guid == entry.url
        moved = unsure or (page is not None and page != own.page_hash)
        if moved and (_reused(own, entry) or (same and _says(own, same, entry))):
            return same
        return own
    return None if same is None or _another(same, entry, at) else same


def _reused(item: Item, entry: Entry) -> bool:
    """Whether a guid, with another link or for want of one, was given to another story."""
    return item.published_at != entry.published_at and not alike(item.headline, entry.headline)


def _says(own: Item, same: Item, entry: Entry) -> bool:
    """Whether the item of its page, and not that of its guid, has an entry's headline."""
    return same.feed_id == own.feed_id and same.headline == entry.headline != own.headline


def _another(item: Item, entry: Entry, at: datetime) -> bool:
    """Whether a link that comes with another guid leads to another story by now."""
    apart = abs((entry.published_at or at) - item.published_at) > APART
    return apart and not alike(item.headline, entry.headline)


def _by_guid(session: Session, feed: Feed, entries: Sequence[Entry]) -> Mapping[str, Item]:
    """The items that a feed brought, first or after another one, by the hash of its guid."""
    hashes = [entry.guid_hash for entry in entries]
    query = select(Item).where(Item.feed_id == feed.id, Item.guid_hash.in_(hashes))
    first = {item.guid_hash: item for item in session.scalars(query)}
    rest = [guid_hash for guid_hash in hashes if guid_hash not in first]
    if not rest:
        return first
    also = select(Sighting.guid_hash, Item).join(Item, Item.id == Sighting.item_id)
    also = also.where(Sighting.feed_id == feed.id, Sighting.guid_hash.in_(rest))
    return first | dict(session.execute(also.order_by(Item.id.desc())).all())


def _by_page(session: Session, pages: Iterable[str]) -> Mapping[str, Item]:
    """The first item of each page."""
    wanted = sorted(pages)
    if not wanted:
        return {}
    query = select(Item).where(Item.page_hash.in_(wanted)).order_by(Item.id.desc())
    return {item.page_hash: item for item in session.scalars(query) if item.page_hash}


def _twins(
    session: Session,
    feed: Feed,
    entries: Sequence[Entry],
    pages: Mapping[str, str | None],
    guids: Mapping[str, Item],
) -> Mapping[str, Item]:
    """The items of a feed that share their links and say what these entries say, by the guid of an
    entry: each is of one entry, first of one that has its text, too."""
    owns = {entry.guid: guids.get(entry.guid_hash) for entry in entries}
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


def _sharing(
    session: Session, feed: Feed, entries: Sequence[Entry], pages: Mapping[str, str | None]
) -> list[Item]:
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


def _unsighted(
    session: Session, feed: Feed, sighted: Sequence[tuple[Item, Entry]]
) -> list[tuple[Item, Entry]]:
    """Those that this feed did not bring before, under whichever guid."""
    if not sighted:
        return []
    query = select(Sighting.item_id).where(
        Sighting.feed_id == feed.id, Sighting.item_id.in_([item.id for item, _ in sighted])
    )
    before = set(session.scalars(query))
    return [(item, entry) for item, entry in sighted if item.id not in before]
