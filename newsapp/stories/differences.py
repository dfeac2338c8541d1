"""What two texts say differently, word by word, as a reader of both would mark it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest

# A word, or one sign where words are not parted by spaces: Chinese, Japanese, Thai, Lao, Burmese,
# Khmer and Tibetan.
_UNSPACED = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"(?:[{_UNSPACED}]|[^\W{_UNSPACED}]+|[^\w\s])\s*")
# Comparing takes time that grows at least with the product of both lengths, and more where the same
# few words come again and again. Of one comparison; what is beyond it is shown whole.
MOST_PAIRS = 2_000_000
ALIKE = 0.3  # of the words; below it, a text written anew that marks by word would make unreadable
NEAR = 1  # unchanged paragraphs that are shown beside a change


class Mark(StrEnum):
    """What became of a run of words."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"
    SET = "set"  # the same words, set otherwise
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


def _opcodes(
    older: Sequence[str], newer: Sequence[str]
) -> Sequence[tuple[str, int, int, int, int]]:
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
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            # The space behind its last word may stand in one of both only.
            last = max(before[b - 1], after[d - 1], key=len)
            runs.append(Run(Mark.KEPT, "".join((*after[c : d - 1], last))))
        if tag in ("delete", "replace"):
            runs += _run(Mark.GONE, "".join(before[a:b]))
        if tag in ("insert", "replace"):
            runs += _run(Mark.NEW, "".join(after[c:d]))
    return runs


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
