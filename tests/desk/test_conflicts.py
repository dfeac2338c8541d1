"""Two people change one story: field by field mine, theirs or both, and nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from newsapp.media.models import Photo
from newsapp.stories.models import Story
from tests.newsroom import Desk, Writer

Typed = Callable[..., dict[str, Any]]


@pytest.fixture
def clash(desk: Desk, typed: Typed, make_story: Writer) -> Callable[..., tuple[Story, Any]]:
    """The same story saved by two who had both opened it: `clash(theirs, mine)`."""

    def save(theirs: dict[str, Any], mine: dict[str, Any]) -> tuple[Story, TestResponse]:
        story = make_story("Ferry sinks", live=False)
        desk.post(f"/desk/stories/{story.id}", typed(version=story.version))
        story = make_story.again(story.id)
        seen = story.version
        desk.post(f"/desk/stories/{story.id}", typed(version=seen, **theirs))
        answer = desk.post(f"/desk/stories/{story.id}", typed(version=seen, **mine))
        return make_story.again(story.id), answer

    return save


def test_nothing_is_overwritten(clash: Callable[..., Any]) -> None:
    story, answer = clash({"headline": "Theirs"}, {"headline": "Mine"})
    assert answer.status_code == 409
    assert story.headline == "Theirs"
    assert "Mine</textarea>" in answer.text


def test_each_field_that_differs_can_be_chosen(clash: Callable[..., Any]) -> None:
    _, answer = clash({"headline": "Theirs", "kicker": "Sea"}, {"headline": "Mine"})
    chosen = {name for name in ("headline", "kicker", "body") if f"keep-{name}" in answer.text}
    assert chosen == {"headline", "kicker"}


def test_what_only_one_side_touched_is_chosen_already(clash: Callable[..., Any]) -> None:
    _, answer = clash({"kicker": "Sea"}, {"headline": "Mine"})
    assert 'name="keep-kicker" value="theirs" checked' in answer.text
    assert 'name="keep-headline" value="mine" checked' in answer.text


@pytest.mark.parametrize(
    ("choice", "stands"),
    [("mine", "Mine"), ("theirs", "Theirs"), ("both", "Theirs / Mine"), ("neither", "Mine")],
)
def test_what_was_chosen_stands(
    clash: Callable[..., Any], desk: Desk, typed: Typed, make_story: Writer, choice: str,
    stands: str,
) -> None:  # fmt: skip
    story, _ = clash({"headline": "Theirs"}, {"headline": "Mine"})
    again = typed(headline="Mine", version=story.version, **{"keep-headline": choice})
    assert desk.post(f"/desk/stories/{story.id}", again).status_code == 303
    assert make_story.again(story.id).headline == stands


def test_both_keeps_every_section_and_every_paragraph(
    clash: Callable[..., Any], desk: Desk, typed: Typed, make_story: Writer
) -> None:
    theirs = {"sections": ["japan", "news"], "body": "<p>Theirs.</p>"}
    mine = {"sections": ["nepal", "news"], "body": "<p>Mine.</p>"}
    story, _ = clash(theirs, mine)
    both = {"keep-sections": "both", "keep-body": "both", "version": story.version}
    desk.post(f"/desk/stories/{story.id}", typed(**mine, **both))
    story = make_story.again(story.id)
    assert {section.slug for section in story.sections} == {"japan", "nepal", "news"}
    assert story.body == "<p>Theirs.</p><p>Mine.</p>".replace("><", ">\n<")


def test_what_was_chosen_from_a_list_is_shown_as_the_list_says_it(
    clash: Callable[..., Any], session: Session
) -> None:
    photo = Photo(hash="a" * 32, width=1600, height=900, alt="A pier", credit="Rosa Lim")
    session.add(photo)
    session.commit()
    _, answer = clash({"language": "ja"}, {"photo": str(photo.id)})
    for words in ("Japanese</p>", "English</p>", "A pier</p>", "None</p>"):
        assert words in answer.text


def test_a_choice_does_not_count_when_somebody_saved_again(
    clash: Callable[..., Any], desk: Desk, typed: Typed, make_story: Writer
) -> None:
    story, _ = clash({"headline": "Theirs"}, {"headline": "Mine"})
    desk.post(f"/desk/stories/{story.id}", typed(headline="Newest", version=story.version))
    late = typed(headline="Mine", version=story.version, **{"keep-headline": "theirs"})
    answer = desk.post(f"/desk/stories/{story.id}", late)
    assert answer.status_code == 409
    assert "Mine</textarea>" in answer.text
    assert make_story.again(story.id).headline == "Newest"


@pytest.mark.parametrize("version", ["99999999999999999999", "2147483648", "-1"])
def test_a_version_that_never_was_is_a_conflict(
    desk: Desk, typed: Typed, make_story: Writer, version: str
) -> None:
    story = make_story("Ferry sinks", live=False)
    saved = desk.post(f"/desk/stories/{story.id}", typed(headline="Mine", version=version))
    published = desk.post(f"/desk/stories/{story.id}/publication", {"version": version})
    assert (saved.status_code, published.status_code) == (409, 409)
    assert make_story.again(story.id).headline == "Ferry sinks"
