"""bench/what: how well and how fast a text's topic and its language are told."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from bench.where import EVENTS, HEADLINE, SHARED, held_out, milliseconds, rows, story
from newsapp.subjects import language, what

# What the events' categories are among our topics; a flood and a crash are one category there.
TOPICS = {
    "Armed conflicts and attacks": {"world"},
    "Arts and culture": {"culture"},
    "Business and economy": {"business"},
    "Disasters and accidents": {"environment", "society"},
    "Health and environment": {"environment", "society", "science"},
    "International relations": {"world"},
    "Law and crime": {"society"},
    "Politics and elections": {"politics"},
    "Science and technology": {"science", "technology"},
    "Sports": {"sport"},
}
HEADLINE_LENGTHS = (None, 60, 30)


class Told(NamedTuple):
    """Texts of which the right, another, and nothing was told."""

    right: int
    wrong: int
    silent: int

    @property
    def precision(self) -> float:
        """The right ones among those told."""
        return self.right / ((self.right + self.wrong) or 1)

    @property
    def recall(self) -> float:
        """The right ones among all."""
        return self.right / (sum(self) or 1)


def topics_told(shared: Path) -> dict[str, Told]:
    """The first topic of the held-out events, by their category; all of them under ''."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for event in filter(held_out, rows(shared, EVENTS)):
        told = what.topics("", event["text"])
        right = bool(told) and told[0].slug in TOPICS[event["category"]]
        verdict = "right" if right else "wrong" if told else "silent"
        counts[event["category"]][verdict] += 1
        counts[""][verdict] += 1
    return {name: _told(count) for name, count in sorted(counts.items())}


def languages_told(shared: Path, length: int | None = None) -> dict[str, Told]:
    """Texts of known language, cut to `length`; all under ''. Malay counts as Indonesian."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for known, text in _written(shared):
        told = (language.language(text[:length]) or "").partition("-")[0].replace("ms", "id")
        verdict = "right" if told == known else "wrong" if told else "silent"
        counts[known][verdict] += 1
        counts[""][verdict] += 1
    return {name: _told(count) for name, count in sorted(counts.items())}


def main() -> None:
    """Prints the tables."""
    print("| topic | right | wrong | silent | right of those told | right of all |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, told in topics_told(SHARED).items():
        print(f"| {name or '**all**'} | {_row(told)} |")
    print("\n| language | right | wrong | silent | right of those told | right of all |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for length in HEADLINE_LENGTHS:
        told = languages_told(SHARED, length)[""]
        print(f"| {f'first {length} characters' if length else 'whole'} | {_row(told)} |")
    for name, told in languages_told(SHARED, 60).items():
        if name:
            print(f"| {name}, 60 characters | {_row(told)} |")
    print("\n| time | |\n| --- | ---: |")
    text = story()
    long = milliseconds(partial(what.topics, "", text), 10)
    head = milliseconds(partial(what.topics, HEADLINE), 1_000) * 1_000
    tongue = milliseconds(partial(language.language, HEADLINE), 1_000) * 1_000
    print(f"| topic of a headline | {head:.0f} µs |")
    print(f"| topic of a story of 20,000 words | {long:.0f} ms |")
    print(f"| language of a headline | {tongue:.0f} µs |")


def _told(count: Counter[str]) -> Told:
    return Told(count["right"], count["wrong"], count["silent"])


def _row(told: Told) -> str:
    return " | ".join([*map(str, told), f"{told.precision:.3f}", f"{told.recall:.3f}"])


def _written(shared: Path) -> Iterator[tuple[str, str]]:
    parallel: list[dict[str, Any]] = rows(shared, "i18n/pud_news_parallel.jsonl")
    for sentence in parallel:
        yield from ((name, text) for name, text in sentence.items() if name != "sent")
    for text in (shared / "i18n" / "vtb_vi_news_sentences.txt").read_text("utf-8").splitlines():
        yield "vi", text
    for name in ("en", "ja"):
        yield from ((name, row["title"]) for row in rows(shared, f"articles/wikinews_{name}.jsonl"))


if __name__ == "__main__":
    main()
