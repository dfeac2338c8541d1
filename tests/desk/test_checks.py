"""Checks at the desk: seen while writing, and minded when a story goes out."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from newsapp import clock
from newsapp.stories.models import Story
from tests.far_end import FarEnd
from tests.newsroom import Desk, Writer

Typed = Callable[..., dict[str, Any]]
EXCERPT: dict[str, Any] = {"source_name": "SCMP", "source_url": "https://scmp.example/1",
           "body": "<p>" + "word " * 61 + "</p>"}  # fmt: skip


@pytest.fixture
def draft(make_story: Writer) -> Story:
    return make_story("Snow is on its way", sections=["nepal", "news"], live=False)


def embargo(desk: Desk, story: Story, **form: str) -> Any:
    return desk.post(f"/desk/stories/{story.id}/embargo", {"zone": "UTC", **form})


def soon(**span: float) -> str:
    return f"{clock.now() + timedelta(**span):%Y-%m-%dT%H:%M}"


def test_they_stand_beside_the_form(desk: Desk) -> None:
    page = desk.get("/desk/stories/new").text
    assert ">Checks</h2>" in page and 'href="#photo">Lists show it without a picture.' in page


def test_they_follow_what_is_typed(desk: Desk, typed: Typed) -> None:
    address = f"/desk/working-copies/{uuid.uuid4().hex}"
    answer = desk.post(address, {**typed(headline="SNOW FALLS ON NEPAL"), "typed": "1"})
    assert "The headline is all in capitals." in answer.text
    answer = desk.post(address, {**typed(), "typed": "1"})
    assert "capitals" not in answer.text


def test_an_excerpt_longer_than_its_source_allows_is_kept_but_does_not_go_out(
    desk: Desk, typed: Typed, saved: Callable[..., list[Story]]
) -> None:
    answer = desk.post("/desk/stories", typed(**EXCERPT, then="publication"))
    assert answer.status_code == 422 and "61 words; SCMP allows 60." in answer.text
    assert saved() == []
    desk.post("/desk/stories", typed(**EXCERPT))
    [story] = saved()
    answer = desk.post(f"/desk/stories/{story.id}/publication", {})
    assert answer.status_code == 409 and "61 words" in answer.text
    schedule = {"when": "2090-01-01T10:00", "zone": "UTC"}
    answer = desk.post(f"/desk/stories/{story.id}/schedule", schedule)
    assert answer.status_code == 422 and "61 words" in answer.text


def test_what_is_out_can_be_mended_whatever_else_is_wrong_with_it(
    desk: Desk, make_story: Writer
) -> None:
    story = make_story(**EXCERPT)
    form = {**EXCERPT, "headline": "Mended", "language": "en", "photo": "0", "sections": ["nepal"],
            "version": story.version}  # fmt: skip
    assert desk.post(f"/desk/stories/{story.id}", form).status_code == 303


def test_an_embargo_holds_a_story_until_it_is_over(
    desk: Desk, draft: Story, make_story: Writer
) -> None:
    assert embargo(desk, draft, until=soon(hours=2)).status_code == 303
    assert "Under embargo until" in desk.get(f"/desk/stories/{draft.id}").text
    answer = desk.post(f"/desk/stories/{draft.id}/publication", {})
    assert answer.status_code == 409 and "It is under embargo until" in answer.text
    early = {"when": soon(hours=1), "zone": "UTC"}
    assert desk.post(f"/desk/stories/{draft.id}/schedule", early).status_code == 422
    with time_machine.travel(clock.now() + timedelta(hours=2, minutes=1)):
        desk.post(f"/desk/stories/{draft.id}/publication", {})
    assert make_story.again(draft.id).live


def test_a_lifted_embargo_holds_nothing(desk: Desk, draft: Story, make_story: Writer) -> None:
    embargo(desk, draft, until=soon(hours=2))
    desk.post(f"/desk/stories/{draft.id}/embargo/end", {})
    desk.post(f"/desk/stories/{draft.id}/publication", {})
    assert make_story.again(draft.id).live


def test_an_embargo_after_the_scheduled_time_is_refused(desk: Desk, draft: Story) -> None:
    desk.post(f"/desk/stories/{draft.id}/schedule", {"when": soon(hours=1), "zone": "UTC"})
    answer = embargo(desk, draft, until=soon(hours=2))
    assert answer.status_code == 422 and "Change the schedule first." in answer.text


@pytest.mark.parametrize(("until", "words"), [
    ("", "Give the day and the time"), ("soon", "such as"), ("2020-01-01T10:00", "That is past"),
])  # fmt: skip
def test_an_embargo_that_can_not_be_is_said_at_the_field(
    desk: Desk, draft: Story, until: str, words: str
) -> None:
    answer = embargo(desk, draft, until=until)
    assert answer.status_code == 422 and words in answer.text


def test_what_is_out_has_no_embargo(desk: Desk, make_story: Writer) -> None:
    assert desk.get(f"/desk/stories/{make_story().id}/embargo").status_code == 409


@pytest.fixture
def elsewhere(app: Flask) -> Iterator[FarEnd]:
    with FarEnd() as far_end:
        app.config["WIRE_ALLOWED_HOSTS"] = frozenset({far_end.host})
        yield far_end
        far_end.shutdown()


def test_links_that_do_not_answer_are_told(desk: Desk, elsewhere: FarEnd) -> None:
    urls = [
        elsewhere.serve(b"ok", "/there"),
        elsewhere.serve(b"", "/gone", status="404 Not Found"),
        elsewhere.serve(b"", "/guarded", status="403 Forbidden"),
        elsewhere.serve(b"", "/moved", status="302 Found", Location="/there"),
        elsewhere.serve(b"x" * 100, "/broken", status="500 Oops"),
    ]
    said = desk.post("/desk/links", {"url": urls}).text
    assert said.count("A link doesn’t answer") == 2
    assert "/gone" in said and "404 Not Found" in said and "/broken" in said


def test_who_is_asked_for_a_link_is_told_by_whom(desk: Desk, app: Flask, elsewhere: FarEnd) -> None:
    desk.post("/desk/links", {"url": [elsewhere.serve(b"ok")]})
    assert elsewhere.asked[0]["user-agent"] == f"Asian-News.net wire (+{app.config['PUBLIC_URL']})"


def test_links_into_the_own_network_are_not_asked(desk: Desk, elsewhere: FarEnd) -> None:
    elsewhere.serve(b"secret")
    urls = [
        "http://127.0.0.1:6379/",
        "http://169.254.169.254/latest",
        "http://[::1",
        "ftp://a.example",
    ]
    said = desk.post("/desk/links", {"url": urls}).text
    assert said.count("A link doesn’t answer") == 3 and elsewhere.asked == []


def test_only_so_many_links_are_asked(desk: Desk, elsewhere: FarEnd) -> None:
    elsewhere.serve(b"", status="404 Not Found")
    desk.post("/desk/links", {"url": [f"{elsewhere.url()}?{n}" for n in range(99)]})
    assert len(elsewhere.asked) <= 20
