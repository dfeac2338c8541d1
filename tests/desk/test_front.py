"""Laying out the front page and the regions' tops: draft, launch, ends, colleagues, history."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from newsapp import clock
from newsapp.media.models import Photo
from newsapp.stories.models import Story
from tests import newsroom
from tests.newsroom import Desk, Writer
from tests.patience import eventually

URL = "/desk/front"
PAGE = f"{URL}/front-page"
LINK = re.compile(r'<h\d class="card__headline[^>]*><a href="([^"]+)"')
PLACE = re.compile(r'data-place="(\d)"(?: data-story="(\d+)")?')
Reads = Callable[[str], Any]
Send = Callable[..., TestResponse]


@pytest.fixture
def paper(make_story: Writer) -> list[Story]:
    """Eight stories of East Asia and two of India, an hour apart, the oldest first."""
    start = clock.now() - timedelta(hours=10)
    places = ["japan"] * 8 + ["india"] * 2
    return [
        make_story(f"Story {n}", sections=[place, "news"], at=start + timedelta(hours=n, minutes=1))
        for n, place in enumerate(places)
    ]


@pytest.fixture
def colleague(app: Flask, session: Session) -> Desk:
    """Another editor's browser."""
    newsroom.hire(session, "lim@example.org", "editor")
    return Desk(app.test_client(), "lim@example.org")


def version(desk: Desk, name: str = "front-page") -> str:
    found = re.search(r'name="version" value="(\d+)"', desk.get(f"{URL}/{name}").text)
    if found is None:
        found = re.search(r'name="version" value="(\d+)"', desk.get(URL).text)
    assert found is not None
    return found[1]


def put(
    desk: Desk, story: Story, place: Any, name: str = "front-page", **more: Any
) -> TestResponse:
    form = {"story": story.id, "place": place, "version": version(desk, name), **more}
    return desk.post(f"{URL}/{name}/slots", form, at=URL)


def launch(desk: Desk, name: str = "front-page", **more: Any) -> TestResponse:
    form = {"version": version(desk, name), **more}
    return desk.post(f"{URL}/{name}/launches", form, at=URL)


def keep(desk: Desk, place: int, **form: Any) -> TestResponse:
    form = {"version": version(desk), "choice": "", **form}
    return desk.post(f"{PAGE}/slots/{place}", form, at=URL)


def standing(desk: Desk, url: str = URL) -> list[int]:
    """The stories in the places of the front as the desk shows it."""
    return [int(story) for _, story in PLACE.findall(desk.get(url).text) if story]


def order(reads: Reads, url: str = "/") -> list[str]:
    return LINK.findall(reads(url).text)


def why(desk: Desk, story: Story, url: str = URL) -> str:
    """What the desk says of why this story doesn't stand there."""
    page = desk.get(f"{url}?words={story.headline.replace(' ', '+')}").text
    item = re.search(rf'<li class="stock__story" data-story="{story.id}">(.*?)</li>', page, re.S)
    assert item is not None
    said = re.search(r'class="stock__why">(.*?)</p>', item[1], re.S)
    assert said is not None
    return said[1]


def ids(*stories: Story) -> list[int]:
    return [story.id for story in stories]


def test_what_is_put_is_a_draft_until_it_is_launched(
    desk: Desk, reads: Reads, paper: list[Story]
) -> None:
    assert put(desk, paper[0], 1).status_code == 303
    assert standing(desk)[0] == paper[0].id
    assert order(reads)[0] != f"/{paper[0].path}"
    assert "Readers have it within seconds" in desk.get(launch(desk).location).text
    assert order(reads)[0] == f"/{paper[0].path}"


def test_a_region_s_top_is_launched_on_its_page(
    desk: Desk, reads: Reads, paper: list[Story]
) -> None:
    put(desk, paper[0], 2, "east-asia")
    launch(desk, "east-asia")
    assert order(reads, "/east-asia")[1] == f"/{paper[0].path}"


def test_a_place_that_fills_itself_can_be_kept_as_it_is(
    desk: Desk, reads: Reads, paper: list[Story], make_story: Writer
) -> None:
    put(desk, paper[8], 2)
    launch(desk)
    make_story("Newer", sections=["india"])
    assert order(reads)[1] == f"/{paper[8].path}"


@pytest.mark.parametrize(("moves", "places"), [
    ([(0, 1), (1, 2), (2, 3)], [0, 1, 2, 9]),
    ([(0, 1), (1, 1)], [1, 0, 9, 8]),  # who stood there moves on
    ([(0, 1), (1, 2), (2, 3), (2, 1)], [2, 0, 1, 9]),  # first
    ([(0, 1), (1, 2), (2, 3), (0, 3)], [1, 2, 0, 9]),  # down
    ([(0, 1), (1, 2), (2, 3), (3, 4), (4, 1)], [4, 0, 1, 2]),  # the last falls off
])  # fmt: skip
def test_stories_move(
    desk: Desk, paper: list[Story], moves: list[tuple[int, int]], places: list[int]
) -> None:
    for story, place in moves:
        put(desk, paper[story], place)
    assert standing(desk) == ids(*(paper[n] for n in places))


def test_what_stands_by_itself_changes_places_with_what_it_is_moved_to(
    desk: Desk, paper: list[Story]
) -> None:
    put(desk, paper[0], 3)
    came: dict[str, Any] = {"from": 2}
    put(desk, paper[8], 3, **came)
    assert standing(desk) == ids(paper[9], paper[0], paper[8], paper[7])


def test_a_lead_that_is_moved_down_leaves_its_place_to_the_one_behind_it(
    desk: Desk, paper: list[Story], make_story: Writer
) -> None:
    now = clock.now()
    make_story("Broke first", breaking=True, at=now - timedelta(days=2))
    leads = make_story("Broke last", breaking=True, at=now - timedelta(minutes=1))
    lead, second, *_ = standing(desk)
    came: dict[str, Any] = {"from": 1}
    put(desk, leads, 2, **came)
    assert (lead, standing(desk)[:2]) == (leads.id, [second, lead])


def test_what_is_removed_leaves_its_place_to_the_newest(desk: Desk, paper: list[Story]) -> None:
    put(desk, paper[0], 1)
    desk.post(f"{PAGE}/slots/1/end", {"version": version(desk)}, at=URL)
    assert standing(desk)[0] == paper[9].id


def test_a_draft_is_thrown_away(desk: Desk, paper: list[Story]) -> None:
    put(desk, paper[0], 1)
    launch(desk)
    put(desk, paper[1], 1)
    desk.post(f"{PAGE}/draft/end", {"version": version(desk)}, at=URL)
    assert standing(desk)[0] == paper[0].id
    assert "Launch</button>" not in desk.get(URL).text


@pytest.mark.parametrize(("choice", "until"), [
    ("1", datetime(2026, 3, 4, 11, 30, tzinfo=UTC)),
    ("3", datetime(2026, 3, 4, 13, 30, tzinfo=UTC)),
    ("tonight", datetime(2026, 3, 4, 15, 0, tzinfo=UTC)),  # midnight in Tokyo
    ("morning", datetime(2026, 3, 4, 22, 0, tzinfo=UTC)),
])  # fmt: skip
def test_a_slot_ends_by_the_newsroom_s_clock(
    app: Flask, desk: Desk, reads: Reads, make_story: Writer, choice: str, until: datetime
) -> None:
    app.config["NEWSROOM_ZONE"] = ZoneInfo("Asia/Tokyo")
    with time_machine.travel(datetime(2026, 3, 4, 10, 30, tzinfo=UTC), tick=False):
        desk = Desk(desk.client, "editor@example.org")
        old = make_story("Old", at=clock.now() - timedelta(hours=5))
        make_story("New", at=clock.now() - timedelta(hours=1))
        put(desk, old, 1)
        keep(desk, 1, choice=choice)
        launch(desk)
    with time_machine.travel(until - timedelta(minutes=1), tick=False):
        assert order(reads)[0] == f"/{old.path}"
    with time_machine.travel(until + timedelta(seconds=1)):
        assert eventually(lambda: order(reads)[0] != f"/{old.path}")


def test_a_typed_time_is_on_the_newsroom_s_clock(
    app: Flask, desk: Desk, paper: list[Story]
) -> None:
    app.config["NEWSROOM_ZONE"] = ZoneInfo("Asia/Kathmandu")
    put(desk, paper[0], 1)
    keep(desk, 1, choice="typed", end="2099-01-01T06:30")
    assert '<time datetime="2099-01-01T00:45:00Z"' in desk.get(URL).text


@pytest.mark.parametrize(("end", "said"), [
    ("", "Give a day and a time."),
    ("soon", "Give a day and a time, such as"),
    ("2020-01-01T10:00", "That is past."),
    ("2099-03-29T00:30", "never show 00:30"),
    ("2099-10-24T23:30", "twice. Say which."),
    ("9999-12-31T23:59", "That is too far ahead."),
    ("\x00" * 9, "Give a day and a time."),
    ("x" * 10_000, "Give a day and a time, such as"),
])  # fmt: skip
def test_a_time_that_can_t_be_is_refused_at_its_field(
    app: Flask, desk: Desk, paper: list[Story], end: str, said: str
) -> None:
    # Clocks in Beirut jump at midnight.
    app.config["NEWSROOM_ZONE"] = ZoneInfo("Asia/Beirut")
    put(desk, paper[0], 1)
    answer = keep(desk, 1, choice="typed", end=end)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert "open>" in answer.text and 'id="place-1-end-error"' in answer.text
    assert "No end" in desk.get(URL).text


def test_of_a_time_that_comes_twice_the_second_can_be_meant(
    app: Flask, desk: Desk, paper: list[Story]
) -> None:
    app.config["NEWSROOM_ZONE"] = ZoneInfo("Asia/Beirut")
    put(desk, paper[0], 1)
    keep(desk, 1, choice="typed", end="2099-10-24T23:30", end_second="second")
    assert '<time datetime="2099-10-24T21:30:00Z"' in desk.get(URL).text


def test_a_launch_overwrites_nothing_unseen(
    desk: Desk, colleague: Desk, reads: Reads, paper: list[Story]
) -> None:
    put(desk, paper[0], 1)
    seen = version(desk)
    put(colleague, paper[1], 1)
    answer = launch(desk, version=seen)
    assert answer.status_code == 409
    assert re.search(r"Not launched: Lim changed this front at \d\d:\d\d\.", answer.text)
    assert order(reads)[0] == f"/{paper[9].path}"
    assert standing(desk)[:2] == ids(paper[1], paper[0])
    launch(desk)
    assert order(reads)[:2] == [f"/{paper[1].path}", f"/{paper[0].path}"]


def test_two_who_move_at_once_are_told_and_both_moves_stay(
    desk: Desk, colleague: Desk, paper: list[Story]
) -> None:
    seen = version(desk)
    put(colleague, paper[1], 2)
    answer = put(desk, paper[0], 1, version=seen)
    assert "Lim changed this front at" in desk.get(answer.location).text
    assert standing(desk)[:2] == ids(paper[0], paper[1])


def test_a_draft_that_a_colleague_changed_is_not_thrown_away_unseen(
    desk: Desk, colleague: Desk, paper: list[Story]
) -> None:
    put(desk, paper[0], 1)
    seen = version(desk)
    put(colleague, paper[1], 2)
    answer = desk.post(f"{PAGE}/draft/end", {"version": seen}, at=URL)
    assert answer.status_code == 409
    assert standing(desk)[:2] == ids(paper[0], paper[1])


def test_an_open_screen_learns_of_a_colleague(
    desk: Desk, colleague: Desk, paper: list[Story]
) -> None:
    asked = re.search(r'data-company="([^"]+)"', desk.get(URL).text)
    assert asked is not None
    assert desk.get(asked[1]).text.strip() == ""
    put(colleague, paper[0], 1)
    assert "<strong>Lim</strong> changed this front" in desk.get(asked[1]).text


def test_a_story_that_is_withdrawn_falls_out_of_both_and_that_is_said(
    desk: Desk, reads: Reads, paper: list[Story]
) -> None:
    put(desk, paper[0], 1)
    launch(desk)
    put(desk, paper[1], 2)
    desk.post(f"/desk/stories/{paper[0].id}/withdrawal", {"note": "Not true."})
    assert standing(desk)[:2] == ids(paper[9], paper[1])
    assert "“Story 0” was withdrawn" in desk.get(URL).text
    assert order(reads)[0] == f"/{paper[9].path}"
    answer = launch(desk)
    assert "no longer published and fell out" in desk.get(answer.location).text
    assert order(reads)[:2] == [f"/{paper[9].path}", f"/{paper[1].path}"]


def test_what_was_launched_is_told_and_launched_again(
    desk: Desk, reads: Reads, paper: list[Story]
) -> None:
    put(desk, paper[0], 1)
    launch(desk)
    put(desk, paper[1], 1)
    launch(desk)
    page = desk.get(f"{PAGE}/launches").text
    assert page.index("Story 1") < page.index("Story 0") and "Editor" in page
    first = re.findall(r'name="again" value="(\d+)"', page)[-1]
    launch(desk, again=first)
    assert order(reads)[0] == f"/{paper[0].path}"
    assert desk.get(f"{PAGE}/launches").text.count('name="again"') == 3


def test_what_is_launched_again_stands_for_as_long_as_then_without_what_is_gone(
    desk: Desk, paper: list[Story]
) -> None:
    put(desk, paper[0], 1)
    put(desk, paper[1], 2)
    keep(desk, 1, choice="3")
    launch(desk)
    desk.post(f"/desk/stories/{paper[1].id}/withdrawal", {"note": "Not true."})
    with time_machine.travel(clock.now() + timedelta(days=1)):
        launch(desk, again=1)
        until = re.search(r'Until <time datetime="([^"]+)"', desk.get(URL).text)
        assert until is not None
        left = datetime.fromisoformat(until[1]) - clock.now()
        assert timedelta(hours=2, minutes=58) < left <= timedelta(hours=3)
        assert paper[1].id not in standing(desk)


def test_the_preview_is_the_readers_page_with_the_draft(
    desk: Desk, reads: Reads, paper: list[Story]
) -> None:
    for name, url, story in (("front-page", "/", paper[0]), ("east-asia", "/east-asia", paper[1])):
        put(desk, story, 1, name)
        answer = desk.get(f"{URL}/{name}/preview")
        assert LINK.findall(answer.text)[0] == f"/{story.path}"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "readers don’t see it" in answer.text and "data-pulse" not in answer.text
        assert order(reads, url)[0] != f"/{story.path}"


def test_only_what_is_live_and_filed_there_can_be_put(
    desk: Desk, paper: list[Story], make_story: Writer
) -> None:
    draft = make_story("Draft", live=False)
    for story, place, name, said in (
        (draft, 1, "front-page", "Only a published story"),
        (paper[9], 1, "east-asia", "not filed under that region"),
        (paper[0], 0, "front-page", "There is no such place"),
        (paper[0], 5, "front-page", "There is no such place"),
        (paper[0], "9" * 30, "front-page", "There is no such place"),
    ):  # fmt: skip
        answer = put(desk, story, place, name)
        assert (answer.status_code, said in answer.text) == (409, True)
    assert "Draft</strong>" not in desk.get(URL).text


def test_without_a_draft_there_is_nothing_to_launch(desk: Desk, paper: list[Story]) -> None:
    assert launch(desk).status_code == 409
    assert keep(desk, 1).status_code == 409


@pytest.mark.parametrize("what", [
    "story=", "story=0", f"story={'9' * 40}", "story=%00", "story=x", "story=-1", "story=²",
])  # fmt: skip
def test_no_story_is_no_story(desk: Desk, paper: list[Story], what: str) -> None:
    name, _, value = what.partition("=")
    answer = desk.post(f"{PAGE}/slots", {name: value, "place": "1"}, at=URL)
    assert answer.status_code == 404


@pytest.mark.parametrize(("query", "status"), [
    ("words=%00%ff", 200), (f"words={'x' * 9000}", 200), ("region=atlantis", 200),
    ("region=japan", 200), ("before=x", 404), (f"before={'9' * 16}-{'9' * 18}", 404),
    ("words=Story&before=1-1", 200),
])  # fmt: skip
def test_whatever_is_asked_gets_an_answer(
    desk: Desk, paper: list[Story], query: str, status: int
) -> None:
    assert desk.get(f"{URL}?{query}").status_code == status


@pytest.mark.parametrize("name", ["japan", "latest", "nowhere", "politics"])
def test_only_the_front_page_and_regions_are_fronts(desk: Desk, name: str) -> None:
    assert desk.get(f"{URL}/{name}").status_code == 404


def test_reporters_are_told_who_does_this(reporter_desk: Desk, paper: list[Story]) -> None:
    for url in (URL, f"{URL}/east-asia", f"{PAGE}/launches", f"{PAGE}/preview",
                f"{PAGE}/company"):  # fmt: skip
        assert reporter_desk.get(url).status_code == 403
    for url in ("slots", "slots/1", "slots/1/end", "launches", "draft/end"):
        form = {"story": paper[0].id, "place": 1, "version": 0}
        answer = reporter_desk.post(f"{PAGE}/{url}", form)
        assert (answer.status_code, "Ask an editor" in answer.text) == (403, True)
    assert URL not in reporter_desk.get("/desk/stories").text


def test_a_lead_that_stands_too_long_is_told_on_every_screen(
    app: Flask, desk: Desk, reporter_desk: Desk, paper: list[Story]
) -> None:
    app.config["STALE_LEAD_HOURS"] = 2
    put(desk, paper[0], 1)
    launch(desk)
    assert "The lead is stale" not in desk.get("/desk/stories").text
    with time_machine.travel(clock.now() + timedelta(hours=2, minutes=1)):
        assert "(The lead is stale)" in desk.get("/desk/stories").text
        assert '“<span lang="en">Story 0</span>” has led since' in desk.get(URL).text
        assert "The lead is stale" not in reporter_desk.get("/desk/stories").text
        # The same lead, launched again with something else, is as old as before.
        put(desk, paper[1], 2)
        launch(desk)
        assert "(The lead is stale)" in desk.get("/desk/stories").text
        put(desk, paper[1], 1)
        launch(desk)
        assert "The lead is stale" not in desk.get("/desk/stories").text


def test_a_lead_by_itself_is_as_old_as_its_news(app: Flask, desk: Desk, make_story: Writer) -> None:
    app.config["STALE_LEAD_HOURS"] = 2
    make_story("Only one", at=clock.now() - timedelta(hours=3))
    assert "(The lead is stale)" in desk.get("/desk/stories").text
    make_story("Newer", at=clock.now() - timedelta(hours=1))
    assert "The lead is stale" not in desk.get("/desk/stories").text


def test_an_empty_newsroom_has_places(desk: Desk) -> None:
    page = desk.get(URL).text
    assert page.count("Empty until more is published.") == 4
    assert "Nothing else is published" in page


# --- why a story is not there -------------------------------------------------------------------


@pytest.fixture
def photo(session: Session) -> Photo:
    photo = Photo(hash="0" * 32, width=1600, height=900, alt="A ferry")
    session.add(photo)
    return photo


def many(make_story: Writer, place: str, count: int, **fields: Any) -> list[Story]:
    """So many stories of a place, the oldest first."""
    start = clock.now() - timedelta(hours=count)
    return [
        make_story(f"{place} {n}", sections=[place], at=start + timedelta(hours=n, minutes=1),
                   **fields)
        for n in range(count)
    ]  # fmt: skip


def test_older_than_what_is_newest(desk: Desk, make_story: Writer) -> None:
    oldest = many(make_story, "india", 12)[0]
    assert "older than the three newest beside the lead; " \
           "older than the four newest of South Asia" in why(desk, oldest)  # fmt: skip


def test_filed_under_no_region(desk: Desk, make_story: Writer) -> None:
    homeless = make_story("Homeless", sections=["politics"], at=clock.now() - timedelta(days=1))
    many(make_story, "india", 5)
    assert "not filed under any region" in why(desk, homeless)


def test_all_places_are_taken_until(desk: Desk, make_story: Writer) -> None:
    stories = many(make_story, "india", 12)
    for place in range(1, 5):
        put(desk, stories[place], place)
    missing = make_story("Newest of all", sections=["politics"])
    assert "the places at the top are taken by hand" in why(desk, missing)
    keep(desk, 2, choice="typed", end="2099-01-01T18:00")
    assert "the places at the top are taken until 1 Jan 2099, 18:00" in why(desk, missing)


def test_no_picture_to_lead_with(desk: Desk, make_story: Writer, photo: Photo) -> None:
    stories = many(make_story, "india", 6)
    now = clock.now()
    make_story("Pictured", photo=photo, sections=["japan"], at=now)
    for place in (2, 3, 4):
        put(desk, stories[place], place)
    plain = make_story("Plain", sections=["politics"])
    said = "without a picture to lead with, and those beside it are taken by hand"
    assert said in why(desk, plain)
    older = make_story("Older", photo=photo, sections=["politics"],
                       at=now - timedelta(hours=1))  # fmt: skip
    assert "older than the lead, and those beside it" in why(desk, older)


def test_breaking_news_leads(desk: Desk, make_story: Writer) -> None:
    stories = many(make_story, "india", 6)
    make_story("Quake", sections=["japan"], breaking=True)
    for place in (2, 3, 4):
        put(desk, stories[place], place)
    other = make_story("Other", sections=["politics"])
    assert "breaking news leads, and those beside it are taken by hand" in why(desk, other)


def test_the_region_is_set_by_hand(desk: Desk, make_story: Writer) -> None:
    stories = many(make_story, "india", 12)
    for place in range(1, 6):
        put(desk, stories[place], place, "south-asia")
    launch(desk, "south-asia")
    missing = stories[7]
    assert "all of South Asia is set by hand" in why(desk, missing)
    assert "the places of South Asia are taken by hand" in why(desk, missing, f"{URL}/south-asia")


def test_the_region_s_headlines_are_set_by_hand(
    desk: Desk, make_story: Writer, photo: Photo
) -> None:
    stories = many(make_story, "india", 9)
    many(make_story, "japan", 5)
    make_story("Pictured", sections=["india"], photo=photo, at=stories[6].published_at)
    for place in range(2, 6):
        put(desk, stories[place - 2], place, "south-asia")
    launch(desk, "south-asia")
    for place, story in enumerate(many(make_story, "japan", 5)[:4], 1):
        put(desk, story, place)
    assert "without a picture to lead South Asia" in why(desk, stories[7])
    older = make_story("Older", sections=["india"], photo=photo, at=stories[4].published_at)
    assert "older than the lead of South Asia" in why(desk, older)


def test_older_than_its_strip(desk: Desk, make_story: Writer) -> None:
    start = clock.now() - timedelta(hours=9)
    made = [make_story(f"Long read {n}", sections=["analysis"], at=start + timedelta(hours=n))
            for n in range(9)]  # fmt: skip
    assert "older than the four newest of Analysis" in why(desk, made[0])


def test_the_river_alone_has_it(desk: Desk, make_story: Writer) -> None:
    oldest = many(make_story, "india", 12)[0]
    assert "in Latest only" in why(desk, oldest)
    for n in range(24):
        make_story(f"Newer {n}", sections=["japan"])
    assert "in Latest only" not in why(desk, oldest)


def test_taken_down_within_a_day(desk: Desk, make_story: Writer) -> None:
    story = make_story("Not true", sections=["india"])
    other = make_story("Too early", sections=["india"])
    desk.post(f"/desk/stories/{story.id}/withdrawal", {"note": "Not true."})
    desk.post(f"/desk/stories/{other.id}/publication/end", {})
    for url in (URL, f"{URL}/south-asia"):
        page = desk.get(url).text
        assert re.search(r"Not true</a>.*?Not there: withdrawn at", page, re.S)
        assert re.search(r"Too early</a>.*?Not there: no longer published at", page, re.S)
    assert "Not true</a>" not in desk.get(f"{URL}/east-asia").text


def test_what_stands_says_where(desk: Desk, make_story: Writer) -> None:
    stories = many(make_story, "india", 9)
    assert why(desk, stories[8]) == "Stands as the lead."
    assert why(desk, stories[7]) == "Stands beside the lead."
    assert why(desk, stories[4]) == "Stands in South Asia."
    assert why(desk, stories[7], f"{URL}/south-asia") == "Stands in place 2."


def test_put_it_there(client: FlaskClient, desk: Desk, reads: Reads, make_story: Writer) -> None:
    oldest = many(make_story, "india", 12)[0]
    assert "Not there" in why(desk, oldest)
    put(desk, oldest, 3)
    assert why(desk, oldest) == "Stands beside the lead."
