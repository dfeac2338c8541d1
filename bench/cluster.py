"""bench/cluster: how well and how fast items on the same event are put together."""

import argparse
import hashlib
import json
import os
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, islice
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy import text as text_of
from sqlalchemy.orm import Session

from bench.newsroom import newsroom
from newsapp import clock
from newsapp.extensions import db
from newsapp.wire import cards, filing, ingest, queries
from newsapp.wire.cards import Wanted
from newsapp.wire.cluster import ALL, Memory, read, weigh
from newsapp.wire.cluster import Gist as Gisted
from newsapp.wire.entries import Entry, ParsedFeed
from newsapp.wire.models import Cluster, Feed, Gist, GistTerm, Item

SHARED = Path(os.environ.get("SHARED_DATA", "../shared/data"))
MARKED = "clustering/ecbplus.jsonl"
DAYS = "articles/wikipedia_current_events.jsonl"  # a year of them, each with its running stories
WORDS = "articles/wikinews_en.jsonl"  # whose words made-up items are made of
SIZES = (1_000, 10_000, 100_000)
TIMED = 500  # items that come in while the clock runs
ORDERS = 5  # in which the marked items come in
FEEDS, FRESH = 9, 20  # fetches while the clock runs, new items of each
SHORT = 200  # characters of a text as most feeds have it


class Score(NamedTuple):
    """B-cubed, over all items, and how many clusters there are and should be."""

    precision: float
    recall: float
    found: int
    marked: int

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def marked(shared: Path, part: str, order: int = 0) -> list[dict[str, Any]]:
    """The marked items of half of the topics, in an order that says nothing of their events."""

    def place(row: dict[str, Any]) -> str:
        return hashlib.sha256(f"{order}{row['id']}".encode()).hexdigest()

    rows = [json.loads(line) for line in (shared / MARKED).read_text("utf-8").splitlines()]
    odd = part == "tuned on"
    return sorted(
        (row for row in rows if row["split"] == "train" and row["topic"] % 2 == odd), key=place
    )


def score(items: Sequence[dict[str, Any]], most: int = 100_000) -> Score:
    """Against the marked events, one item after another; of each text `most` characters."""
    shelf = Memory()
    told = [
        shelf.file(read(item["title"], item["text"][:most], item["url"] or ""))[0] for item in items
    ]
    true = [item["cluster"] for item in items]
    both, by_told, by_true = Counter(zip(told, true, strict=True)), Counter(told), Counter(true)
    pairs = list(zip(told, true, strict=True))
    precision = sum(both[t, e] / by_told[t] for t, e in pairs) / len(pairs)
    recall = sum(both[t, e] / by_true[e] for t, e in pairs) / len(pairs)
    return Score(precision, recall, len(by_told), len(by_true))


def days(shared: Path, window: int = 3) -> tuple[int, int, int]:
    """Real events of a year, so many days on a shelf: pairs put together that are of one running
    story, pairs that are of none, and how many pairs are of one."""
    shelves: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for line in (shared / DAYS).read_text("utf-8").splitlines():
        row = json.loads(line)
        shelves[date.fromisoformat(row["date"]).toordinal() // window].append(row)
    right = wrong = all_of_one = 0
    for rows in shelves.values():
        shelf = Memory()
        told = [
            shelf.file(read(text[:120], text[120:420]))[0] for text in (r["text"] for r in rows)
        ]
        for (one, its), (other, their) in combinations(zip(rows, told, strict=True), 2):
            same = bool({*one["story"]} & {*other["story"]})
            all_of_one += same
            right += same and its == their
            wrong += not same and its == their
    return right, wrong, all_of_one


def made_up(shared: Path, seed: int) -> Iterator[tuple[str, str]]:
    """Headlines and texts without end: the words of real articles as often as there, events of one
    to nine items whose names nobody else has."""
    chance = random.Random(seed)
    articles = [json.loads(line)["text"] for line in (shared / WORDS).read_text().splitlines()]
    counts = Counter(word for text in articles for word in text.split())
    words, often = list(counts), list(counts.values())
    running: list[tuple[list[str], int]] = []
    while True:
        if not running or chance.random() < 0.4:
            names = [_name(chance) for _ in range(4)]
            running.append(
                (names + chance.choices(words, often, k=30), chance.choice((1, 1, 3, 9)))
            )
        at = chance.randrange(len(running))
        event, left = running[at]
        running[at] = (event, left - 1)
        if left <= 1:
            running[at] = running[-1]
            running.pop()
        said = [*chance.sample(event, 18), *event[:3], *chance.choices(words, often, k=18)]
        chance.shuffle(said)
        yield " ".join([event[0], *said[:8]]), " ".join(said[8:])


def main() -> None:
    """Prints the tables."""
    options = argparse.ArgumentParser(prog="bench/cluster")
    options.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    options.add_argument("--on", choices=["embedded", "production"], help="the database's pace")
    asked = options.parse_args()
    if asked.on:
        _stored(asked.on, sorted(asked.sizes))
    else:
        _told(sorted(asked.sizes))


def _told(sizes: Sequence[int]) -> None:
    print("| marked items | items | events | found | precision | recall | B-cubed F1 | worst |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for part in ("tuned on", "held out"):
        for name, most in ((part, 100_000), (f"{part}, {SHORT} characters of each", SHORT)):
            runs = [score(marked(SHARED, part, order), most) for order in range(ORDERS)]
            found, precision, recall, f1 = (
                sum(values) / ORDERS
                for values in zip(
                    *((r.found, r.precision, r.recall, r.f1) for r in runs), strict=True
                )
            )
            print(
                f"| {name} | {len(marked(SHARED, part))} | {runs[0].marked} | {found:.0f} "
                f"| {precision:.3f} | {recall:.3f} | {f1:.3f} | {min(r.f1 for r in runs):.3f} |"
            )
    right, wrong, of_one = days(SHARED)
    print(f"\nA year of events: {right} pairs of {of_one} of one story together, {wrong} of none.")
    print("\n| items in the window | clusters | items a second of the processor | memory |")
    print("| ---: | ---: | ---: | ---: |")
    for size, clusters, pace, memory in _paces(sizes):
        print(f"| {size:,} | {clusters:,} | {pace:,.0f} | {memory / 1e6:,.0f} MB |", flush=True)


def _paces(sizes: Sequence[int]) -> Iterator[tuple[int, int, float, int]]:
    """Size, clusters, items a second and bytes, with ever more items on the shelf."""
    shelf, items, filed = Memory(), made_up(SHARED, 1), 0
    clusters: defaultdict[int, int] = defaultdict(int)
    before = _resident()
    for size in sizes:
        for headline, text in islice(items, size - filed):
            clusters[shelf.file(read(headline, text))[0]] += 1
        fresh = list(islice(items, TIMED))
        start = time.process_time()
        for headline, text in fresh:
            clusters[shelf.file(read(headline, text))[0]] += 1
        pace = TIMED / (time.process_time() - start)
        filed = size + TIMED
        yield size, len(clusters), pace, _resident() - before


def _stored(on: str, sizes: Sequence[int]) -> None:
    """Prints what an item costs in the database, all of it, with ever more in the window."""
    items, filled, done = made_up(SHARED, 1), 0, 0
    print("| items in the window | gists | an item, median | its processor time | list of 50 |")
    print("| ---: | ---: | ---: | ---: | ---: |")
    with (
        tempfile.TemporaryDirectory() as folder,
        newsroom(on, Path(folder) / "site", 100) as room,
        room.app.app_context(),
    ):
        session = db.session()
        address = "https://wire.example/feed"
        feed = Feed(url=address, source=queries.source_for(session, address))
        session.add(feed)
        session.commit()
        for size in sizes:
            _fill(session, feed, list(islice(items, size - filled)))
            filled, paces, burnt = size, [], []
            for _ in range(FEEDS):
                entries = tuple(_entry(next(items), done + n) for n in range(FRESH))
                done += FRESH
                start, worked = time.perf_counter(), time.process_time()
                ingest.ingest(session, feed, ParsedFeed("Wire", "", "en", entries), clock.now())
                session.commit()
                paces.append((time.perf_counter() - start) * 1_000 / FRESH)
                burnt.append((time.process_time() - worked) * 1_000 / FRESH)
            gists = session.scalar(select(func.count()).select_from(Gist)) or 0
            start = time.perf_counter()
            session.execute(cards.scan_of(Wanted()).limit(cards.PAGE)).all()
            listed = (time.perf_counter() - start) * 1_000
            session.rollback()
            print(
                f"| {size:,} | {gists:,} | {sorted(paces)[FEEDS // 2]:.1f} ms "
                f"| {sorted(burnt)[FEEDS // 2]:.1f} ms | {listed:.1f} ms |",
                flush=True,
            )


def _fill(session: Session, feed: Feed, items: Sequence[tuple[str, str]]) -> None:
    """So many items, two to a cluster, each cluster with the gist of its first."""
    now = clock.now()
    counts: Counter[str] = Counter()
    first = (session.scalar(select(func.max(Cluster.id))) or 0) + 1
    last_gist = (session.scalar(select(func.max(Gist.id))) or 0) + 1
    rows: dict[Any, list[dict[str, Any]]] = {Cluster: [], Gist: [], GistTerm: [], Item: []}
    for n, (headline, text) in enumerate(items[::2]):
        at = now - timedelta(days=2, seconds=-n)
        gist, reading = Gisted(), read(headline, text)
        vector = weigh(reading, _Seen(counts))
        came, _ = gist.add(reading, vector)
        counts.update([*came, ALL])
        cluster = {"id": first + n, "items": 2, "sources": 1, "started_at": at, "moved_at": at}
        rows[Cluster].append(cluster)
        rows[Gist].append({"id": last_gist + n, "cluster_id": first + n, "started_at": at,
                           "moved_at": at, "text": gist.dump()})  # fmt: skip
        rows[GistTerm] += ({"term": term, "gist_id": last_gist + n} for term in came)
        for twin in (0, 1):
            key = f"filled {first + n} {twin}"
            rows[Item].append({
                "feed_id": feed.id, "guid": key, "guid_hash": key, "url": f"https://a.example/{n}",
                "headline": headline[:300], "published_at": at, "fetched_at": at,
                "cluster_id": first + n, "gist_id": last_gist + n, "state": "new", "summary": "",
                "author": "", "language": "en", "why": "", "shared": "",
            })  # fmt: skip
    connection = session.connection()
    for model, values in rows.items():
        for start in range(0, len(values), 20_000):
            connection.execute(insert(model.__table__), values[start : start + 20_000])
    filing.count(session, counts)
    if connection.dialect.name == "postgresql":
        for name in ("clusters", "gists", "items"):
            highest = f"(SELECT max(id) FROM {name})"
            connection.execute(text_of(f"SELECT setval('{name}_id_seq', {highest})"))
    session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as beside:
        beside.execute(text_of("ANALYZE"))


class _Seen(Memory):
    """Only how often each term was seen."""

    def __init__(self, counts: Counter[str]) -> None:
        super().__init__()
        self._counts = counts


def _entry(item: tuple[str, str], number: int) -> Entry:
    headline, text = item
    url = f"https://wire.example/news/{number}"
    return Entry(url, url, headline[:300], f"<p>{text}</p>", "", "en", None)


def _resident() -> int:
    """Bytes of this process in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(("ka", "ri", "no", "to", "shi", "ma", "len", "dur"), k=6)).title()


if __name__ == "__main__":
    main()
