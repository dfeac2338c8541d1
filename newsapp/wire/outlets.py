"""Reads of sources: whose an excerpt is, what they have with us, what is out of theirs."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from newsapp.stories.models import Status, Story
from newsapp.stories.queries.editing import WHOLE
from newsapp.wire.models import Feed, Item, Source, outlet_of
from newsapp.wire.queries import source_of
from newsapp.wire.rules import Rule

BATCH = 500
SOON = timedelta(days=30)


class Entry(NamedTuple):
    """A source in the list of all, and how many feeds bring its items."""

    source: Source
    feeds: int


def source_of_excerpt(
    session: Session, url: str, item_id: int | None, story_id: int | None
) -> Source | None:
    """The source of an excerpt from this address; where nobody knows its host, that of the item
    that the story was, or is to be, made of."""
    if found := source_of(session, url):
        return found
    query = select(Source).join(Feed).join(Item)
    query = query.where(Item.story_id == story_id if story_id else Item.id == item_id)
    return session.scalars(query.limit(1)).first()


def source(session: Session, number: int, *, hold: bool = False) -> Source | None:
    """The source with this number, with its sections; held until the transaction ends."""
    query = select(Source).where(Source.id == number)
    if hold:
        query = query.with_for_update()
    return session.scalar(query.options(selectinload(Source.sections)))


def source_at(session: Session, host: str) -> Source | None:
    """The source that goes by this very host."""
    return session.scalar(select(Source).where(Source.host == host))


def sources(session: Session, words: str = "") -> Sequence[Entry]:
    """Those that have these words in name or host, by name."""
    query = select(Source, func.count(Feed.id)).outerjoin(Feed).group_by(Source.id)
    for word in words.split():
        columns = (Source.name, Source.host)
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    rows = session.execute(query.order_by(func.lower(Source.name), Source.id))
    return [Entry(found, feeds) for found, feeds in rows]


def feeds_of(session: Session, outlet: Source) -> Sequence[Feed]:
    """The feeds of a source, by title."""
    query = select(Feed).where(Feed.source_id == outlet.id)
    return session.scalars(query.order_by(Feed.title, Feed.url)).all()


def feeds_to_bring(session: Session, outlet: Source) -> Sequence[Feed]:
    """The feeds that may turn out to be a source's, by title: those of all others, and those of
    which only a list says so."""
    query = select(Feed).where(or_(Feed.source_id != outlet.id, Feed.apart))
    return session.scalars(query.order_by(func.lower(Feed.title), Feed.url)).all()


def unused(session: Session, outlet: Source) -> bool:
    """Whether a source is as it was made, and no feed, rule or section has it."""
    uses = (
        exists().where(Feed.source_id == Source.id),
        exists().where(Rule.source_id == Source.id),
        Source.sections.any(),
    )
    used = select(Source.id).where(Source.id == outlet.id, or_(*uses))
    return outlet.as_made and session.scalar(used) is None


def ending(session: Session, day: date) -> Sequence[Source]:
    """The sources whose licence ends soon after that day, ended lately, or ended while their feeds
    go on; the longest ended first."""
    goes_on = exists().where(Feed.source_id == Source.id, Feed.active.is_(True))
    near = Source.licence_ends >= day - SOON
    query = select(Source).where(Source.licence_ends <= day + SOON, or_(near, goes_on))
    return session.scalars(query.order_by(Source.licence_ends, Source.name)).all()


def excerpts_of(session: Session, outlet: Source, most: int | None = None) -> Sequence[Story]:
    """The excerpts of a source that readers have, or will by the clock, whole, newest first, `most`
    of them: what was made of its items, and what names an address of its as the original."""
    return _whole(session, outlet, _out(), most)


def excerpts_named(session: Session, outlet: Source, names: Iterable[str]) -> Sequence[Story]:
    """The excerpts of a source that call it by one of these names, whole, newest first; drafts,
    too, but none that was withdrawn."""
    called = Story.source_name.in_([*names]) & (Story.status != Status.WITHDRAWN)
    return _whole(session, outlet, called)


def _whole(
    session: Session, outlet: Source, which: ColumnElement[bool], most: int | None = None
) -> Sequence[Story]:
    numbers = {*_made_of_items(session, outlet, which), *_on_its_host(session, outlet, which)}
    newest, found = sorted(numbers, reverse=True)[:most], list[Story]()
    for start in range(0, len(newest), BATCH):
        query = select(Story).where(Story.id.in_(newest[start : start + BATCH]))
        found += session.scalars(query.options(*WHOLE))
    return sorted(found, key=lambda story: story.id, reverse=True)


def _out() -> ColumnElement[bool]:
    going = (Status.PUBLISHED, Status.SCHEDULED)
    return or_(Story.status.in_(going), Story.held_until.is_not(None))


def _made_of_items(session: Session, outlet: Source, which: ColumnElement[bool]) -> Sequence[int]:
    query = select(Story.id).join(Item, Item.story_id == Story.id).join(Item.feed)
    return session.scalars(query.where(Feed.source_id == outlet.id, which).distinct()).all()


def _on_its_host(session: Session, outlet: Source, which: ColumnElement[bool]) -> Sequence[int]:
    """Whose original is on its host, and not on that of a source below it."""
    below = select(Source.host).where(Source.host.endswith(f".{outlet.host}", autoescape=True))
    others = tuple(session.scalars(below))
    query = select(Story.id, Story.source_url).where(Story.source_url != "", which)
    if "xn--" not in outlet.host:  # such a host may be written in its own script, too
        query = query.where(func.lower(Story.source_url).contains(outlet.host, autoescape=True))
    return [
        number
        for number, url in session.execute(query)
        if _under(host := outlet_of(url), outlet.host) and not any(_under(host, o) for o in others)
    ]


def _under(host: str, outlet: str) -> bool:
    return host == outlet or host.endswith(f".{outlet}")
