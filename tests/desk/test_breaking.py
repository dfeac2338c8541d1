"""Breaking news."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from newsapp import clock
from newsapp.stories.models import Story
from tests.newsroom import Desk, Writer

Saved = Callable[..., list[Story]]
Reads = Callable[[str], Any]


def news(**fields: str) -> dict[str, str]:
    return {"headline": "Quake hits Honshu", "place": "japan", "token": uuid.uuid4().hex, **fields}


@pytest.mark.parametrize("url", ["/desk/stories", "/desk/stories/new", "/desk/wire"])
def test_the_line_is_on_every_page(desk: Desk, url: str) -> None:
    assert 'action="/desk/breaking"' in desk.get(url).text


def test_one_line_is_a_story_before_readers(desk: Desk, saved: Saved, reads: Reads) -> None:
    answer = desk.post("/desk/breaking", news())
    [story] = saved()
    assert answer.location == f"/desk/stories/{story.id}"
    assert (story.live, story.dateline) == (True, "")
    assert {section.slug for section in story.sections} == {"japan", "news"}
    assert "Quake hits Honshu" in reads("/japan").text


def test_it_is_in_the_ticker_for_four_hours(desk: Desk, saved: Saved, reads: Reads) -> None:
    desk.post("/desk/breaking", news())
    until = saved()[0].breaking_until
    assert until is not None
    assert abs(until - clock.now() - timedelta(hours=4)) < timedelta(minutes=1)
    ticker = reads("/about").text.partition('id="ticker"')[2]
    assert "Quake hits Honshu" in ticker


def test_sent_twice_it_is_one_story(desk: Desk, saved: Saved) -> None:
    form = news()
    assert desk.post("/desk/breaking", form).location == desk.post("/desk/breaking", form).location
    assert len(saved()) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"headline": " "}, "Write the headline to break."), ({"place": ""}, "Choose where"),
     ({"place": "atlantis"}, "Not a valid choice"), ({"headline": "x" * 301}, "at most 300")],
)  # fmt: skip
def test_what_is_missing_is_said_and_the_rest_kept(
    desk: Desk, saved: Saved, wrong: dict[str, str], said: str
) -> None:
    form = news(**wrong)
    answer = desk.post("/desk/breaking", form)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert f'value="{form["headline"].strip()}"' in answer.text
    assert saved() == []


def test_a_published_story_is_marked_and_unmarked(desk: Desk, make_story: Writer) -> None:
    story = make_story("Ferry sinks off Cebu")
    desk.post(f"/desk/stories/{story.id}/breaking", {"hours": "2"})
    assert "Ferry sinks" in desk.get("/desk/breaking").text
    marked = make_story.again(story.id)
    assert marked.breaking_until is not None and marked.updated_at is None
    desk.post(f"/desk/stories/{story.id}/breaking/end", {})
    assert make_story.again(story.id).breaking_until is None


@pytest.mark.parametrize("hours", ["0", "25", "-1", "x", "", "9" * 30])
def test_from_one_to_twenty_four_hours(desk: Desk, make_story: Writer, hours: str) -> None:
    story = make_story()
    desk.post(f"/desk/stories/{story.id}/breaking", {"hours": hours})
    assert make_story.again(story.id).breaking_until is None
