"""What a story's page says of itself: its headline, and what its newsroom corrects."""

import time
from contextlib import suppress

import pytest

from newsapp.wire import copytaster
from newsapp.wire.page import comparable, correction, differs, read
from newsapp.wire.parse import ParseError

PAGE = """<!doctype html><html><head><title>Rain in Dhaka | Asia Daily</title>
<meta property="og:title" content="Rain stops play in Dhaka">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
  {"@type": "WebSite", "headline": "Asia Daily"},
  {"@type": ["NewsArticle"], "headline": "Rain stops &amp; play",
   "correction": {"@type": "CorrectionComment", "text": "It was Tuesday."}}]}</script></head>
<body><header><h1>Asia Daily</h1><nav><ul><li>Correction: none of ours</ul></nav></header>
<article><h1>Rain <em>stops</em> play</h1><p>Players left the field.</p>
<p>Correction: an earlier text named the wrong ground.</p></article>
<footer>Corrections: write to us</footer></body></html>"""


def test_a_page_tells_its_headlines_and_corrections() -> None:
    page = read(PAGE.encode(), "text/html")
    assert page.headlines == {
        "title": "Rain in Dhaka | Asia Daily", "og": "Rain stops play in Dhaka",
        "h1": "Rain stops play", "data": "Rain stops & play",
    }  # fmt: skip
    assert page.corrections == [
        "It was Tuesday.", "Correction: an earlier text named the wrong ground.",
    ]  # fmt: skip


def test_it_comes_back_from_the_copytaster_as_it_was_read() -> None:
    assert copytaster.read_page(PAGE.encode(), "text/html") == read(PAGE.encode(), "text/html")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>東京で雨</title>".encode("shift_jis"), "text/html; charset=Shift_JIS"),
        (b'<meta charset="euc-jp">' + "<title>東京で雨</title>".encode("euc_jp"), "text/html"),
        ("<title>東京で雨</title>".encode(), ""),
    ],
)
def test_its_encoding_is_what_header_or_markup_say(body: bytes, content_type: str) -> None:
    assert read(body, content_type).headlines == {"title": "東京で雨"}


@pytest.mark.parametrize(
    "text",
    [
        "Correction: The minister’s name was misspelled.",
        "CORRECTION (3 March): It was Tuesday.",
        "Clarification, 3 March 2026 — The figure is for a year.",
        "This article was amended on 3 March to say that it was Tuesday.",
        "An earlier version of this story misstated the number of the dead.",
        "更正:死亡人数为三人。", "【訂正】死者は3人でした。", "바로잡습니다: 3명입니다.",
        "भूल सुधार: संख्या तीन है।", "Ralat: Jumlahnya tiga.", "แก้ไขข่าว: สามคน", "Đính chính: ba người.",
        "تصحيح: العدد ثلاثة.", "Исправление: погибших трое.",
    ],
)  # fmt: skip
def test_a_correction_is_known_in_the_languages_of_asia(text: str) -> None:
    assert correction(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Corrections", "Correction needed in markets: analysts", "The correction: markets fell.",
        "This article is about the corrected figures of last year’s census? No.",
        "Rain stopped play.", "Prices fell. Correction, said one: no.", "A correction: none.",
        "更正", "Koreksi pasar berlanjut", "",
    ],
)  # fmt: skip
def test_what_only_speaks_of_corrections_is_none(text: str) -> None:
    assert not correction(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("JAKARTA. Correction: The ferry carried 104 people.", "Correction: The ferry carried"),
        ("It sank (at sea.) CORRECTION (3 March): It did not.", "CORRECTION (3 March): It did"),
        ("船沉了。更正：没有沉。", "更正：没有沉。"),
        ("जहाज डूबा। भूल सुधार: नहीं डूबा।", "भूल सुधार: नहीं"),
    ],
)
def test_a_correction_inside_a_paragraph_is_found(text: str, told: str) -> None:
    assert correction(text).startswith(told)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"h1": "Rain’s over"}, {"h1": "RAIN'S  OVER!"}),
        ({"og": "Rain – Asia Daily"}, {"og": "Rain | Asia Daily News"}),
        ({"h1": "Rain"}, {"og": "Sun"}),
        ({"h1": "Rain", "title": "Rain"}, {"h1": "Rain", "title": "(3) Rain"}),
        ({}, {"h1": "Rain"}),
        ({"h1": "Rain"}, {}),
    ],
)
def test_what_is_only_set_otherwise_is_no_new_headline(
    before: dict[str, str], after: dict[str, str]
) -> None:
    assert differs(before, after) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"h1": "12 die in flood"}, {"h1": "15 die in flood"}),
        ({"h1": "Site", "data": "Rain"}, {"h1": "Site", "data": "Sun"}),
        ({"title": "Rain | Asia Daily"}, {"title": "Sun | Asia Daily"}),
        ({"h1": "पानी"}, {"h1": "पानि"}),
    ],
)
def test_other_words_are_a_new_headline(before: dict[str, str], after: dict[str, str]) -> None:
    assert differs(before, after) is not None


def test_a_page_that_asks_who_reads_it_is_not_compared_with_a_story() -> None:
    story = {"data": "Rain", "h1": "Rain", "title": "Rain | Asia Daily"}
    assert not comparable(story, {"h1": "Are you a person?", "title": "One moment"})
    assert comparable(story, {"data": "Sun"})
    assert comparable({}, {"title": "Rain"})


@pytest.mark.parametrize(
    "body",
    [
        b"<![" * 200_000, b"<!--" * 300_000, b"<a " * 2_000, b"&" * 1_000_000, b"<p>" * 50_000,
        b'<script type="application/ld+json">' + b"[" * 400_000, b"<h1>" + b"a" * 5_000_000,
        b"<title>" * 50_000, bytes(range(256)) * 4000, b"<nav>" * 50_000 + b"</nav>" * 50_000,
    ],
    ids=range(10),
)  # fmt: skip
def test_a_hostile_page_takes_no_more_than_moments(body: bytes) -> None:
    began = time.monotonic()
    with suppress(ParseError):
        copytaster.read_page(body, "text/html")
    assert time.monotonic() - began < copytaster.PATIENCE / 2
    assert copytaster.read_page(b"<title>Rain</title>").headlines == {"title": "Rain"}
