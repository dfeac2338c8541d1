"""A look at what an address brings, for an editor who waits: bounded, and nothing is stored."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from newsapp.wire import copytaster
from newsapp.wire.addresses import check_url, parsed_url, turn_of
from newsapp.wire.entries import Offer
from newsapp.wire.fetch import FetchError, Turn, fetch
from newsapp.wire.parse import ParsedFeed, ParseError
from newsapp.wire.turns import BusyError, hops, take, writing

SECONDS = 8.0  # for the fetch, all hops together
READING = 4.0  # seconds by the clock
AT_ONCE = 2  # looks of one web process: its other threads go on serving
MANY = "Others are testing feeds just now. Try again in a few seconds."
BUSY = "The wire is asking this server just now. Try again in a few seconds."
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: a feed, or why there is none."""

    feed: ParsedFeed | None = None
    moved_to: str = ""  # where it is to be found from now on, when the server says so
    trouble: str = ""  # a sentence
    feeds: tuple[Offer, ...] = ()  # that the page at this address names, and that may be fetched


def look_at(
    engine: Engine, url: str, zone: str, allowed_hosts: frozenset[str], called: str
) -> Look:
    """What there is at an address; no transaction of the caller's may be open meanwhile."""
    if not _places.acquire(blocking=False):
        return Look(trouble=MANY)
    try:
        with _turn(engine, turn_of(parsed_url(url))) as turn:
            answer = fetch(
                url, allowed_hosts=allowed_hosts, total=SECONDS, called=called, turn=turn
            )
        parsed = copytaster.read(
            answer.body or b"", answer.content_type, answer.url, zone, patience=READING
        )
    except FetchError as error:
        return Look(trouble=error.reason)
    except BusyError:
        return Look(trouble=BUSY)
    except ParseError as error:
        return Look(trouble=str(error), feeds=_fit(error.feeds, allowed_hosts))
    finally:
        _places.release()
    return Look(parsed, answer.moved_to)


@contextmanager
def _turn(engine: Engine, host: str) -> Iterator[Turn]:
    turn = take(engine, host)
    try:
        yield hops(engine, turn)
    finally:
        with writing(engine), engine.begin() as connection:
            turn.give_back(connection)


def _fit(offers: tuple[Offer, ...], allowed_hosts: frozenset[str]) -> tuple[Offer, ...]:
    """Those that may be fetched, tidied."""
    found: dict[str, Offer] = {}
    for offer in offers:
        try:
            url = check_url(offer.url, allowed_hosts)
        except ValueError:  # a page may name anything
            continue
        found.setdefault(url, Offer(url, offer.title))
    return tuple(found.values())
