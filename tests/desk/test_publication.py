"""Publishing, unpublishing, withdrawing, correcting: and what readers get."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from newsapp.accounts.models import User
from newsapp.stories.models import Story
from tests.newsroom import Desk, Writer

Saved = Callable[..., list[Story]]
Typed = Callable[..., dict[str, Any]]
Reads = Callable[[str], Any]


def edit(story: Story, **fields: Any) -> dict[str, Any]:
    return {
        "headline": story.headline, "body": story.body, "language": "en", "photo": "0",
        "sections": [section.slug for section in story.sections], "version": story.version,
        **fields,
    }  # fmt: skip


def test_a_draft_is_seen_by_no_reader(desk: Desk, typed: Typed, reads: Reads) -> None:
    desk.post("/desk/stories", typed())
    assert "Ferry" not in reads("/").text


def test_publish_puts_the_saved_story_before_readers(
    desk: Desk, make_story: Writer, reads: Reads
) -> None:
    story = make_story("Ferry sinks off Cebu", live=False, sections=["philippines"])
    answer = desk.post(f"/desk/stories/{story.id}/publication", {})
    assert answer.location == f"/desk/stories/{story.id}"
    for url in ("/latest", "/philippines", "/southeast-asia"):
        assert "Ferry sinks off Cebu" in reads(url).text


def test_one_button_saves_and_publishes(
    desk: Desk, typed: Typed, saved: Saved, reads: Reads
) -> None:
    desk.post("/desk/stories", typed(then="publication"))
    assert "Ferry sinks off Cebu" in reads(f"/{saved()[0].path}").text


def test_publishing_twice_is_one_publication(desk: Desk, make_story: Writer) -> None:
    story = make_story(live=False)
    seen = set()
    for _ in range(2):
        desk.post(f"/desk/stories/{story.id}/publication", {})
        again = make_story.again(story.id)
        seen.add((again.published_at, again.version))
    assert len(seen) == 1


def test_saving_a_live_story_changes_it_for_readers(
    desk: Desk, make_story: Writer, reads: Reads
) -> None:
    story = make_story("Three dead in Cebu")
    desk.post(f"/desk/stories/{story.id}", edit(story, headline="Two dead in Cebu"))
    page = reads(f"/{story.path}").text
    assert "Two dead in Cebu" in page and "Three dead" not in page


def test_unpublish_makes_it_a_draft_again(desk: Desk, make_story: Writer, reads: Reads) -> None:
    story = make_story("Ferry sinks off Cebu")
    desk.post(f"/desk/stories/{story.id}/publication/end", {})
    assert make_story.again(story.id).status == "draft"
    assert reads(f"/{story.path}").status_code == 404
    assert "Ferry sinks" not in reads("/latest").text


def test_withdrawing_asks_for_a_note(desk: Desk, make_story: Writer) -> None:
    story = make_story(sections=["japan"])
    page = desk.get(f"/desk/stories/{story.id}/withdrawal").text
    assert "East Asia</a>" in page and "can’t be undone" in page
    answer = desk.post(f"/desk/stories/{story.id}/withdrawal", {"note": " "})
    assert answer.status_code == 422
    assert make_story.again(story.id).live


def test_a_withdrawn_story_answers_with_its_note(
    desk: Desk, make_story: Writer, reads: Reads
) -> None:
    story = make_story()
    desk.post(f"/desk/stories/{story.id}/withdrawal", {"note": "It was <b>wrong</b>."})
    answer = reads(f"/{story.path}")
    assert answer.status_code == 410
    assert "It was &lt;b&gt;wrong&lt;/b&gt;." in answer.text


@pytest.mark.parametrize("kind", ["correction", "clarification", "update", "removal"])
def test_a_correction_stands_on_the_story(
    desk: Desk, make_story: Writer, reads: Reads, kind: str
) -> None:
    story = make_story()
    url = f"/desk/stories/{story.id}/corrections"
    for _ in range(2):
        desk.post(url, {"kind": kind, "text": "It was Tuesday."})
    assert reads(f"/{story.path}").text.count("It was Tuesday.</p>") == 1


@pytest.mark.parametrize(
    "form", [{"kind": "correction", "text": " "}, {"kind": "joke", "text": "x"}]
)
def test_an_empty_correction_is_refused(
    desk: Desk, make_story: Writer, form: dict[str, str]
) -> None:
    story = make_story()
    assert desk.post(f"/desk/stories/{story.id}/corrections", form).status_code == 422


@pytest.mark.parametrize("what", ["publication/end", "withdrawal", "corrections", "breaking"])
def test_what_is_not_published_can_not_be_taken_down_or_corrected(
    desk: Desk, make_story: Writer, what: str
) -> None:
    story = make_story(live=False)
    answer = desk.post(
        f"/desk/stories/{story.id}/{what}",
        {"note": "n", "kind": "update", "text": "t", "hours": "2"},
    )
    assert answer.status_code == 409
    assert make_story.again(story.id).status == "draft"


def test_a_withdrawn_story_stays_down(desk: Desk, make_story: Writer) -> None:
    story = make_story()
    desk.post(f"/desk/stories/{story.id}/withdrawal", {"note": "Wrong."})
    answer = desk.post(f"/desk/stories/{story.id}/publication", {})
    assert (answer.status_code, "stays down" in answer.text) == (409, True)


def test_who_saves_second_is_told_and_loses_nothing(
    desk: Desk, make_story: Writer, editor: User
) -> None:
    story = make_story("Ferry sinks", live=False)
    theirs = edit(story, headline="Ferry sinks off Cebu")
    mine = edit(story, headline="Ferry down, all safe")
    desk.post(f"/desk/stories/{story.id}", theirs)
    answer = desk.post(f"/desk/stories/{story.id}", mine)
    assert answer.status_code == 409
    assert "Editor changed this story at" in answer.text
    assert "Ferry sinks off Cebu" in answer.text and "Ferry down, all safe" in answer.text
    assert make_story.again(story.id).headline == "Ferry sinks off Cebu"


def test_saving_again_after_the_conflict_is_saving_knowingly(
    desk: Desk, make_story: Writer
) -> None:
    story = make_story("Ferry sinks", live=False)
    desk.post(f"/desk/stories/{story.id}", edit(story, headline="Theirs"))
    version = make_story.again(story.id).version
    desk.post(f"/desk/stories/{story.id}", edit(story, headline="Mine", version=version))
    assert make_story.again(story.id).headline == "Mine"


def test_every_button_of_a_story_posts_to_what_it_says(desk: Desk, make_story: Writer) -> None:
    story = make_story(breaking=True)
    page = desk.get(f"/desk/stories/{story.id}").text
    for label, address in (("Unpublish", "publication/end"), ("End breaking", "breaking/end")):
        form = rf'action="/desk/stories/{story.id}/{address}">(?:(?!</form>).)*>{label}</button>'
        assert re.search(form, page, re.S), label
