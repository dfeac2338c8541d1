"""What two texts say differently, word by word, as a reader of both would mark it."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby, zip_longest

# Signs that belong to the letter before them: vowels and tones of India, Arabia and the South-East,
# accents, joiners.
_MARKS = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u0951-\u0957"
    "\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d\u0a70\u0a71\u0a81-\u0a83\u0abc-\u0acd"
    "\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6"
    "\u0d00-\u0d03\u0d3b-\u0d4d\u0d81-\u0d83\u0dca-\u0ddf\u200c\u200d\u3099\u309a\ufe00-\ufe0f"
)
# What no reader parts, where words are not parted by spaces: a sign of Chinese or Japanese; a
# letter of Thai and Lao with the vowels around it, of Burmese and Khmer with what is stacked under
# it; a syllable of Tibetan, up to its point.
_CLUSTERS = "|".join((
    "[\u0e40-\u0e44]?[\u0e01-\u0e2e][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*[\u0e30\u0e32\u0e33\u0e45]*",
    "[\u0ec0-\u0ec4]?[\u0e81-\u0eae\u0edc-\u0edf][\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece]*[\u0eb0\u0eb2\u0eb3\u0ebd]*",
    "[\u1000-\u102a](?:\u1039[\u1000-\u102a]|[\u102b-\u1038\u103a-\u103e]|[\u1000-\u1021]\u103a)*",
    "[\u1780-\u17b3](?:\u17d2[\u1780-\u17b3]|[\u17b4-\u17d1\u17d3\u17dd])*",
    "[\u0f40-\u0fbc]+\u0f0b?",
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30a0\u3400-\u9fff\U00020000-\U0003ffff][\u3099\u309a]?",
))  # fmt: skip
_UNSPACED = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30a0\u3400-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"(?:{_CLUSTERS}|(?:[^\W{_UNSPACED}]|(?![{_UNSPACED}])[{_MARKS}])+|[^\w\s])\s*")
_UNSPACED_WORD = re.compile(rf"[{_UNSPACED}]")
# So many of these, alike between two changes, are chance: half a word, not one that stayed.
CHANCE, CHANCE_OF_HAN = 2, 1
# Comparing takes time that grows at least with the product of both lengths, and more where the same
# few words come again and again. Of one comparison; what is beyond it is shown whole.
MOST_PAIRS = 2_000_000
ALIKE = 0.3  # of the words; below it, a text written anew that marks by word would make unreadable
NEAR = 1  # unchanged paragraphs that are shown beside a change


Code = tuple[str, int, int, int, int]  # as difflib says it: what, from and to in either text


class Mark(StrEnum):
    """What became of a run of words."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"
    SET = "set"  # the same words, set otherwise
    SHARED = "shared"  # another text has them, too
    SKIPPED = "skipped"  # unchanged paragraphs, `words` says how many


@dataclass(frozen=True, slots=True)
class Run:
    """Words with one mark."""

    mark: Mark
    words: str


def compare(older: Sequence[str], newer: Sequence[str]) -> list[list[Run]]:
    """The paragraphs of both, in order, changes marked; empty when they say the same."""
    if list(older) == list(newer):
        return []
    marked: list[list[Run]] = []
    left = MOST_PAIRS
    for tag, a, b, c, d in _opcodes(older, newer):
        if tag == "equal":
            marked += ([Run(Mark.KEPT, words)] for words in older[a:b])
            continue
        for old, new in zip_longest(older[a:b], newer[c:d], fillvalue=""):
            before, after = _WORD.findall(old), _WORD.findall(new)
            left -= len(before) * len(after)
            marked.append(_by_word(before, after) if left > 0 else _whole(old, new))
    return list(_near_changes(marked))


def shared(one: str, other: str, telling: Callable[[str], bool]) -> tuple[list[Run], list[Run]]:
    """Two texts that say different things, marked where they speak of the same: by figures and
    `telling` words that both have, or runs of signs where words are not parted by spaces."""
    pieces = [_WORD.findall(text) for text in (one, other)]
    said, also = (_said(words) for words in pieces)
    both = [key for key in said.keys() & also.keys() if key[0].isdigit() or telling(key)]
    left, right = (
        _mark(words, {place for key in both for place in places[key]})
        for words, places in zip(pieces, (said, also), strict=True)
    )
    return left, right


def _said(pieces: Sequence[str]) -> dict[str, set[int]]:
    """The words of a text, and its short runs of signs, each with the places of its pieces."""
    bare = [piece.rstrip().casefold() for piece in pieces]
    found: defaultdict[str, set[int]] = defaultdict(set)
    for place, word in enumerate(bare):
        size = 1 if not _UNSPACED_WORD.match(word) else 2 if word >= "\u3400" else 3
        run = bare[place : place + size]
        if len(run) == size and (size == 1 or all(map(_UNSPACED_WORD.match, run))):
            found["".join(run)].update(range(place, place + size))
    return found


def _mark(pieces: Sequence[str], marked: Set[int]) -> list[Run]:
    runs: list[Run] = []
    for within, places in groupby(range(len(pieces)), marked.__contains__):
        words = "".join(pieces[place] for place in places)
        runs += _run(Mark.SHARED, words) if within else [Run(Mark.KEPT, words)]
    return runs


def _opcodes(older: Sequence[str], newer: Sequence[str]) -> Sequence[Code]:
    if len(older) * len(newer) > MOST_PAIRS:
        return [("replace", 0, len(older), 0, len(newer))]
    return SequenceMatcher(None, older, newer).get_opcodes()


def _whole(old: str, new: str) -> list[Run]:
    gone, come = [Run(Mark.GONE, old)] if old else [], [Run(Mark.NEW, new)] if new else []
    return [*gone, *([Run(Mark.KEPT, " ")] if gone and come else []), *come]


def _by_word(before: Sequence[str], after: Sequence[str]) -> list[Run]:
    matcher = SequenceMatcher(None, [*map(str.rstrip, before)], [*map(str.rstrip, after)])
    if matcher.ratio() < ALIKE:
        return _whole("".join(before), "".join(after))
    runs: list[Run] = []
    for tag, a, b, c, d in _without_chance(matcher.get_opcodes(), before):
        if tag == "equal":
            # The space behind its last word may stand in one of both only.
            last = max(before[b - 1], after[d - 1], key=len)
            runs.append(Run(Mark.KEPT, "".join((*after[c : d - 1], last))))
            continue
        runs += _run(Mark.GONE, "".join(before[a:b])) if a < b else ()
        runs += _run(Mark.NEW, "".join(after[c:d])) if c < d else ()
    return runs


def _without_chance(codes: Sequence[Code], before: Sequence[str]) -> list[Code]:
    """Takes what is alike by chance for a part of the change around it."""
    found: list[Code] = []
    for number, code in enumerate(codes):
        tag, a, b, c, d = code
        between = 0 < number < len(codes) - 1
        if tag == "equal" and not (between and _by_chance(before[a:b])):
            found.append(code)
        elif found and found[-1][0] != "equal":
            found[-1] = ("replace", found[-1][1], b, found[-1][3], d)
        else:
            found.append(("replace", a, b, c, d))
    return found


def _by_chance(alike: Sequence[str]) -> bool:
    most = CHANCE_OF_HAN if alike[0] >= "\u3040" else CHANCE
    return len(alike) <= most and all(map(_UNSPACED_WORD.match, alike))


def _run(mark: Mark, words: str) -> Iterator[Run]:
    """The space behind the last word is nobody's change."""
    yield Run(mark, words.rstrip())
    if words != words.rstrip():
        yield Run(Mark.KEPT, " ")


def _near_changes(marked: Sequence[list[Run]]) -> Iterator[list[Run]]:
    """Leaves out what is far from any change, and says how much that was."""
    changed = [n for n, runs in enumerate(marked) if any(run.mark != Mark.KEPT for run in runs)]
    near = {n + step for n in changed for step in range(-NEAR, NEAR + 1)}
    skipped = 0
    for number, runs in enumerate(marked):
        if number not in near:
            skipped += 1
            continue
        yield from _gap(skipped)
        skipped = 0
        yield runs
    yield from _gap(skipped)


def _gap(paragraphs: int) -> Iterable[list[Run]]:
    return [[Run(Mark.SKIPPED, str(paragraphs))]] if paragraphs else []
