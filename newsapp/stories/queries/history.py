"""Reads of what a story said before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.stories.models import Revision


@dataclass(frozen=True, slots=True)
class Save:
    """One save of a story, without its words."""

    id: int
    at: datetime
    by_id: int | None
    note: str


_SAVE = Revision.id, Revision.at, Revision.by_id, Revision.note


def saves(session: Session, story_id: int, limit: int) -> list[Save]:
    """The saves of a story, the last first."""
    query = select(*_SAVE).where(Revision.story_id == story_id)
    return [Save(*row) for row in session.execute(query.order_by(Revision.id.desc()).limit(limit))]


def some(session: Session, revision_ids: Iterable[int]) -> list[Save]:
    """These saves."""
    query = select(*_SAVE).where(Revision.id.in_(list(revision_ids)))
    return [Save(*row) for row in session.execute(query)]


def words_after(session: Session, story_id: int, revision_id: int) -> dict[str, Any] | None:
    """What the story said after this save of its own; None when there is none."""
    query = select(Revision.words).where(Revision.story_id == story_id, Revision.id == revision_id)
    return session.scalar(query)
