"""Which topics a text is about, with the words that say so."""

import functools
import tomllib
from pathlib import Path
from typing import NamedTuple

from newsapp.subjects.gazetteer import CHINESE, JAPANESE
from newsapp.subjects.phrases import Phrases
from newsapp.subjects.where import MOST, WORDS, han_of, place_of

FOLDER = Path(__file__).with_name("topics")
# A telling word counts in full, a common one only adds; a word said again half, a third and so on.
KINDS = {"telling": 1.0, "common": 0.3}
# A topic weighs this much at least, and a second one this part of the first.
ABOUT, SECOND = 0.6, 0.75


class Topic(NamedTuple):
    """A topic (slug of its section), how strongly the text speaks of it, and the words that do."""

    slug: str
    weight: float  # 1.0 is one telling word in the headline
    evidence: tuple[str, ...]


Sense = tuple[str, str]  # topic, kind


def topics(headline: str, text: str = "", language: str | None = None) -> tuple[Topic, ...]:
    """At most two topics of plain `text`, the weightier first; none rather than a guess."""
    headline, text = headline[:MOST], text[:MOST]
    words = _words(han_of(headline + text, language))
    mentions = [(found, 1.0) for found in words.find(headline)]
    mentions += [(found, place_of(found.start)) for found in words.find(text)]
    weights: dict[str, float] = {}
    evidence: dict[str, dict[str, int]] = {}
    for found, place in mentions:
        for topic, kind in found.meaning:
            said = evidence.setdefault(topic, {})
            said[found.words.lower()] = times = said.get(found.words.lower(), 0) + 1
            weights[topic] = weights.get(topic, 0.0) + KINDS[kind] * place / times
    ranked = sorted(weights, key=lambda topic: (-weights[topic], topic))[:2]
    return tuple(
        Topic(topic, round(weights[topic], 2), (*evidence[topic],)[:WORDS])
        for topic in ranked
        if weights[topic] >= max(ABOUT, SECOND * weights[ranked[0]])
    )


@functools.cache
def _words(han: str) -> Phrases[tuple[Sense, ...]]:
    senses: dict[str, list[Sense]] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        if file.stem not in (JAPANESE, CHINESE) or file.stem == han:
            tables = tomllib.loads(file.read_text("utf-8"))
            for kind in KINDS:
                for topic, phrases in tables.get(kind, {}).items():
                    for phrase in phrases:
                        known = senses.setdefault(phrase, [])
                        if all(other != topic for other, _ in known):
                            known.append((topic, kind))
            for phrase in tables.get("none", {}).get("phrases", ()):
                senses[phrase] = []
    words: Phrases[tuple[Sense, ...]] = Phrases()
    for phrase, meant in senses.items():
        words.add(phrase, tuple(meant))
    return words
