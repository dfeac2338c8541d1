"""Which item an entry of a feed is: by its guid, else by its link, in whichever feed it came.

Guids change and are given to new stories, links are those of whole sites: neither alone is believed
against what the headlines and the dates say. Where neither names an item, its feed's same words of
the same date, with the same link, do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from newsapp.wire.links import page_hash, place_of
from newsapp.wire.models import Feed, Item
from newsapp.wire.names import APART, alike, repeats
from newsapp.wire.parse import Entry
from newsapp.wire.shelf import Shelf, sighted_before
from newsapp.wire.thinning import unspiked


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
    """Tells known entries from new ones; an item is one entry."""
    pages = pages_of(entries)
    entries = [entry for entry in entries if entry.guid in pages]
    shelf = Shelf.of(session, feed, entries, pages)
    found, taken = Settled(), set[int]()
    for entry in entries:
        _settle(found, taken, shelf, entry, pages[entry.guid], at)
    before = sighted_before(session, feed, [item for item, _ in found.sighted])
    found.sighted = [(item, entry) for item, entry in found.sighted if item.id not in before]
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


def _settle(
    found: Settled, taken: set[int], shelf: Shelf, entry: Entry, page: str | None, at: datetime
) -> None:
    """Puts an entry where it belongs, and notes which item is no other entry's any more."""
    own, same = shelf.by_guid.get(entry.guid_hash), shelf.by_page.get(page or "")
    item = shelf.by_words.get(entry.guid) or _which(own, same, entry, page, at)
    stranger = _of_a_stranger(shelf, own, item or same, entry, page)
    if stranger and not alike(stranger.headline, entry.headline):
        found.shadows[entry.guid_hash] = stranger
        found.fresh.append((entry, page))
        return
    if same and same.id in taken:
        same = None  # it goes where its entry leads
    if item and item.id in taken:
        item = _which(None, same, entry, page, at)
    if own and item is not own:
        # The guid names neither of them; as in one feed (names.py).
        entry = replace(entry, guid=entry.words)
    if item is None:
        found.fresh.append((entry, None if same else page))
        found.mistaken += [same] if same and same.feed_id == shelf.feed_id else []
        return
    taken.add(item.id)
    if stranger:
        found.owned.append((item, entry))
    if item.feed_id == shelf.feed_id:
        found.known.append((item, entry))
        found.mistaken += [item] if page is None and item.page_hash else []
    elif item is not own:
        found.sighted.append((item, entry))


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


def _of_a_stranger(
    shelf: Shelf, own: Item | None, first: Item | None, entry: Entry, page: str | None
) -> Item | None:
    """The item of this page where another outlet brought it first, from this outlet's own site: for
    what stands there, the outlet's words count, whoever was faster."""
    if first is None or own not in (None, first) or entry.guid not in shelf.at_home:
        return None
    return first if page == first.page_hash and first.feed_id in shelf.strangers else None


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
