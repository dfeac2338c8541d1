"""Reads of what a story said before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.formats import NUMBER_MAX
from newsapp.stories.models import Revision, Story


@dataclass(frozen=True, slots=True)
class Save:
    """One save of a story, without its words."""

    id: int
    at: datetime
    by_id: int | None
    note: str


def saves(session: Session, story_id: int, limit: int) -> list[Save]:
    """The saves of a story, the last first."""
    columns = Revision.id, Revision.at, Revision.by_id, Revision.note
    query = select(*columns).where(Revision.story_id == story_id)
    return [Save(*row) for row in session.execute(query.order_by(Revision.id.desc()).limit(limit))]


def revision(session: Session, story_id: int, revision_id: int) -> Revision | None:
    """One save of this story, with its words."""
    query = select(Revision).where(Revision.story_id == story_id, Revision.id == revision_id)
    return session.scalar(query)


def overtaken(session: Session, story: Story, version: int) -> bool:
    """Whether somebody changed the story's words since this version; going out changes none."""
    return version != story.version and words_at(session, story.id, version) != story.words()


def words_at(session: Session, story_id: int, version: int) -> dict[str, Any] | None:
    """The words of a story as whoever saw this version saw them; None where nobody noted it."""
    if version > NUMBER_MAX:
        return None
    query = select(Revision.words).where(
        Revision.story_id == story_id, Revision.version.between(1, version)
    )
    return session.scalar(query.order_by(Revision.version.desc(), Revision.id.desc()).limit(1))
