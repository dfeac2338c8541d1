"""From a feed's address to items in the database: fetch, parse, store what is new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Engine, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.subjects.language import language
from newsapp.wire import about, clean, copytaster, filing, identity, obeying, queries
from newsapp.wire.fetch import AGENT, Fetched, FetchError, fetch
from newsapp.wire.identity import Settled
from newsapp.wire.links import page_hash
from newsapp.wire.models import AGED, INTERVAL, Cluster, Feed, Item, Sighting, Source, State
from newsapp.wire.parse import Entry, ParsedFeed, ParseError
from newsapp.wire.pulled import pulled
from newsapp.wire.turns import BusyError, Turn, hops, take, writing

PINNED = timedelta(days=90)
SURE = 60  # characters from which on a text in Latin letters says more than its feed
PART = 20  # items that are filed in one go: who deals with a card meanwhile waits as long
UNFIT = "What this feed sent can't be stored, which the newsroom's administrators should look at."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a feed answered, or why not; its host's turn is held until that is stored."""

    feed_id: int
    at: datetime
    turn: Turn
    answer: Fetched | None = None
    parsed: ParsedFeed | None = None  # None: unchanged
    trouble: Exception | None = None


def check(
    session: Session,
    feed_id: int,
    at: datetime,
    allowed_hosts: frozenset[str] = frozenset(),
    *,
    called: str = AGENT,
) -> int | None:
    """Fetches one feed, due or not, and stores what it brought; how many items are new.

    None when somebody else asks its host. The caller commits, also what it changed before.
    """
    session.rollback()  # no transaction is open while a stranger takes his time
    asked = ask(_engine(session), feed_id, at, allowed_hosts, called=called)
    return store(session, asked) if asked else None


def ask(
    engine: Engine,
    feed_id: int,
    at: datetime,
    allowed_hosts: frozenset[str] = frozenset(),
    *,
    called: str = AGENT,
) -> Asked | None:
    """Fetches and reads one feed, due or not; None when somebody else asks its host."""
    with Session(engine) as session:
        host = session.scalars(select(Feed.host).where(Feed.id == feed_id)).one()
    try:
        turn = take(engine, host)
    except BusyError:
        with Session(engine) as session, session.begin():
            session.get_one(Feed, feed_id).put_back(at)
        return None
    return _ask(engine, feed_id, at, turn, allowed_hosts, called)


def ask_next(
    engine: Engine, allowed_hosts: frozenset[str] = frozenset(), *, called: str = AGENT
) -> Asked | None:
    """Fetches and reads the feed that is overdue longest and whose host nobody asks; None when
    there is none.

    Nothing is noted beforehand but the host's turn: whoever is killed leaves the feed due.
    """
    while True:
        with Session(engine) as session:
            found = queries.next_due(session, clock.now())
        if found is None:
            return None
        feed_id, host = found
        try:
            turn = take(engine, host, patience=0)
        except BusyError:
            continue  # another worker was faster
        with Session(engine) as session:
            at = clock.now()
            feed = session.get(Feed, feed_id)
        if feed and feed.due(at):
            return _ask(engine, feed_id, at, turn, allowed_hosts, called)
        with writing(engine), engine.begin() as connection:
            turn.give_back(connection)


def store(session: Session, asked: Asked) -> int | None:
    """Stores what a feed brought, or notes its failure in a sentence; how many items are new.

    None when it took so long that its host's turn is another's, or a host on the way was busy. The
    turn is given back in the same transaction, which the caller commits.
    """
    if not asked.turn.give_back(session.connection()):
        return None
    feed, at = _feed(session, asked.feed_id), asked.at
    if feed is None:
        return None  # removed meanwhile
    match asked.trouble:
        case FetchError() as trouble:
            feed.failed(at, trouble.reason, trouble.retry_after, gone=trouble.gone)
        case ParseError() as trouble:
            feed.failed(at, str(trouble))
        case BusyError():
            feed.kept_waiting(at)
            return None
        case _:
            assert asked.answer
            return _store(session, feed, asked.answer, asked.parsed, at)
    return 0


def store_part(session: Session, asked: Asked) -> bool:
    """Stores the oldest items that a feed brought, where they are too many for one transaction to
    keep editors from their cards; whether they were. The caller commits, and calls until they are
    not: `store` keeps the rest, and what tells the feed unchanged, behind all that it stands for.
    """
    parsed = asked.parsed
    if parsed is None or len(parsed.entries) <= PART or not asked.turn.held(session.connection()):
        return False
    feed = _feed(session, asked.feed_id)
    if feed is None or len(identity.settle(session, feed, parsed.entries, asked.at).fresh) <= PART:
        return False
    ingest(session, feed, parsed, asked.at, PART)
    return True


def give_up(session: Session, asked: Asked) -> None:
    """Notes that what a feed brought can't be stored; it waits like one that fails."""
    if asked.turn.give_back(session.connection()) and (feed := _feed(session, asked.feed_id)):
        feed.failed(asked.at, UNFIT)


def ingest(
    session: Session, feed: Feed, parsed: ParsedFeed, at: datetime, most: int | None = None
) -> int:
    """Stores the entries that are not known yet, of these `most` of the oldest; how many.

    Known items follow their feed's changes, and what they said before is kept; those that were
    ignored stay as they are. What another feed brought first gets one more source. What its outlet
    took out again stays, and says so.
    """
    if feed.last_new_at is None and parsed.title and not feed.apart:
        _introduce(session, feed, parsed.title)
    feed.title = feed.title or parsed.title
    feed.site_url = feed.site_url or parsed.site_url
    feed.language = feed.language or parsed.language
    if not _news(_settled(session, feed, parsed.entries, at)):
        return 0
    # Before anything of this is locked: whoever waits for one of its items waits for nobody else.
    filing.begin(session)
    settled = _settled(session, feed, parsed.entries, at)  # others may have been faster
    _follow(session, settled, at)
    filing.sight(session, feed, settled.sighted, at)
    spoken = session.get_one(Source, feed.source_id).language or feed.language
    _take_over(session, feed, settled.owned, spoken, at)
    # Feeds have the newest on top: the other way round ids rise in the order of publication.
    fresh = [_row(feed, entry, page, spoken, at) for entry, page in settled.fresh[::-1][:most]]
    if feed.last_new_at in (None, at):  # what it has had for long buries no news of today
        _stand_back(session, fresh)
    numbers = _insert(session, _unlinked(fresh, settled.shadows))
    filing.file(session, numbers, at)
    _come_out(session, numbers, settled.shadows)
    if numbers or settled.sighted:
        feed.brought(at, *_rhythm(parsed.entries, at))
    return len(numbers)


def _introduce(session: Session, feed: Feed, name: str) -> None:
    """Calls an outlet that goes by its host alone what its first feed to answer calls itself."""
    nameless = Source.id == feed.source_id, Source.name == Source.host
    session.execute(update(Source).where(*nameless).values(name=name[:120]))


def _settled(session: Session, feed: Feed, entries: Sequence[Entry], at: datetime) -> Settled:
    settled = identity.settle(session, feed, entries, at)
    settled.pulled = pulled(session, feed, entries, [item for item, _ in settled.known])
    return settled


def _news(settled: Settled) -> bool:
    """Whether there is anything to write."""
    changed = any(_changed(item, entry) or item.pulled_at for item, entry in settled.known)
    came = settled.sighted or settled.owned or settled.fresh
    return bool(changed or came or settled.mistaken or settled.pulled)


def _changed(item: Item, entry: Entry) -> bool:
    said = (item.headline, item.summary) != (entry.headline, entry.summary)
    return item.state != State.IGNORED and (said or _moved(item, entry))


def _moved(item: Item, entry: Entry) -> bool:
    """Whether an entry leads elsewhere, not only to another address of the same page."""
    same = item.page_hash and item.page_hash == page_hash(entry.url)
    return item.url != entry.url and not same


def _follow(session: Session, settled: Settled, at: datetime) -> None:
    """Gives items the words that their feed has for them now, and tells of those it has no more."""
    # First: whoever releases a story holds it before its item, and so must we.
    obeying.recall(session, settled.pulled, at)
    for item in settled.mistaken:
        item.page_hash = None
    for item in settled.pulled:
        item.pulled_at = at
    obeying.listed_again(item for item, _ in settled.known if item.pulled_at)
    for item, _ in settled.known:
        item.pulled_at = None
    _take_words(session, settled.known, at)


def _take_words(session: Session, known: Sequence[tuple[Item, Entry]], at: datetime) -> None:
    changed = [(item, entry) for item, entry in known if _changed(item, entry)]
    for item, entry in changed:
        if _moved(item, entry):
            item.url = entry.url
            item.page_hash = item.page_hash and page_hash(entry.url)
        if before := item.change(entry.headline, entry.summary, at):
            session.merge(before)
    session.flush()
    about.read(session, [item for item, _ in changed])


def _take_over(
    session: Session, feed: Feed, owned: Sequence[tuple[Item, Entry]], spoken: str, at: datetime
) -> None:
    """Makes this feed that of items which it has sighted; whichever had them first, sighted them.

    From now on they follow the words of the outlet on whose site they are.
    """
    for item, entry in owned:
        session.delete(session.get_one(Sighting, (item.id, feed.id)))
        session.add(
            Sighting(
                item_id=item.id,
                feed_id=item.feed_id,
                guid_hash=item.guid_hash,
                at=item.fetched_at,
            )
        )
        item.feed_id, item.guid, item.guid_hash = feed.id, entry.guid[:2000], entry.guid_hash
        item.pulled_at = None
        item.author, item.language = entry.author, _language(entry, spoken)
        item.published_at = min(entry.published_at or item.published_at, item.fetched_at)
    _take_words(session, owned, at)


def _unlinked(rows: list[dict[str, Any]], shadows: Mapping[str, Item]) -> list[dict[str, Any]]:
    """The same without the pages that items of other outlets stand for: their link would file them
    with those."""
    return [row | {"page_hash": None} if row["guid_hash"] in shadows else row for row in rows]


def _come_out(session: Session, numbers: Sequence[int], shadows: Mapping[str, Item]) -> None:
    """Gives new items the pages that items of other outlets stood for."""
    if not shadows:
        return
    query = select(Item).where(Item.id.in_(numbers), Item.guid_hash.in_(shadows))
    for item in session.scalars(query):
        before = shadows[item.guid_hash]
        item.page_hash, before.page_hash = before.page_hash, None
        if sighting := session.get(Sighting, (before.id, item.feed_id)):
            session.delete(sighting)
            session.flush()
            if before.cluster_id:
                filing.recount(session, session.get_one(Cluster, before.cluster_id))


def _engine(session: Session) -> Engine:
    """The engine behind a session."""
    bind = session.get_bind()
    return bind if isinstance(bind, Engine) else bind.engine


def _ask(
    engine: Engine,
    feed_id: int,
    at: datetime,
    turn: Turn,
    allowed_hosts: frozenset[str],
    called: str,
) -> Asked:
    with Session(engine) as session:
        query = select(Feed.url, Feed.etag, Feed.last_modified, Source.zone).join(Feed.source)
        url, etag, last_modified, zone = session.execute(query.where(Feed.id == feed_id)).one()
    asked = Asked(feed_id, at, turn)
    try:
        answer = fetch(
            url,
            etag=etag,
            last_modified=last_modified,
            allowed_hosts=allowed_hosts,
            called=called,
            turn=hops(engine, turn),
        )
        if answer.body is None:
            return replace(asked, answer=answer)
        parsed = copytaster.read(answer.body, answer.content_type, answer.url, zone)
    except (FetchError, ParseError, BusyError) as trouble:
        return replace(asked, trouble=trouble)
    return replace(asked, answer=answer, parsed=parsed)


def _feed(session: Session, feed_id: int) -> Feed | None:
    """The feed, locked where the database locks rows: a second worker waits for the first."""
    return session.get(Feed, feed_id, with_for_update=True)


def _store(
    session: Session, feed: Feed, answer: Fetched, parsed: ParsedFeed | None, at: datetime
) -> int:
    # The same transaction for both: validators never run ahead of the items they stand for.
    count = ingest(session, feed, parsed, at) if parsed else 0
    unchanged = parsed is None
    asked = max(answer.fresh_for, parsed.every if parsed else 0)
    feed.fetched(
        at,
        moved_to=answer.moved_to,
        asked=None if unchanged else asked,
        etag=answer.etag or (feed.etag if unchanged else ""),
        last_modified=answer.last_modified or (feed.last_modified if unchanged else ""),
    )
    return count


def _rhythm(entries: Sequence[Entry], at: datetime) -> tuple[int, int]:
    """The seconds between a feed's items, by its newest, at least 1; the most between two of them,
    0 where their dates don't tell."""
    dates = sorted((min(e.published_at, at) for e in entries if e.published_at), reverse=True)
    # What is pinned to a feed for years tells nothing of its rhythm.
    recent = [date for date in dates if dates[0] - date < PINNED]
    dates = recent if len(recent) > 1 else dates
    if len(dates) < 2:
        return int(INTERVAL.total_seconds()) * 2, 0
    newest = dates[:20]
    rhythm = int((newest[0] - newest[-1]).total_seconds()) // (len(newest) - 1)
    lull = max(later - earlier for later, earlier in pairwise(dates))
    return max(1, rhythm), int(lull.total_seconds())


def _insert(session: Session, rows: list[dict[str, Any]]) -> Sequence[int]:
    if not rows:
        return ()
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    # Two workers may bring the same item at once: the second one's is dropped by the database.
    query = dialect.insert(Item).on_conflict_do_nothing(index_elements=["feed_id", "guid_hash"])
    return session.scalars(query.returning(Item.id), rows).all()


def _row(feed: Feed, entry: Entry, page: str | None, spoken: str, at: datetime) -> dict[str, Any]:
    return {
        "feed_id": feed.id,
        "guid": entry.guid[:2000],
        "guid_hash": entry.guid_hash,
        "url": entry.url,
        "page_hash": page,
        "changes": 0,
        "headline": entry.headline,
        "summary": entry.summary,
        "author": entry.author,
        "language": _language(entry, spoken),
        # A date ahead of the clock is a mistake of the sender's.
        "published_at": min(entry.published_at or at, at),
        "fetched_at": at,
        "state": State.NEW,
        "stands_at": None,
    }


def _stand_back(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    """Has each of these stand where it would, had it come when it was published."""
    aged = [row for row in rows if row["fetched_at"] - row["published_at"] > AGED]
    newest = select(Item.id).order_by(Item.fetched_at.desc()).limit(1)
    then = [newest.where(Item.fetched_at <= row["published_at"]) for row in aged]
    found = session.execute(select(*(one.scalar_subquery() for one in then))).one() if aged else ()
    for row, below in zip(aged, found, strict=True):
        row["stands_at"] = below or 0


def _language(entry: Entry, spoken: str) -> str:
    """The language (BCP 47) that a long text is in; of a short one, what its feed says it is.

    Half of the feeds of Asia say en-US because their software does: `spoken` is what editors say.
    """
    declared = entry.language or spoken
    text = f"{entry.headline} {clean.text(entry.summary)}"
    told = language(text)
    if told is None or told.partition("-")[0] == declared.partition("-")[0].lower():
        # How Chinese is written the text tells, a feed seldom does.
        return told if told and "-" in told else declared or told or ""
    return told if len(text) >= SURE or not text.isascii() or not declared else declared
