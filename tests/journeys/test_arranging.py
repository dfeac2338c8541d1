"""Editors lay out the front page by mouse, keyboard and phone; open pages are told."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.browsing import PHONE
from tests.journeys.editor import Editor
from tests.journeys.reader import Reader
from tests.journeys.site import Site
from tests.newsroom import PASSWORD

FRONT = "/desk/front"
COLLEAGUE = "colleague@journeys.example"


class Layouter(Editor):
    """An editor at the front's screen."""

    def opens_the_front(self, path: str = FRONT) -> None:
        """Its screen."""
        self.page.goto(path)
        expect(self.page.locator("[data-places]")).to_be_visible()

    def place(self, position: int) -> Locator:
        """A place of the front."""
        return self.page.locator(f"#place-{position}")

    def headline(self, position: int) -> str:
        """What stands in a place."""
        return self.place(position).locator(".place__headline").inner_text()

    @property
    def stock(self) -> Locator:
        """What can be put there."""
        return self.page.locator("[data-stock] .stock__headline")

    def hears(self, words: str) -> None:
        """Waits for the screen to say so."""
        expect(self.page.locator("[data-said]")).to_contain_text(words)

    def launches(self) -> None:
        """Puts the draft before readers."""
        self.press("Launch")
        self.hears("Launched.")


@pytest.fixture
def layouter(browser: Browser, site: Site, editor: Editor) -> Iterator[Layouter]:
    """Our editor, in another window; afterwards the fronts fill themselves again."""
    state = editor.context.storage_state()
    layouter = Layouter(browser, site, storage_state=state)
    yield layouter
    layouter.page.set_viewport_size({"width": 1440, "height": 900})
    for path in (FRONT, f"{FRONT}/east-asia"):
        layouter.opens_the_front(path)
        remove = layouter.page.get_by_role("button", name=re.compile("^Remove"))
        while left := remove.count():
            remove.first.click()
            expect(remove).to_have_count(left - 1)
        if layouter.page.get_by_role("button", name="Launch", exact=True).count():
            layouter.launches()
    layouter.leave()


@pytest.fixture
def colleague(browser: Browser, site: Site) -> Iterator[Layouter]:
    """Another editor."""
    site.command("accounts", "create", COLLEAGUE, "--role", "editor", "--password-stdin",
                 typed=PASSWORD)  # fmt: skip
    colleague = Layouter(browser, site)
    colleague.signs_in(COLLEAGUE)
    yield colleague
    colleague.leave()


def test_a_story_is_dragged_to_the_top_and_reaches_an_open_front_page(
    layouter: Layouter, reader: Reader
) -> None:
    reader.opens("/")
    layouter.opens_the_front()
    chosen = layouter.stock.nth(2).inner_text()
    layouter.stock.nth(2).drag_to(layouter.place(1).locator(".place__headline"))
    layouter.hears("Moved to place 1 of 4.")
    assert layouter.headline(1) == chosen
    second = layouter.headline(2)
    layouter.place(2).locator(".place__headline").drag_to(layouter.place(4).locator("h3"))
    layouter.hears("Moved to place 4 of 4.")
    assert layouter.headline(4) == second
    expect(reader.pill).to_have_count(0)
    layouter.launches()
    expect(reader.pill).to_have_text("New front page")
    reader.pill.click()
    expect(reader.page.locator(".card--lead h2")).to_have_text(chosen)
    expect(reader.pill).to_have_count(0)


def test_a_region_s_top_reaches_its_open_page(layouter: Layouter, reader: Reader) -> None:
    reader.opens("/east-asia")
    layouter.opens_the_front(f"{FRONT}/east-asia")
    chosen = layouter.stock.first.inner_text()
    layouter.stock.first.drag_to(layouter.place(2).locator(".place__headline"))
    layouter.hears("Moved to place 2 of 5.")
    layouter.launches()
    expect(reader.pill).to_have_text("New top stories")
    reader.pill.click()
    expect(reader.page.locator(".listing--top h2").nth(1)).to_have_text(chosen)


def test_by_keyboard_the_focus_stays_with_the_story(layouter: Layouter) -> None:
    layouter.opens_the_front()
    lead = layouter.headline(1)
    down = layouter.page.get_by_role("button", name=f"Down “{lead}”")
    layouter.tabs_to(down)
    for place in (2, 3):
        layouter.page.keyboard.press("Enter")
        layouter.hears(f"Moved to place {place} of 4.")
        expect(down).to_be_focused()
        assert layouter.headline(place) == lead
    first = layouter.page.get_by_role("button", name=f"Put first “{lead}”")
    layouter.tabs_to(first)
    layouter.page.keyboard.press("Enter")
    layouter.hears("Moved to place 1 of 4.")
    expect(layouter.place(1)).to_be_focused()
    end = layouter.place(1).locator("summary")
    layouter.tabs_to(end)
    layouter.page.keyboard.press("Enter")
    layouter.place(1).get_by_label("Stands").select_option("3")
    layouter.tabs_to(layouter.place(1).get_by_role("button", name=re.compile("^Set")))
    layouter.page.keyboard.press("Enter")
    layouter.hears("Place 1 stands until")
    layouter.tabs_to(layouter.page.get_by_role("button", name="Launch", exact=True))
    layouter.page.keyboard.press("Enter")
    layouter.hears("Launched.")
    expect(layouter.place(1)).to_contain_text("By hand since")


def test_what_is_wrong_is_said_at_its_field(layouter: Layouter) -> None:
    layouter.opens_the_front()
    layouter.place(2).get_by_role("button", name=re.compile("^Keep here")).click()
    layouter.hears("Moved to place 2 of 4.")
    layouter.place(2).locator("summary").click()
    layouter.place(2).get_by_label("Stands").select_option("typed")
    layouter.place(2).get_by_label("Until another time").fill("2020-01-01T10:00")
    layouter.place(2).get_by_role("button", name=re.compile("^Set")).click()
    expect(layouter.page.get_by_role("alert")).to_be_focused()
    expect(layouter.place(2).get_by_text("That is past. Choose a time")).to_be_visible()
    expect(layouter.place(2).get_by_label("Until another time")).to_have_value("2020-01-01T10:00")


def test_two_editors_are_told_of_each_other(layouter: Layouter, colleague: Layouter) -> None:
    layouter.opens_the_front()
    colleague.opens_the_front()
    chosen = colleague.stock.nth(3).inner_text()
    colleague.stock.nth(3).drag_to(colleague.place(1).locator(".place__headline"))
    colleague.hears("Moved to place 1 of 4.")
    told = layouter.page.locator("[data-company-place]")
    expect(told).to_contain_text(f"{COLLEAGUE} changed this front at")
    told.get_by_role("link", name="See it as it stands now").click()
    expect(layouter.place(1).locator(".place__headline")).to_have_text(chosen)
    colleague.place(1).get_by_role("button", name=re.compile("^Down")).click()
    colleague.hears("Moved to place 2 of 4.")
    layouter.press("Launch")
    alert = layouter.page.get_by_role("alert")
    expect(alert).to_contain_text(f"Not launched: {COLLEAGUE} changed this front at")
    expect(alert).to_be_focused()
    expect(layouter.place(2).locator(".place__headline")).to_have_text(chosen)
    layouter.launches()


def test_on_a_phone_it_is_one_column_of_buttons(layouter: Layouter) -> None:
    layouter.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    layouter.opens_the_front()
    third = layouter.headline(3)
    layouter.page.get_by_role("button", name=f"Put first “{third}”").click()
    layouter.hears("Moved to place 1 of 4.")
    assert layouter.headline(1) == third
    assert layouter.page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    layouter.launches()


def test_offline_says_so_and_moves_nothing(layouter: Layouter) -> None:
    layouter.opens_the_front()
    lead = layouter.headline(1)
    layouter.context.set_offline(True)
    layouter.page.get_by_role("button", name=f"Down “{lead}”").click()
    layouter.hears("The connection was lost: nothing was moved.")
    layouter.context.set_offline(False)
    assert layouter.headline(1) == lead
    layouter.page.get_by_role("button", name=f"Down “{lead}”").click()
    layouter.hears("Moved to place 2 of 4.")


def test_without_javascript_it_works_too(
    browser: Browser, site: Site, layouter: Layouter, make_reader: Callable[..., Reader]
) -> None:
    state = layouter.context.storage_state()
    plain = Layouter(browser, site, storage_state=state, java_script_enabled=False)
    plain.opens_the_front()
    chosen = plain.stock.nth(4).inner_text()
    item = plain.page.locator(".stock__story").nth(4)
    item.get_by_role("combobox").select_option("2")
    item.get_by_role("button", name=re.compile("^Put there")).click()
    plain.is_told("Moved to place 2 of 4.")
    assert plain.headline(2) == chosen
    plain.press("Launch")
    plain.is_told("Launched.")
    reader = make_reader()
    reader.opens("/")
    expect(reader.page.locator(".card--second h2").first).to_have_text(chosen)
    plain.leave()
