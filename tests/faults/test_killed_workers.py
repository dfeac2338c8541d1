"""Workers are killed in the middle of anything: nothing is lost, doubled or half stored."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.config import ROOT
from newsapp.wire import cluster
from newsapp.wire.models import (
    Cluster,
    ClusterPlacement,
    Feed,
    Gist,
    GistTerm,
    Host,
    Item,
    TermCount,
)
from tests import newsroom
from tests.far_end import FarEnd
from tests.patience import eventually

KILLS, OUTLETS = 50, 5
CARRIED = 10  # items that a feed has at a time
EVENTS = ("Ferry sinks off Cebu", "Quake hits Hualien", "Hanoi votes", "Rupee falls", "Tokyo snow")


class Outlet(FarEnd):
    """A source whose feed grows once all is stored; its ETag says how many items it has had."""

    def __init__(self, number: int) -> None:
        super().__init__(f"127.0.0.{number + 1}")
        self.items, self.grows, self._chance = 1, True, random.Random(number)
        self._one_at_a_time = threading.Lock()
        self.stream(self._answer)

    def _answer(self) -> Iterable[bytes]:
        seen = self.asked[-1].get("if-none-match")
        with self._one_at_a_time:
            if seen == f'"{self.items}"':
                self.items += self.grows and self._chance.randrange(4)
            last = self.items
        etag = f'"{last}"'
        if seen == etag:
            return [b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"]
        items = "".join(map(self._item, range(last, max(0, last - CARRIED), -1)))
        body = f"<rss version='2.0'><channel><title>N</title>{items}</channel></rss>".encode()
        head = f"HTTP/1.1 200 OK\r\nETag: {etag}\r\nConnection: close\r\n"
        return [f"{head}Content-Length: {len(body)}\r\n\r\n".encode(), body]

    def _item(self, n: int) -> str:
        headline = f"{EVENTS[n % len(EVENTS)]}, part {n}"
        guid, link = f"<guid isPermaLink='false'>{n}</guid>", f"<link>https://n.asia/{n}</link>"
        return f"<item>{guid}<title>{headline}</title>{link}</item>"


class Nursery:
    """Bears workers (nursery.py)."""

    def __init__(self, settings: dict[str, str]) -> None:
        environment = {**os.environ, "DATABASE_URL": "", "REDIS_URL": "", **settings}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._alive: set[int] = set()
        assert self._told() == ["ready"]

    def bear(self, kind: str) -> int:
        """A worker's number."""
        assert self._process.stdin
        self._process.stdin.write(f"{kind}\n")
        self._process.stdin.flush()
        self._alive.add(number := int(self._told()[0]))
        return number

    def end(self, number: int, how: signal.Signals) -> int:
        """Ends a worker; how it ended."""
        os.kill(number, how)
        _, ended, status = self._told()
        self._alive.remove(int(ended))
        return int(status)

    def _told(self) -> list[str]:
        assert self._process.stdout
        return self._process.stdout.readline().split()

    def close(self) -> None:
        for number in [*self._alive]:
            self.end(number, signal.SIGKILL)
        self._process.communicate()


@pytest.fixture
def outlets(app: Flask, session: Session) -> Iterator[list[Outlet]]:
    made = [Outlet(number) for number in range(OUTLETS)]
    for outlet in made:
        newsroom.subscribe(session, outlet.url())
    yield made
    for outlet in made:
        outlet.shutdown()
        outlet.server_close()


@pytest.fixture
def nursery(app: Flask, session: Session, outlets: list[Outlet]) -> Iterator[Nursery]:
    names = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "INSTANCE_FOLDER")
    settings = {name: app.config[name] for name in names} | {"LOG_LEVEL": "ERROR"}
    settings["WIRE_ALLOWED_HOSTS"] = " ".join(outlet.host for outlet in outlets)
    started = Nursery(settings)
    yield started
    started.close()


def time_passes(session: Session) -> None:
    """All feeds are due again, all hosts may be asked."""
    session.execute(update(Host).values(free_at=clock.now(), lost=0))
    session.execute(update(Feed).values(next_check_at=clock.now()))
    session.commit()


def any_host_is_asked(session: Session) -> bool:
    held = Host.free_at > clock.now() + timedelta(seconds=10)
    return session.scalar(select(Host.name).where(held).limit(1)) is not None


def is_sound(session: Session) -> None:
    """Asserts that what is stored agrees with itself, and that no ETag is ahead of it."""
    session.rollback()
    # PostgreSQL may be ending what a killed worker has sent: all is looked at in one moment.
    session.connection(execution_options={"isolation_level": "SERIALIZABLE"})
    items = session.execute(select(Item.feed_id, Item.guid, Item.cluster_id, Item.gist_id)).all()
    assert all(item.cluster_id and item.gist_id for item in items)
    stored = {(item.feed_id, int(item.guid)) for item in items}
    assert len(stored) == len(items)
    for number, etag in session.execute(select(Feed.id, Feed.etag)):
        last = int(etag.strip('"') or 0)
        assert {(number, n) for n in range(1, last + 1)} <= stored
    figures_are_a_recount(session)
    terms_are_a_recount(session)
    session.rollback()


def figures_are_a_recount(session: Session) -> None:
    sources = func.count(Feed.source_id.distinct())
    counted = select(Item.cluster_id, func.count(), sources).join(Item.feed)
    told = select(Cluster.id, Cluster.items, Cluster.sources)
    recount = session.execute(counted.group_by(Item.cluster_id)).all()
    assert set(session.execute(told).all()) == set(recount)
    listed = select(ClusterPlacement.cluster_id).where(ClusterPlacement.facet == "")
    assert set(session.scalars(listed)) == {number for number, *_ in recount}


def terms_are_a_recount(session: Session) -> None:
    gists = session.execute(select(Gist.id, Gist.text)).all()
    said = {(term, number) for number, text in gists for term in cluster.Gist.load(text).weights}
    assert set(session.execute(select(GistTerm.term, GistTerm.gist_id)).all()) == said
    recount = Counter(term for term, _ in said) + Counter({cluster.ALL: len(gists)})
    assert dict(session.execute(select(TermCount.term, TermCount.gists)).all()) == recount


def all_is_stored(session: Session, outlets: list[Outlet]) -> bool:
    session.rollback()
    stored = dict(session.execute(select(Feed.url, Feed.etag)).all())
    return stored == {outlet.url(): f'"{outlet.items}"' for outlet in outlets}


def at_some_moment(outlets: list[Outlet], chance: random.Random) -> None:
    """Waits until a worker asked for so many feeds, and a little longer."""
    before, feeds = sum(len(outlet.asked) for outlet in outlets), chance.randint(2, 7)
    assert eventually(lambda: sum(len(outlet.asked) for outlet in outlets) >= before + feeds)
    time.sleep(chance.uniform(0, 0.05))


def test_fifty_killed_workers_lose_and_double_nothing(
    session: Session, outlets: list[Outlet], nursery: Nursery
) -> None:
    chance, interrupted = random.Random(4), 0
    for _ in range(KILLS):
        time_passes(session)
        worker = nursery.bear("fetch")
        at_some_moment(outlets, chance)
        nursery.end(worker, signal.SIGKILL)
        is_sound(session)
        interrupted += any_host_is_asked(session)
    time_passes(session)
    for outlet in outlets:
        outlet.grows = False
    nursery.bear("fetch")
    assert eventually(lambda: all_is_stored(session, outlets))
    is_sound(session)
    stored = session.scalar(select(func.count(Item.id)))
    assert stored == sum(outlet.items for outlet in outlets)
    assert interrupted > KILLS / 4, "most were killed while nothing happened"


def test_three_workers_fetch_each_feed_once_and_stop_when_told(
    session: Session, outlets: list[Outlet], nursery: Nursery
) -> None:
    time_passes(session)
    before = [len(outlet.asked) for outlet in outlets]
    workers = [nursery.bear("work 15") for _ in range(3)]
    assert eventually(lambda: all(len(outlet.asked) > 1 for outlet in outlets), within=20)
    assert [nursery.end(worker, signal.SIGTERM) for worker in workers] == [0, 0, 0]
    is_sound(session)
    assert all_is_stored(session, outlets)
    assert [len(outlet.asked) for outlet in outlets] == [count + 1 for count in before]


def test_a_worker_that_is_told_to_stop_leaves_what_hangs_due(
    session: Session, outlets: list[Outlet], nursery: Nursery
) -> None:
    time_passes(session)
    hangs = threading.Event()
    outlets[0].stream(lambda: [b"HTTP/1.1 200 OK\r\n\r\n", b"<rss>" if hangs.wait(30) else b""])
    worker = nursery.bear("work 1")
    assert eventually(lambda: all(len(outlet.asked) > 1 for outlet in outlets), within=20)
    began = time.monotonic()
    assert nursery.end(worker, signal.SIGTERM) == 0
    assert time.monotonic() - began < 10
    hangs.set()
    is_sound(session)
    feed = session.scalars(select(Feed).where(Feed.url == outlets[0].url())).one()
    assert (feed.error, feed.due(clock.now())) == ("", True)
