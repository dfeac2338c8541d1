"""Reads of the origin watch: whose original is asked next, and what was found."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from newsapp.origins.models import Finding, Kind, Origin
from newsapp.stories.models import RIVER, Placement, Status, Story
from newsapp.stories.queries import editing
from newsapp.wire.models import Item

REACH = timedelta(days=3)  # excerpts that went out longer ago are not taken up any more
BATCH = 500
PAGE = 50


def unwatched(session: Session, at: datetime) -> Sequence[Story]:
    """Excerpts that went out in the last days and whose originals nobody watches yet."""
    placed = (Placement.section_id == RIVER, Placement.published_at > at - REACH)
    query = (
        select(Story)
        .join(Placement, Placement.story_id == Story.id)
        .where(*placed, Story.source_url != "", Story.demo.is_(False))
        .where(~exists().where(Origin.story_id == Story.id))
    )
    return session.scalars(query.order_by(Placement.published_at).limit(BATCH)).all()


def feed_headline(session: Session, story_id: int) -> str:
    """What its feed says over the item that a story was made of; empty where there is none."""
    query = select(Item.headline).where(Item.story_id == story_id).order_by(Item.id).limit(1)
    return session.scalar(query) or ""


def pulled(session: Session) -> Sequence[Item]:
    """The items, with their feeds, that their outlets took out of them, of excerpts whose originals
    are still watched, and of which nobody was told since."""
    mine = Finding.story_id == Item.story_id, Finding.kind == Kind.PULLED
    told = exists().where(*mine, Finding.at >= Item.pulled_at)
    # First those that are watched, which are few: of items there may be a million.
    watched = select(Origin.story_id).where(Origin.due_at.is_not(None))
    query = select(Item).where(Item.story_id.in_(watched), Item.pulled_at.is_not(None), ~told)
    return session.scalars(query.limit(BATCH).options(joinedload(Item.feed))).all()


def listed_again(session: Session) -> Sequence[Finding]:
    """What waits for somebody because of a feed that has it again."""
    out = exists().where(Item.story_id == Finding.story_id, Item.pulled_at.is_not(None))
    query = select(Finding).where(Finding.done_at.is_(None), Finding.kind == Kind.PULLED, ~out)
    return session.scalars(query.limit(BATCH)).all()


def next_due(session: Session, at: datetime) -> Origin | None:
    """The original that is overdue longest and that nobody asks just now."""
    query = select(Origin).where(*_askable(at)).order_by(Origin.due_at, Origin.story_id)
    return session.scalars(query.limit(1)).first()


def count_due(session: Session, at: datetime) -> int:
    """How many originals are to be asked."""
    return session.scalar(select(func.count()).select_from(Origin).where(*_askable(at))) or 0


def open_finding(session: Session, story_id: int, kind: str) -> Finding | None:
    """What of this kind was found of an original and waits for somebody."""
    mine = (Finding.story_id == story_id, Finding.kind == kind, Finding.done_at.is_(None))
    return session.scalars(select(Finding).where(*mine).order_by(Finding.id.desc())).first()


def open_findings(session: Session, limit: int = PAGE) -> Sequence[Finding]:
    """What waits for somebody, newest first, with its stories: those that readers have."""
    query = select(Finding).where(*_waiting()).options(joinedload(Finding.story))
    order = (Finding.at.desc(), Finding.id.desc())
    return session.scalars(query.join(Finding.story).order_by(*order).limit(limit)).all()


def findings_of(session: Session, story_id: int) -> Sequence[Finding]:
    """What was found of a story's original and waits for somebody, newest first."""
    query = select(Finding).join(Finding.story).where(Finding.story_id == story_id, *_waiting())
    return session.scalars(query.order_by(Finding.at.desc(), Finding.id.desc())).all()


def count_open(session: Session, limit: int = 1_000) -> int:
    """How much waits for somebody, counted up to `limit`."""
    scan = select(Finding.id).join(Finding.story).where(*_waiting()).limit(limit)
    return session.scalar(select(func.count()).select_from(scan.subquery())) or 0


def finding(session: Session, number: int) -> Finding | None:
    """A finding with its story, whole; from here to the commit, nobody else settles it."""
    held = update(Finding).where(Finding.id == number).values(kind=Finding.kind)
    session.connection().execute(held)
    whole = joinedload(Finding.story).options(*editing.WHOLE)
    return session.scalar(select(Finding).where(Finding.id == number).options(whole))


def _askable(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return Origin.due_at <= at, or_(Origin.leased_until.is_(None), Origin.leased_until <= at)


def _waiting() -> tuple[ColumnElement[bool], ...]:
    return Finding.done_at.is_(None), Story.status == Status.PUBLISHED
