"""Reads of the desk's list: a card for each cluster, what it is narrowed to, page by page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, defer, joinedload

from newsapp import clock
from newsapp.accounts.models import User
from newsapp.stories.models import Kind, Status, Story
from newsapp.stories.queries.sections import Place, Tree
from newsapp.wire import clean, placing
from newsapp.wire.models import (
    Cluster,
    ClusterPlacement,
    Feed,
    Item,
    ReadingMark,
    Sighting,
    Source,
    State,
    Tray,
    Trust,
)

PAGE = 50
SHOWN = 12  # items of a card in the list; its own page has all
MOST = 500  # items of a card that its own page shows
# Cards that one page looks at, at most, for those that fit; then it says how far it looked.
WINDOW = 20_000
MANY = 999  # counted no further
NONE = -1  # below all items, and what stands below all of them
UNREAD = timedelta(days=14)  # what has not moved for longer counts as read
TRUST = {Trust.TRUSTED: 2, Trust.KNOWN: 1, Trust.DOUBTFUL: 0}
_SPOT = ClusterPlacement.newest_id, ClusterPlacement.cluster_id
_NEWEST_FIRST = [column.desc() for column in _SPOT]
SUMMARY, CUT = 3_000, 300  # characters of an item's text that are looked at, and shown


class Spot(NamedTuple):
    """Where a card stands in the list, written into addresses as 118-57."""

    newest_id: int
    cluster_id: int

    def __str__(self) -> str:
        return f"{self.newest_id}-{self.cluster_id}"


class Unread(NamedTuple):
    """What a person has not seen since it last moved."""

    by: int
    after: int  # item: what has not moved since counts as read


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to."""

    tray: str = Tray.WAITING
    facets: tuple[str, ...] = ()  # all of these; the one that says most stands first
    words: str = ""
    unread: Unread | None = None


@dataclass(frozen=True, slots=True)
class Ours:
    """A story of ours that says what a card says."""

    id: int
    headline: str  # empty: a colleague's that this person does not work on
    status: str


@dataclass(frozen=True, slots=True)
class Card:
    """An event at the desk, and what is told of it."""

    cluster: Cluster
    tray: str
    newest_id: int
    lead: Item  # which stands for it
    summary: str  # of this one, plain
    items: tuple[Item, ...]  # newest first
    more: int  # items that are not shown
    where: tuple[Place, ...]
    what: tuple[Place, ...]
    sources: int
    read: bool
    ours: tuple[Ours, ...]
    also: Mapping[int, tuple[str, ...]]  # outlets that brought an item after its own, by item

    @property
    def stands_for(self) -> str:
        """Why its lead stands for it, in words."""
        newest, count = self.items[0], self.cluster.items
        if newest is self.lead:
            return f"newest of {count}"
        if newest.state == self.lead.state:
            return f"most trusted of {count}"
        why = "still waiting" if self.lead.state == State.NEW else "the one we used"
        return f"{why}, of {count}"

    @property
    def rests(self) -> bool:
        """Whether none of it waits, and something of it was set aside, to be brought back."""
        aside = any(item.state == State.IGNORED for item in self.items)
        return self.tray != Tray.WAITING and aside


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, newest movement first, and where the next begins."""

    cards: tuple[Card, ...]
    older: Spot | None
    looked: bool  # whether older ones may fit that it did not look at


def page(
    session: Session, wanted: Wanted, by: User, tree: Tree, before: Spot | None = None
) -> Page:
    """The cards that fit, one range scan of one index; bounded, however few fit."""
    end = session.execute(floor_of(wanted, before)).first() if _sieve(wanted) else None
    floor = Spot(*end) if end else None
    rows = session.execute(scan_of(wanted, before, floor).limit(PAGE + 1))
    found = [Spot(newest_id, number) for number, newest_id in rows]
    more, found = len(found) > PAGE, found[:PAGE]
    older = found[-1] if more else floor
    shown = cards(session, [spot.cluster_id for spot in found], by, tree)
    return Page(shown, older, bool(floor and not more))


def scan_of(
    wanted: Wanted, before: Spot | None = None, floor: Spot | None = None
) -> Select[int, int]:
    """The cards that fit, newest movement first; `before` is the last one of the page before,
    `floor` the last one which this page looks at."""
    query = select(ClusterPlacement.cluster_id, ClusterPlacement.newest_id)
    query = query.where(*_span(wanted, before), *_sieve(wanted))
    if floor is not None:
        query = query.where(tuple_(*_SPOT) >= floor)
    return query.order_by(*_NEWEST_FIRST)


def floor_of(wanted: Wanted, before: Spot | None = None) -> Select[int, int]:
    """Where the last card stands that a page looks at."""
    query = select(*_SPOT).where(*_span(wanted, before))
    return query.order_by(*_NEWEST_FIRST).offset(WINDOW - 1).limit(1)


def count_after(session: Session, wanted: Wanted, after: int) -> int:
    """How many cards that fit came or moved since this item, counted up to MANY."""
    newer = scan_of(wanted).where(ClusterPlacement.newest_id > after).limit(MANY)
    return session.scalar(select(func.count()).select_from(newer.subquery())) or 0


def newest_item(session: Session) -> int:
    """The number of the newest item of all; what comes from now on has a higher one."""
    return session.scalar(select(func.max(Item.id))) or 0


def card(session: Session, number: int, by: User, tree: Tree) -> Card | None:
    """A card with all its items; where it was joined to another one, that one."""
    gone = session.get(Cluster, number)
    number = gone.joined_id if gone and gone.joined_id else number
    found = cards(session, [number], by, tree, MOST)
    return found[0] if found else None


def cards(
    session: Session, numbers: Sequence[int], by: User, tree: Tree, shown: int = SHOWN
) -> tuple[Card, ...]:
    """The cards of these clusters, in this order, each with its newest items."""
    clusters = {c.id: c for c in session.scalars(select(Cluster).where(Cluster.id.in_(numbers)))}
    items: defaultdict[int | None, list[Item]] = defaultdict(list)
    for item in session.scalars(_newest_of(numbers, shown)):
        items[item.cluster_id].append(item)
    leads = {number: _lead(items[number]) for number in numbers if items[number]}
    facets, trays = _placed(session, numbers)
    read, long_past = _read(session, numbers, by), unread_since(session, clock.now())
    ours = ours_of(session, numbers, by)
    summaries = _summaries(session, leads.values())
    also = _also(session, [item for number in leads for item in items[number]])
    return tuple(
        Card(
            cluster=clusters[number],
            tray=trays[number][0],
            newest_id=trays[number][1],
            lead=lead,
            summary=summaries.get(lead.id, ""),
            items=tuple(items[number]),
            more=max(0, clusters[number].items - len(items[number])),
            where=_where(tree, facets[number]),
            what=tree.pick(_sections(facets[number]), Kind.TOPIC),
            sources=sum(facet.startswith(placing.of_source(0)[:-1]) for facet in facets[number]),
            read=max(read.get(number, NONE), long_past) >= trays[number][1],
            ours=tuple(ours[number]),
            also=also,
        )
        for number, lead in leads.items()
        if number in trays and number in clusters
    )


def ours_of(
    session: Session, numbers: Sequence[int | None], by: User
) -> dict[int | None, list[Ours]]:
    """The stories that were made of each cluster's items, and those that say the same."""
    query = (
        select(Item.cluster_id, Story.id, Story.headline, Story.status, Story.created_by_id)
        .join(Story, or_(Story.id == Item.story_id, Story.id == Item.like_story_id))
        .where(Item.cluster_id.in_(numbers))
        .order_by(Story.id.desc())
        .distinct()
    )
    found: defaultdict[int | None, list[Ours]] = defaultdict(list)
    for number, story_id, headline, status, author in session.execute(query):
        seen = by.may_publish or author == by.id or status == Status.PUBLISHED
        found[number].append(Ours(story_id, headline if seen else "", status))
    return found


def unread_since(session: Session, at: datetime) -> int:
    """The last item that is too old to be unread; NONE where none is."""
    first = select(Item.id).where(Item.fetched_at >= at - UNREAD).order_by(Item.fetched_at).limit(1)
    return (session.scalar(first) or newest_item(session) + 1) - 1 or NONE


def _span(wanted: Wanted, before: Spot | None) -> list[ColumnElement[bool]]:
    lead = wanted.facets[0] if wanted.facets else placing.ALL
    span = [ClusterPlacement.tray == wanted.tray, ClusterPlacement.facet == lead]
    if wanted.unread is not None:
        span.append(ClusterPlacement.newest_id > wanted.unread.after)
    if before is not None:
        span.append(tuple_(*_SPOT) < before)
    return span


def _sieve(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is asked of each card on the way along the index."""
    sieve: list[ColumnElement[bool]] = []
    for facet in wanted.facets[1:]:
        other = aliased(ClusterPlacement)
        sieve.append(
            exists().where(other.cluster_id == ClusterPlacement.cluster_id, other.facet == facet)
        )
    if wanted.unread is not None:
        seen = exists().where(
            ReadingMark.user_id == wanted.unread.by,
            ReadingMark.cluster_id == ClusterPlacement.cluster_id,
            ReadingMark.newest_id >= ClusterPlacement.newest_id,
        )
        sieve.append(~seen)
    if words := wanted.words.split()[:8]:
        sieve.append(
            exists().where(
                Item.cluster_id == ClusterPlacement.cluster_id, *(_says(word) for word in words)
            )
        )
    return sieve


def _says(word: str) -> ColumnElement[bool]:
    """Whether an item says a word. SQLite knows small and large letters of English alone, so that
    of others all three ways of writing it are looked for."""
    ways = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    columns = (Item.headline, Item.summary)
    return or_(*(c.icontains(way, autoescape=True) for way in sorted(ways) for c in columns))


def _lead(items: Sequence[Item]) -> Item:
    """The item that stands for its card: of those that somebody may still take the newest of the
    most trusted source."""
    return max(
        items,
        key=lambda item: (
            item.state == State.NEW,
            item.state != State.IGNORED,
            TRUST[Trust(item.feed.source.trust)],
            item.id,
        ),
    )


def _newest_of(numbers: Sequence[int], shown: int) -> Select[Item]:
    """The newest items of each of these clusters, newest first, without their texts."""
    place = func.row_number().over(partition_by=Item.cluster_id, order_by=Item.id.desc())
    ranked = select(Item.id, place.label("place")).where(Item.cluster_id.in_(numbers)).subquery()
    return (
        select(Item)
        .join(ranked, ranked.c.id == Item.id)
        .where(ranked.c.place <= shown)
        .options(joinedload(Item.feed).joinedload(Feed.source), defer(Item.summary, raiseload=True))
        .order_by(Item.id.desc())
    )


def _summaries(session: Session, leads: Iterable[Item]) -> dict[int, str]:
    """The beginnings of these items' texts, plain; none of what only says the headline again."""
    headlines = {item.id: item.headline.rstrip(".…") for item in leads}
    beginning = func.substr(Item.summary, 1, SUMMARY)
    query = select(Item.id, beginning).where(Item.id.in_(headlines))
    texts = {n: clean.text(text) for n, text in session.execute(query)}
    return {
        n: text if len(text) <= CUT else f"{text[:CUT]}…"
        for n, text in texts.items()
        if not text.startswith(headlines[n]) or len(text) > len(headlines[n]) + 20
    }


def _also(session: Session, items: Iterable[Item]) -> dict[int, tuple[str, ...]]:
    """The names of other outlets that brought these items, too."""
    own = {item.id: item.feed.source_id for item in items}
    query = (
        select(Sighting.item_id, Source.id, Source.name)
        .join(Feed, Feed.id == Sighting.feed_id)
        .join(Source, Source.id == Feed.source_id)
        .where(Sighting.item_id.in_(own))
        .distinct()
        .order_by(Source.name)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for number, source_id, name in session.execute(query):
        if source_id != own[number]:
            found[number].append(name)
    return {number: tuple(names) for number, names in found.items()}


def _placed(
    session: Session, numbers: Sequence[int]
) -> tuple[dict[int, list[str]], dict[int, tuple[str, int]]]:
    """In which lists each cluster stands, and its tray with its newest item."""
    facets: defaultdict[int, list[str]] = defaultdict(list)
    trays: dict[int, tuple[str, int]] = {}
    query = select(ClusterPlacement).where(ClusterPlacement.cluster_id.in_(numbers))
    for placed in session.scalars(query):
        facets[placed.cluster_id].append(placed.facet)
        trays[placed.cluster_id] = (placed.tray, placed.newest_id)
    return facets, trays


def _sections(facets: Iterable[str]) -> list[int]:
    start = placing.of_section(0)[:-1]
    return [int(facet.removeprefix(start)) for facet in facets if facet.startswith(start)]


def _where(tree: Tree, facets: Iterable[str]) -> tuple[Place, ...]:
    """Countries, and the regions that none of them is of."""
    numbers = _sections(facets)
    countries = tree.pick(numbers, Kind.COUNTRY)
    said = {country.parent_id for country in countries}
    regions = tree.pick(numbers, Kind.REGION)
    return (*countries, *(region for region in regions if region.id not in said))


def _read(session: Session, numbers: Sequence[int], by: User) -> dict[int, int]:
    query = select(ReadingMark.cluster_id, ReadingMark.newest_id).where(
        ReadingMark.user_id == by.id, ReadingMark.cluster_id.in_(numbers)
    )
    return dict(session.execute(query).all())
