"""Finds many phrases in a text at once: by whole words, or by the longest where a script has none.

A phrase is found as it is written: a capital in it must be one in the text (Turkey, not turkey),
capitals alone stay capitals (PRC), a star allows any ending of its word (`Iranian*`). The time
taken grows with the length of the text alone, whatever the text is.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

Meaning = TypeVar("Meaning")
_Part = tuple[int, int, bool]  # of a text: from, to, whether it is a run without spaces

# Han, kana and Thai know no spaces; the other scripts that somebody publishes news in have words.
_UNSPACED = "\u0e01-\u0e3a\u0e40-\u0e4e\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff"
_SPACED = (
    "0-9A-Za-z\u00c0-\u024f\u0300-\u036f\u0370-\u052f\u0531-\u0587\u05d0-\u05ea"
    "\u0610-\u061a\u0620-\u0669\u066e-\u06d3\u06d5-\u06ff\u0750-\u077f"
    "\u0900-\u0963\u0966-\u0dff\u1e00-\u1eff\u1100-\u11ff\uac00-\ud7a3"
)
_PARTS = re.compile(f"(?P<run>[{_UNSPACED}]+)|[{_SPACED}]+")
_WRITTEN = re.compile(rf"[{_SPACED}]+\*?|,")
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc\u31f0-\u31ff]")
_THAI_MARK = re.compile("[\u0e30-\u0e3a\u0e45-\u0e4e]")
# What stands between two words of one phrase, without its spaces; a dot only in initials.
_JOINS = {"", "-", "\u2010", "\u2011", "\u2013", "'", "\u2019", "\u02bb", "\u02bc", "\u00b7"}
_LONGEST_JOIN = 4
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
# Arabic writers choose among these letters freely; vowel signs and stretching say nothing.
_ARABIC: dict[int, str | None] = {
    **dict.fromkeys((*range(0x64B, 0x660), 0x640, 0x670)),
    **dict.fromkeys(map(ord, "أإآٱ"), "ا"),
    ord("ى"): "ي",
    ord("ة"): "ه",
    ord("ی"): "ي",
    ord("ک"): "ك",
}


class Found(NamedTuple, Generic[Meaning]):
    """A phrase of the text: where it begins, its words as written, what it means."""

    start: int
    words: str
    meaning: Meaning


class Phrases(Generic[Meaning]):
    """Phrases with their meanings: add all, then find as often as you like, from any thread."""

    def __init__(self) -> None:
        self._spaced: _Node[Meaning] = _Node()
        self._unspaced: dict[str, list[tuple[str, Meaning]]] = {}  # by two characters

    def add(self, phrase: str, meaning: Meaning) -> None:
        """From now on `phrase` is found and means that."""
        phrase = unicodedata.normalize("NFC", phrase)
        if re.match(f"[{_UNSPACED}]", phrase):
            alike = self._unspaced.setdefault(phrase[:2], [])
            alike.append((phrase, meaning))
            alike.sort(key=lambda one: -len(one[0]))
            return
        node, written = self._spaced, []
        for word in _WRITTEN.findall(phrase):
            if word != ",":
                written.append(word.removesuffix("*"))
            node = node.child(_fold(word.removesuffix("*")), ending=word.endswith("*"))
        node.ends.append((tuple(written), meaning))

    def find(self, text: str) -> Iterator[Found[Meaning]]:
        """The phrases in `text` from beginning to end, none within another."""
        text = unicodedata.normalize("NFC", text.translate(_INVISIBLE))
        parts = [(m.start(), m.end(), m.lastgroup == "run") for m in _PARTS.finditer(text)]
        done = 0
        for number, (start, end, is_run) in enumerate(parts):
            if is_run:
                at = max(start, done)
                while at < end:
                    if hit := self._phrase_at(text, at):
                        yield Found(at, *hit)
                        at += len(hit[0])
                    else:
                        at += 1
                done = at
            elif start >= done and (longest := self._words_at(text, parts, number)):
                done = longest[0]
                yield Found(start, text[start:done], longest[1])

    def _phrase_at(self, text: str, at: int) -> tuple[str, Meaning] | None:
        for phrase, meaning in self._unspaced.get(text[at : at + 2], ()):
            if text.startswith(phrase, at) and _stands_alone(text, at, at + len(phrase)):
                return phrase, meaning
        return None

    def _words_at(self, text: str, parts: list[_Part], number: int) -> tuple[int, Meaning] | None:
        """Where the longest phrase that begins with this word ends, and its meaning."""
        start, end, _ = parts[number]
        word = text[start:end]
        for form in _forms(_fold(word)):
            best: tuple[int, Meaning] | None = None
            ways: list[_Way[Meaning]] = [
                (node, number, (word,)) for node in self._spaced.after(form)
            ]
            while ways:
                node, last, words = ways.pop()
                end = parts[last][1]
                if (best is None or end > best[0]) and (
                    meaning := node.meaning_of(words)
                ) is not None:
                    best = (end, meaning)
                ways += self._further(text, parts, node, last, words)
            if best:
                return best
        return None

    def _further(
        self,
        text: str,
        parts: list[_Part],
        node: "_Node[Meaning]",
        last: int,
        words: tuple[str, ...],
    ) -> "list[_Way[Meaning]]":
        """The same phrase with the next word, in each way that there is."""
        if last + 1 == len(parts) or not (node.exact or node.stems):
            return []
        start, end, is_run = parts[last + 1]
        gap = text[parts[last][1] : start]
        if is_run or len(gap) > _LONGEST_JOIN or not (after := node.over(gap, len(words[-1]))):
            return []
        word = text[start:end]
        return [(n, last + 1, (*words, word)) for n in after.after(_fold(word))]


class _Node(Generic[Meaning]):
    """What may follow the words so far, and what they mean by themselves."""

    __slots__ = ("ends", "exact", "stems")

    def __init__(self) -> None:
        self.exact: dict[str, _Node[Meaning]] = {}
        self.stems: dict[str, list[tuple[str, _Node[Meaning]]]] = {}  # by two letters
        self.ends: list[tuple[tuple[str, ...], Meaning]] = []

    def child(self, word: str, ending: bool) -> "_Node[Meaning]":
        """The node for what comes after `word`, made if it is new."""
        if not ending:
            return self.exact.setdefault(word, _Node())
        alike = self.stems.setdefault(word[:2], [])
        for stem, node in alike:
            if stem == word:
                return node
        alike.append((word, _Node()))
        alike.sort(key=lambda one: len(one[0]))
        return self.stems[word[:2]][[stem for stem, _ in alike].index(word)][1]

    def after(self, word: str) -> "list[_Node[Meaning]]":
        """The nodes that `word` leads to, the most particular last."""
        alike = self.stems.get(word[:2])
        nodes = [node for stem, node in alike if word.startswith(stem)] if alike else []
        if (exact := self.exact.get(word)) is not None:
            nodes.append(exact)
        return nodes

    def over(self, gap: str, letters: int) -> "_Node[Meaning] | None":
        """This node, if the next word may follow after `gap`; that of a comma after one."""
        join = gap.strip()
        if join in _JOINS or (join == "." and (gap == "." or letters == 1)):
            return self
        return self.exact.get(",") if join == "," else None

    def meaning_of(self, words: tuple[str, ...]) -> Meaning | None:
        """What words that led here mean, if their capitals are right."""
        for written, meaning in self.ends:
            if all(map(_as_written, written, words)):
                return meaning
        return None


_Way = tuple[_Node[Meaning], int, tuple[str, ...]]  # where we are, at which part, by which words


def _as_written(written: str, word: str) -> bool:
    if written.isupper() and len(written) > 1:
        return word[: len(written)].isupper()
    return not written[0].isupper() or word[0].isupper()


def _fold(word: str) -> str:
    return word.translate(_ARABIC) if "\u0610" <= word[0] <= "\u06ff" else word.casefold()


def _forms(word: str) -> tuple[str, ...]:
    """An Arabic word also without what is written onto it: and, so, by, like, to."""
    if not "\u0620" <= word[:1] <= "\u064a":
        return (word,)
    bare = word[1:] if word[0] in "وف" and len(word) > 3 else word
    shorter = bare
    if bare.startswith("لل") and len(bare) > 4:
        shorter = "ال" + bare[2:]
    elif bare[0] in "بكل" and len(bare) > 3:
        shorter = bare[1:]
    return (word, bare, shorter)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """No katakana goes on before or after, no Thai vowel or tone mark follows, 日 is no date's."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if text[start] == "日" and before.isnumeric():  # 29日朝: on the morning of the 29th
        return False
    if _KATAKANA.match(text[start]) and _KATAKANA.match(before):
        return False
    return not (
        _THAI_MARK.match(after) or (_KATAKANA.match(text[end - 1]) and _KATAKANA.match(after))
    )
