"""The look at the site from outside: where readers have a change, and why not where they don't.

Knows no Flask: gets the site's public address and asks it as any reader does.
"""

import html
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

import httpx
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.formats import Stamp, iso
from newsapp.live.models import Receipt
from newsapp.stories.models import RIVER, Status, Story
from newsapp.stories.queries import listings
from newsapp.stories.queries.sections import Place as SectionPlace
from newsapp.streams import FRONT, TICKER, of_section, of_story

LATE = 15  # seconds after which a place that stays as it was is told in red
GIVE_UP = 60  # seconds after which nobody looks any more
FRESH = 50  # stories that feeds carry, and listings show at least some of
LARGEST = 8 * 1024 * 1024  # bytes of an answer that are read
TIMEOUT = httpx.Timeout(3, connect=2)
# Each place is asked as by another reader: one that is kept open may be closed between two.
ANEW = httpx.Limits(max_keepalive_connections=0)
WHOLE = 5.0  # seconds for all places of one look
_POLLER = re.compile(r"/pulse/([a-z]+(?::[0-9]+)?)\?seen=([0-9.]+)")


@dataclass(frozen=True, slots=True)
class Place:
    """A place where readers should have a change, and what was seen there."""

    name: str
    path: str
    status: int = 200
    stream: str = ""  # that the page's poller names, with the revision it should show
    revision: int = 0
    ticker: int = 0  # the ticker's revision that the page should show
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    seconds: float | None = None  # after which it was there
    reason: str = ""  # why it wasn't at the last look


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader got."""

    status: int
    text: str = field(repr=False)


def recent(
    session: Session, story_id: int | None, section_id: int | None, since: datetime
) -> Receipt | None:
    """The last receipt of a story, or else of a section's front, if it is not older than that."""
    query = select(Receipt).where(
        Receipt.story_id == story_id, Receipt.section_id == section_id, Receipt.at >= since
    )
    return session.scalar(query.order_by(Receipt.id.desc()).limit(1))


def receipt(session: Session, number: int) -> Receipt | None:
    """A receipt."""
    return session.get(Receipt, number)


def places(receipt: Receipt) -> list[Place]:
    """Its places as they were last seen."""
    return [
        Place(**{**kept, "shows": tuple(kept["shows"]), "hides": tuple(kept["hides"])})
        for kept in receipt.places or ()
    ]


def keep(receipt: Receipt, seen: Iterable[Place]) -> None:
    """Writes what was seen into the receipt."""
    receipt.places = [asdict(place) for place in seen]


def streams_of(story: Story, sections: Iterable[SectionPlace]) -> list[str]:
    """The streams that tell of a story in these sections."""
    return [of_story(story.id), FRONT, TICKER, *(of_section(s.id) for s in sections)]


def expected(
    session: Session,
    story: Story,
    sections: Iterable[SectionPlace],
    revisions: Mapping[str, int],
    month: str,
) -> list[Place]:
    """Where readers should have a story as it stands now: all its places, or gone from them.

    `revisions` are those that the pages must show; `month` is that of its sitemap, 2024-06.
    """
    path = f"/{story.path}"
    status = {Status.PUBLISHED: 200, Status.WITHDRAWN: 410}.get(Status(story.status), 404)
    live, gone = story.live, () if story.live else (path,)
    fresh = live and _is_fresh(session, story)
    listed = (path,) if fresh else ()
    own = of_story(story.id)
    stands = Place("Story", path, status, own, revisions[own], shows=(story.headline,))
    found = [
        # An unpublished one has no page, and so nothing that tells its revision.
        stands if status != 404 else Place("Story", path, status),
        Place("Front page", "/", stream=FRONT, revision=revisions[FRONT], hides=gone),
        Place("Ticker", "/", ticker=revisions[TICKER]),
    ]
    for section in sections:
        name = of_section(section.id)
        found.append(
            Place(section.name, section.url, 200, name, revisions[name], shows=listed, hides=gone)
        )
    if fresh or not live:
        changed = story.updated_at or story.published_at
        told = (path, iso(changed)) if live and changed else ()
        found.append(Place("Feed", "/feeds/latest.atom", shows=told, hides=gone))
    line = (f"{path}</loc>",)
    # A month without stories has no sitemap.
    found.append(
        Place("Sitemap", f"/sitemap/{month}.xml", 200, shows=line)
        if live
        else Place("Sitemap", f"/sitemap/{month}.xml", 0, hides=line)
    )
    return found


def expected_of_front(
    section: SectionPlace, paths: Iterable[str], revisions: Mapping[str, int]
) -> list[Place]:
    """Where readers should have a front as it was launched: with the stories at these paths."""
    shows = tuple(f"/{path}" for path in paths)
    if section.id == RIVER:
        return [Place("Front page", "/", 200, FRONT, revisions[FRONT], shows=shows)]
    name = of_section(section.id)
    return [
        Place(section.name, section.url, 200, name, revisions[name], shows=shows),
        # Its band there shows some of them.
        Place("Front page", "/", 200, FRONT, revisions[FRONT]),
    ]


def _is_fresh(session: Session, story: Story) -> bool:
    if story.published_at is None:
        return False
    stamp = Stamp(story.published_at, story.id)
    return listings.count_after(session, RIVER, stamp) < FRESH


def look(places: Iterable[Place], base: str, seconds: float) -> list[Place]:
    """The places after one more look from outside; `seconds` is how long the change stands."""
    return list(_look(places, base, seconds))


def _look(places: Iterable[Place], base: str, seconds: float) -> Iterator[Place]:
    begun, answers = time.monotonic(), dict[str, Answer | str]()
    with httpx.Client(base_url=base, timeout=TIMEOUT, limits=ANEW, trust_env=False) as reader:
        for place in places:
            if place.seconds is not None:
                yield place
                continue
            if place.path not in answers:
                answers[place.path] = _get(reader, place.path, begun + WHOLE)
            reason = why_not(place, answers[place.path])
            after = round(seconds + time.monotonic() - begun, 1)
            yield replace(place, reason=reason, seconds=None if reason else after)


def _get(reader: httpx.Client, path: str, deadline: float) -> "Answer | str":
    if time.monotonic() > deadline:
        return "was not reached in time"
    try:
        with reader.stream("GET", path) as answer:
            text, size = [], 0
            for part in answer.iter_text():
                text.append(part)
                size += len(part)
                if time.monotonic() > deadline:  # also one that drips
                    return "doesn’t answer in time"
                if size > LARGEST:
                    break
            return Answer(answer.status_code, "".join(text))
    except httpx.TimeoutException:
        return "doesn’t answer in time"
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        return f"can’t be reached ({type(error).__name__})"


def why_not(place: Place, answer: "Answer | str") -> str:
    """Why readers don't have the change there, in words; empty when they do."""
    if isinstance(answer, str):
        return answer
    if place.status and answer.status != place.status:
        return f"answers {answer.status} instead of {place.status}"
    if not place.status and answer.status >= 500:
        return f"answers {answer.status}"
    shown = dict(_POLLER.findall(answer.text))
    seen = [int(n) for n in shown.get(place.stream, "").split(".") if n]
    ticker = max((int(seen.rpartition(".")[2] or 0) for seen in shown.values()), default=0)
    if (place.stream and not (seen and seen[0] >= place.revision)) or ticker < place.ticker:
        return "is still the version from before"
    text = html.unescape(answer.text)
    if any(words not in text for words in place.shows):
        return "doesn’t show it yet"
    if any(words in text for words in place.hides):
        return "still shows it"
    return ""
