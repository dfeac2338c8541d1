"""Reads of fronts as the desk lays them out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from newsapp.formats import Stamp
from newsapp.front.models import Arrangement, Launch
from newsapp.stories.models import RIVER, Placement, Section, Status, Story, story_sections
from newsapp.stories.queries import listings
from newsapp.stories.queries.listings import Listing


def arrangement(session: Session, section_id: int) -> Arrangement | None:
    """How a front is laid out, with its slots; None where nobody ever did it."""
    query = select(Arrangement).where(Arrangement.section_id == section_id)
    return session.scalar(query.options(selectinload(Arrangement.slots)))


def live_on(session: Session, section_id: int, story_ids: Iterable[int]) -> dict[int, str]:
    """The headlines of those of these stories that can stand on a front, by number."""
    query = select(Story.id, Story.headline).join(Placement, Placement.story_id == Story.id)
    here = Placement.section_id == section_id, Story.id.in_(list(story_ids))
    return dict(session.execute(query.where(*here)).all())


def paths_launched(session: Session, section_id: int, at: datetime) -> list[str]:
    """The paths of the live stories that readers have on a front by hand."""
    found = arrangement(session, section_id)
    numbers = [slot.story_id for slot in found.launched(at)] if found else []
    query = select(Story.path).where(Story.id.in_(numbers), Story.status == Status.PUBLISHED)
    return [path for path in session.scalars(query) if path]


@dataclass(frozen=True, slots=True)
class TakenDown:
    """A story that was live a while ago and is no longer."""

    id: int
    headline: str
    language: str
    status: str
    at: datetime

    @property
    def withdrawn(self) -> bool:
        """Whether it was withdrawn for good."""
        return self.status == Status.WITHDRAWN


def taken_down(session: Session, section_id: int, since: datetime) -> list[TakenDown]:
    """What was published since then, filed where this front lists, and is no longer live."""
    query = select(Story.id, Story.headline, Story.language, Story.status, Story.changed_at).where(
        Story.status.in_([status for status in Status if status != Status.PUBLISHED]),
        Story.changed_at > since,
        Story.published_at > since,
    )
    if section_id != RIVER:
        here = select(Section.id).where(
            or_(Section.id == section_id, Section.parent_id == section_id)
        )
        filed = select(story_sections.c.story_id).where(story_sections.c.section_id.in_(here))
        query = query.where(Story.id.in_(filed))
    query = query.order_by(Story.changed_at.desc(), Story.id.desc()).limit(20)
    return [TakenDown(*row) for row in session.execute(query)]


def headlines(session: Session, story_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Headline and status of these stories, by number."""
    query = select(Story.id, Story.headline, Story.status).where(Story.id.in_(list(story_ids)))
    return {number: (headline, status) for number, headline, status in session.execute(query)}


def found(
    session: Session, section_id: int, words: str, before: Stamp | None, limit: int
) -> Listing:
    """The newest live stories of a section whose headlines have all these words."""
    if not words:
        return listings.listing(session, section_id, before=before, limit=limit)
    scan = select(Placement.published_at, Placement.story_id).join(
        Story, Story.id == Placement.story_id
    )
    has = [Story.headline.icontains(word, autoescape=True) for word in words.split()[:8]]
    scan = scan.where(Placement.section_id == section_id, *has)
    if before is not None:
        older = Placement.published_at == before.at, Placement.story_id < before.id
        scan = scan.where(or_(Placement.published_at < before.at, and_(*older)))
    scan = scan.order_by(Placement.published_at.desc(), Placement.story_id.desc())
    query = listings.cards_of(scan.limit(limit + 1).subquery())
    cards = tuple(map(listings.card_of, session.execute(query)))
    return Listing(cards[:limit], cards[limit - 1].stamp if len(cards) > limit else None)


def launches(session: Session, section_id: int, limit: int) -> Sequence[Launch]:
    """What was launched on a front, the last first."""
    query = select(Launch).where(Launch.section_id == section_id)
    return session.scalars(query.order_by(Launch.id.desc()).limit(limit)).all()


def launch(session: Session, section_id: int, launch_id: int) -> Launch | None:
    """One launch of this front."""
    query = select(Launch).where(Launch.section_id == section_id, Launch.id == launch_id)
    return session.scalar(query)
