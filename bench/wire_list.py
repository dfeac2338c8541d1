"""bench/wire_list: how long the wire's desk takes to list, by each filter."""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from bench.cluster import SHARED, made_up
from bench.newsroom import newsroom
from newsapp import clock
from newsapp.extensions import db
from newsapp.stories.models import Kind
from newsapp.stories.queries.sections import tree
from newsapp.wire import placing, reading
from newsapp.wire.cards import Wanted
from newsapp.wire.models import Cluster, Item, ItemSection
from tests.newsroom import Desk, hire, subscribe

ITEMS, FEEDS, TIMES = 50_000, 200, 7
# As often as feeds are in them.
SPOKEN = [*["en"] * 4, *["zh"] * 2, "ja", "ko", "hi", "id", "th", "vi", "ar", "ru"]
FILTERS = {
    "none": "",
    "a region that most are of": "?place=east-asia",
    "a country that many are of": "?place=china",
    "a country that few are of": "?place=bhutan",
    "a topic": "?topic=politics",
    "a language": "?language=ja",
    "a source": "?source={source}",
    "country and language": "?place=china&language=ja",
    "all four at once": "?place=china&topic=politics&language=ja&source={source}",
    "unread, nothing read": "?show=unread",
    "unread, all read": "?show=unread",
    "a word that many say": "?words={often}",
    "a word that one says": "?words={once}",
    "a word that none says": "?words=zzzyx",
    "two words of another script": "?words=Москва+встреча",
    "page 200": "?before={deep}-0",
    "what is new (the poll)": "/new?after={deep}",
}


def main() -> None:
    """Prints the table."""
    options = argparse.ArgumentParser(prog="bench/wire_list")
    options.add_argument("--on", choices=["embedded", "production"], default="embedded")
    options.add_argument("--items", type=int, default=ITEMS)
    asked = options.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        newsroom(asked.on, Path(folder) / "site", 100) as room,
        room.app.app_context(),
    ):
        session = db.session()
        editor = hire(session, "editor@example.org", "editor")
        words = _fill(session, asked.items)
        desk = Desk(room.app.test_client(), "editor@example.org")
        print(f"| {asked.items:,} items, narrowed to | median | its processor time | cards |")
        print("| --- | ---: | ---: | ---: |")
        for name, address in FILTERS.items():
            if name == "unread, all read":
                reading.mark_all(session, editor, Wanted(), asked.items)
                session.commit()
            print(_line(desk, name, f"/desk/wire{address.format_map(words)}"), flush=True)


def _line(desk: Desk, name: str, url: str) -> str:
    took, burnt = [], []
    for _ in range(TIMES + 1):
        start, worked = time.perf_counter(), time.process_time()
        page = desk.get(url)
        took.append((time.perf_counter() - start) * 1_000)
        burnt.append((time.process_time() - worked) * 1_000)
        assert page.status_code in (200, 204), page.text
    shown = page.text.count('id="card-')
    # The first compiles templates and statements.
    median, own = statistics.median(took[1:]), statistics.median(burnt[1:])
    return f"| {name} | {median:.0f} ms | {own:.0f} ms | {shown} |"


def _fill(session: Session, items: int) -> Mapping[str, Any]:
    """So many items of the last two weeks, two to a card, placed; words to look for."""
    dice, now = random.Random(7), clock.now()
    feeds = [subscribe(session, f"https://outlet{n}.example/feed").id for n in range(FEEDS)]
    places = [place for place in tree(session).places if place.kind != Kind.RIVER]
    countries = [place for place in places if place.kind == Kind.COUNTRY]
    often = [1 / (n + 1) for n in range(len(countries))]  # as Zipf has it
    countries.sort(key=lambda place: (place.slug != "china", place.slug == "bhutan", place.slug))
    topics = [place.id for place in places if place.kind == Kind.TOPIC]
    rows: dict[Any, list[dict[str, Any]]] = {Cluster: [], Item: [], ItemSection: []}
    texts = islice(made_up(SHARED, 5), items)
    for number, (headline, said) in enumerate(texts, 1):
        at = now - timedelta(days=13) * (1 - number / items)
        cluster = (number + 1) // 2
        if number % 2:
            rows[Cluster].append({"id": cluster, "items": 2, "sources": 2, "started_at": at,
                                  "moved_at": at})  # fmt: skip
            [country] = dice.choices(countries, often)
            about = {country.id, country.parent_id, dice.choice(topics)}
        rows[Item].append(_item(number, cluster, dice, feeds, headline, said * 2, at))
        rows[ItemSection] += ({"item_id": number, "section_id": s} for s in about if s)
    connection = session.connection()
    for model, values in rows.items():
        for start in range(0, len(values), 5_000):
            connection.execute(insert(model.__table__), values[start : start + 5_000])
    numbers = [row["id"] for row in rows[Cluster]]
    for start in range(0, len(numbers), placing.BATCH):
        placing.place(connection, numbers[start : start + placing.BATCH])
    session.commit()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as beside:
        beside.execute(text("ANALYZE"))
    some = rows[Item][items // 3]
    return {"source": 7, "often": "government", "once": some["headline"].split()[0],
            "deep": items - 20_000 if items > 20_000 else items // 2}  # fmt: skip


def _item(
    number: int, cluster: int, dice: random.Random, feeds: list[int], headline: str, said: str,
    at: datetime,
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": number, "feed_id": dice.choice(feeds), "guid": str(number), "guid_hash": str(number),
        "url": f"https://outlet.example/{number}", "headline": headline[:300],
        "summary": f"<p>{said}</p>", "author": "", "language": dice.choice(SPOKEN),
        "published_at": at, "fetched_at": at, "state": "new", "cluster_id": cluster,
        "why": "words", "shared": "Kobe · pier",
    }  # fmt: skip


if __name__ == "__main__":
    main()
