"""bench/where: how well and how fast a text's countries are told."""

import hashlib
import json
import os
import time
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from newsapp.config import ROOT
from newsapp.subjects import gazetteer, where

SHARED = Path(os.environ.get("SHARED_DATA", "../shared/data"))
EVENTS = "articles/wikipedia_current_events.jsonl"
PLACES = "geo/geovirus.jsonl"
# Countries that the texts of a random part of the held-out items name, told by reading them.
READ = Path(__file__).with_name("where_read.toml")
HEADLINE = "South Korea's president visits Tokyo for talks on Chinese tariffs"
HOSTILE = {
    "“中”": "中",
    "“中国”": "中国",
    "“South ”": "South ",
    "“South Korea ”": "South Korea ",
    "“People's Republic of ”": "People's Republic of ",
    "“العربية ”": "العربية ",
    "spaces": " ",
}
Tell = Callable[[str, str], tuple[where.Match, ...]]


class Score(NamedTuple):
    """Countries told and right, told and not, not told."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / ((self.right + self.wrong) or 1)

    @property
    def recall(self) -> float:
        return self.right / ((self.right + self.missed) or 1)


def codes() -> set[str]:
    """The countries that are sections."""
    path = ROOT / "newsapp" / "stories" / "sections.toml"
    regions = tomllib.loads(path.read_text("utf-8"))["region"]
    return {country["code"] for region in regions for country in region["countries"]}


def rows(shared: Path, name: str) -> list[dict[str, Any]]:
    """The items of a file of the shared data."""
    return [json.loads(line) for line in (shared / name).read_text("utf-8").splitlines()]


def held_out(item: dict[str, Any]) -> bool:
    """Whether an item is of the half that nothing was tuned on, by a hash of its id."""
    return hashlib.sha256(item["id"].encode()).digest()[0] % 2 == 1


def score(items: list[dict[str, Any]], tell: Tell = where.countries) -> Score:
    """Against each item's `countries`, those of Asia alone."""
    asia, right, wrong, missed = codes(), 0, 0, 0
    for item in items:
        true = asia & set(item["countries"])
        told = {match.code for match in tell("", item["text"])}
        right += len(true & told)
        wrong += len(told - true)
        missed += len(true - told)
    return Score(right, wrong, missed)


def read(shared: Path) -> list[dict[str, Any]]:
    """The held-out items that were read, with the countries found by reading."""
    told = tomllib.loads(READ.read_text("utf-8"))["countries"]
    return [
        {**item, "countries": told[item["id"]].split()}
        for item in rows(shared, EVENTS)
        if item["id"] in told
    ]


def story() -> str:
    """20,000 words of real articles."""
    articles = rows(SHARED, "articles/wikinews_en.jsonl")
    return " ".join(" ".join(article["text"] for article in articles).split()[:20_000])


def milliseconds(work: Callable[[], object], times: int) -> float:
    """What doing it takes, the mean of so many `times`."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) * 1_000 / times


def main() -> None:
    """Prints the tables."""
    print("| countries | items | right | wrong | missed | precision | recall |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, items, told in _tables():
        print(
            f"| {name} | {len(items)} | {told.right} | {told.wrong} | {told.missed} "
            f"| {told.precision:.3f} | {told.recall:.3f} |"
        )
    print("\n| time | |\n| --- | ---: |")
    text = story()
    gazetteer.gazetteer.cache_clear()
    load = milliseconds(partial(where.countries, ""), 1)
    head = milliseconds(partial(where.countries, HEADLINE), 1_000) * 1_000
    long = milliseconds(partial(where.countries, "", text), 10)
    print(f"| reading the gazetteer, once | {load:.0f} ms |")
    print(f"| a headline | {head:.0f} µs |")
    print(f"| a story of 20,000 words | {long:.0f} ms |")
    for name, piece in HOSTILE.items():
        asked = partial(where.countries, "", piece * (100_000 // len(piece)))
        print(f"| 100,000 characters of {name} | {milliseconds(asked, 3):.0f} ms |")


def _tables() -> Iterator[tuple[str, list[dict[str, Any]], Score]]:
    events, places = rows(SHARED, EVENTS), rows(SHARED, PLACES)
    held = [item for item in events if held_out(item)]
    linked = [item for item in held if item["countries"]]
    yield "events, held out, as read", read(SHARED), score(read(SHARED))
    yield "events, held out, as linked", linked, score(linked)
    yield "articles with marked places", places, score(places)
    yield "the same, those merely mentioned too", places, score(places, where.named)


if __name__ == "__main__":
    main()
