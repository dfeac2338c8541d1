"""Which countries of Asia a text names, which of them it is about, and the words that say so."""

import re
from typing import NamedTuple

from newsapp.subjects.gazetteer import CHINESE, JAPANESE, gazetteer

MOST = 200_000  # characters of a text that are read: twice the longest story
DATELINE = 120  # characters within which one ends
WORDS = 5  # shown of a country's evidence
# What a mention counts by where it stands: the headline and the dateline in full, the first
# paragraph nearly, then less and less: half of that at HALF characters, a third at twice as many.
LEAD, LEAD_ENDS, HALF = 0.7, 300, 1_500
KINDS = {"names": 1.0, "people": 0.9, "places": 0.9, "offices": 0.7, "hints": 0.4}
# What a text is about weighs this much at least, and this part of what weighs most.
ABOUT, PART = 0.35, 0.1

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_DATELINE = re.compile(
    r"\s*(?:"
    r"【[^】]{2,40}】"  # 【ソウル共同】
    r"|[\[(（][^\])）]{2,40}=[^\])）]{2,40}[\])）]"  # (서울=연합뉴스)
    r"|(?:新华社|新華社|中新社|中央社|法新社|路透社)\w{2,12}\d{1,2}日"  # 新华社北京11月25日电
    r"|[^\n.!?。]{2,70}?\s*(?:\([^)\n]{2,40}\)\s*)?\s[-–—―]{1,2}\s"  # KABUL, Nov 25 (AP) —
    r"|[A-Z][A-Z .'’-]{2,30}(?=,\s)"  # SEOUL, South Korea
    r")"
)


class Match(NamedTuple):
    """A country (ISO 3166-1 alpha-2), how strongly the text speaks of it, and the words that do."""

    code: str
    weight: float  # 1.0 is its name once in the headline
    evidence: tuple[str, ...]


def countries(headline: str, text: str = "", language: str | None = None) -> tuple[Match, ...]:
    """The countries that plain `text` is about, the weightiest first; never raises.

    `language` (BCP 47) only tells Japanese from Chinese where a text has no kana.
    """
    matches = named(headline, text, language)
    enough = max(ABOUT, PART * matches[0].weight) if matches else 0
    return tuple(match for match in matches if match.weight >= enough)


def named(headline: str, text: str = "", language: str | None = None) -> tuple[Match, ...]:
    """All countries that the text names, also those merely mentioned; else like `countries`."""
    headline, text = headline[:MOST], text[:MOST]
    phrases = gazetteer(han_of(headline + text, language))
    heads, bodies = list(phrases.find(headline)), list(phrases.find(text))
    groups = {group for found in heads + bodies for group in found.meaning.doubts}
    dateline = _DATELINE.match(text[:DATELINE])
    ends = dateline.end() if dateline else 0
    weights: dict[str, float] = {}
    evidence: dict[str, dict[str, None]] = {}
    firm: set[str] = set()
    for found, place in [
        *((found, 1.0) for found in heads),
        *((found, 1.0 if found.start < ends else place_of(found.start)) for found in bodies),
    ]:
        if groups.isdisjoint(found.meaning.doubtful):
            for code, kind in found.meaning.senses:
                weights[code] = weights.get(code, 0.0) + KINDS[kind] * place
                evidence.setdefault(code, {})[found.words] = None
                if kind != "hints":
                    firm.add(code)
    matches = [
        Match(c, round(w, 2), (*evidence[c],)[:WORDS]) for c, w in weights.items() if c in firm
    ]
    return tuple(sorted(matches, key=lambda match: (-match.weight, match.code)))


def han_of(text: str, language: str | None) -> str:
    """As whose the Han of a text is read: JAPANESE or CHINESE."""
    primary = (language or "").partition("-")[0].lower()
    if primary in (JAPANESE, CHINESE):
        return primary
    return JAPANESE if _KANA.search(text) else CHINESE


def place_of(start: int) -> float:
    """What a mention in the text counts by where it stands, LEAD at most."""
    return LEAD / (1 + max(0, start - LEAD_ENDS) / HALF)
