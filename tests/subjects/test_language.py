"""The language of a text."""

from pathlib import Path

import pytest

from bench.what import languages_told
from newsapp.stories.forms import LANGUAGES
from newsapp.subjects.language import NAMES, SCRIPTS, SHARED, language


@pytest.mark.parametrize(
    ("headline", "tag"),
    [
        ("Central bank cuts rates for the third time this year", "en"),
        ("Presiden Prabowo kunjungi Beijing", "id"),
        ("Kerajaan Malaysia umum bantuan", "ms"),
        ("Thủ tướng thăm Nhật Bản", "vi"),
        ("นายกรัฐมนตรีเยือนญี่ปุ่น", "th"),
        ("प्रधानमंत्री ने जापान का दौरा किया", "hi"),
        ("대통령, 일본 방문", "ko"),
        ("首相がソウルを訪問", "ja"),
        ("首相、経済対策を発表", "ja"),
        ("中国经济增长放缓", "zh-Hans"),
        ("臺灣總統訪問日本", "zh-Hant"),
        ("北京", "zh"),
        ("رئيس الوزراء يزور اليابان", "ar"),
        ("رئیس جمهور ایران به چین می‌رود", "fa"),
        ("Президент прибыл в Токио с визитом", "ru"),
        ("Samsung, iPhone 판매 급증", "ko"),
    ],
)
def test_a_headline_tells_its_language(headline: str, tag: str) -> None:
    assert language(headline) == tag


@pytest.mark.parametrize(
    "text", ["", "x", "12 3", "—", "\x00", "\ud800", "\u064b", "Seoul"], ids=ascii
)
def test_too_little_tells_nothing(text: str) -> None:
    assert language(text) is None


@pytest.mark.parametrize("piece", ["a", "\x00", "\ud800a", "中", "a中", "ü", "ب "], ids=ascii)
def test_no_text_is_too_much(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert language(text) == language(text)


def test_stories_can_be_in_most_of_what_is_told() -> None:
    told = {NAMES.get(name, name) for names in SHARED.values() for name in names.split()}
    told |= set(SCRIPTS) - set(SHARED) - {"kana", "han"} | {"ja", "zh", "zh-Hans", "zh-Hant"}
    assert told >= set(LANGUAGES) - {"bo", "dz", "ku"}


def test_real_sentences_are_told(shared_data: Path) -> None:
    assert languages_told(shared_data)[""].recall >= 0.98
    assert languages_told(shared_data, 30)[""].recall >= 0.95
