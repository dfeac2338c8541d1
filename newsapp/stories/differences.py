"""What two texts say differently, word by word, as a reader of both would mark it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# A word, or one sign where words are not parted by spaces: Chinese, Japanese, Thai, Lao, Burmese,
# Khmer and Tibetan.
_UNSPACED = "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_WORD = re.compile(rf"(?:[{_UNSPACED}]|[^\W{_UNSPACED}]+|[^\w\s])\s*")
# Comparing takes time that grows with the product of both lengths: beyond this, whole paragraphs.
MOST_PAIRS = 4_000_000
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
    for tag, a, b, c, d in SequenceMatcher(None, older, newer, autojunk=False).get_opcodes():
        if tag == "equal":
            marked += ([Run(Mark.KEPT, words)] for words in older[a:b])
        else:
            marked += _changed(older[a:b], newer[c:d])
    return list(_near_changes(marked))


def _changed(older: Sequence[str], newer: Sequence[str]) -> Iterator[list[Run]]:
    for old, new in zip(older, newer, strict=False):
        yield list(_words(old, new))
    for old in older[len(newer) :]:
        yield [Run(Mark.GONE, old)]
    for new in newer[len(older) :]:
        yield [Run(Mark.NEW, new)]


def _words(old: str, new: str) -> Iterator[Run]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(
        None, [*map(str.rstrip, before)], [*map(str.rstrip, after)], autojunk=False
    )
    if len(before) * len(after) > MOST_PAIRS or matcher.ratio() < 0.3:
        # Two texts more than one changed: marked word by word nobody could read it.
        yield from (Run(Mark.GONE, old), Run(Mark.KEPT, " "), Run(Mark.NEW, new))
        return
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Run(Mark.KEPT, "".join(after[c:d]))
        if tag in ("delete", "replace"):
            yield from _run(Mark.GONE, "".join(before[a:b]))
        if tag in ("insert", "replace"):
            yield from _run(Mark.NEW, "".join(after[c:d]))


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
