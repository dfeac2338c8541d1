"""Redis goes away and comes back; readers read, editors publish, open pages learn of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.editor import Editor
from tests.journeys.reader import Reader
from tests.journeys.site import Site


@pytest.fixture
def no_redis(own_redis: Any, site: Site) -> Iterator[None]:
    """From here on Redis is away."""
    own_redis.stop()
    yield
    own_redis.start()


def test_readers_read_without_redis(no_redis: None, reader: Reader) -> None:
    for path in ("/", "/japan", "/latest", "/about"):
        reader.opens(path)
    reader.page.goto("/")
    headline = reader.stories.nth(2).inner_text()
    reader.stories.nth(2).click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text(headline)


def test_an_open_page_learns_of_what_is_published_without_redis(
    reader: Reader, editor: Editor, own_redis: Any
) -> None:
    reader.opens("/")
    own_redis.stop()
    try:
        editor.breaks("Amman has rain in July", "Jordan")
        expect(reader.pill).to_have_text("1 new story")
        expect(reader.ticker_line).to_have_text("Amman has rain in July")
    finally:
        own_redis.start()
    editor.ends_breaking()
    expect(reader.ticker).not_to_contain_text("Amman has rain in July")
    editor.publishes("Amman has more rain", "Jordan")
    expect(reader.pill).to_have_text("2 new stories")
    reader.pill.click()
    expect(reader.stories.first).to_have_text("Amman has more rain")
