"""Reads of working copies: what is typed and not saved, and who else has a story open."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from newsapp.accounts.models import User
from newsapp.stories.models import Story, WorkingCopy

HERE = timedelta(seconds=25)  # an open form gives a sign of life every ten
LEFT = timedelta(days=1)  # what somebody left unsaved is told to colleagues that long
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What somebody typed and has not saved."""

    token: str
    story_id: int | None
    headline: str
    typed_at: datetime


@dataclass(frozen=True, slots=True)
class Companion:
    """Somebody else who has a story open, or left unsaved words in it."""

    user_id: int
    name: str
    here: bool
    typed_at: datetime | None


def copy(session: Session, by: User, token: str) -> WorkingCopy | None:
    """This person's form with this token."""
    return session.get(WorkingCopy, (by.id, token))


def unsaved(
    session: Session, by: User, but: str = "", story: int | None = None, limit: int = 20
) -> list[Unsaved]:
    """What this person typed and has not saved, in other forms than `but`, the last first.

    Of any story, or of the one with this number; 0 are those that were never saved.
    """
    typed = func.coalesce(
        func.nullif(WorkingCopy.words["headline"].as_string(), ""), Story.headline, ""
    )
    of = [] if story is None else [WorkingCopy.story_id.is_not_distinct_from(story or None)]
    query = (
        select(WorkingCopy.token, WorkingCopy.story_id, typed, WorkingCopy.typed_at)
        .outerjoin(Story, Story.id == WorkingCopy.story_id)
        .where(WorkingCopy.user_id == by.id, WorkingCopy.token != but)
        .where(WorkingCopy.typed_at.is_not(None), *of)
        .order_by(WorkingCopy.typed_at.desc())
        .limit(limit)
    )
    return [Unsaved(*row) for row in session.execute(query)]


def company(session: Session, story_id: int, by: User, token: str, at: datetime) -> list[Companion]:
    """Who else works on this story; the same person in another form is somebody else, too."""
    here = WorkingCopy.seen_at > at - HERE
    query = (
        select(
            WorkingCopy.user_id,
            func.coalesce(func.nullif(User.name, ""), User.email),
            here,
            WorkingCopy.typed_at,
        )
        .join(User, User.id == WorkingCopy.user_id)
        .where(WorkingCopy.story_id == story_id)
        .where(or_(WorkingCopy.user_id != by.id, WorkingCopy.token != token))
        .where(or_(here, WorkingCopy.typed_at > at - LEFT))
        # Of two windows of one person the one with unsaved words says more.
        .order_by(WorkingCopy.typed_at.is_(None), WorkingCopy.seen_at.desc())
        .limit(20)
    )
    return [Companion(*row) for row in session.execute(query)]


def in_hand(session: Session, story_id: int, at: datetime) -> bool:
    """Whether somebody has a story open, or left unsaved words in it."""
    open_or_typed = or_(WorkingCopy.seen_at > at - HERE, WorkingCopy.typed_at.is_not(None))
    query = select(WorkingCopy.token).where(WorkingCopy.story_id == story_id, open_or_typed)
    return session.scalar(query.limit(1)) is not None


def outdated(session: Session, at: datetime, limit: int = 500) -> list[WorkingCopy]:
    """Forms that are closed with nothing unsaved in them, and what nobody came back for."""
    closed = WorkingCopy.typed_at.is_(None) & (WorkingCopy.seen_at < at - timedelta(hours=1))
    query = select(WorkingCopy).where(or_(closed, WorkingCopy.seen_at < at - KEPT))
    return list(session.scalars(query.limit(limit)))
