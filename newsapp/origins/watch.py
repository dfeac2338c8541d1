"""Asking originals again: once for each time, however many workers there are, and what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import httpx
from sqlalchemy import Engine, or_, update
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.clock import AHEAD
from newsapp.origins import queries
from newsapp.origins.models import LEASE, LOOKS, Finding, Kind, Origin
from newsapp.stories.models import Story
from newsapp.wire import copytaster, page
from newsapp.wire.addresses import parsed_url, turn_of
from newsapp.wire.fetch import AGENT, WEB, FetchError, fetch
from newsapp.wire.links import page_of
from newsapp.wire.parse import ParseError
from newsapp.wire.turns import BusyError, hops, take, writing

GONE = (404, 410)
FEED = "feed"  # what the original's feed says over it, beside what the page says
# Addresses that were never meant to stay: what they lead to is the same page.
SIGNPOSTS = (
    "feedburner.com", "feedproxy.google.com", "news.google.com", "t.co", "bit.ly", "dlvr.it",
    "ift.tt", "ow.ly", "trib.al", "tinyurl.com", "goo.gl", "buff.ly", "reut.rs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What an original answered."""

    gone: str = ""  # a sentence
    moved_to: str = ""  # for good
    headlines: Mapping[str, str] | None = None  # None: it can't be read
    corrections: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking one."""

    story_id: int
    lease: datetime
    at: datetime
    said: Said | None = None  # None: it could not be reached
    retry_after: int | None = None
    busy: bool = False


def take_up(session: Session, at: datetime) -> int:
    """Has the originals of excerpts that went out since watched; how many. The caller commits."""
    _put_right(session, at)
    found = queries.unwatched(session, at)
    for story in found:
        origin = Origin.of(story, at)
        origin.said = {FEED: queries.feed_headline(session, story.id)}
        session.add(origin)
    return len(found)


def follow_feeds(session: Session, at: datetime) -> None:
    """Tells of excerpts that their outlet took out of its feed, and takes back what it has there
    again; the caller commits."""
    for item in queries.pulled(session):
        assert item.story_id and item.pulled_at
        said = (item.headline, f"{item.feed.name} lists it no more.")
        _found(session, item.story_id, Kind.PULLED, *said, max(at, item.pulled_at))
    for finding in queries.listed_again(session):
        session.delete(finding)


def ask_next(
    engine: Engine, allowed_hosts: frozenset[str] = frozenset(), *, called: str = AGENT
) -> Asked | None:
    """Asks the original that is overdue longest; None when none is."""
    while True:
        with writing(engine), Session(engine) as session, session.begin():
            origin = queries.next_due(session, at := clock.now())
            if origin is None:
                return None
            leased = _leased(session, origin, at)
        if leased is not None:
            return _ask(engine, *leased, allowed_hosts, called)


def store(session: Session, asked: Asked) -> list[Finding]:
    """Notes what an original answered, and what differs; the caller commits.

    Nothing when it took so long that somebody else has begun.
    """
    origin = session.get(Origin, asked.story_id, with_for_update=True)
    if origin is None or origin.leased_until != asked.lease:
        return []
    if asked.busy:
        origin.put_back(asked.at)
    elif asked.said is None:
        origin.missed(asked.at, asked.retry_after)
    else:
        before, feed = origin.said or {}, queries.feed_headline(session, origin.story_id)
        said = _readable(before, asked.said)
        found = list(_differences(session, origin, before, said, feed, asked.at))
        origin.said = {**_kept(before, said), FEED: feed}
        origin.seen(asked.at)
        return found
    return []


def give_up(session: Session, asked: Asked) -> None:
    """Ends a look whose answer can't be stored; the caller commits."""
    origin = session.get(Origin, asked.story_id, with_for_update=True)
    if origin is not None and origin.leased_until == asked.lease:
        origin.seen(asked.at)


def _put_right(session: Session, at: datetime) -> None:
    """Has asked what a clock that was ahead has noted for later than it can be."""
    leased = update(Origin).where(Origin.due_at <= at, Origin.leased_until > at + LEASE + AHEAD)
    session.execute(leased.values(leased_until=None))
    late = update(Origin).where(Origin.due_at > at + LOOKS[-1] + AHEAD)
    session.execute(late.values(due_at=at))


def _leased(session: Session, origin: Origin, at: datetime) -> tuple[Asked, str] | None:
    """An original that is ours to ask, and its address; None when somebody else was faster, or
    readers don't have the excerpt any more."""
    story, lease = session.get_one(Story, origin.story_id), at + LEASE
    if not story.live:
        origin.let_go()
        return None
    free = or_(Origin.leased_until.is_(None), Origin.leased_until <= at)
    claim = update(Origin).where(Origin.story_id == story.id, Origin.due_at <= at, free)
    claimed = claim.values(leased_until=lease).returning(Origin.story_id)
    if not session.execute(claimed.execution_options(synchronize_session=False)).all():
        return None
    if origin.url != story.source_url:  # what another address of it said counts no more
        origin.url, origin.said = story.source_url, None
    return Asked(story.id, lease, at), story.source_url


def _ask(
    engine: Engine, asked: Asked, url: str, allowed_hosts: frozenset[str], called: str
) -> Asked:
    def answered(**fields: Any) -> Asked:
        return Asked(asked.story_id, asked.lease, asked.at, **fields)

    try:
        turn = take(engine, turn_of(parsed_url(url)))
    except BusyError:
        return answered(busy=True)
    except ValueError:  # no address that is ever asked
        return answered(said=Said())
    try:
        got = fetch(
            url, allowed_hosts=allowed_hosts, called=called, turn=hops(engine, turn), accept=WEB
        )
    except BusyError:
        return answered(busy=True)
    except FetchError as error:
        if error.status in GONE:
            return answered(said=Said(gone=f"{_host(url)} answers {error.status}."))
        return answered(retry_after=error.retry_after)
    finally:
        with writing(engine), engine.begin() as connection:
            turn.give_back(connection)
    if led := _led_to_a_front(url, got.url):
        return answered(said=Said(gone=led))
    try:
        read = copytaster.read_page(got.body or b"", got.content_type)
    except ParseError:  # it takes too long: that it is there is all that is known
        return answered(said=Said(moved_to=got.moved_to))
    return answered(said=Said("", got.moved_to, read.headlines, read.corrections))


def _differences(
    session: Session, origin: Origin, before: Mapping[str, Any], now: Said, feed: str, at: datetime
) -> Sequence[Finding]:
    found = list[tuple[Kind, str, str]]()
    if now.gone:
        if not before.get("gone"):
            found.append((Kind.GONE, origin.url, now.gone))
        _forget(session, origin.story_id, Kind.MOVED)
    else:
        _forget(session, origin.story_id, Kind.GONE)
        if now.moved_to and now.moved_to != before.get("moved_to") and _moved(origin.url, now):
            found.append((Kind.MOVED, origin.url, now.moved_to))
        changed = page.differs(before.get("headlines") or {}, now.headlines or {})
        # Its feed's alone where the page tells none, or tells it late.
        if changed := changed or page.differs({FEED: before.get(FEED, "")}, {FEED: feed}):
            found.append((Kind.HEADLINE, *changed))
        known = before.get("corrections") or ()
        fresh = [one for one in now.corrections if one not in known]
        if fresh:
            found.append((Kind.CORRECTION, "\n".join(known), "\n".join(fresh)))
    return [_found(session, origin.story_id, *one, at) for one in found]


def _found(
    session: Session, story_id: int, kind: Kind, before: str, after: str, at: datetime
) -> Finding:
    """The task of this at the desk: one that waits there tells the newest."""
    waiting = queries.open_finding(session, story_id, kind)
    if waiting is not None:
        waiting.after, waiting.at = after, at
        if waiting.before == after:  # it says again what it said first
            session.delete(waiting)
        return waiting
    made = Finding(story_id=story_id, kind=kind, before=before, after=after, at=at)
    session.add(made)
    return made


def _forget(session: Session, story_id: int, kind: Kind) -> None:
    """Takes back what is no longer so."""
    waiting = queries.open_finding(session, story_id, kind)
    if waiting is not None:
        session.delete(waiting)


def _moved(url: str, now: Said) -> bool:
    """Whether it stands at an address of its own that is not only another spelling of ours."""
    host = _host(url)
    if host.endswith(SIGNPOSTS):
        return False
    return page_of(url) != page_of(now.moved_to)


def _led_to_a_front(url: str, found_at: str) -> str:
    """That a page's address leads to the front page of a site, in a sentence; empty when not."""
    if page_of(url) is None or page_of(found_at) is not None:
        return ""
    host, there = _host(url), _host(found_at)
    return f"{host} leads to {'its front page' if there == host else f'the front page of {there}'}."


def _readable(before: Mapping[str, Any], now: Said) -> Said:
    """The answer; where it is no page of a story any more, only that it came."""
    if now.headlines is None or page.comparable(before.get("headlines") or {}, now.headlines):
        return now
    return replace(now, headlines=None, corrections=())


def _kept(before: Mapping[str, Any], now: Said) -> dict[str, Any]:
    """What the next answer is compared with: what an answer does not tell stays as it was."""
    kept = asdict(now)
    if now.headlines is None:
        kept |= {name: before.get(name) for name in ("headlines", "corrections")}
    return {**kept, "moved_to": now.moved_to or before.get("moved_to", "")}


def _host(url: str) -> str:
    return httpx.URL(url).host.removeprefix("www.")
