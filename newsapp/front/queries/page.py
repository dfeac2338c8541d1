"""What stands on the front page and at a region's top: what is picked by hand, then the newest."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, literal, or_, select, union_all
from sqlalchemy.orm import Session

from newsapp.formats import EPOCH
from newsapp.front.models import HEADLINES, LEAD, OPENING, TOP, Slot
from newsapp.media.models import Photo
from newsapp.stories.models import RIVER, Placement, Story
from newsapp.stories.queries.listings import (
    CARD,
    PAGE,
    Card,
    Listing,
    card_of,
    top_scans,
    top_values,
)
from newsapp.stories.queries.sections import Place, Tree

LINES = 24
# Enough of each section that a strip is full even when its newest stories stand further up.
SPARE = 4
STRIPS = {"analysis": 4, "opinion": 4, "interview": 3, "photos": 4, "video": 3}
NO_DRAFT = 0

Pins = Mapping[int, Card]  # by position


@dataclass(frozen=True, slots=True)
class Block:
    """A region on the front page."""

    place: Place
    lead: Card
    headlines: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """The front page: above the river nothing stands twice, nor in the river what opens it."""

    lead: Card | None
    seconds: tuple[Card, ...]
    blocks: tuple[Block, ...]
    views: tuple[Card, ...]  # analysis and opinion
    interviews: tuple[Card, ...]
    photos: tuple[Card, ...]
    videos: tuple[Card, ...]
    river: tuple[Card, ...]
    newest: tuple[Card, ...]  # the one, if any, wherever it stands
    demo: bool
    pins: Mapping[int, Pins]  # by section
    mark: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region's page: its top where it is laid out by hand, and the newest that follow."""

    top: tuple[Card, ...]
    listing: Listing
    newest: tuple[Card, ...]  # the one, if any, wherever it stands
    pins: Pins
    mark: str


def front(
    session: Session,
    tree: Tree,
    breaking: Sequence[Card],
    drafted: int = NO_DRAFT,
    at: datetime = EPOCH,
) -> Front:
    """The front page in one SELECT; of the section `drafted` the desk's draft.

    What is `breaking` now takes the first place that is not filled by hand. Readers' pages wait
    for the clock to end a slot; who gives `at` sees it end then.
    """
    tops = {RIVER: OPENING + LINES}
    tops |= {place.id: 1 + HEADLINES + SPARE for place in tree.regions}
    found_strips = {slug: place for slug in STRIPS if (place := tree.find(slug))}
    tops |= {place.id: STRIPS[slug] + SPARE for slug, place in found_strips.items()}
    found, pins = _read(session, tops, drafted, at)
    river, opening = found[RIVER], pins.get(RIVER, {})
    page = _Page(opening.values())
    # Beside the lead, where another story was made to lead.
    first = page.free(breaking)[:1]
    lead = page.fill(opening, range(LEAD, LEAD + 1), [*first, *_leads(river)])
    seconds = page.fill(opening, range(LEAD + 1, OPENING + 1), [*first, *river])
    lines = [card for card in river if card not in (*lead, *seconds)][:LINES]
    chosen = {place.id: page.claim(pins.get(place.id, {})) for place in tree.regions}
    strip = {slug: found[place.id] for slug, place in found_strips.items()}
    views = [*strip.get("analysis", ()), *strip.get("opinion", ())]
    return Front(
        lead=lead[0] if lead else None,
        seconds=seconds,
        views=page.take(sorted(views, key=lambda card: card.stamp, reverse=True), 4),
        interviews=page.take(strip.get("interview", ()), STRIPS["interview"]),
        photos=page.take(strip.get("photos", ()), STRIPS["photos"]),
        videos=page.take(strip.get("video", ()), STRIPS["video"]),
        blocks=tuple(page.blocks(tree.regions, chosen, found)),
        river=tuple(lines),
        newest=tuple(river[:1]),
        demo=any(card.demo for card in river),
        pins=pins,
        mark=_mark(pins),
    )


def lead(session: Session, breaking: Sequence[Card], at: datetime) -> Card | None:
    """What leads the front page now, in one SELECT."""
    found, pins = _read(session, {RIVER: OPENING + LINES}, NO_DRAFT, at)
    opening = pins.get(RIVER, {})
    page = _Page(opening.values())
    first = [*page.free(breaking)[:1], *_leads(found[RIVER])]
    return next(iter(page.fill(opening, range(LEAD, LEAD + 1), first)), None)


def _leads(river: Iterable[Card]) -> list[Card]:
    """The newest with a picture, then the newest."""
    return sorted(river, key=lambda card: card.picture is None)


def region(
    session: Session,
    section_id: int,
    drafted: int = NO_DRAFT,
    at: datetime = EPOCH,
    limit: int = PAGE,
) -> Region:
    """A region's first page in one SELECT; laid out by hand at its top, or else all newest."""
    found, pins = _read(session, {section_id: limit + 1}, drafted, at)
    newest, own = found[section_id], pins.get(section_id, {})
    top = _Page(own.values()).fill(own, range(LEAD, TOP + 1), newest) if own else ()
    older = newest[limit - 1].stamp if len(newest) > limit else None
    rest = tuple(card for card in newest[:limit] if card not in top)
    return Region(top, Listing(rest, older), tuple(newest[:1]), own, _mark(pins))


def mark(session: Session, section_id: int) -> str:
    """Names what is laid out by hand on a front, as `Front.mark` and `Region.mark` do."""
    query = select(Slot.section_id, Slot.position, Slot.story_id).join(Placement, _STANDS)
    query = query.where(~Slot.draft)
    if section_id != RIVER:  # the front page shows the regions' tops, too
        query = query.where(Slot.section_id == section_id)
    return _mark_of(tuple(row) for row in session.execute(query))


def _mark(pins: Mapping[int, Pins]) -> str:
    return _mark_of(
        (section_id, position, card.id)
        for section_id, own in pins.items()
        for position, card in own.items()
    )


def _mark_of(slots: Iterable[tuple[int, ...]]) -> str:
    return hashlib.blake2b(repr(sorted(slots)).encode(), digest_size=4).hexdigest()


class _Page:
    """Remembers what stands on the page already."""

    def __init__(self, standing: Iterable[Card]) -> None:
        self._standing = {card.id for card in standing}

    def free(self, cards: Iterable[Card]) -> list[Card]:
        """Those of these that stand nowhere yet, each once."""
        return list({card.id: card for card in cards if card.id not in self._standing}.values())

    def take(self, cards: Iterable[Card], limit: int) -> tuple[Card, ...]:
        """The first of these that stand nowhere yet; from now on they do."""
        taken = tuple(self.free(cards)[:limit])
        self._standing.update(card.id for card in taken)
        return taken

    def fill(self, pins: Pins, positions: Iterable[int], cards: Sequence[Card]) -> tuple[Card, ...]:
        """What stands in these positions: what is pinned there, else the first that is free."""
        filled = ((pins[n],) if n in pins else self.take(cards, 1) for n in positions)
        return tuple(card for cards in filled for card in cards)

    def claim(self, pins: Pins) -> Pins:
        """Those of these that stand nowhere yet; from now on they do."""
        return {position: card for position, card in pins.items() if self.take([card], 1)}

    def blocks(
        self, regions: Iterable[Place], pins: Mapping[int, Pins], found: Mapping[int, list[Card]]
    ) -> Iterable[Block]:
        """A block for each region that has stories left, led by one with a picture or by hand."""
        for place in regions:
            own, newest = pins[place.id], found[place.id]
            if lead := self.fill(own, range(LEAD, LEAD + 1), _leads(newest)):
                headlines = self.fill(own, range(LEAD + 1, TOP + 1), newest)
                yield Block(place, lead[0], headlines)


# A slot stands for as long as its story is live and filed there.
_STANDS = and_(Placement.section_id == Slot.section_id, Placement.story_id == Slot.story_id)


def _read(
    session: Session, tops: Mapping[int, int], drafted: int, at: datetime
) -> tuple[dict[int, list[Card]], dict[int, dict[int, Card]]]:
    """The newest of these sections, each with its own limit, and what is pinned in them, in one
    SELECT."""
    values = {**top_values(tops), "drafted": drafted, "sections": list(tops), "at": at}
    found: dict[int, list[Card]] = {section_id: [] for section_id in tops}
    pins: dict[int, dict[int, Card]] = {}
    for section_id, position, *row in session.execute(_tops(len(tops)), values):
        if position:
            pins.setdefault(section_id, {})[position] = card_of(row)
        else:
            found[section_id].append(card_of(row))
    return found, pins


# Building a statement of this size takes longer than running it; its shape never changes.
@cache
def _tops(count: int) -> Select[Any]:
    """The scans of the sections and the slots, joined by UNION ALL."""
    slots = (
        select(Slot.position, Slot.section_id, Placement.published_at, Placement.story_id)
        .join(Placement, _STANDS)
        .where(
            Slot.draft == (Slot.section_id == bindparam("drafted", type_=Integer)),
            Slot.section_id.in_(bindparam("sections", expanding=True)),
            or_(Slot.until.is_(None), Slot.until > bindparam("at", type_=Slot.until.type)),
        )
    )
    newest = (select(literal(0).label("position"), scan) for scan in top_scans(count))
    top = union_all(*newest, slots).subquery()
    return (
        select(top.c.section_id, top.c.position, *CARD)
        .join(Story, Story.id == top.c.story_id)
        .outerjoin(Photo, Photo.id == Story.photo_id)
        .order_by(top.c.section_id, top.c.published_at.desc(), top.c.story_id.desc())
    )
