"""What a story said before: every save is kept, compared and can stand again."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsapp.stories.models import Revision, Story
from newsapp.stories.queries import history
from tests.newsroom import Desk, Writer

Typed = Callable[..., dict[str, Any]]
Saved = Callable[..., list[Story]]


@pytest.fixture
def story(desk: Desk, typed: Typed, saved: Saved) -> Story:
    """A draft that was saved twice: its headline and its body changed."""
    desk.post("/desk/stories", typed())
    [story] = saved()
    again = typed(
        headline="Ferry sinks off Bohol", body="<p>All were saved.</p>", version=story.version
    )
    desk.post(f"/desk/stories/{story.id}", again)
    return saved()[0]


def numbers(session: Session, story: Story) -> list[int]:
    return [save.id for save in history.saves(session, story.id, 10)]


def differences(desk: Desk, story: Story, older: int, newer: int) -> str:
    url = f"/desk/stories/{story.id}/revisions/comparison?older={older}&newer={newer}"
    text = desk.get(url).text.replace('<span class="unseen">', "").replace("</span>", "")
    return " ".join(text.split())


def test_every_save_is_listed_with_who_and_why(desk: Desk, story: Story) -> None:
    desk.post(f"/desk/stories/{story.id}/publication", {})
    page = desk.get(f"/desk/stories/{story.id}/revisions").text
    assert page.count('class="row"') == 3
    assert page.count("</b> Editor") == 3
    assert "Published" in page


def test_what_came_out_by_the_clock_is_the_site_s(desk: Desk, make_story: Writer) -> None:
    story = make_story()
    assert "</b> the site" in desk.get(f"/desk/stories/{story.id}/revisions").text


def test_two_saves_are_compared_field_by_field(desk: Desk, story: Story, session: Session) -> None:
    newer, older = numbers(session, story)
    page = differences(desk, story, older, newer)
    assert "<h2>Headline</h2>" in page
    assert "Ferry sinks off <del>Gone: Cebu</del><ins>New: Bohol</ins>" in page
    assert "<h2>Body</h2>" in page and "<h2>Standfirst</h2>" not in page


def test_how_markup_breaks_its_lines_is_no_difference(
    desk: Desk, typed: Typed, saved: Saved, session: Session
) -> None:
    desk.post("/desk/stories", typed(body="<p>One.</p>\n\n<p>Two.</p>"))
    [story] = saved()
    again = typed(headline="Else", body="<p>One.</p><p>Two.</p>", version=story.version)
    desk.post(f"/desk/stories/{story.id}", again)
    newer, older = numbers(session, story)
    assert "<h2>Body</h2>" not in differences(desk, story, older, newer)


def test_the_order_in_which_two_are_chosen_does_not_matter(
    desk: Desk, story: Story, session: Session
) -> None:
    newer, older = numbers(session, story)
    assert "<del>Gone: Cebu</del>" in differences(desk, story, newer, older)


def test_an_earlier_version_stands_again_and_nothing_is_lost(
    desk: Desk, story: Story, session: Session, saved: Saved
) -> None:
    first = numbers(session, story)[-1]
    desk.post(f"/desk/stories/{story.id}/revisions/{first}/restoration", {"version": story.version})
    [again] = saved()
    assert (again.headline, again.body) == (
        "Ferry sinks off Cebu", "<p>All aboard were saved.</p>"
    )  # fmt: skip
    assert {section.slug for section in again.sections} == {"philippines", "news"}
    assert len(numbers(session, story)) == 3
    assert "Went back to the version of" in desk.get(f"/desk/stories/{story.id}/revisions").text


def test_going_back_does_not_overwrite_a_colleague(
    desk: Desk, story: Story, session: Session, saved: Saved
) -> None:
    first = numbers(session, story)[-1]
    url = f"/desk/stories/{story.id}/revisions/{first}/restoration"
    answer = desk.post(url, {"version": story.version - 1})
    assert answer.status_code == 409
    assert "saved the story meanwhile" in answer.text
    assert saved()[0].headline == "Ferry sinks off Bohol"


def test_a_published_story_goes_back_for_readers_too(
    desk: Desk, story: Story, session: Session, saved: Saved, reads: Callable[[str], Any]
) -> None:
    first = numbers(session, story)[-1]
    desk.post(f"/desk/stories/{story.id}/publication", {})
    [live] = saved()
    desk.post(f"/desk/stories/{story.id}/revisions/{first}/restoration", {"version": live.version})
    assert "Ferry sinks off Cebu" in reads(f"/{live.path}").text


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 400), ("?older=1", 400), ("?older=x&newer=1", 400), ("?older=-1&newer=1", 400),
     ("?older=99999999999&newer=1", 400), ("?older=1&newer=999999", 404)],
)  # fmt: skip
def test_what_can_not_be_compared_is_said(
    desk: Desk, story: Story, query: str, status: int
) -> None:
    answer = desk.get(f"/desk/stories/{story.id}/revisions/comparison{query}")
    assert answer.status_code == status


def test_saves_of_another_story_are_not_shown(
    desk: Desk, story: Story, session: Session, typed: Typed, saved: Saved
) -> None:
    desk.post("/desk/stories", typed(headline="Another"))
    other = next(found for found in saved() if found.headline == "Another")
    [foreign], [first, _] = numbers(session, other), numbers(session, story)
    query = f"?older={first}&newer={foreign}"
    assert desk.get(f"/desk/stories/{story.id}/revisions/comparison{query}").status_code == 404
    answer = desk.post(f"/desk/stories/{story.id}/revisions/{foreign}/restoration",
                       {"version": story.version})  # fmt: skip
    assert answer.status_code == 404


def test_a_reporter_sees_the_versions_of_own_stories_only(
    reporter_desk: Desk, story: Story
) -> None:
    assert reporter_desk.get(f"/desk/stories/{story.id}/revisions").status_code == 404


def test_typed_markup_is_shown_as_text(
    desk: Desk, story: Story, session: Session, typed: Typed
) -> None:
    nasty = typed(headline="<img src=x onerror=alert(1)>", version=story.version)
    desk.post(f"/desk/stories/{story.id}", nasty)
    newest, _, first = numbers(session, story)
    page = differences(desk, story, first, newest)
    assert "<img src=x" not in page and "&lt;img" in re.sub("<[^>]+>", "", page)


def test_a_story_that_is_deleted_takes_its_versions_along(story: Story, session: Session) -> None:
    session.delete(story)
    session.commit()
    assert session.scalar(select(func.count()).select_from(Revision)) == 0
