"""One thing done to several stories: what is foreseen, what is done, and what is left and why."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.accounts.models import User
from newsapp.media.models import Photo
from newsapp.stories.models import Story
from tests import newsroom
from tests.counting import selects
from tests.newsroom import Desk, Writer

URL = "/desk/stories/batch"


@pytest.fixture(autouse=True)
def at_once(app: Flask) -> None:
    """What is sent out is out: how it is held has tests of its own."""
    app.config["HOLD_SECONDS"] = 0


def look(desk: Desk, deed: str, *stories: int, **more: str) -> str:
    """The page that says what it means for each."""
    asked: dict[str, Any] = {"deed": deed, "story": list(stories), **more}
    return unescape(desk.get(URL, query_string=asked).text)


def do(desk: Desk, deed: str, *stories: int, status: int = 200, **more: str) -> str:
    """Looks, and presses the button: with all that the page has for it."""
    page = look(desk, deed, *stories)
    form = dict(re.findall(r'name="(seen-\d+)" value="(\d+)"', page))
    sent: dict[str, Any] = {**form, "deed": deed, "story": list(stories), **more}
    answer = desk.post(URL, sent)
    assert answer.status_code == status
    return unescape(answer.text)


def test_what_can_is_done_and_what_can_not_is_said_before_and_after(
    desk: Desk, make_story: Writer, session: Session
) -> None:
    photo = Photo(hash="a" * 32, width=1600, height=900)
    session.add(photo)
    session.flush()
    good = make_story("Good", live=False)
    out = make_story("Out already")
    gone = make_story("Gone")
    gone.withdraw(None, clock.now(), "None of it.")
    lacking = make_story("Lacking", live=False, photo_id=photo.id)
    session.commit()
    numbers = [good.id, out.id, gone.id, lacking.id]
    page = look(desk, "publish", *numbers)
    assert "1 of 4 stories" in page and "Publish: 1 story" in page
    for reason in ("published already", "stays down", "lacks its description"):
        assert reason in page
    assert make_story.again(good.id).status == "draft"  # a look changes nothing
    page = do(desk, "publish", *numbers)
    assert "Sent out: 1 of 4" in page and "Left as they are: 3" in page
    assert make_story.again(good.id).live and not make_story.again(lacking.id).live


def test_one_that_was_changed_meanwhile_is_left_and_the_rest_done(
    desk: Desk, make_story: Writer, session: Session
) -> None:
    stories = [make_story(f"Story {n}").id for n in range(3)]
    page = look(desk, "unpublish", *stories)
    seen = dict(re.findall(r'name="(seen-\d+)" value="(\d+)"', page))
    changed = make_story.again(stories[1])
    changed.saved(newsroom.hire(session, "mei@example.org", "editor"), clock.now())
    session.commit()
    answer = desk.post(URL, {**seen, "deed": "unpublish", "story": stories})
    assert "Unpublished: 2 of 3" in answer.text
    assert re.search(r"Mei changed it at \d\d:\d\d, after you looked.", answer.text)
    assert [make_story.again(number).live for number in stories] == [False, True, False]
    again = desk.post(URL, {**seen, "deed": "unpublish", "story": stories})  # sent twice
    assert "Unpublished: 0 of 3" in again.text


def test_several_are_withdrawn_with_one_note(
    desk: Desk, make_story: Writer, reads: Callable[[str], Any]
) -> None:
    stories = [make_story(f"Story {n}") for n in range(2)]
    numbers, paths = [s.id for s in stories], [s.path for s in stories]
    assert "Tell readers why" in do(desk, "withdraw", *numbers, status=422)
    assert make_story.again(numbers[0]).live
    do(desk, "withdraw", *numbers, note="The source made it up.")
    for path in paths:
        answer = reads(f"/{path}")
        assert (answer.status_code, "The source made it up." in answer.text) == (410, True)


def sections(story: Story) -> set[str]:
    return {section.slug for section in story.sections}


def test_they_are_filed_and_moved(desk: Desk, make_story: Writer) -> None:
    one = make_story("One", sections=["japan", "politics", "news"])
    two = make_story("Two", sections=["india", "news"], live=False)
    assert "Choose a section." in do(desk, "file", one.id, status=422)
    do(desk, "file", one.id, two.id, section="sport")
    assert sections(make_story.again(one.id)) == {"japan", "politics", "sport", "news"}
    page = do(desk, "file", one.id, two.id, section="politics")
    assert "Added: 1 of 2" in page and "It stands there already." in page
    do(desk, "move", one.id, two.id, section="nepal")
    assert sections(make_story.again(one.id)) == {"nepal", "politics", "sport", "news"}
    do(desk, "move", one.id, section="culture")
    assert sections(make_story.again(one.id)) == {"nepal", "culture", "news"}
    assert "One" in desk.client.get("/culture", headers={"Authorization": "none"}).text


def test_they_are_tagged(desk: Desk, make_story: Writer) -> None:
    one, two = make_story("One", tags=["rain"]), make_story("Two", live=False)
    for wrong in ("", "a, b", "x" * 61):
        assert "Write one tag" in do(desk, "tag", one.id, status=422, tag=wrong)
    page = do(desk, "tag", one.id, two.id, tag="rain")
    assert "Tagged: 1 of 2" in page and "It has this tag already." in page
    assert [tag.name for tag in make_story.again(two.id).tags] == ["rain"]


def test_they_are_handed_in_sent_back_and_taken_off_the_schedule(
    desk: Desk, make_story: Writer, session: Session
) -> None:
    one, two = make_story("One", live=False), make_story("Two", live=False)
    do(desk, "hand-in", one.id, two.id, note="Both by noon?")
    assert make_story.again(one.id).review_note == "Both by noon?"
    do(desk, "send-back", one.id, two.id, note="Who says so?")
    back = make_story.again(two.id)
    assert (back.status, back.review_note) == ("draft", "Who says so?")
    back.schedule(None, clock.now(), clock.now() + timedelta(hours=1))
    session.commit()
    assert "Taken off: 1 of 2" in do(desk, "unschedule", one.id, two.id)
    assert make_story.again(two.id).status == "draft"


@pytest.mark.parametrize("deed", ["publish", "unpublish", "withdraw", "unschedule", "send-back"])
def test_a_reporter_does_none_of_what_editors_do(
    reporter_desk: Desk, make_story: Writer, deed: str
) -> None:
    story = make_story("Mine?")
    assert reporter_desk.get(f"{URL}?deed={deed}&story={story.id}").status_code == 403
    form = {"deed": deed, "story": story.id, f"seen-{story.id}": story.version, "note": "x"}
    assert reporter_desk.post(URL, form).status_code == 403
    assert make_story.again(story.id).live


@pytest.mark.parametrize("deed", ["tag", "file", "move", "hand-in"])
def test_a_reporter_touches_no_colleagues_story(
    reporter_desk: Desk, make_story: Writer, session: Session, deed: str
) -> None:
    story = make_story("Secret", live=False)
    assert "Secret" not in look(reporter_desk, deed, story.id)
    form = {"deed": deed, "story": story.id, f"seen-{story.id}": story.version,
            "tag": "x", "section": "japan"}  # fmt: skip
    answer = reporter_desk.post(URL, form)
    assert "Secret" not in answer.text and "or it is a colleague" in answer.text
    again = make_story.again(story.id)
    assert (again.version, again.tags) == (story.version, [])


def test_what_is_published_is_changed_by_editors_alone(
    reporter_desk: Desk, make_story: Writer, session: Session
) -> None:
    reporter = session.scalar(select(User).where(User.email == "reporter@example.org"))
    assert reporter
    story = make_story("Mine, but out", created_by_id=reporter.id)
    assert "ask an editor to change it" in look(reporter_desk, "tag", story.id)
    form = {"deed": "tag", "story": story.id, f"seen-{story.id}": story.version, "tag": "x"}
    assert "ask an editor to change it" in reporter_desk.post(URL, form).text
    assert make_story.again(story.id).tags == []


def test_at_most_a_hundred_at_once(desk: Desk, make_story: Writer) -> None:
    story = make_story()
    many = list(range(1, 102))
    answer = desk.get(URL, query_string={"deed": "tag", "story": many, "list": "status=draft"})
    assert answer.location == "/desk/stories?status=draft"
    assert "at most 100 at once" in desk.get("/desk/stories").text
    assert desk.post(URL, {"deed": "tag", "story": many, "tag": "x"}).status_code == 422
    assert make_story.again(story.id).tags == []


def test_none_is_too_few(desk: Desk) -> None:
    answer = desk.get(f"{URL}?deed=tag&list=words=rain%26status=draft")
    assert answer.location == "/desk/stories?words=rain&status=draft"
    assert "Choose the stories first" in desk.get("/desk/stories").text
    assert desk.post(URL, {"deed": "tag"}).status_code == 422


@pytest.mark.parametrize("args", [
    "", "deed=", "deed=eat&story=1", "deed=tag&story=x", f"deed=tag&story={'9' * 40}",
    "deed=tag&story=-1", "deed=tag&story=1&list=%00%0d%0a//evil.example", "deed=%00",
])  # fmt: skip
def test_whatever_is_asked_nothing_breaks(desk: Desk, args: str) -> None:
    answer = desk.get(f"{URL}?{args}")
    assert answer.status_code in (200, 303, 404)
    assert answer.location is None or answer.location.startswith("/desk/stories")


def test_a_look_at_many_costs_as_many_selects_as_at_few(desk: Desk, make_story: Writer) -> None:
    numbers = [make_story(f"Story {n}", live=False).id for n in range(12)]
    costs = []
    for few in (numbers[:2], numbers):
        with selects() as sent:
            look(desk, "tag", *few)
        costs.append(len(sent))
    assert costs[0] == costs[1]


def test_what_was_sent_out_together_is_called_back_together(
    app: Flask, desk: Desk, make_story: Writer
) -> None:
    app.config["HOLD_SECONDS"] = 10
    drafts = [make_story(headline, live=False).id for headline in ("One", "Two")]
    page = do(desk, "publish", *drafts)
    assert "Undo publishing: 2" in page
    form = dict(re.findall(r'name="(seen-\d+)" value="(\d+)"', page))
    page = unescape(desk.post(URL, {**form, "deed": "call-back", "story": drafts}).text)
    assert "Called back: 2 of 2" in page
    assert all(make_story.again(number).held_until is None for number in drafts)
