"""The corrections of all stories, in one place."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from newsapp import clock
from tests.newsroom import Writer

HEADLINE = re.compile(r'class="mended__headline"[^>]*><a href="([^"]+)">([^<]+)')
PAST_THE_EDGE = {"Authorization": "none"}


@pytest.fixture
def corrects(make_story: Writer, session: Session) -> Callable[..., Any]:
    """A live story with a correction so many minutes old."""

    def make(headline: str, words: str = "It was Tuesday.", minutes: int = 0) -> Any:
        story = make_story(headline)
        story.correct("correction", words, None, clock.now() - timedelta(minutes=minutes))
        session.commit()
        return make_story.again(story.id)

    return make


def test_the_last_stands_first_with_its_story(
    client: FlaskClient, corrects: Callable[..., Any]
) -> None:
    older, newer = corrects("Older", minutes=5), corrects("Newer", "Forty, <not> fourteen.")
    page = client.get("/corrections").text
    assert HEADLINE.findall(page) == [(f"/{newer.path}", "Newer"), (f"/{older.path}", "Older")]
    assert "Forty, &lt;not&gt; fourteen." in page


def test_a_new_one_shows_at_once(client: FlaskClient, corrects: Callable[..., Any]) -> None:
    empty = client.get("/corrections", headers=PAST_THE_EDGE).text
    corrects("Ferry sinks off Cebu")
    assert "Nothing has been corrected yet" in empty
    assert "Ferry sinks off Cebu" in client.get("/corrections", headers=PAST_THE_EDGE).text


def test_a_forged_place_is_an_empty_page_or_all_of_it(
    client: FlaskClient, corrects: Callable[..., Any]
) -> None:
    corrects("Ferry sinks off Cebu")
    ahead = client.get(f"/corrections?before=9999999999999999-{'9' * 18}")
    assert (ahead.status_code, "Ferry sinks" in ahead.text) == (200, True)
    assert "There are no older corrections" in client.get("/corrections?before=1-1").text


def test_what_was_taken_down_leaves_it(
    client: FlaskClient, corrects: Callable[..., Any], session: Session
) -> None:
    story = corrects("Ferry sinks off Cebu")
    client.get("/corrections", headers=PAST_THE_EDGE)
    story.withdraw(None, clock.now(), "None of it.")
    session.commit()
    assert "Ferry sinks" not in client.get("/corrections", headers=PAST_THE_EDGE).text


def test_pages_follow_each_other_without_gap_or_double(
    client: FlaskClient, corrects: Callable[..., Any]
) -> None:
    for n in range(35):
        corrects(f"Story {n}", minutes=n)
    first = client.get("/corrections").text
    older = re.search(r'href="(\?before=[^"]+)"', first)
    assert older is not None
    second = client.get(f"/corrections{older[1]}").text
    found = [headline for _, headline in HEADLINE.findall(first) + HEADLINE.findall(second)]
    assert found == [f"Story {n}" for n in range(35)]


@pytest.mark.parametrize("before", ["x", "1", "99999999999999999999-1", "%00"])
def test_a_garbled_page_is_a_plain_400(client: FlaskClient, before: str) -> None:
    assert client.get(f"/corrections?before={before}").status_code == 400
