"""The names by which texts in ten languages speak of the countries of Asia, from countries/*.toml.

Each file is a language. `names`, `people`, `places` and `offices` say a country by themselves;
`hints` only beside one that does; `none` says none, though a word in it would; `unless` lists
words that mean something else where one of the words `near` is anywhere in the text.
"""

import functools
import tomllib
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from newsapp.subjects.phrases import Phrases

FOLDER = Path(__file__).with_name("countries")
KINDS = ("names", "people", "places", "offices", "hints")
# Both write Han: a text with kana is read with the one, any other with the other.
JAPANESE, CHINESE = "ja", "zh"


class Sense(NamedTuple):
    """One thing that a phrase says: a country (ISO 3166-1 alpha-2) and of which kind it is."""

    code: str
    kind: str


class Entry(NamedTuple):
    """What a phrase says, in which group it is doubtful, and which groups it casts doubt on."""

    senses: tuple[Sense, ...]
    doubtful: frozenset[str]
    doubts: frozenset[str]


@functools.cache
def gazetteer(han: str) -> Phrases[Entry]:
    """The phrases for a text whose Han is JAPANESE or CHINESE; read once, some 30 ms."""
    senses: dict[str, list[Sense]] = {}
    doubtful: dict[str, set[str]] = {}
    doubts: dict[str, set[str]] = {}
    for file in sorted(FOLDER.glob("*.toml")):
        if file.stem not in (JAPANESE, CHINESE) or file.stem == han:
            tables = tomllib.loads(file.read_text("utf-8"))
            _gather(tables, file.stem, senses)
            for number, group in enumerate(tables.get("unless", ())):
                for word in group["words"]:
                    doubtful.setdefault(word, set()).add(f"{file.stem}{number}")
                for word in group["near"]:
                    doubts.setdefault(word, set()).add(f"{file.stem}{number}")
    phrases: Phrases[Entry] = Phrases()
    for phrase in {**senses, **doubts}:
        phrases.add(
            phrase,
            Entry(
                tuple(senses.get(phrase, ())),
                frozenset(doubtful.get(phrase, ())),
                frozenset(doubts.get(phrase, ())),
            ),
        )
    return phrases


def names() -> Iterator[Sequence[str]]:
    """What each language calls the countries and their people, as its file has it but the stars."""
    for file in sorted(FOLDER.glob("*.toml")):
        tables = tomllib.loads(file.read_text("utf-8"))
        kinds = (tables.get(kind, {}).values() for kind in ("names", "people"))
        yield [word.rstrip("*") for words in chain.from_iterable(kinds) for word in words]


def _gather(tables: dict[str, Any], language: str, senses: dict[str, list[Sense]]) -> None:
    for kind in KINDS:
        for code, phrases in tables.get(kind, {}).items():
            for phrase in phrases:
                forms = [phrase]
                if language == "ar" and kind == "people":
                    forms.append("ال" + phrase)  # the Iranian as well as an Iranian
                for form in forms:
                    known = senses.setdefault(form, [])
                    if all(sense.code != code for sense in known):
                        known.append(Sense(code, kind))
    for phrase in tables.get("none", {}).get("phrases", ()):
        senses[phrase] = []
