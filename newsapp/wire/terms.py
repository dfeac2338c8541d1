"""What a text is about, as weighted terms: words, or runs of characters where no spaces are.

A word is folded and bluntly cut to its stem; Han, Hangul, Thai and its neighbours become
overlapping runs of two or three characters. Names and numbers weigh more than other words.
"""

import functools
import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from newsapp.subjects.gazetteer import names
from newsapp.wire.links import page_hash

FILE = Path(__file__).with_name("stopwords.toml")
EVERYDAY = Path(__file__).with_name("everyday.toml")
HEADLINE, TEXT = 300, 4_000  # characters that are read
LONGEST = 40  # characters of a term
LINK = "="  # what the term of a link begins with; no word does
# A word of the headline counts twice, a name's twice again, a number one and a half times.
IN_HEADLINE, NAME, NUMBER = 2.0, 2.0, 1.5
TITLE_CASE = 0.6  # of a line's words with a capital: then capitals say nothing

_GRAMS = {"han": 2, "hangul": 2, "unspaced": 3}  # characters of one run
_MARKS = (
    "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff"  # inside words, yet no letters
)
_RUNS = {
    "katakana": "\u30a1-\u30fa\u30fc",
    "kana": "\u3041-\u309f",
    "han": "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff",
    "hangul": "\uac00-\ud7a3",
    "unspaced": "\u0e01-\u0eff\u1000-\u109f\u1780-\u17d3",
}
_WORD = rf"(?![{''.join(_RUNS.values())}])[^\W_]|[{_MARKS}]"
_PARTS = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*(?!\d*[A-Za-z]))|"
    + "|".join(f"(?P<{name}>[{characters}]+)" for name, characters in _RUNS.items())
    + rf"|(?P<word>(?:{_WORD})+(?:['’.](?:{_WORD})+)*)"
)
_SENTENCE = re.compile(r"[.!?:]['\"”’)]*\s+$|^\W*$")
# Said of the same thing in one text and not in the next: 's, plurals, tenses.
_ENDINGS = ("ings", "ing", "ed", "es", "s", "ly")
_VIETNAMESE = re.compile("[ăâđêôơư\u1ea0-\u1ef9]", re.IGNORECASE)
_ARABIC = str.maketrans(
    {**dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك", "ـ": None}
    | dict.fromkeys(map(chr, (*range(0x64B, 0x660), 0x670)))
)


class Term(NamedTuple):
    """How much a term weighs, and where it first stands."""

    weight: float
    start: int
    end: int
    whole: bool  # a word, not a run of characters
    name: bool = False  # a word that is a name's, by its capital


def _goes_on(last: Term, place: Term) -> bool:
    """Whether a term says what the one before it began: a name's next word, an overlapping run."""
    named = last.name and place.name and place.start <= last.end + 1
    return named or (not last.whole and place.start < last.end)


class Terms(NamedTuple):
    """The terms of a headline and its text, and the line that their places refer to."""

    line: str
    found: dict[str, Term]
    title: frozenset[str]  # those of the headline

    def telling(self, terms: Iterable[str]) -> int:
        """How many of these terms tell an event: everyday words don't, the words of one name are
        one, and so are runs of characters that overlap."""
        own = (self.found[term] for term in terms if term in self.found and term not in everyday())
        count = 0
        last: Term | None = None
        for place in sorted(own, key=lambda place: place.start):
            count += not (last and _goes_on(last, place))
            last = place
        return count

    def words(self, terms: list[str], most: int = 5) -> list[str]:
        """These terms as the text has them; runs of characters that overlap become one."""
        places = sorted((self.found[t] for t in terms if t in self.found), key=lambda t: t.start)
        spans: list[tuple[int, int, bool]] = []
        for place in places:
            last = spans[-1] if spans else None
            if last and not place.whole and not last[2] and place.start <= last[1]:
                spans[-1] = (last[0], max(last[1], place.end), False)
            elif last is None or place.start >= last[1]:
                spans.append((place.start, place.end, place.whole))
        said = dict.fromkeys(self.line[start:end].strip() for start, end, _ in spans)
        return [word[:LONGEST] for word in said][:most]


def terms(headline: str, text: str) -> Terms:
    """The terms of plain text; never raises, whatever the text is."""
    headline, text = _plain(headline, HEADLINE), _plain(text, TEXT)
    text = text.removeprefix(headline)
    vietnamese = len(_VIETNAMESE.findall(headline + text[:300])) > 3
    line = f"{headline}\n{text}"
    said: dict[str, tuple[float, float, Term]] = {}
    for part, offset, base in ((headline, 0, IN_HEADLINE), (text, len(headline) + 1, 1.0)):
        for term, factor, start, end, whole in _of(part, vietnamese):
            place = Term(0.0, start + offset, end + offset, whole, whole and factor == NAME)
            times, best, first = said.get(term, (0.0, 0.0, place))
            said[term] = (times + base, max(best, factor), first)
    found = {
        term: first._replace(weight=(1 + math.log(times)) * factor)
        for term, (times, factor, first) in said.items()
    }
    title = frozenset(term for term, place in found.items() if place.start < len(headline))
    return Terms(line, found, title)


def tells(word: str) -> bool:
    """Whether a word says anything of what a text is about."""
    return bool(terms("", word).found)


def link_term(url: str) -> str | None:
    """The term of a story's address; None for a front page's, which any item may have."""
    page = page_hash(url)
    return page and LINK + page[:24]


def _plain(text: str, most: int) -> str:
    folded = unicodedata.normalize("NFKC", text[:most])[:most]
    if not folded.isascii():  # digits of any script; controls are nobody's letters
        folded = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in folded)
    return " ".join(folded.split())


_Found = tuple[str, float, int, int, bool]  # term, factor, from, to, whether a word


def _of(text: str, vietnamese: bool) -> list[_Found]:
    parts = list(_PARTS.finditer(text))
    words = [part[0] for part in parts if part.lastgroup == "word"]
    shouted = sum(word[0].isupper() for word in words) > TITLE_CASE * len(words)
    found: list[_Found] = []
    before: re.Match[str] | None = None  # the syllable of Vietnamese that stands before
    for part in parts:
        kind, (start, end) = str(part.lastgroup), part.span()
        if size := _GRAMS.get(kind):
            found += _grams(part, size)
        elif kind == "katakana" and end - start > 1:
            found.append((part[0][:LONGEST], NAME, start, end, True))
        elif kind == "number" and end - start > 1:
            found.append((part[0].replace(",", "")[:LONGEST], NUMBER, start, end, True))
        elif kind == "word" and vietnamese:
            if before and before.end() == start - 1 and not {before[0], part[0]} & _stop_words():
                pair = f"{before[0]} {part[0]}"
                factor = NAME if before[0][0].isupper() and part[0][0].isupper() else 1.0
                found.append((pair.casefold()[:LONGEST], factor, before.start(), end, True))
            before = part
            if len(part[0]) > 4 and part[0].isascii() and part[0][0].isupper():  # Tokyo
                found.append((_stem(part[0].casefold()), NAME, start, end, True))
        elif kind == "word" and (term := _word(part[0])):
            name = part[0][0].isupper() and not shouted
            first = name and bool(_SENTENCE.search(text[max(0, start - 6) : start]))
            found.append((term, NAME if name and not first else 1.0, start, end, True))
    return found


def _grams(part: re.Match[str], size: int) -> list[_Found]:
    run, at = part[0], part.start()
    if len(run) == 1:
        return []
    ends = range(min(size, len(run)), len(run) + 1)
    grams = [(run[max(0, end - size) : end], at + max(0, end - size), at + end) for end in ends]
    return [(gram, 1.0, a, b, False) for gram, a, b in grams if gram not in _stop_words()]


def _word(written: str) -> str | None:
    """The term of a word; None for one that says nothing."""
    word = written.casefold().translate(_ARABIC)
    if word in _stop_words() or written.casefold() in _stop_words():
        return None
    word = word.removesuffix("'s").removesuffix("’s")
    if "\u0620" <= word[:1] <= "\u064a":
        word = _bare(word)
    elif "\u0400" <= word[:1] <= "\u052f":
        word = word[:6]
    elif word.isascii():
        word = _stem(word)
    return word[:LONGEST] if len(word) > 1 and word not in _stop_words() else None


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            word = word.removesuffix(ending)
            break
    return word.removesuffix("e") if len(word) > 4 else word


def _bare(word: str) -> str:
    """An Arabic word without what is written onto it: and, so, by, like, to, the."""
    if word[0] in "وف" and len(word) > 4:
        word = word[1:]
    if word.startswith("لل") and len(word) > 4:
        return word[2:]
    if word[0] in "بكل" and word[1:3] == "ال" and len(word) > 5:
        word = word[1:]
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


@functools.cache
def everyday() -> frozenset[str]:
    """The terms that any day's news has: countries and their people, offices, war and trade."""
    texts = [*tomllib.loads(EVERYDAY.read_text("utf-8")).values()]
    texts += [", ".join(some) for words in names() for some in _batches(words)]
    return frozenset(term for text in texts for term in terms("", text).found)


def _batches(words: Sequence[str], size: int = 100) -> Iterator[Sequence[str]]:
    return (words[start : start + size] for start in range(0, len(words), size))


@functools.cache
def _stop_words() -> frozenset[str]:
    lists = tomllib.loads(FILE.read_text("utf-8"))
    return frozenset(word.translate(_ARABIC) for words in lists.values() for word in words.split())
