"""What is looked at before a story goes out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from newsapp.stories.checks import Terms, checks, length

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
EXCERPT = {"source_url": "https://scmp.com/1", "source_name": "The Post"}


@dataclass
class Photo:
    lacks: str = ""
    id: int = 7
    credit: str = "Rosa Lim"

    def barred(self, at: datetime, *, seen: Collection[int] = (), in_text: bool = False) -> str:
        return f"“Ferry” lacks {self.lacks}." if self.lacks else ""


def found(**given: Any) -> list[tuple[str, bool, str]]:
    """Field, whether it stops, and words of what is found in a story that is whole but for this."""
    words = {"headline": "Ferry sinks off Cebu", "body": "<p>All aboard were saved.</p>",
             "source_url": "", "source_name": ""}  # fmt: skip
    settings: dict[str, Any] = {
        "photo": Photo(), "pictures": [], "kinds": ["country"], "embargo_until": None,
        "terms": Terms(50),
    }  # fmt: skip
    for name, value in given.items():
        (settings if name in settings else words)[name] = value
    return [(c.field, c.stops, c.words) for c in checks(words, at=NOW, **settings)]


def test_nothing_is_found_in_a_story_that_is_whole() -> None:
    assert found() == []


@pytest.mark.parametrize(("given", "field", "words"), [
    ({"headline": "x" * 111}, "headline", "The headline has 111 characters"),
    ({"headline": "FERRY SINKS OFF CEBU"}, "headline", "all in capitals"),
    ({"photo": None}, "photo", "Lists show it without a picture."),
    ({"kinds": ["format"]}, "sections", "No section says"),
    ({"body": '<p>See <a href="https://a.example/">here</a>.</p>'}, "body", "says only “here”"),
    ({"body": '<p>See <a href="https://a.example/">&nbsp;</a>.</p>'}, "body", "has no words"),
])  # fmt: skip
def test_what_is_worth_a_look_stops_nothing(given: dict[str, Any], field: str, words: str) -> None:
    [(at, stops, said)] = found(**given)
    assert (at, stops) == (field, False) and words in said


@pytest.mark.parametrize(("given", "field", "words"), [
    ({"photo": Photo("its credit")}, "photo", "lacks its credit"),
    ({"pictures": [Photo(), Photo("its credit")]}, "body", "“Ferry” lacks its credit"),
    ({"embargo_until": NOW + timedelta(hours=1)}, "embargo", "until 25 November 2026, 13:00 UTC"),
    ({"source_url": "https://scmp.com/1", "source_name": "SCMP", "body": "<p>a b</p>" * 26},
     "body", "The excerpt has 52 words; SCMP allows 50."),
    ({**EXCERPT, "body": "<p>a b</p>", "terms": Terms(0, "SCMP")},
     "body", "The excerpt has 2 words; SCMP allows the headline alone."),
    ({**EXCERPT, "terms": Terms(50, "SCMP", over=date(2026, 11, 24))},
     "source_url", "The licence of SCMP holds until 24 November 2026: nothing goes out later."),
    ({**EXCERPT, "terms": Terms(50, "scmp"), "photo": Photo(credit="May Wu / SCMP")}, "photo",
     "credited to scmp, which allows us none"),
])  # fmt: skip
def test_what_must_not_go_out_stops(given: dict[str, Any], field: str, words: str) -> None:
    [(at, stops, said)] = found(**given)
    assert (at, stops) == (field, True) and words in said


@pytest.mark.parametrize("headline", ["NATO", "UN COP", "東京で大雪になりました", "AI Act"])
def test_short_names_and_scripts_without_capitals_are_not_shouting(headline: str) -> None:
    assert found(headline=headline) == []


def test_an_embargo_that_is_over_holds_nothing_back() -> None:
    assert found(embargo_until=NOW - timedelta(seconds=1)) == []


@pytest.mark.parametrize(("body", "words"), [
    ("<p>Two words</p><p>and three more</p>", 5), ("<p>東京で大雪</p>", 3), ("", 0),
    ("<p>서울에 폭설이 내렸다</p>", 3), ("<p>เกิดแผ่นดินไหว</p>", 4),
    ('<p>One <a href="https://a.example/b c">link</a></p>', 2),
])  # fmt: skip
def test_words_are_counted_in_every_script(body: str, words: int) -> None:
    assert length(body) == words


ALSO = '<p>Also reported by <a href="https://a.example/1">A News</a>, <a href="/2">B</a>.</p>'


@pytest.mark.parametrize(("end", "stopped"), [
    (ALSO, False), (f"{ALSO}<p>a</p>", True), (ALSO.replace(" by", " by some and"), True),
])  # fmt: skip
def test_who_else_reports_it_are_no_words_of_the_source(end: str, stopped: bool) -> None:
    told = found(**EXCERPT, body=f"<p>{'a ' * 50}</p>{end}")
    assert [field for field, *_ in told] == ["body"] * stopped
