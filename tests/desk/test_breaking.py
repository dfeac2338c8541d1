"""Breaking news."""

import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from newsapp import clock
from newsapp.accounts.models import User
from newsapp.stories.models import Story
from tests.newsroom import Desk, Writer
from tests.patience import eventually

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
    answer = desk.post(f"/desk/stories/{story.id}/breaking", {"hours": hours})
    assert (answer.status_code, "from 1 to 24 hours" in answer.text) == (422, True)
    assert make_story.again(story.id).breaking_until is None


@pytest.fixture
def lines(make_story: Writer) -> list[Story]:
    """Three that are breaking, the newest first, as the ticker has them."""
    now = clock.now()
    return [make_story(name, breaking=True, at=now - timedelta(minutes=n))
            for n, name in enumerate(("Quake", "Flood", "Vote"))]  # fmt: skip


@pytest.fixture
def order(reads: Reads) -> Callable[[], list[str]]:
    """The ticker's lines as readers have them now."""

    def read() -> list[str]:
        ticker = reads("/about").text.partition('id="ticker"')[2].partition("</section>")[0]
        return re.findall(r">([A-Z][a-z]+)</a>", ticker.partition("<ol")[2])

    return read


def shift(desk: Desk, story: Story, **where: int) -> None:
    answer = desk.post(f"/desk/stories/{story.id}/breaking/place", where)
    assert answer.location.startswith("/desk/breaking")


def test_lines_are_put_in_order_for_readers(
    desk: Desk, lines: list[Story], order: Callable[[], list[str]]
) -> None:
    quake, flood, vote = lines
    assert order() == ["Quake", "Flood", "Vote"]
    shift(desk, vote, before=flood.id)
    assert eventually(lambda: order() == ["Quake", "Vote", "Flood"])
    shift(desk, quake, after=flood.id)
    assert eventually(lambda: order() == ["Vote", "Flood", "Quake"])
    shift(desk, quake, after=flood.id)  # sent twice
    assert order() == ["Vote", "Flood", "Quake"]


def test_putting_them_in_order_is_in_no_writers_way(
    desk: Desk, lines: list[Story], make_story: Writer
) -> None:
    versions = [make_story.again(story.id).version for story in lines]
    shift(desk, lines[2], before=lines[0].id)
    assert [make_story.again(story.id).version for story in lines] == versions


def test_what_breaks_comes_first_and_what_ends_leaves_the_rest_in_order(
    desk: Desk, lines: list[Story], order: Callable[[], list[str]]
) -> None:
    quake, flood, vote = lines
    shift(desk, vote, before=quake.id)
    desk.post("/desk/breaking", news(headline="Coup"))
    assert eventually(lambda: order() == ["Coup", "Vote", "Quake", "Flood"])
    desk.post(f"/desk/stories/{quake.id}/breaking/end", {"then": "list"})
    assert eventually(lambda: order() == ["Coup", "Vote", "Flood"])
    desk.post(f"/desk/stories/{flood.id}/breaking", {"hours": "9", "then": "list"})
    assert order() == ["Coup", "Vote", "Flood"]


def test_a_line_that_has_ended_meanwhile_is_said(desk: Desk, lines: list[Story]) -> None:
    desk.post(f"/desk/stories/{lines[0].id}/breaking/end", {})
    for where in ({"before": lines[0].id}, {"before": lines[1].id}, {"after": 10**30}, {}):
        shift(desk, lines[1], **where)
        assert "has ended meanwhile" in desk.get("/desk/breaking").text


def test_two_editors_who_put_lines_in_order_at_once_lose_nothing(
    app: Flask, editor: User, lines: list[Story], order: Callable[[], list[str]],
    make_story: Writer,
) -> None:  # fmt: skip
    for n in range(3, 7):
        lines.append(make_story("ABCDEFG"[n] + "x", breaking=True,
                                at=clock.now() - timedelta(minutes=n)))  # fmt: skip
    first, *others = [story.id for story in lines]
    desks = [Desk(app.test_client(), editor.email) for _ in others]

    def put_above(desk: Desk, number: int) -> int:
        url = f"/desk/stories/{number}/breaking/place"
        return desk.post(url, {"before": first}).status_code

    with ThreadPoolExecutor(len(desks)) as pool:
        assert set(pool.map(put_above, desks, others)) == {303}
    # Whoever was overtaken looked again: all of them stand above the one that was the first.
    assert eventually(lambda: order()[-1] == "Quake")
    assert len(order()) == len(lines)


def test_a_line_is_given_another_end_where_it_stands(
    desk: Desk, lines: list[Story], make_story: Writer
) -> None:
    url = f"/desk/stories/{lines[1].id}/breaking"
    assert desk.post(url, {"hours": "9", "then": "list"}).location == "/desk/breaking"
    until = make_story.again(lines[1].id).breaking_until
    assert until and abs(until - clock.now() - timedelta(hours=9)) < timedelta(minutes=1)
    answer = desk.post(url, {"hours": "77", "then": "list"})
    assert (answer.status_code, 'value="77"' in answer.text) == (422, True)
    assert f'href="#hours-{lines[1].id}"' in answer.text and "From 1 to 24 hours." in answer.text


def test_a_reporter_puts_nothing_in_order(reporter_desk: Desk, lines: list[Story]) -> None:
    answer = reporter_desk.post(
        f"/desk/stories/{lines[0].id}/breaking/place", {"after": lines[1].id}
    )
    assert answer.status_code == 403
