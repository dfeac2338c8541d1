"""Reads of fronts as the desk lays them out."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from newsapp.front.models import Arrangement, Launch
from newsapp.stories.models import Placement, Story


def arrangement(session: Session, section_id: int) -> Arrangement | None:
    """How a front is laid out, with its slots; None where nobody ever did it."""
    query = select(Arrangement).where(Arrangement.section_id == section_id)
    return session.scalar(query.options(selectinload(Arrangement.slots)))


def live_on(session: Session, section_id: int, story_ids: Iterable[int]) -> dict[int, str]:
    """The headlines of those of these stories that can stand on a front, by number."""
    query = select(Story.id, Story.headline).join(Placement, Placement.story_id == Story.id)
    here = Placement.section_id == section_id, Story.id.in_(list(story_ids))
    return dict(session.execute(query.where(*here)).all())


def launches(session: Session, section_id: int, limit: int) -> Sequence[Launch]:
    """What was launched on a front, the last first."""
    query = select(Launch).where(Launch.section_id == section_id)
    return session.scalars(query.order_by(Launch.id.desc()).limit(limit)).all()


def launch(session: Session, section_id: int, launch_id: int) -> Launch | None:
    """One launch of this front."""
    query = select(Launch).where(Launch.section_id == section_id, Launch.id == launch_id)
    return session.scalar(query)
