"""What stands on the front page and why: lead, seconds, regions, strips, river."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from newsapp.stories.models import RIVER
from newsapp.stories.queries.listings import Card, cards
from newsapp.stories.queries.sections import Place, Tree

SECONDS = 3
HEADLINES = 4
LINES = 24
# Enough of each section that a strip is full even when its newest stories stand further up.
SPARE = 4


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
    analysis: tuple[Card, ...]
    interviews: tuple[Card, ...]
    photos: tuple[Card, ...]
    videos: tuple[Card, ...]
    river: tuple[Card, ...]
    newest: tuple[Card, ...]  # the one, if any, wherever it stands
    demo: bool


def front(session: Session, tree: Tree, breaking: Sequence[Card]) -> Front:
    """The front page from the newest stories of its sections, in one SELECT.

    It is led by the first of the stories that are `breaking` now.
    """
    strips = {"analysis": 4, "opinion": 4, "interview": 3, "photos": 4, "video": 3}
    tops = {RIVER: 1 + SECONDS + LINES}
    tops |= {place.id: 1 + HEADLINES + SPARE for place in tree.regions}
    found_strips = {slug: place for slug in strips if (place := tree.find(slug))}
    tops |= {place.id: strips[slug] + SPARE for slug, place in found_strips.items()}
    found = cards(session, tops)
    river = found[RIVER]
    page = _Page()
    lead = page.take([*breaking, *_leads(river)], 1)
    seconds = page.take(river, SECONDS)
    lines = [card for card in river if card not in (*lead, *seconds)][:LINES]
    strip = {slug: page.take(found[place.id], strips[slug]) for slug, place in found_strips.items()}
    blocks = tuple(page.blocks(tree.regions, found))
    views = sorted(
        strip.get("analysis", ()) + strip.get("opinion", ()), key=lambda c: c.stamp, reverse=True
    )
    return Front(
        lead=lead[0] if lead else None,
        seconds=seconds,
        blocks=blocks,
        analysis=tuple(views[:4]),
        interviews=strip.get("interview", ()),
        photos=strip.get("photos", ()),
        videos=strip.get("video", ()),
        river=tuple(lines),
        newest=tuple(river[:1]),
        demo=any(card.demo for card in river),
    )


def _leads(river: list[Card]) -> list[Card]:
    """The newest with a picture, then the newest."""
    return sorted(river, key=lambda card: card.picture is None)


class _Page:
    """Remembers what stands on the page already."""

    def __init__(self) -> None:
        self._standing: set[int] = set()

    def take(self, cards: Iterable[Card], limit: int) -> tuple[Card, ...]:
        """The first of these that stand nowhere yet; from now on they do."""
        free = [card for card in cards if card.id not in self._standing][:limit]
        self._standing.update(card.id for card in free)
        return tuple(free)

    def blocks(self, regions: Iterable[Place], found: dict[int, list[Card]]) -> Iterable[Block]:
        """A block for each region that has stories left, led by one with a picture."""
        for place in regions:
            pictured = sorted(found[place.id], key=lambda card: card.picture is None)
            if lead := self.take(pictured, 1):
                yield Block(place, lead[0], self.take(found[place.id], HEADLINES))
