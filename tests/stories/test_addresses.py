"""Addresses of stories: given once, changed on purpose, and never dead."""

from collections.abc import Callable
from typing import Any

import pytest

from newsapp.stories.models import Story, slugify
from tests.newsroom import Desk, Writer

Reads = Callable[[str], Any]


def save(desk: Desk, story: Story, **fields: Any) -> Any:
    form = {"headline": story.headline, "language": "en", "photo": "0", "version": story.version,
            "sections": [s.slug for s in story.sections], **fields}  # fmt: skip
    return desk.post(f"/desk/stories/{story.id}", form)


@pytest.mark.parametrize(("headline", "slug"), [
    ("Ferry sinks off Cebu, 12 saved", "ferry-sinks-off-cebu-12-saved"),
    ("Türkiye’s Élections", "turkiyes-elections"),
    ("Đà Nẵng mở cửa", "da-nang-mo-cua"),
    ("Москва", "moskva"),
    ("東京で大雪", "dong-jingde-da-xue"),
    ("!!!", "story"),
])  # fmt: skip
def test_headlines_of_any_script_make_addresses(headline: str, slug: str) -> None:
    assert slugify(headline) == slug


def test_another_headline_leaves_the_address_alone(desk: Desk, make_story: Writer) -> None:
    story = make_story("Ferry sinks")
    save(desk, story, headline="Ferry sinks, all safe")
    assert make_story.again(story.id).path == story.path


def test_a_wished_address_is_the_one_that_readers_get(desk: Desk, make_story: Writer) -> None:
    story = make_story("Ferry sinks", live=False)
    save(desk, story, slug="Cebu-Ferry", then="publication")
    assert str(make_story.again(story.id).path).endswith("/cebu-ferry")


def test_a_changed_address_leads_from_the_old_one(
    desk: Desk, make_story: Writer, reads: Reads
) -> None:
    story = make_story("Ferry sinks")
    first = story.path
    assert reads(f"/{first}").status_code == 200
    save(desk, story, slug="cebu-ferry")
    moved = make_story.again(story.id).path
    old = reads(f"/{first}")
    assert (old.status_code, old.location) == (301, f"/{moved}")
    assert "public" in old.headers["Cache-Control"]
    assert reads(f"/{moved}").status_code == 200
    assert f"/{first}" not in reads("/latest").text


def test_back_at_its_first_address_it_leads_from_the_second(
    desk: Desk, make_story: Writer, reads: Reads
) -> None:
    story = make_story("Ferry sinks")
    first = story.path
    save(desk, story, slug="cebu-ferry")
    second = make_story.again(story.id).path
    save(desk, make_story.again(story.id), slug="ferry-sinks")
    assert make_story.again(story.id).path == first
    assert reads(f"/{first}").status_code == 200
    assert reads(f"/{second}").status_code == 301


def test_no_story_gets_an_address_that_another_had(desk: Desk, make_story: Writer) -> None:
    first = make_story("Ferry sinks")
    path = first.path
    save(desk, first, slug="cebu-ferry")
    assert make_story("Ferry sinks").path == f"{path}-2"


def test_the_old_address_of_a_withdrawn_story_says_so(
    desk: Desk, make_story: Writer, reads: Reads
) -> None:
    story = make_story("Ferry sinks")
    first = story.path
    save(desk, story, slug="cebu-ferry")
    desk.post(f"/desk/stories/{story.id}/withdrawal", {"note": "Wrong."})
    assert reads(f"/{first}").status_code == 410


@pytest.mark.parametrize("slug", ["a b", "-a", "a--b", "東京", "a/b", "x" * 101, "a\x00b?"])
def test_what_is_no_address_is_refused_in_words(desk: Desk, make_story: Writer, slug: str) -> None:
    story = make_story("Ferry sinks")
    answer = save(desk, story, slug=slug)
    assert answer.status_code == 422 and "Letters a to z, digits and hyphens" in answer.text
    assert make_story.again(story.id).path == story.path
