"""Readers and editors who use no mouse get everywhere, and see where they are."""

from collections.abc import Callable

from playwright.sync_api import Browser, expect

from tests.journeys.editor import EMAIL, Editor
from tests.journeys.reader import Reader
from tests.journeys.site import Site
from tests.newsroom import PASSWORD

TICKER_PACE = 7_500  # ms: a headline stands a little less


def test_the_first_tab_stop_skips_to_the_news(reader: Reader) -> None:
    reader.opens("/")
    reader.tabs_to(reader.page.get_by_role("link"))
    skip = reader.page.get_by_role("link", name="Skip to the news")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    reader.page.keyboard.press("Enter")
    expect(reader.page.get_by_role("main")).to_be_focused()
    reader.page.keyboard.press("Tab")
    inside = reader.page.locator("main :focus")
    expect(inside).to_have_count(1)


def test_the_ticker_is_stepped_and_paused(reader: Reader) -> None:
    reader.opens("/")
    first = reader.ticker_line.inner_text()
    following = reader.page.get_by_role("button", name="Next headline")
    previous = reader.page.get_by_role("button", name="Previous headline")
    pause = reader.page.get_by_role("button", name="Pause the ticker")
    reader.tabs_to(previous)
    reader.tabs_to(pause)
    # Who asked for reduced motion finds it paused.
    expect(pause).to_have_attribute("aria-pressed", "true")
    reader.page.keyboard.press("Space")
    expect(pause).to_have_attribute("aria-pressed", "false")
    reader.tabs_to(following)
    reader.page.keyboard.press("Enter")
    expect(reader.ticker_line).not_to_have_text(first)
    expect(following).to_be_focused()
    reader.page.keyboard.press("Shift+Tab")
    reader.page.keyboard.press("Shift+Tab")
    reader.page.keyboard.press("Enter")
    expect(reader.ticker_line).to_have_text(first)


def test_the_ticker_moves_by_itself_until_it_is_paused(make_reader: Callable[..., Reader]) -> None:
    reader = make_reader(reduced_motion="no-preference")
    reader.page.clock.install()
    reader.opens("/")
    first = reader.ticker_line.inner_text()
    reader.page.clock.run_for(TICKER_PACE)
    expect(reader.ticker_line).not_to_have_text(first)
    reader.tabs_to(reader.page.get_by_role("button", name="Pause the ticker"))
    reader.page.keyboard.press("Enter")
    second = reader.ticker_line.inner_text()
    reader.page.get_by_role("main").focus()
    reader.page.clock.run_for(TICKER_PACE)
    expect(reader.ticker_line).to_have_text(second)


def test_the_pill_is_reached_and_leads_to_the_new_story(editor: Editor, reader: Reader) -> None:
    reader.opens("/latest")
    editor.publishes("Tea auction in Kolkata goes silent", "India")
    expect(reader.pill).to_have_text("1 new story")
    reader.tabs_to(reader.pill)
    reader.page.keyboard.press("Enter")
    expect(reader.pill).to_have_text("1 story added at the top")
    expect(reader.pill).to_be_focused()
    reader.page.keyboard.press("Enter")
    reader.tabs_to(reader.stories.first)
    expect(reader.stories.first).to_have_text("Tea auction in Kolkata goes silent")


def test_an_editor_signs_in_writes_and_publishes(browser: Browser, site: Site) -> None:
    editor = Editor(browser, site)
    page, keyboard = editor.page, editor.page.keyboard
    page.goto("/desk/")
    editor.tabs_to(page.get_by_label("E-mail"))
    keyboard.type(EMAIL)
    editor.tabs_to(page.get_by_label("Password"))
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    editor.is_told_in_heading("Stories")
    editor.tabs_to(page.get_by_role("link", name="New story"))
    keyboard.press("Enter")
    editor.is_told_in_heading("New story")
    editor.tabs_to(page.get_by_label("Headline", exact=True))
    keyboard.type("Tbilisi’s funicular turns 120")
    editor.tabs_to(page.get_by_role("textbox", name="Body"))
    keyboard.type("It has a restaurant at the top.")
    editor.tabs_to(page.get_by_role("checkbox", name="Culture"))
    keyboard.press("Space")
    editor.tabs_to(page.get_by_role("button", name="Publish", exact=True))
    keyboard.press("Enter")
    editor.is_told("Published.")
    address = editor.address()
    site.catches_up(address)
    assert "It has a restaurant at the top." in site.get(address)[2]
    editor.leave()
