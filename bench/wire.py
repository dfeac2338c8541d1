"""bench/wire: how many feeds one worker fetches in five minutes, and how much memory it takes."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bench import outlets
from bench.newsroom import newsroom
from bench.site import ROOT, UNSET
from newsapp import clock
from newsapp.extensions import db
from newsapp.wire import identity, thinning
from newsapp.wire.models import Feed, Host, Item, Source, Spiked
from newsapp.wire.parse import Entry, ParseError, parse
from tests.stores import free_port

SIZES = (500, 2_000)
ROUNDS = 3
LIMIT = 900.0  # seconds that one round is waited for
ROUND = timedelta(minutes=5)
MEGABYTE = 1024 * 1024


def main() -> None:
    """Prints the tables."""
    options = argparse.ArgumentParser(prog="bench/wire")
    options.add_argument("--feeds", type=int, nargs="*", default=SIZES)
    options.add_argument("--on", choices=["embedded", "production"], default="embedded")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--soak", type=int, metavar="MINUTES", help="steadily, for so long")
    asked = options.parse_args()
    if asked.soak:
        print("| minute | fetches | new items | memory now | processor of the worker |")
        print("| ---: | ---: | ---: | ---: | ---: |")
    else:
        print(
            "| feeds | round | took | fetches/s | new items | items/s | peak memory | processor |"
        )
        print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for feeds in asked.feeds:
        with wire(asked.on, feeds) as (session, worker):
            if asked.soak:
                soak(session, worker, feeds, asked.soak)
            else:
                rounds(session, worker, feeds, asked.rounds)
            told = Counter(session.scalars(select(Feed.error).where(Feed.error != "")))
            kinds = Counter(outlets.kind_of(feed) for feed in range(feeds))
        print(f"\n{feeds} feeds: {dict(kinds)}; {sum(told.values())} told to fail.\n", flush=True)


@dataclass
class Worker:
    """`flask worker` and its children, looked at twice a second."""

    settings: dict[str, str]
    pid: int = 0
    peak: int = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """While the block runs; told to stop afterwards."""
        command = [str(Path(sys.executable).parent / "flask"), "--app", "wsgi", "worker"]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **self.settings})
        self.pid, over = process.pid, threading.Event()
        watch = threading.Thread(target=self._watch, args=(over,))
        watch.start()
        try:
            yield
        finally:
            over.set()
            watch.join()
            process.send_signal(signal.SIGTERM)
            process.wait()

    def memory(self) -> int:
        """Bytes of it and its children."""
        return sum(map(_resident, [self.pid, *_children(self.pid)]))

    def processor(self) -> float:
        """Seconds that it and its children have had of the processor."""
        return sum(map(_processor, [self.pid, *_children(self.pid)]))

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(0.5):
            self.peak = max(self.peak, self.memory())


@contextmanager
def wire(on: str, feeds: int) -> Iterator[tuple[Session, Worker]]:
    """A site with so many feeds, which it has known for long, and their outlets."""
    port = free_port()
    hosts = [outlets.host_of(feed, feeds) for feed in range(feeds)]
    command = [sys.executable, "-m", "bench.outlets", str(feeds), str(port)]
    with (
        tempfile.TemporaryDirectory() as folder,
        newsroom(on, Path(folder) / "site", 10) as room,
        room.app.app_context(),
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as serving,
    ):
        try:
            subscribe(db.session(), [f"http://{host}:{port}" for host in hosts])
            assert serving.stdout
            serving.stdout.readline()
            allowed = " ".join(sorted({f"{host}:{port}" for host in hosts}))
            settings = {**UNSET, **room.settings, "WIRE_ALLOWED_HOSTS": allowed}
            yield db.session(), Worker({**settings, "LOG_LEVEL": "ERROR"})
        finally:
            serving.terminate()
            db.session.remove()


def subscribe(session: Session, bases: list[str]) -> None:
    """Feeds at these hosts; what their files hold was there long ago, and thinned since."""
    at = clock.now()
    known = [_entries(body, at) for body in outlets.files()]
    marks: set[int] = set()
    for base in dict.fromkeys(bases):
        session.add(Source(name=base, host=base.removeprefix("http://"), home=base))
    session.flush()
    sources = dict(session.execute(select(Source.home, Source.id)).all())
    for number, base in enumerate(bases):
        feed = Feed(url=f"{base}/feed/{number}", source_id=sources[base], next_check_at=at)
        session.add(feed)
        session.flush()
        for entry, page in known[number % len(known)]:
            marks.update(filter(None, thinning.marks_of(feed.id, entry, page, at)))
    session.execute(insert(Spiked), [{"mark": mark} for mark in sorted(marks)])
    session.commit()


def rounds(session: Session, worker: Worker, feeds: int, count: int) -> None:
    """Prints how long it takes until all feeds, due at once, were fetched."""
    with_all_due(session)
    with worker.running():
        for number in range(1, count + 1):
            had, burnt, start = items(session), worker.processor(), with_all_due(session)
            worker.peak = 0
            until = time.monotonic() + LIMIT
            while left(session, start) and time.monotonic() < until:
                time.sleep(1)
            first, last = span(session, start)
            took = (last - first).total_seconds()
            new, burnt = items(session) - had, worker.processor() - burnt
            fetched = feeds - left(session, start)
            print(
                f"| {fetched:,} of {feeds:,} | {number} | {took:.0f} s | {fetched / took:.1f} "
                f"| {new} | {new / took:.1f} | {worker.peak / MEGABYTE:.0f} MB "
                f"| {burnt / took:.0%} |",
                flush=True,
            )


def soak(session: Session, worker: Worker, feeds: int, minutes: int) -> None:
    """Prints the memory by time, while each feed is due once in five minutes."""
    spread(session)
    with worker.running():
        for minute in range(1, minutes + 1):
            before, had, burnt = clock.now(), items(session), worker.processor()
            time.sleep(60)
            asked = select(func.count()).where(Feed.checked_at >= before)
            fetches, new = session.scalar(asked) or 0, items(session) - had
            print(
                f"| {minute} | {fetches} | {new} | {worker.memory() / MEGABYTE:.0f} MB "
                f"| {(worker.processor() - burnt) / 60:.0%} |",
                flush=True,
            )
            if minute % 5 == 0:
                spread(session)


def with_all_due(session: Session) -> datetime:
    """Makes all feeds due at once; when that was."""
    at = clock.now()
    session.execute(update(Feed).values(next_check_at=at))
    session.execute(update(Host).where(Host.free_at < at).values(free_at=at))
    session.commit()
    return at


def spread(session: Session) -> None:
    """Makes each feed due once in the next five minutes."""
    at, numbers = clock.now(), session.scalars(select(Feed.id)).all()
    every = ROUND / len(numbers)
    due = [{"id": number, "next_check_at": at + n * every} for n, number in enumerate(numbers)]
    session.execute(update(Feed), due)
    session.commit()


def left(session: Session, start: datetime) -> int:
    """How many feeds were not fetched since then, those aside that are gone for good."""
    session.rollback()
    waiting = (Feed.checked_at.is_(None)) | (Feed.checked_at < start)
    return session.scalar(select(func.count(Feed.id)).where(Feed.active, waiting)) or 0


def span(session: Session, start: datetime) -> tuple[datetime, datetime]:
    """When the first and the last feed of a round was taken up."""
    asked = select(func.min(Feed.checked_at), func.max(Feed.checked_at))
    first, last = session.execute(asked.where(Feed.checked_at >= start)).one()
    session.rollback()
    assert first and last, "nothing was fetched"
    return first, last


def items(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(Item.id))) or 0


def _entries(body: bytes, at: datetime) -> list[tuple[Entry, str | None]]:
    try:
        entries = parse(body).entries
    except ParseError:
        return []
    pages = identity.pages_of(entries)
    return [(entry, pages.get(entry.guid)) for entry in entries]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def _resident(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _processor(pid: int) -> float:
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")  # children that ended, too
    return 0.0


if __name__ == "__main__":
    main()
