"""Which item an entry of a feed is: by its guid, else by its link, in whichever feed it came.

Guids change and are given to new stories, links are those of whole sites: neither alone is believed
against what the headlines and the dates say. Of an item that is thinned, its feed, its two hashes
and its date are needed; where no headline is left, any may be its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.wire.links import page_hash
from newsapp.wire.models import Feed, Item, Sighting
from newsapp.wire.parse import Entry
from newsapp.wire.thinning import unspiked

APART = timedelta(days=1)  # dates between which one page may have got another story
ALIKE = 3  # of a shorter headline's runs of three characters, one in so many is shared


@dataclass(slots=True)
class Settled:
    """What each entry of a feed is."""

    known: list[tuple[Item, Entry]] = field(default_factory=list)  # items of this feed
    sighted: list[tuple[Item, Entry]] = field(default_factory=list)  # new here, of another feed
    fresh: list[tuple[Entry, str | None]] = field(default_factory=list)  # with the link's hash
    mistaken: list[Item] = field(default_factory=list)  # whose link is that of other items, too
    pulled: list[Item] = field(default_factory=list)  # of this feed, which lists them no more


def settle(session: Session, feed: Feed, entries: Sequence[Entry], at: datetime) -> Settled:
    """Tells known entries from new ones; an item is named once."""
    pages = pages_of(entries)
    entries = [entry for entry in entries if entry.guid in pages]
    guids = _by_guid(session, feed, entries)
    linked = _by_page(session, _unsure(entries, pages, guids))
    found, named = Settled(), set[int]()
    for entry in entries:
        own, page = guids.get(entry.guid_hash), pages[entry.guid]
        same = linked.get(page or "")
        item = _which(own, same, entry, page, at)
        if own is not None and item is not own:
            # The guid names neither of them; as in one feed (entries.worth_keeping).
            entry = replace(entry, guid=entry.url)
        if item is None and same is not None:
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
        if page := page_hash(entry.url):
            groups.setdefault(page, []).append(entry)
        else:
            pages[entry.guid] = None
    for page, (first, *others) in groups.items():
        if all(_repeats(first, other) for other in others):
            pages[first.guid] = page
        else:
            pages |= {entry.guid: None for entry in (first, *others)}
    return pages


def alike(one: str, other: str) -> bool:
    """Whether two headlines may be of one story; what says nothing may be of any."""
    ours, theirs = _runs(one), _runs(other)
    return not ours or not theirs or len(ours & theirs) * ALIKE >= min(len(ours), len(theirs))


def _repeats(first: Entry, other: Entry) -> bool:
    near = not (first.published_at and other.published_at) or (
        abs(first.published_at - other.published_at) < APART
    )
    return near and first.headline.casefold() == other.headline.casefold()


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
        moved = page is not None and page != own.page_hash
        return same if moved and _reused(own, entry) else own
    return None if same is None or _another(same, entry, at) else same


def _reused(item: Item, entry: Entry) -> bool:
    """Whether a guid that comes with another link was given to another story."""
    return item.published_at != entry.published_at and not alike(item.headline, entry.headline)


def _another(item: Item, entry: Entry, at: datetime) -> bool:
    """Whether a link that comes with another guid leads to another story by now."""
    apart = abs((entry.published_at or at) - item.published_at) > APART
    return apart and not alike(item.headline, entry.headline)


def _runs(headline: str) -> set[str]:
    said = "".join(char for char in headline.casefold() if char.isalnum())
    return {said[n : n + 3] for n in range(max(1, len(said) - 2))} if said else set()


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
