"""Which items speak of the same event: one after another, as they arrive, in any script.

Same link, then the same agency's text, then likeness of the words. What items of one event have in
common is its gist; a shelf keeps gists and knows in which of them a term stands. A new item is
compared with the few gists that its rarest terms lead to, so that it costs the same on any shelf.

Across scripts nothing is translated: there only a link, a number or a name in Latin letters tells.
"""

import heapq
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, NamedTuple, Protocol

from newsapp.wire.terms import Terms, link_term, terms

WINDOW = timedelta(days=3)  # after its last item, a gist takes no more
LIFE = timedelta(days=10)  # after its first one
KEPT, GIST = 40, 80  # terms of an item, and of a gist
PROBES, NEWEST, NEAR = 16, 40, 8  # terms asked for; gists of each, newest first; of them compared
ALIKE = 0.28  # cosine from which on two texts are of one event
# Words in common without which they aren't, however alike: so many, of which so many tell an event.
COMMON, TELLING = 3, 2
REPEATED = 0.45  # from which on an item says what a story of ours says
# Added to the length of an item's vector: two short texts with a word in common aren't alike yet.
BRIEF = 30.0
# Rarity as if so many gists had been seen before: the first day's idf is like that of any other.
BEFORE = 2_000
ALL = ""  # the term that stands in each gist
SAME_HEADLINE, CREDITED = 0.5, 8  # Jaccard of one agency's headlines; of them a gist remembers

Why = Literal["link", "agency", "words"]

# As they sign, and one name for each.
_AGENCIES = {
    "Reuters": "reuters|路透|ロイター|로이터|รอยเตอร์|رويترز|रॉयटर्स",
    "AFP": r"afp\b|法新社|agence france.presse|فرانس برس|एएफपी",
    "AP": r"\(ap\)|\bap news\b|associated press|美联社|美聯社|ap通信|ap通讯",
    "Xinhua": "xinhua|新华社|新華社|新华网|신화통신|شينخوا",
    "Kyodo": "kyodo|共同通信|共同社|共同】|교도통신",
    "Jiji": r"jiji press|時事通信|【時事】",
    "Yonhap": "yonhap|연합뉴스|韩联社|韓聯社|聯合ニュース",
    "CNA": "中央社|central news agency",
    "PTI": r"\(pti\)|press trust of india|पीटीआई|भाषा\)",
    "ANI": r"\(ani\)|\[ani\]|एएनआई",
    "Antara": r"\bantara\b",
    "Bernama": r"\bbernama\b",
    "VNA": r"ttxvn|\(vna\)|vietnam news agency",
    "TASS": r"\btass\b|тасс",
    "Interfax": "interfax|интерфакс",
    "Bloomberg": "bloomberg|彭博|ブルームバーグ|블룸버그",
    "dpa": r"\bdpa\b|德新社",
    "EFE": r"\befe\b",
}
_AGENCY = re.compile(
    "|".join(f"(?P<a{n}>{signs})" for n, signs in enumerate(_AGENCIES.values())), re.IGNORECASE
)
_NAMES = tuple(_AGENCIES)
_SIGNED = 200  # characters from either end of a text within which an agency signs


class Reading(NamedTuple):
    """An item as it is compared: its terms, the term of its link, whose text it is."""

    terms: Terms
    link: str | None
    agency: str | None


class Vector(NamedTuple):
    """An item's weightiest terms by their rarity, of length 1 at most; its headline's."""

    weights: dict[str, float]
    title: frozenset[str]


class Choice(NamedTuple):
    """The gist that an item belongs to, why, how alike they are, and the words that they share."""

    key: int
    why: Why
    likeness: float
    words: tuple[str, ...]


@dataclass(slots=True)
class Gist:
    """What the items of an event say in common: the sum of their vectors."""

    weights: dict[str, float] = field(default_factory=dict)
    credited: list[tuple[str, frozenset[str]]] = field(default_factory=list)

    def add(self, reading: Reading, vector: Vector) -> tuple[set[str], set[str]]:
        """Takes an item in; the terms that came to stand in it and those that fell out."""
        before = set(self.weights)
        for term, weight in vector.weights.items():
            self.weights[term] = self.weights.get(term, 0.0) + weight
        if len(self.weights) > GIST:
            kept = heapq.nlargest(GIST, self.weights.items(), key=lambda one: one[1])
            links = [one for one in self.weights.items() if one[1] == 0.0][-GIST:]
            self.weights = dict(kept + links)
        if reading.link:
            self.weights.setdefault(reading.link, 0.0)
        if reading.agency and (reading.agency, vector.title) not in self.credited:
            self.credited = [*self.credited, (reading.agency, vector.title)][-CREDITED:]
        return self.weights.keys() - before, before - self.weights.keys()

    def likeness(self, vector: Vector) -> float:
        """The cosine of the item and the gist, 0 to 1."""
        length = math.hypot(*self.weights.values())
        shared = self.weights.keys() & vector.weights.keys()
        return sum(self.weights[t] * vector.weights[t] for t in shared) / (length or 1.0)

    def has_from(self, agency: str, title: frozenset[str]) -> bool:
        """Whether this agency said nearly this headline before."""
        return any(
            agency == theirs and len(title & said) >= max(2, SAME_HEADLINE * len(title | said))
            for theirs, said in self.credited
        )

    def dump(self) -> str:
        """Itself as JSON."""
        weights = {term: round(weight, 4) for term, weight in self.weights.items()}
        return json.dumps([weights, [[a, sorted(t)] for a, t in self.credited]], ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> "Gist":
        """What `dump` wrote."""
        weights, credited = json.loads(text)
        return cls(weights, [(agency, frozenset(title)) for agency, title in credited])


class Shelf(Protocol):
    """Where gists are kept: in memory, or in the database."""

    def spread(self, terms: Sequence[str]) -> Mapping[str, int]:
        """In how many gists each term stands."""

    def newest(self, terms: Sequence[str]) -> Iterable[tuple[str, int]]:
        """Term and gist, for each term its NEWEST gists at most."""

    def gists(self, keys: Sequence[int]) -> Mapping[int, Gist]:
        """Those of these gists that still take items."""


def read(headline: str, text: str = "", url: str = "", author: str = "") -> Reading:
    """An item's plain words, its address and its author, ready to be compared."""
    ends = f"{author[:_SIGNED]}\n{text[:_SIGNED]}\n{text[:100_000][-_SIGNED:]}"
    signed = _AGENCY.search(ends)
    agency = _NAMES[int(str(signed.lastgroup)[1:])] if signed else None
    return Reading(terms(headline, text), link_term(url), agency)


def weigh(reading: Reading, shelf: Shelf) -> Vector:
    """The item's terms by how rare they are on the shelf."""
    return weigh_all([reading], shelf)[0]


def weigh_all(readings: Sequence[Reading], shelf: Shelf) -> list[Vector]:
    """The same for many items, for which the shelf is asked once."""
    counts = shelf.spread([ALL, *{term for one in readings for term in one.terms.found}])
    return [_weighed(one, counts) for one in readings]


def _weighed(reading: Reading, counts: Mapping[str, int]) -> Vector:
    found = reading.terms.found
    seen = counts.get(ALL, 0) + BEFORE
    weights = {
        term: place.weight * math.log(seen / (counts.get(term, 0) + 1))
        for term, place in found.items()
    }
    kept = dict(heapq.nlargest(KEPT, weights.items(), key=lambda one: one[1]))
    length = math.hypot(BRIEF, *kept.values())
    title = reading.terms.title
    return Vector({term: weight / length for term, weight in kept.items()}, title)


def near(reading: Reading, vector: Vector, shelf: Shelf) -> Mapping[int, Gist]:
    """The gists that the item's link and its rarest terms lead to."""
    probes = [*vector.weights][:PROBES] + ([reading.link] if reading.link else [])
    hits: defaultdict[int, float] = defaultdict(float)
    for term, key in shelf.newest(probes):
        hits[key] += vector.weights.get(term, 1_000.0)  # only a link is no term of the vector
    return shelf.gists(heapq.nlargest(NEAR, hits, key=lambda key: (hits[key], key)))


def choose(
    reading: Reading, vector: Vector, gists: Mapping[int, Gist], alike: float = ALIKE
) -> Choice | None:
    """The gist that the item belongs to; None for the first of its event."""
    best: tuple[bool, bool, float, int] | None = None
    for key, gist in gists.items():
        linked = reading.link is not None and reading.link in gist.weights
        signed = reading.agency is not None and gist.has_from(reading.agency, vector.title)
        likeness = gist.likeness(vector)
        worded = likeness >= alike and _tells(reading, vector.weights.keys() & gist.weights.keys())
        if linked or signed or worded:
            best = max(best or (False, False, 0.0, 0), (linked, signed, likeness, key))
    if best is None:
        return None
    linked, signed, likeness, key = best
    why: Why = "link" if linked else "agency" if signed else "words"
    return Choice(key, why, min(1.0, likeness), shared(reading, vector, gists[key]))


def _tells(reading: Reading, common: Set[str]) -> bool:
    """Whether these terms are enough to take two texts for one event's."""
    return len(common) >= COMMON and reading.terms.telling(common) >= TELLING


def shared(reading: Reading, vector: Vector, gist: Gist) -> tuple[str, ...]:
    """The words, as the item has them, that it most has in common with the gist."""
    common = vector.weights.keys() & gist.weights.keys()
    telling = heapq.nlargest(8, common, key=lambda t: vector.weights[t] * gist.weights[t])
    return tuple(reading.terms.words(telling))


class Memory:
    """A shelf in memory: for measuring, and for as many gists as fit."""

    def __init__(self) -> None:
        self._gists: list[Gist] = []
        self._holding: dict[str, list[int]] = {}
        self._counts: dict[str, int] = {}

    def spread(self, terms: Sequence[str]) -> Mapping[str, int]:
        """In how many gists each term stands."""
        return {term: self._counts.get(term, 0) for term in terms}

    def newest(self, terms: Sequence[str]) -> Iterable[tuple[str, int]]:
        """Term and gist, for each term its NEWEST gists at most."""
        return ((term, key) for term in terms for key in self._holding.get(term, ()))

    def gists(self, keys: Sequence[int]) -> Mapping[int, Gist]:
        """All of these."""
        return {key: self._gists[key] for key in keys}

    def file(self, reading: Reading) -> tuple[int, Choice | None]:
        """Puts an item into its gist or a new one; which, and why."""
        vector = weigh(reading, self)
        choice = choose(reading, vector, near(reading, vector, self))
        if choice is None:
            self._gists.append(Gist())
            self._counts[ALL] = len(self._gists)
        key = choice.key if choice else len(self._gists) - 1
        came, went = self._gists[key].add(reading, vector)
        for term in came:
            self._counts[term] = self._counts.get(term, 0) + 1
            self._holding[term] = [*self._holding.get(term, ())[1 - NEWEST :], key]
        for term in went:
            self._counts[term] -= 1
            if key in self._holding[term]:
                self._holding[term].remove(key)
        return key, choice
