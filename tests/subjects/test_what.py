"""Which topics a text is about."""

import tomllib
from pathlib import Path

import pytest

from bench.what import topics_told
from newsapp.config import ROOT
from newsapp.subjects.what import FOLDER, topics


def told(headline: str, text: str = "") -> list[str]:
    return [topic.slug for topic in topics(headline, text)]


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Parliament dissolved ahead of snap election", "politics"),
        ("Airstrikes hit border town as ceasefire talks stall", "world"),
        ("Central bank cuts interest rate as exports fall", "business"),
        ("Film festival opens with a novelist's debut", "culture"),
        ("Chipmaker unveils AI model for smartphones", "technology"),
        ("Court sentences former mayor to prison for bribery", "society"),
        ("Astronomers find an asteroid near Earth", "science"),
        ("Typhoon brings floods and landslides", "environment"),
        ("Badminton champion wins Olympic gold medal", "sport"),
        ("央行宣布降息，股市上涨", "business"),
        ("台風で大雨、土砂崩れ", "environment"),
        ("경찰, 용의자를 체포", "society"),
        ("भारत ने क्रिकेट विश्व कप जीता", "sport"),
        ("Gempa magnitudo 6 guncang Sulawesi", "environment"),
        ("เลือกตั้งทั่วไป ฝ่ายค้านชนะ", "politics"),
        ("Ngân hàng trung ương giảm lãi suất", "business"),
        ("غارات جوية رغم وقف إطلاق النار", "world"),
        ("Ученые открыли новый астероид", "science"),
    ],
)
def test_a_headline_tells_its_topic(headline: str, slug: str) -> None:
    assert told(headline)[0] == slug


def test_nothing_is_told_rather_than_guessed() -> None:
    assert told("A quiet morning by the sea") == []
    assert told("") == []


def test_a_word_in_another_phrase_says_nothing() -> None:
    assert told("White House") == []
    assert "science" not in told("Fossil fuels and tariffs on exports")


def test_the_words_found_say_why() -> None:
    assert topics("Tariffs hit exports")[0].evidence == ("tariffs", "exports")


def test_saying_a_word_again_adds_less_each_time() -> None:
    once, often = topics("Tariffs")[0].weight, topics("Tariffs " * 50)[0].weight
    assert often < 5 * once


def test_the_topics_are_the_sections() -> None:
    sections = tomllib.loads((ROOT / "newsapp/stories/sections.toml").read_text("utf-8"))
    slugs = {topic["slug"] for topic in sections["topic"]}
    for file in FOLDER.glob("*.toml"):
        assert set(tomllib.loads(file.read_text("utf-8"))["telling"]) == slugs, file
    assert len(list(FOLDER.glob("*.toml"))) == 10


@pytest.mark.parametrize(
    "piece", ["film ", "\x00", "\ud800", "中", "film", "the football of "], ids=ascii
)
def test_no_text_is_too_much(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert topics(text, text) == topics(text, text)


def test_real_items_are_told_as_their_editors_filed_them(shared_data: Path) -> None:
    all_told = topics_told(shared_data)[""]
    assert all_told.precision >= 0.78
    assert all_told.recall >= 0.70
