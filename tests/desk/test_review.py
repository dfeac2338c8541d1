"""Handing a story in, and what an editor does with it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from newsapp.stories.models import Story
from newsapp.stories.queries import history
from tests.newsroom import Desk, Writer

Typed = Callable[..., dict[str, Any]]
Saved = Callable[[], list[Story]]


@pytest.fixture
def handed_in(reporter_desk: Desk, typed: Typed, saved: Saved) -> Story:
    """A story of a reporter that waits for an editor."""
    form = typed(then="review", review_note="Please check the number of passengers.")
    answer = reporter_desk.post("/desk/stories", form)
    assert answer.status_code == 303
    assert "Handed in. Editors find it under Review." in reporter_desk.get(answer.location).text
    return saved()[0]


def test_an_editor_finds_it_with_its_note(desk: Desk, handed_in: Story) -> None:
    assert handed_in.status == "review"
    assert handed_in.headline in desk.get("/desk/stories?status=review").text
    page = desk.get(f"/desk/stories/{handed_in.id}").text
    assert "Please check the number of passengers.</blockquote>" in page
    assert "Send back" in page


def test_an_editor_publishes_it(desk: Desk, handed_in: Story, saved: Saved) -> None:
    desk.post(f"/desk/stories/{handed_in.id}/publication", {})
    assert saved()[0].live


def test_an_editor_sends_it_back_with_a_note(
    desk: Desk, reporter_desk: Desk, handed_in: Story, saved: Saved, session: Session
) -> None:
    note = {"review_note": "Forty, not fourteen.\n<b>Sure?</b>"}
    desk.post(f"/desk/stories/{handed_in.id}/review/end", note)
    assert saved()[0].status == "draft"
    page = reporter_desk.get(f"/desk/stories/{handed_in.id}").text
    assert "Forty, not fourteen.\n&lt;b&gt;Sure?&lt;/b&gt;</blockquote>" in page
    assert "Hand in</button>" in page
    notes = [save.note for save in history.saves(session, handed_in.id, 5)]
    assert notes == [
        "Sent back: Forty, not fourteen.\n<b>Sure?</b>",
        "Handed in: Please check the number of passengers.",
    ]


def test_it_is_handed_in_again_with_what_changed(
    reporter_desk: Desk, handed_in: Story, typed: Typed, saved: Saved
) -> None:
    again = typed(headline="Forty on the ferry", version=handed_in.version, then="review")
    reporter_desk.post(f"/desk/stories/{handed_in.id}", again)
    [story] = saved()
    assert (story.status, story.headline, story.review_note) == ("review", "Forty on the ferry", "")


def test_a_reporter_sends_nothing_back(reporter_desk: Desk, handed_in: Story) -> None:
    answer = reporter_desk.post(f"/desk/stories/{handed_in.id}/review/end", {})
    assert answer.status_code == 403


def test_what_nobody_handed_in_is_not_sent_back(desk: Desk, make_story: Writer) -> None:
    for live in (False, True):
        story = make_story(live=live)
        assert desk.post(f"/desk/stories/{story.id}/review/end", {}).status_code == 409


def test_what_is_out_is_not_handed_in(desk: Desk, make_story: Writer, typed: Typed) -> None:
    story = make_story()
    answer = desk.post(f"/desk/stories/{story.id}", typed(version=story.version, then="review"))
    assert answer.status_code == 409
    assert make_story.again(story.id).live
