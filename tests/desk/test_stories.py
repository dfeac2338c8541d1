"""Writing stories."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsapp.stories.forms import BODY_MAX
from newsapp.stories.models import Story
from tests.desk.test_body import Found
from tests.newsroom import Desk

Saved = Callable[..., list[Story]]
Typed = Callable[..., dict[str, Any]]
Maker = Callable[..., Story]


def test_an_empty_desk_says_what_to_do_next(desk: Desk) -> None:
    page = desk.get("/desk/").location
    assert "Write the first one" in desk.get(page).text


def test_the_list_shows_what_changed_last_first(desk: Desk, make_story: Maker) -> None:
    for headline in ("Older", "Newer"):
        make_story(headline, live=False)
    text = desk.get("/desk/stories").text
    assert text.index("Newer") < text.index("Older")


def test_the_list_can_be_narrowed(desk: Desk, make_story: Maker) -> None:
    make_story("Rice harvest in Punjab", live=False)
    make_story("Rice price in Manila")
    text = desk.get("/desk/stories?status=published&words=RICE+price").text
    assert "Manila" in text and "in Punjab" not in text


def test_a_story_is_written_whole(desk: Desk, typed: Typed, saved: Saved) -> None:
    answer = desk.post("/desk/stories", typed(
        standfirst="A sea\n story.", kicker="Sea", byline="Ana Cruz, Li Wei,", dateline="Cebu",
        tags="ferries, sea ,ferries", exclusive="y", original_headline="Lumubog", then="save",
        original_language="fil", source_name="Inquirer", source_url="https://inquirer.example/1",
    ))  # fmt: skip
    [story] = saved()
    assert answer.location == f"/desk/stories/{story.id}"
    assert (story.status, story.headline, story.standfirst) == (
        "draft", "Ferry sinks off Cebu", "A sea story.",
    )  # fmt: skip
    assert [byline.name for byline in story.bylines] == ["Ana Cruz", "Li Wei"]
    assert {tag.name for tag in story.tags} == {"ferries", "sea"}
    assert {section.slug for section in story.sections} == {"philippines", "news"}


def test_its_form_comes_back_as_it_was_typed(desk: Desk, typed: Typed, saved: Saved) -> None:
    desk.post("/desk/stories", typed(byline="Ana Cruz", tags="ferries", exclusive="y"))
    text = desk.get(f"/desk/stories/{saved()[0].id}").text
    for shown in ('value="Ana Cruz"', 'value="ferries"', 'value="philippines" checked'):
        assert shown in text


WRONG = {
    "headline": ["", "x" * 301],
    "standfirst": ["x" * 1001],
    "body": ["x" * (BODY_MAX + 1)],
    "byline": ["n," * 12 + "x" * 121, ",".join(map(str, range(13)))],
    "tags": ["x" * 61],
    "source_url": ["javascript:alert(1)", "ftp://a.example", "https://u:p@a.example", "https://",
                   "https://a.example/\tx y", "https://a.example/" + "x" * 2000],
    "photo": ["77"],
    "language": ["xx"],
    "sections": ["atlantis"],
}  # fmt: skip


@pytest.mark.parametrize(("field", "value"), [(f, v) for f in WRONG for v in WRONG[f]])
def test_what_does_not_fit_is_said_at_the_field_and_kept(
    desk: Desk, typed: Typed, saved: Saved, field: str, value: str
) -> None:
    answer = desk.post("/desk/stories", typed(kicker="Typed before", **{field: value}))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "Typed before" in answer.text
    assert saved() == []


def test_half_a_source_is_not_enough(desk: Desk, typed: Typed) -> None:
    answer = desk.post("/desk/stories", typed(source_name="Inquirer"))
    assert answer.status_code == 422
    assert 'href="#source_url"' in answer.text


def test_a_form_can_not_say_more_than_it_asks(desk: Desk, typed: Typed, saved: Saved) -> None:
    extra = {"status": "published", "published_at": "2020-01-01", "path": "x", "demo": "1"}
    desk.post("/desk/stories", typed(**extra))
    [story] = saved()
    assert (story.status, story.published_at, story.path, story.demo) == (
        "draft", None, None, False,
    )  # fmt: skip


def test_the_same_form_sent_twice_makes_one_story(desk: Desk, typed: Typed, saved: Saved) -> None:
    form = typed()
    answers = [desk.post("/desk/stories", form) for _ in range(2)]
    assert len({answer.location for answer in answers}) == len(saved()) == 1


def test_going_back_and_writing_on_loses_nothing(desk: Desk, typed: Typed, saved: Saved) -> None:
    form = typed()
    desk.post("/desk/stories", form)
    answer = desk.post("/desk/stories", {**form, "headline": "Ferry sinks, all saved"})
    assert answer.status_code == 409
    assert "Ferry sinks, all saved" in answer.text
    assert f'action="/desk/stories/{saved()[0].id}"' in answer.text


def test_the_body_is_made_harmless_on_the_way_in(desk: Desk, typed: Typed, saved: Saved) -> None:
    desk.post("/desk/stories", typed(body="<div>Up<script>alert(1)</script><br><br>Down</div>"))
    assert saved()[0].body == "<p>Up</p><p>Down</p>"


def test_what_was_saved_can_be_saved_again(desk: Desk, typed: Typed, saved: Saved) -> None:
    # Cleaned, each & takes five characters.
    answer = desk.post("/desk/stories", typed(body="<p>" + "a & b " * 9_000 + "</p>"))
    assert answer.status_code == 303
    [story] = saved()
    again = typed(body=story.body, version=story.version)
    assert desk.post(f"/desk/stories/{story.id}", again).status_code == 303
    answer = desk.post("/desk/stories", typed(body="x" * (BODY_MAX - 15_000) + "&" * 15_000))
    assert answer.status_code == 422


def test_a_search_for_what_no_headline_has_finds_nothing(desk: Desk) -> None:
    answer = desk.get("/desk/stories?words=%00")
    assert answer.status_code == 200


def test_the_preview_is_the_readers_page_kept_by_nobody(desk: Desk, make_story: Maker) -> None:
    story = make_story("Not out yet", live=False, body="<p>Soon.</p>")
    answer = desk.get(f"/desk/stories/{story.id}/preview")
    assert '<h1 class="story__headline">Not out yet</h1>' in answer.text
    assert "Back to writing" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_attacks_are_shown_as_text(
    desk: Desk, typed: Typed, saved: Saved, shared_data: Path
) -> None:
    lines = (shared_data / "security" / "xss_payloads.jsonl").read_text("utf-8").splitlines()
    attacks = [json.loads(line)["payload"] for line in lines[::40]]
    fields = {"headline": 250, "standfirst": 250, "kicker": 80, "dateline": 80, "body": 5000}
    for first in range(0, len(attacks), len(fields)):
        together = attacks[first : first + len(fields)]
        texts = {
            field: f"x {attack}"[:length]
            for (field, length), attack in zip(fields.items(), together, strict=False)
        }
        answer = desk.post("/desk/stories", typed(**texts))
        assert answer.status_code == 303
        for url in (answer.location, f"{answer.location}/preview", "/desk/stories"):
            page = Found(desk.get(url).text)
            assert not {name for name in page.attributes if name.startswith("on")}, together
            assert not any(link.lower().startswith(("javascript", "data:")) for link in page.links)
