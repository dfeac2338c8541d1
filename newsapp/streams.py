"""Streams: the one table that says which change moves what readers see.

A stream names something that readers see; its revision is a number in the database, raised in
the same transaction as the change. Nobody names a stream by hand when changing something.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from blinker import Signal
from sqlalchemy import Engine, Select, String, bindparam, event, func, inspect, select, union_all
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from newsapp import audit
from newsapp.accounts.models import (
    AccessLink,
    Passkey,
    RecoveryCode,
    Role,
    SignIn,
    UsedChallenge,
    User,
)
from newsapp.audit import Deed
from newsapp.extensions import Model
from newsapp.front.models import Arrangement, Launch, Slot
from newsapp.front.queries import ends
from newsapp.live.models import Receipt
from newsapp.media.models import Photo, Printing, Video
from newsapp.origins.models import Finding, Origin
from newsapp.rota import Duty
from newsapp.stories.models import (
    RIVER,
    Byline,
    Correction,
    FormerPath,
    Placement,
    Revision,
    Section,
    Status,
    Story,
    Tag,
    TickerLine,
    WorkingCopy,
)
from newsapp.stories.queries import releases
from newsapp.stories.queries.editing import with_photo, with_video
from newsapp.wire.models import (
    Cluster,
    ClusterChoice,
    ClusterPlacement,
    Feed,
    Gist,
    GistTerm,
    Host,
    Item,
    ItemSection,
    ItemVersion,
    ReadingMark,
    Sighting,
    Source,
    Spiked,
    TermCount,
)
from newsapp.wire.rules import Rule

log = logging.getLogger(__name__)

FRONT = "front"
TICKER = "ticker"
SECTIONS = "sections"  # the section tree itself: names, order


class Stream(Model):
    """The revision of one stream."""

    __tablename__ = "streams"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    revision: Mapped[int]


def of_section(section_id: int) -> str:
    """The stream of a section's listing."""
    return f"section:{section_id}"


def of_story(story_id: int) -> str:
    """The stream of a story's page."""
    return f"story:{story_id}"


def made_up(name: str, revision: int) -> bool:
    """Whether this may be the stream of a story that never was: anybody can ask for one."""
    return revision == 0 and name.startswith(of_story(0)[:-1])


# --- the table --------------------------------------------------------------------------------


def _story(session: Session, story: Story) -> Iterator[str]:
    statuses = {story.status, *_past(story, "status")}
    if statuses & {Status.PUBLISHED, Status.WITHDRAWN}:
        yield from _live_story(session, story.id)


def _part(session: Session, part: Byline | Correction) -> Iterator[str]:
    yield from _live_story(session, part.story_id)


def _placement(session: Session, placement: Placement) -> Iterator[str]:
    for section_id in {placement.section_id, *_past(placement, "section_id")}:
        yield of_section(section_id)
    yield from (FRONT, TICKER)


def _line(session: Session, line: TickerLine) -> Iterator[str]:
    yield TICKER


def _photo(session: Session, photo: Photo) -> Iterator[str]:
    for story_id in _column(session, select(Story.id).where(with_photo(photo.id))):
        yield from _live_story(session, story_id)


def _slot(session: Session, slot: Slot) -> Iterator[str]:
    # Nobody but the desk sees a draft. A region's top stands on the front page, too.
    if not slot.draft:
        yield FRONT
        if slot.section_id != RIVER:
            yield of_section(slot.section_id)


def _video(session: Session, video: Video) -> Iterator[str]:
    for story_id in _column(session, select(Story.id).where(with_video(video.id))):
        yield from _live_story(session, story_id)


def _section(session: Session, section: Section) -> Iterator[str]:
    yield SECTIONS


def _live_story(session: Session, story_id: int) -> Iterator[str]:
    yield of_story(story_id)
    placed = _column(session, select(Placement.section_id).where(Placement.story_id == story_id))
    if placed:
        yield from map(of_section, placed)
        yield from (FRONT, TICKER)


# Model class -> the streams that a new, changed or deleted row of it moves.
TABLE: dict[type[Model], Callable[[Session, Any], Iterable[str]]] = {
    Story: _story,
    Byline: _part,
    Correction: _part,
    Placement: _placement,
    TickerLine: _line,
    Photo: _photo,
    Video: _video,
    Section: _section,
    Slot: _slot,
}

# What no reader sees. A tag shows on its stories only, and giving or taking one changes the story.
UNSEEN: frozenset[type[Model]] = frozenset(
    {
        Stream,
        Deed,
        Duty,
        User,
        Role,
        AccessLink,
        SignIn,
        Passkey,
        UsedChallenge,
        RecoveryCode,
        Tag,
        Revision,
        FormerPath,  # whoever comes there asks for the story
        WorkingCopy,
        Receipt,
        Printing,
        Arrangement,
        Launch,
        Origin,
        Rule,
        Source,  # its excerpts carry what readers see of it
        Feed,
        Finding,
        Host,
        Item,
        ItemSection,
        ItemVersion,
        Sighting,
        Spiked,
        Cluster,
        ClusterChoice,
        ClusterPlacement,
        ReadingMark,
        Gist,
        GistTerm,
        TermCount,
    }
)


def _past(row: Model, attribute: str) -> Sequence[Any]:
    """What the attribute was before this flush, if it changed."""
    return inspect(row).attrs[attribute].history.deleted or ()


def _column(session: Session, query: Any) -> list[int]:
    # Not through the session: this runs inside its flush.
    return list(session.connection().execute(query).scalars())


# --- raising ------------------------------------------------------------------------------------

# Sent after a commit that raised revisions, with {name: revision}.
raised = Signal()


@event.listens_for(Session, "after_flush")
def _collect(session: Session, context: Any) -> None:
    for row in session.new:
        _moved_by(session, row)
    for row in session.dirty:
        if session.is_modified(row):
            _moved_by(session, row)


# Not only what was deleted by name: also what fell out of its owner's collection.
@event.listens_for(Session, "persistent_to_deleted")
def _moved_by(session: Session, row: Model) -> None:
    rule = TABLE.get(type(row))
    if rule is not None:
        session.info.setdefault("moved", set()).update(rule(session, row))


@event.listens_for(Session, "before_commit")
def _raise(session: Session) -> None:
    session.flush()
    names = sorted(session.info.pop("moved", ()))  # one order for all: no deadlock
    if not names:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(Stream).values([{"name": name, "revision": 1} for name in names])
    query = insert.on_conflict_do_update(
        index_elements=[Stream.name], set_={"revision": Stream.revision + 1}
    ).returning(Stream.name, Stream.revision)
    session.info["raised"] = dict(session.connection().execute(query).all())


@event.listens_for(Session, "after_commit")
def _announce(session: Session) -> None:
    if revisions := session.info.pop("raised", None):
        raised.send(revisions=revisions)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("moved", None)
    session.info.pop("raised", None)


@event.listens_for(Session, "do_orm_execute")
def _forbid_bulk(state: ORMExecuteState) -> None:
    """Bulk changes bypass the flush, so nothing would tell readers: RuntimeError."""
    mapper = state.bind_mapper
    if (state.is_update or state.is_delete) and mapper and mapper.class_ in TABLE:
        raise RuntimeError(f"change {mapper.class_.__name__} through the session, not in bulk")


# --- reading --------------------------------------------------------------------------------------


def read(session: Session, names: Sequence[str]) -> tuple[dict[str, int], datetime | None]:
    """The revisions of these streams, and when the next release is due: one SELECT by keys."""
    rows = session.execute(_read(), {"names": list(names)}).all()
    found = {row.name: row.revision for row in rows if row.name}
    return {name: found.get(name, 0) for name in names}, rows[0].due


@cache
def _read() -> Select[Any]:
    moments = union_all(select(releases.next_release()), select(ends.next_end())).subquery()
    clock = select(func.min(moments.c.due).label("due")).subquery()
    return (
        select(clock.c.due, Stream.name, Stream.revision)
        .select_from(clock)
        .outerjoin(Stream, Stream.name.in_(bindparam("names", expanding=True)))
    )


def release(engine: Engine, at: datetime, zone: Any) -> int:
    """Publishes what is due, ends what is over: stories, breaking news, slots; how many changed.

    Safe to be called by any number of processes at once: the losers change nothing.
    """
    with Session(engine) as session:
        audit.begin(session, "clock")
        try:
            released = _release(session, at, zone)
            session.commit()
        except (StaleDataError, DBAPIError) as error:
            # Another process released first, or the database is busy: the next look tries again.
            log.info("nothing released: %s", type(error).__name__)
            return 0
    return released


def _release(session: Session, at: datetime, zone: Any) -> int:
    stories = releases.to_release(session, at)
    for story in stories:
        if story.due(at):
            story.publish(None, at, releases.free_path(session, story, at, zone))
        if story.unpublish_at and story.unpublish_at <= at:  # at once, after a long night
            story.come_down(at)
        elif story.breaking_until and story.breaking_until <= at:
            story.end_breaking()
    slots = ends.to_end(session, at)
    for slot in slots:
        session.delete(slot)
    return len(stories) + len(slots)
