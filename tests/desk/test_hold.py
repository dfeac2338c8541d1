"""Sent out and held: a story can be called back for moments, breaking news be undone."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from newsapp import clock
from newsapp.accounts.models import User
from newsapp.stories.models import NotAllowed, Story
from tests.newsroom import Desk, Writer

Reads = Callable[[str], Any]
Typed = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def held(app: Flask) -> None:
    app.config["HOLD_SECONDS"] = 10


@pytest.fixture
def draft(make_story: Writer) -> Story:
    return make_story("Ferry sinks off Cebu", live=False)


def after(seconds: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(seconds=seconds))


def send(desk: Desk, story: Story, what: str = "") -> Any:
    return desk.post(f"/desk/stories/{story.id}/publication{what}", {})


def test_a_story_that_is_sent_out_waits_ten_seconds(
    desk: Desk, draft: Story, make_story: Writer, reads: Reads
) -> None:
    page = desk.get(send(desk, draft).location).text
    assert "On its way out" in page and ">Undo publishing</button>" in page
    out = make_story.again(draft.id).held_until
    assert out is not None
    with time_machine.travel(out - timedelta(seconds=1), tick=False):
        assert "Ferry sinks" not in reads("/latest").text


def test_then_it_is_out_without_any_worker(desk: Desk, draft: Story, reads: Reads) -> None:
    send(desk, draft)
    with after(11):
        assert "Ferry sinks" in reads("/latest").text


def test_the_desk_alone_finds_it_out_and_goes_on(
    desk: Desk, draft: Story, make_story: Writer
) -> None:
    send(desk, draft)
    with after(11):
        answer = desk.post(f"/desk/stories/{draft.id}/withdrawal", {"note": "It did not sink."})
        assert answer.status_code == 303
    assert make_story.again(draft.id).status == "withdrawn"


def test_on_its_way_out_it_is_no_draft(desk: Desk, draft: Story) -> None:
    page = desk.get(send(desk, draft).location).text
    assert ">Going out</span>" in page and ">Draft</span>" not in page
    assert "embargo" not in page


def test_the_form_sends_out_in_the_same_way(
    desk: Desk, typed: Typed, saved: Callable[..., list[Story]], reads: Reads
) -> None:
    desk.post("/desk/stories", typed(then="publication"))
    assert [(story.live, story.held_until is None) for story in saved()] == [(False, False)]
    with after(11):
        assert "Ferry sinks" in reads("/latest").text


def test_who_calls_it_back_in_time_has_told_nobody(
    desk: Desk, draft: Story, make_story: Writer, reads: Reads
) -> None:
    send(desk, draft)
    page = desk.get(send(desk, draft, "/undo").location).text
    assert "No reader has seen it." in page and "Called back" in page
    with after(30):
        assert "Ferry sinks" not in reads("/latest").text
    story = make_story.again(draft.id)
    assert (story.status, story.held_until, story.path) == ("draft", None, None)


def test_a_story_under_review_goes_back_under_review(desk: Desk, make_story: Writer) -> None:
    story = make_story(live=False, status="review")
    send(desk, story)
    send(desk, story, "/undo")
    assert make_story.again(story.id).status == "review"


def test_what_is_out_can_not_be_called_back(desk: Desk, make_story: Writer) -> None:
    story = make_story()
    answer = send(desk, story, "/undo")
    assert answer.status_code == 409 and "It is out already." in answer.text
    assert make_story.again(story.id).live


def test_what_was_never_sent_out_can_not_be_called_back(desk: Desk, draft: Story) -> None:
    assert send(desk, draft, "/undo").status_code == 409


def test_publish_pressed_twice_is_one_publication(
    desk: Desk, draft: Story, make_story: Writer
) -> None:
    first = (send(desk, draft), make_story.again(draft.id).held_until)[1]
    with after(3):
        send(desk, draft)
    assert make_story.again(draft.id).held_until == first


def test_a_schedule_made_meanwhile_is_what_counts(
    desk: Desk, draft: Story, make_story: Writer
) -> None:
    send(desk, draft)
    form = {"when": "2090-03-01T06:30", "zone": "UTC"}
    desk.post(f"/desk/stories/{draft.id}/schedule", form)
    story = make_story.again(draft.id)
    assert (story.status, story.held_until) == ("scheduled", None)


def test_breaking_news_does_not_wait_and_undo_withdraws_it(
    desk: Desk, saved: Callable[..., list[Story]], reads: Reads
) -> None:
    form = {"headline": "Quake off Honshu", "place": "japan", "token": "a" * 32}
    page = desk.get(desk.post("/desk/breaking", form).location).text
    assert ">Undo publishing</button>" in page and "Quake off Honshu" in reads("/").text
    [story] = saved()
    send(desk, story, "/undo")
    assert "Quake off Honshu" not in reads("/").text
    gone = reads(f"/{story.path}")
    assert gone.status_code == 410 and "published by mistake" in gone.text


def test_a_form_that_was_open_when_its_story_went_out_saves_without_a_conflict(
    desk: Desk, draft: Story, make_story: Writer, reads: Reads
) -> None:
    send(desk, draft)
    drawn = make_story.again(draft.id)
    with after(11):
        reads("/latest")  # whoever looks first lets it out
        answer = desk.post(
            f"/desk/stories/{draft.id}",
            {"headline": "Ferry sinks off Cebu, all safe", "language": "en", "photo": "0",
             "sections": [s.slug for s in drawn.sections], "version": drawn.version},
        )  # fmt: skip
        assert answer.status_code == 303
        assert "all safe" in reads("/latest").text


SOON = timedelta(hours=1)


@pytest.mark.parametrize(("does", "status"), [
    (lambda story, by, at: story.hand_in(by, at, "Mine"), None),
    (lambda story, by, at: story.embargo(by, at, at + SOON), None),
    (lambda story, by, at: story.unschedule(by, at), None),
    (lambda story, by, at: story.schedule_end(by, at, at + SOON), None),
    (lambda story, by, at: story.unpublish(by, at), None),
    (lambda story, by, at: story.withdraw(by, at, "Wrong"), None),
    (lambda story, by, at: story.break_news(at + SOON, at), None),
    (lambda story, by, at: story.correct("correction", "Wrong", by, at), None),
    (lambda story, by, at: story.call_back(by, at), "review"),
    (lambda story, by, at: story.send_back(by, at, "No"), "draft"),
    (lambda story, by, at: story.schedule(by, at, at + SOON), "scheduled"),
    (lambda story, by, at: story.publish(by, at, "2026/01/01/x"), "published"),
])  # fmt: skip
def test_on_its_way_out_only_these_are_done_to_it_and_each_ends_that(
    does: Callable[..., None], status: str | None, draft: Story, make_story: Writer, editor: User
) -> None:
    story = make_story.again(draft.id)
    story.hand_in(editor, clock.now(), "")
    story.hold(editor, clock.now(), clock.now() + timedelta(seconds=10))
    with nullcontext() if status else pytest.raises(NotAllowed):
        does(story, editor, clock.now())
    assert (story.status, story.held_until is None) == (status or "review", bool(status))


def test_a_reporter_changes_nothing_of_what_an_editor_sent_out(
    desk: Desk, reporter_desk: Desk, typed: Typed, saved: Callable[..., list[Story]]
) -> None:
    reporter_desk.post("/desk/stories", typed())
    [story] = saved()
    send(desk, story)
    [sent] = saved()
    form = {"deed": "hand-in", "story": story.id, f"seen-{story.id}": sent.version, "note": "Mine"}
    assert "on its way to readers" in reporter_desk.post("/desk/stories/batch", form).text
    [still] = saved()
    assert (still.version, still.status, still.review_note) == (sent.version, "draft", "")
