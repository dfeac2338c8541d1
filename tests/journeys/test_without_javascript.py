"""Where no script runs, everything but liveness works."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.editor import Editor
from tests.journeys.reader import Reader
from tests.journeys.site import Site


@pytest.fixture
def reader(make_reader: Callable[..., Reader]) -> Reader:
    """A reader who lets no script run."""
    return make_reader(java_script_enabled=False)


def test_a_reader_reads_and_gets_around(reader: Reader) -> None:
    reader.opens("/")
    page = reader.page
    page.get_by_role("link", name="East Asia", exact=True).first.click()
    expect(page.get_by_role("heading", level=1, name="East Asia")).to_be_visible()
    page.get_by_role("link", name="Latest", exact=True).first.click()
    page.get_by_role("link", name="Older stories").click()
    expect(page.get_by_text("Older stories. Back to the newest")).to_be_visible()
    headline = reader.stories.first.inner_text()
    reader.stories.first.click()
    expect(page.get_by_role("heading", level=1, name=headline)).to_be_visible()
    expect(page.locator(".prose p").first).to_be_visible()
    page.get_by_role("link", name="About", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="About")).to_be_visible()


def test_nothing_that_needs_a_script_is_offered(reader: Reader) -> None:
    reader.opens("/")
    expect(reader.ticker_line).to_be_visible()
    expect(reader.page.get_by_role("button")).to_have_count(0)
    reader.ticker.locator("summary").click()
    expect(reader.ticker.get_by_role("listitem").first).to_be_visible()


def test_an_editor_works_too(browser: Browser, site: Site, reader: Reader) -> None:
    editor = Editor(browser, site, java_script_enabled=False)
    editor.signs_in()
    address = editor.publishes("Colombo port hires a pilot", "Sri Lanka", body="She is 24.")
    reader.opens(address)
    expect(reader.page.locator(".prose")).to_have_text("She is 24.")
    editor.breaks("Colombo port hires another pilot", "Sri Lanka")
    editor.ends_breaking()
    editor.corrects("He is 42.")
    editor.withdraws("Nobody was hired.")
    editor.leave()
