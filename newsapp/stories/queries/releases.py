"""Reads of what is to appear, to end, and where."""

from collections.abc import Collection
from datetime import datetime, tzinfo
from itertools import chain, count

from sqlalchemy import Label, and_, func, or_, select, union_all
from sqlalchemy.orm import Session

from newsapp.stories.models import FormerPath, Status, Story, slugify
from newsapp.stories.queries.editing import WHOLE


def next_release() -> Label[datetime | None]:
    """The earliest moment at which a story is to appear, to come down or to stop breaking, as an
    expression."""
    appear = select(func.min(Story.publish_at).label("at")).where(Story.status == Status.SCHEDULED)
    others = (Story.held_until, Story.unpublish_at, Story.breaking_until)
    # Least() of columns differs between databases when one is NULL; min() of rows does not.
    first = union_all(appear, *(select(func.min(moment)) for moment in others)).subquery()
    return select(func.min(first.c.at)).scalar_subquery().label("due")


def to_release(session: Session, at: datetime) -> list[Story]:
    """The stories whose moment has come, with what their verbs need; locked where possible."""
    due = or_(
        and_(Story.status == Status.SCHEDULED, Story.publish_at <= at),
        Story.unpublish_at <= at,
        Story.held_until <= at,
        Story.breaking_until <= at,
    )
    query = select(Story).where(due).options(*WHOLE).with_for_update(of=Story, skip_locked=True)
    return list(session.scalars(query))


def scheduled_by_nobody(session: Session, story_ids: Collection[int]) -> list[Story]:
    """Those of these stories that are on the schedule and that no editor has had in hand, with
    what their verbs need; locked."""
    mine = (Story.id.in_(story_ids), Story.status == Status.SCHEDULED)
    query = select(Story).where(*mine, Story.changed_by_id.is_(None)).options(*WHOLE)
    # As they are once whoever releases them is done.
    query = query.with_for_update(of=Story).execution_options(populate_existing=True)
    return list(session.scalars(query))


def free_path(session: Session, story: Story, at: datetime, zone: tzinfo) -> str:
    """An address of this newsroom day that no other story has or had."""
    slug = story.slug or slugify(story.headline)
    base = f"{at.astimezone(zone):%Y/%m/%d}/{slug}"
    now = select(Story.path).where(Story.path.startswith(base), Story.id != story.id)
    before = select(FormerPath.path).where(
        FormerPath.path.startswith(base), FormerPath.story_id != story.id
    )
    taken = set(session.scalars(union_all(now, before)))
    numbered = (f"{base}-{number}" for number in count(2))
    return next(path for path in chain((base,), numbered) if path not in taken)
