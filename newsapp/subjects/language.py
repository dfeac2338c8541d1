"""The language of a text: by its script where that says it, else by py3langid's model."""

import functools
import re
from collections import Counter

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

READ = 1_000  # characters: more make it no surer
# Scripts that one language of the news writes with, and those that several share.
SCRIPTS = {
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3",
    "th": "\u0e01-\u0e3a\u0e40-\u0e4e",
    "lo": "\u0e81-\u0edf",
    "km": "\u1780-\u17d2",
    "my": "\u1000-\u109f",
    "bn": "\u0980-\u09fb",
    "pa": "\u0a00-\u0a75",
    "gu": "\u0a80-\u0aff",
    "ta": "\u0b80-\u0bfa",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f",
    "si": "\u0d80-\u0dff",
    "ka": "\u10a0-\u10ff",
    "hy": "\u0531-\u058f",
    "he": "\u05d0-\u05ea",
    "el": "\u0370-\u03ff",
    "dv": "\u0780-\u07b1",
    "kana": "\u3041-\u3096\u30a1-\u30fa",
    "han": "\u3400-\u9fff",
    "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
    "arabic": "\u0620-\u064a\u0671-\u06d3\u0750-\u077f",
    "cyrillic": "\u0400-\u052f",
    "devanagari": "\u0904-\u0963",
}
# What writes with a shared script, by the names that the model has for them.
SHARED = {
    "latin": "en id ms vi tl tr az uz tk fr de es pt it nl",
    "arabic": "ar fa ur ps ug",
    "cyrillic": "ru uk kk ky mn tg bg",
    "devanagari": "hi mr ne",
}
NAMES = {"tl": "fil"}  # of the model's, where ours differ
SURE = 0.3  # of the model's own probability: below it, nothing is said

_SCRIPT = re.compile("|".join(f"(?P<{name}>[{ranges}])" for name, ranges in SCRIPTS.items()))
# Frequent characters that only one of the three ways of writing Han has.
_SIMPLIFIED = frozenset(
    "国这时会来们为学对发经动东车马门开关长说过还进现业产员问见气电统总战导军报"
)
_JAPANESE = frozenset(
    "県気発経図変応円実対芸売読広駅歳挙戦検働込畑峠辻枠沢浜竜渋黒斎壊択拡労営単厳銭鉄関伝帰"
)
_TRADITIONAL = frozenset(
    "國這時會來們為學對發經動東車馬門開關長說過還進現業產員問見氣電統總戰導軍報臺灣"
)


def language(text: str) -> str | None:
    """The language (BCP 47) of plain `text`, a headline is enough; None where it can't be told."""
    text = text[:READ]
    scripts = Counter(match.lastgroup for match in _SCRIPT.finditer(text))
    if scripts["han"] and scripts["kana"]:
        scripts["kana"] += scripts.pop("han")
    for syllabic in ("han", "ko"):  # a character says as much as two letters
        scripts[syllabic] *= 2
    scripts["latin"] = (scripts["latin"] + 2) // 3  # names stay Latin in every script
    ((script, letters),) = scripts.most_common(1)
    if letters < 2 and script != "latin":
        return None
    if script == "kana":
        return "ja"
    if script == "han":
        return _of_han(set(text))
    return _by_model(text, script) if script in SHARED else script


def _of_han(characters: set[str]) -> str:
    simplified, traditional = len(characters & _SIMPLIFIED), len(characters & _TRADITIONAL)
    if len(characters & _JAPANESE) > simplified:
        return "ja"
    if simplified == traditional:
        return "zh"
    return "zh-Hans" if simplified > traditional else "zh-Hant"


def _by_model(text: str, script: str) -> str | None:
    name, sure = _model(script).classify(text.replace("\0", " "))
    return NAMES.get(name, name) if sure >= SURE else None


@functools.cache
def _model(script: str) -> LanguageIdentifier:
    """The model for the languages of a script; some 0.7 s and 60 MB for the first."""
    whole = _whole()
    columns = [n for n, name in enumerate(whole.nb_classes) if name in SHARED[script].split()]
    return LanguageIdentifier(
        np.ascontiguousarray(whole.nb_ptc[:, columns]),
        whole.nb_pc[columns],
        [whole.nb_classes[n] for n in columns],
        whole.tk_nextmove,
        whole.tk_output,
        norm_probs=True,
        tk_row=whole.tk_row,
    )


@functools.cache
def _whole() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE)
