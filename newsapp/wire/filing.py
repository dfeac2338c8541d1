"""Items into their clusters, in the transaction that stores them; an editor's split and join.

Whoever files holds the count of all gists until the commit: two workers that bring the same event
at once make one card of it. Nothing grows with the window but its index: a term's newest gists are
one short range scan each, and every item that comes in lets go of gists that are out of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import CompoundSelect, bindparam, delete, or_, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from newsapp.accounts.models import User
from newsapp.stories.models import RIVER, NotAllowed, Placement, Status, Story
from newsapp.wire import about, clean, cluster, obeying, outcomes, placing
from newsapp.wire.cluster import ALL, LIFE, NEWEST, REPEATED, WINDOW, Reading, Vector
from newsapp.wire.entries import Entry
from newsapp.wire.models import (
    Cluster,
    ClusterChoice,
    Feed,
    Gist,
    GistTerm,
    Item,
    Sighting,
    Source,
    State,
    TermCount,
)

FIRST, HAND = "first", "hand"  # why an item is where it is, beside what cluster.py says
STORIES = 50  # of ours that one filing takes up
TERMS = 10_000  # that are asked for at once: databases take no more than some 30,000 values
REREAD = 200  # items of a gist that are read again when others leave it
LEFT = 2  # gists that an item lets go at most


def begin(session: Session) -> None:
    """From here to the commit, nobody else files, splits or joins."""
    count(session, {ALL: 0})


def file(session: Session, numbers: Sequence[int], at: datetime) -> None:
    """Puts new items into their clusters, in the order in which they came; tells what each is
    about, and what rules do with it."""
    if not numbers:
        return
    begin(session)
    sweep(session, at, LEFT * len(numbers))
    _take_up_stories(session, at)
    query = select(Item).where(Item.id.in_(numbers), Item.cluster_id.is_(None))
    items = session.scalars(query.order_by(Item.id)).all()
    for item in items:
        _file(session, item, at)
    session.flush()
    about.read(session, items)
    obeying.obey(session, items, at)


def sight(
    session: Session, feed: Feed, sighted: Sequence[tuple[Item, Entry]], at: datetime
) -> None:
    """Notes that a feed brought items that another one had brought; their events may have one
    more source by that."""
    for item, entry in sighted:
        event = item.cluster_id and session.get(Cluster, item.cluster_id, populate_existing=True)
        if event and not _speaks(session, event, feed.id):
            event.sources += 1
        session.add(Sighting(item_id=item.id, feed_id=feed.id, guid_hash=entry.guid_hash, at=at))
        session.flush()
    placing.moved(session, (item.cluster_id for item, _ in sighted))


def join(session: Session, one: Cluster, other: Cluster, by: User | None, at: datetime) -> None:
    """Says that two clusters are of one event: the first takes the other's items, and what is like
    either from now on; NotAllowed where they are one, or gone."""
    begin(session)
    for found in (one, other):
        session.refresh(found)
    if one.id == other.id:
        raise NotAllowed("These items are together already.")
    if one.joined_id or other.joined_id:
        raise NotAllowed("Somebody has joined one of these to another one already.")
    for item in session.scalars(select(Item).where(Item.cluster_id == other.id)):
        item.cluster_id, item.why, item.shared = one.id, HAND, ""
    for gist in session.scalars(select(Gist).where(Gist.cluster_id == other.id)):
        gist.cluster_id = one.id
    for gone in session.scalars(select(Cluster).where(Cluster.joined_id == other.id)):
        gone.joined_id = one.id
    other.joined_id = one.id
    _remember(session, one, other, by, at, together=True)
    recount(session, one)
    recount(session, other)


def split(session: Session, items: Sequence[Item], by: User | None, at: datetime) -> Cluster:
    """Says that these items of a cluster are of an event of their own, theirs from now on, with
    what is more like them than like the rest; what was set aside with the rest waits again.
    NotAllowed where nothing would stay behind."""
    begin(session)
    for item in items:
        session.refresh(item)
    numbers = {item.cluster_id for item in items}
    old = session.get(Cluster, numbers.pop() or 0) if len(numbers) == 1 else None
    if old is None:
        raise NotAllowed("Choose items of one cluster.")
    session.refresh(old)
    if len({item.id for item in items}) >= old.items:
        raise NotAllowed("Leave at least one item behind.")
    new = Cluster(started_at=at, moved_at=at)
    session.add(new)
    session.flush()
    theirs = {item.gist_id for item in items if item.gist_id}
    for item in items:
        item.cluster_id, item.gist_id, item.why, item.shared = new.id, None, HAND, ""
        item.bring_back()
    _remember(session, old, new, by, at, together=False)
    recount(session, old)
    recount(session, new)
    shelf = _Shelf(session, at)
    for gist in session.scalars(select(Gist).where(Gist.id.in_(theirs))).all():
        rest = select(Item).where(Item.gist_id == gist.id).order_by(Item.id.desc()).limit(REREAD)
        _reread(session, shelf, gist, session.scalars(rest).all()[::-1])
    own = Gist(cluster_id=new.id, started_at=new.started_at, moved_at=new.moved_at, text="")
    session.add(own)
    session.flush()
    count(session, {ALL: 1})
    _reread(session, shelf, own, sorted(items, key=lambda item: item.id)[-REREAD:])
    for item in items:
        item.gist_id = own.id
    session.flush()
    return new


def hand_over(session: Session, feed: Feed, outlet: Source, at: datetime) -> None:
    """Says that a feed is this outlet's, which may have been another's or called this one's by a
    list alone: the cards of its items that still take some count that one, and stand in its list.
    NotAllowed where it is that outlet's already."""
    begin(session)
    session.refresh(feed)
    if feed.source_id == outlet.id and not feed.apart:
        raise NotAllowed(f"This feed is of {outlet.name} already.")
    feed.source_id, feed.apart = outlet.id, False
    session.flush()
    query = select(Cluster).join(Item, Item.cluster_id == Cluster.id)
    query = query.where(Item.feed_id == feed.id, Cluster.moved_at >= at - LIFE).distinct()
    for event in session.scalars(query).all():
        recount(session, event)
        placing.moved(session, [event.id])


def take(session: Session, item: Item, story: Story) -> None:
    """Notes that this story was made of an item; what else waits on its card is set aside, until
    something new comes. NotAllowed when another story was made of it."""
    begin(session)
    session.refresh(item, ["state", "story_id", "cluster_id"])  # others may have been faster
    item.take(story)
    outcomes.moved(session, story.id)
    if item.cluster_id is not None:
        _ignore_all(session, item.cluster_id)


def ignore(session: Session, number: int) -> None:
    """Takes a card off the desk's list: all its items that nobody has dealt with."""
    begin(session)
    _ignore_all(session, number)


def bring_back(session: Session, number: int) -> None:
    """Puts a card that was ignored before the desk again."""
    begin(session)
    query = select(Item).where(Item.cluster_id == number, Item.state == State.IGNORED)
    for item in session.scalars(query.with_for_update()):
        item.bring_back()


def alike(session: Session, item: Item, others: Sequence[Item], at: datetime) -> list[Item]:
    """Those of these items that say what an item says by themselves, not through what lies with
    both; and those that an editor put there."""
    readings = [_reading(one) for one in (item, *others)]
    vectors = cluster.weigh_all(readings, _Shelf(session, at))
    gist = cluster.Gist()
    gist.add(readings[0], vectors[0])
    return [
        other
        for other, said, vector in zip(others, readings[1:], vectors[1:], strict=True)
        if other.why == HAND or cluster.choose(said, vector, {item.id: gist})
    ]


def reopen(session: Session, story_ids: Sequence[int], outlet: Source) -> int:
    """Puts what others than this outlet have of these stories, which came down, before the desk
    again, unless readers have, or will get, another story of the same event; on how many cards."""
    begin(session)
    made = select(Item.cluster_id).where(Item.story_id.in_(story_ids), Item.cluster_id.is_not(None))
    cards = set(session.scalars(made))
    told = select(Item.cluster_id).join(Story, Story.id == Item.story_id)
    going = (Status.PUBLISHED, Status.SCHEDULED)
    cards -= set(session.scalars(told.where(Item.cluster_id.in_(cards), Story.status.in_(going))))
    others = select(Item).join(Item.feed)
    others = others.where(Item.cluster_id.in_(cards), Feed.source_id != outlet.id)
    found = session.scalars(others.with_for_update(of=Item)).all()
    ignored = [item for item in found if item.state == State.IGNORED]
    for item in ignored:
        item.bring_back()
    return len({item.cluster_id for item in ignored})


class _Shelf:
    """The gists of the database (cluster.Shelf): those of clusters, those of stories apart."""

    def __init__(self, session: Session, at: datetime) -> None:
        self._session, self._at = session, at
        self.rows: dict[int, Gist] = {}  # by number, what `gists` looked at last

    def spread(self, terms: Sequence[str]) -> Mapping[str, int]:
        """In how many gists each term stands."""
        found: dict[str, int] = {}
        for start in range(0, len(terms), TERMS):
            some = TermCount.term.in_(terms[start : start + TERMS])
            query = select(TermCount.term, TermCount.gists).where(some)
            found |= dict(self._session.execute(query).all())
        return found

    def newest(self, terms: Sequence[str]) -> Iterable[tuple[str, int]]:
        """Term and gist, for each term its NEWEST gists at most."""
        if not terms:
            return ()
        values = {f"term{n}": term for n, term in enumerate(terms)}
        found = self._session.execute(_newest(len(terms)), values).all()
        return [(row.term, row.gist_id) for row in found]

    def gists(self, keys: Sequence[int]) -> Mapping[int, cluster.Gist]:
        """Those of these gists that still take items, and those of live stories."""
        query = (
            select(Gist)
            .outerjoin(Story, Story.id == Gist.story_id)
            .where(
                Gist.id.in_(keys),
                Gist.moved_at >= self._at - WINDOW,
                Gist.started_at >= self._at - LIFE,
                or_(Gist.story_id.is_(None), Story.status == Status.PUBLISHED),
            )
        )
        self.rows = {gist.id: gist for gist in self._session.scalars(query)}
        return {number: cluster.Gist.load(gist.text) for number, gist in self.rows.items()}


@cache
def _newest(terms: int) -> CompoundSelect[tuple[str, int]]:
    scans = [
        select(GistTerm.term, GistTerm.gist_id)
        .where(GistTerm.term == bindparam(f"term{n}"))
        .order_by(GistTerm.gist_id.desc())
        .limit(NEWEST)
        .subquery()
        for n in range(terms)
    ]
    return union_all(*(select(scan.c.term, scan.c.gist_id) for scan in scans))


def _file(session: Session, item: Item, at: datetime) -> None:
    reading = _reading(item)
    shelf = _Shelf(session, at)
    vector = cluster.weigh(reading, shelf)
    near = cluster.near(reading, vector, shelf)
    ours = {number: gist for number, gist in near.items() if shelf.rows[number].story_id}
    theirs = {number: gist for number, gist in near.items() if number not in ours}
    if like := cluster.choose(reading, vector, ours, REPEATED):
        item.like_story_id = shelf.rows[like.key].story_id
    choice = cluster.choose(reading, vector, theirs)
    item.why, item.shared = FIRST, ""
    if choice is None:
        event = Cluster(items=0, sources=0, started_at=at, moved_at=at)
        session.add(event)
        session.flush()
        row, gist = Gist(cluster_id=event.id, started_at=at, moved_at=at, text=""), cluster.Gist()
        session.add(row)
        session.flush()
        count(session, {ALL: 1})
    else:
        row, gist = shelf.rows[choice.key], theirs[choice.key]
        event = session.get_one(Cluster, row.cluster_id, populate_existing=True)
        item.why, item.shared = choice.why, " · ".join(choice.words)[:300]
        row.moved_at = max(row.moved_at, at)
    event.take_in(at, new_source=not _speaks(session, event, item.feed_id))
    item.cluster_id, item.gist_id = event.id, row.id
    _write(session, row, gist, *gist.add(reading, vector))
    session.flush()


def _reading(item: Item) -> Reading:
    # A link that items of several events have says nothing of any.
    link = item.url if item.page_hash else ""
    return cluster.read(item.headline, clean.text(item.summary), link, item.author)


def _speaks(session: Session, event: Cluster, feed_id: int) -> bool:
    """Whether the outlet of this feed has an item in a cluster, by whichever of its feeds."""
    outlet = select(Feed.source_id).where(Feed.id == feed_id).scalar_subquery()
    feeds = select(Feed.id).where(Feed.source_id == outlet)
    query = select(Item.id).where(Item.cluster_id == event.id)
    also = query.join(Sighting, Sighting.item_id == Item.id).where(Sighting.feed_id.in_(feeds))
    first = query.where(Item.feed_id.in_(feeds))
    return any(session.scalar(found.limit(1)) is not None for found in (first, also))


def _ignore_all(session: Session, number: int) -> None:
    query = select(Item).where(Item.cluster_id == number, Item.state == State.NEW)
    for item in session.scalars(query.with_for_update()):
        item.ignore()


def _write(
    session: Session, row: Gist, gist: cluster.Gist, came: Iterable[str], went: Iterable[str]
) -> None:
    """Keeps what a gist says now, and under which terms it is found."""
    row.text = gist.dump()
    came, went = sorted(came), sorted(went)
    if went:
        gone = delete(GistTerm).where(GistTerm.gist_id == row.id, GistTerm.term.in_(went))
        session.connection().execute(gone)
    if came:
        rows = [{"term": term, "gist_id": row.id} for term in came]
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.connection().execute(dialect.insert(GistTerm).on_conflict_do_nothing(), rows)
    count(session, {**dict.fromkeys(came, 1), **dict.fromkeys(went, -1)})


def count(session: Session, changes: Mapping[str, int]) -> None:
    """Adds to the terms' counts; those that come to nothing go."""
    if not changes:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(TermCount)
    query = insert.on_conflict_do_update(
        index_elements=[TermCount.term], set_={"gists": TermCount.gists + insert.excluded.gists}
    )
    rows = [{"term": term, "gists": more} for term, more in sorted(changes.items())]
    session.connection().execute(query, rows)
    if less := [term for term, more in changes.items() if more < 0 and term != ALL]:
        gone = delete(TermCount).where(TermCount.term.in_(less), TermCount.gists <= 0)
        session.connection().execute(gone)


def sweep(session: Session, at: datetime, most: int) -> int:
    """Lets go of gists that are out of the window, the oldest first; how many."""
    query = select(Gist).where(Gist.moved_at < at - WINDOW).order_by(Gist.moved_at).limit(most)
    rows = session.scalars(query).all()
    for row in rows:
        _drop(session, row)
    return len(rows)


def forget(session: Session, numbers: Sequence[int]) -> None:
    """Lets go of what these clusters say."""
    for row in session.scalars(select(Gist).where(Gist.cluster_id.in_(numbers))).all():
        _drop(session, row)


def _drop(session: Session, row: Gist) -> None:
    _write(session, row, cluster.Gist(), (), cluster.Gist.load(row.text).weights)
    session.delete(row)
    count(session, {ALL: -1})
    session.flush()


def _reread(session: Session, shelf: _Shelf, row: Gist, items: Sequence[Item]) -> None:
    """Makes a gist anew of these items."""
    before = set(cluster.Gist.load(row.text).weights) if row.text else set()
    gist = cluster.Gist()
    for item in items:
        reading = _reading(item)
        gist.add(reading, cluster.weigh(reading, shelf))
    _write(session, row, gist, gist.weights.keys() - before, before - gist.weights.keys())


def _remember(
    session: Session,
    one: Cluster,
    other: Cluster,
    by: User | None,
    at: datetime,
    *,
    together: bool,
) -> None:
    choice = ClusterChoice(cluster_id=one.id, other_id=other.id, together=together, at=at)
    choice.by_id = by.id if by else None
    session.add(choice)
    session.flush()


def recount(session: Session, event: Cluster) -> None:
    """Sets a cluster's figures to those of its items."""
    query = select(Feed.source_id, Item.fetched_at).join(Item.feed)
    rows = session.execute(query.where(Item.cluster_id == event.id)).all()
    also = select(Feed.source_id).join(Sighting, Sighting.feed_id == Feed.id)
    also = also.join(Item, Item.id == Sighting.item_id).where(Item.cluster_id == event.id)
    outlets = {outlet for outlet, _ in rows} | set(session.scalars(also))
    event.items, event.sources = len(rows), len(outlets)
    if rows:
        event.started_at, event.moved_at = min(at for _, at in rows), max(at for _, at in rows)
    session.flush()


def _take_up_stories(session: Session, at: datetime) -> None:
    """Makes or renews the gists of stories that came out, and marks the items that say the same."""
    query = (
        select(Story, Gist)
        .join(Placement, Placement.story_id == Story.id)
        .outerjoin(Gist, Gist.story_id == Story.id)
        .where(
            Placement.section_id == RIVER,
            Placement.published_at >= at - WINDOW,
            or_(Gist.id.is_(None), Gist.moved_at < Story.updated_at),
        )
        .order_by(Placement.published_at.desc())
        .limit(STORIES)
    )
    shelf = _Shelf(session, at)
    for story, row in session.execute(query).all():
        said = max(filter(None, (story.published_at, story.updated_at)), default=at)
        if row is None:
            row = Gist(story_id=story.id, started_at=said, moved_at=said, text="")
            session.add(row)
            session.flush()
            count(session, {ALL: 1})
        text = f"{story.standfirst} {clean.text(story.body)}"
        reading = cluster.read(story.headline, text, story.source_url)
        vector, gist = cluster.weigh(reading, shelf), cluster.Gist()
        gist.add(reading, vector)
        before = set(cluster.Gist.load(row.text).weights) if row.text else set()
        row.moved_at = max(said, row.moved_at)
        _write(session, row, gist, gist.weights.keys() - before, before - gist.weights.keys())
        session.flush()
        _mark_earlier(session, shelf, story, reading, vector, gist)


def _mark_earlier(
    session: Session, shelf: _Shelf, story: Story, reading: Reading, vector: Vector,
    said: cluster.Gist,
) -> None:  # fmt: skip
    """Marks the waiting items that say what this story says: not all that lies with them does."""
    near = cluster.near(reading, vector, shelf)
    for number, gist in near.items():
        row = shelf.rows[number]
        if row.cluster_id and cluster.choose(reading, vector, {number: gist}):
            waiting = select(Item).where(
                Item.cluster_id == row.cluster_id,
                Item.gist_id == number,
                Item.state == State.NEW,
                Item.like_story_id.is_(None),
            )
            items = session.scalars(waiting.limit(REREAD)).all()
            readings = [_reading(item) for item in items]
            vectors = cluster.weigh_all(readings, shelf)
            for item, own, weights in zip(items, readings, vectors, strict=True):
                if cluster.choose(own, weights, {number: said}, REPEATED):
                    item.like_story_id = story.id
    session.flush()
