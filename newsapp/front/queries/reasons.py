"""Why a story stands where it does on a front, and why it doesn't: in words, and true."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from newsapp.front.models import LEAD, OPENING, TOP, Slot
from newsapp.front.queries.page import Front, Pins, Region
from newsapp.stories.models import RIVER, Kind
from newsapp.stories.queries.listings import Card
from newsapp.stories.queries.sections import Place, Tree

Clock = Callable[[datetime], str]
Slots = Mapping[int, Slot]  # by position
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def on_the_front(front: Front) -> dict[int, str]:
    """Where the stories above the river stand, by number."""
    found = {card.id: "beside the lead" for card in front.seconds}
    found |= {card.id: "the lead" for card in (front.lead,) if card}
    for block in front.blocks:
        found |= {card.id: f"in {block.place.name}" for card in (block.lead, *block.headlines)}
    strips = {"in Analysis": front.views, "in Interviews": front.interviews,
              "in Photos": front.photos, "in Video": front.videos}  # fmt: skip
    return found | {card.id: where for where, cards in strips.items() for card in cards}


def off_the_front(card: Card, front: Front, tree: Tree, slots: Slots, told: Clock) -> list[str]:
    """Why a live story doesn't stand above the river of the front page."""
    return [
        _off_the_opening(card, front, slots, told),
        *_off_the_bands(card, front, tree),
        *_off_the_strips(card, front, tree),
    ]


def off_the_region(
    card: Card, top: Iterable[Card], place: Place, slots: Slots, told: Clock
) -> list[str]:
    """Why a live story doesn't stand at a region's top."""
    picked = {slot.story_id for slot in slots.values()}
    newer = _newer(card, (other for other in top if other.id not in picked))
    if newer:
        return [f"older than the {_newest(newer)} of {place.name}"]
    return [_taken(f"the places of {place.name}", slots.values(), told)]


def _off_the_opening(card: Card, front: Front, slots: Slots, told: Clock) -> str:
    pins = front.pins.get(RIVER, {})
    beside = [other for other in front.seconds if other not in pins.values()]
    if newer := _newer(card, beside):
        return f"older than the {_newest(newer)} beside the lead"
    seconds = [slot for position, slot in slots.items() if position != LEAD]
    if LEAD in pins and len(pins) == OPENING:
        return _taken("the places at the top", slots.values(), told)
    filled = _taken("those beside it", seconds, told) if seconds else "breaking news is beside it"
    if LEAD in pins:
        return _taken("the lead’s place", [slots[LEAD]] if LEAD in slots else [], told)
    if front.lead and front.lead.breaking:
        return f"breaking news leads, and {filled}"
    if card.picture is None:
        return f"without a picture to lead with, and {filled}"
    return f"older than the lead, and {filled}"


def _off_the_bands(card: Card, front: Front, tree: Tree) -> Iterator[str]:
    regions = regions_of(card, tree)
    if not regions:
        yield "not filed under any region"
    for block in front.blocks:
        if block.place not in regions:
            continue
        pins = front.pins.get(block.place.id, {})
        name = block.place.name
        if newer := _newer(card, (c for c in block.headlines if c not in pins.values())):
            yield f"older than the {_newest(newer)} of {name}"
        elif len([n for n in pins if n != LEAD]) < TOP - LEAD:
            yield f"older than what {name} has higher up"
        elif LEAD in pins:
            yield f"all of {name} is set by hand"
        elif card.picture is None:
            yield f"without a picture to lead {name}, whose headlines are set by hand"
        else:
            yield f"older than the lead of {name}, whose headlines are set by hand"


def _off_the_strips(card: Card, front: Front, tree: Tree) -> Iterator[str]:
    formats = {place.slug for place in tree.pick(card.section_ids, Kind.FORMAT)}
    strips = (
        ({"analysis", "opinion"}, "Analysis", front.views),
        ({"interview"}, "Interviews", front.interviews),
        ({"photos"}, "Photos", front.photos),
        ({"video"}, "Video", front.videos),
    )
    for slugs, name, cards in strips:
        if slugs & formats and (newer := _newer(card, cards)):
            yield f"older than the {_newest(newer)} of {name}"


def regions_of(card: Card, tree: Tree) -> list[Place]:
    """The regions that a story is filed under, by itself or by its country."""
    filed = tree.named(card.section_ids)
    numbers = {place.id for place in filed} | {place.parent_id for place in filed}
    return [place for place in tree.regions if place.id in numbers]


def why_automatic(card: Card, position: int, place: Place | None, pins: Pins) -> str:
    """Why a story stands in a place that nobody filled; None: a place of the front page."""
    if place is not None:
        return f"newest from {place.name}"
    if card.breaking and position <= LEAD + len(pins):
        return "breaking now"
    return "newest with a picture" if position == LEAD and card.picture else "newest"


def _newer(card: Card, others: Iterable[Card]) -> int:
    return sum(other.stamp > card.stamp for other in others)


def _newest(count: int) -> str:
    return "newest" if count == 1 else f"{WORDS[count]} newest"


def _taken(what: str, slots: Iterable[Slot], told: Clock) -> str:
    """That these are filled by hand, and when the first of them gets free."""
    ends = [slot.until for slot in slots if slot.until]
    verb = "is" if what.endswith("place") else "are"
    return f"{what} {verb} taken" + (f" until {told(min(ends))}" if ends else " by hand")


def standing_at(region: Region) -> tuple[Card, ...]:
    """What stands in the places of a region's top."""
    return region.top or region.listing.cards[:TOP]
