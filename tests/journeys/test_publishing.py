"""What an editor does reaches pages that are open, which nobody reloads."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.browsing import PHONE
from tests.journeys.editor import Editor
from tests.journeys.looks import violations_on
from tests.journeys.reader import Reader
from tests.journeys.site import Site

WORDS = re.compile(r"\S")


def test_a_published_story_reaches_an_open_front_page(editor: Editor, reader: Reader) -> None:
    reader.opens("/")
    address = editor.publishes("Snow closes the Salang pass", "Afghanistan")
    expect(reader.pill).to_have_text("1 new story")
    expect(reader.page).to_have_title("(1) Asian-News.net: live news from every corner of Asia")
    reader.press("1 new story")
    expect(reader.stories.first).to_have_text("Snow closes the Salang pass")
    expect(reader.stories.first).to_have_attribute("href", address)
    expect(reader.pill).to_have_text("1 story added at the top")
    expect(reader.page).to_have_title("Asian-News.net: live news from every corner of Asia")


def test_it_reaches_its_country_and_no_other(
    editor: Editor, make_reader: Callable[..., Reader]
) -> None:
    in_bhutan, in_laos = make_reader(), make_reader()
    in_bhutan.opens("/bhutan")
    in_laos.opens("/laos")
    editor.publishes("Thimphu counts its traffic police: one", "Bhutan")
    editor.publishes("Thimphu counts again: two", "Bhutan")
    expect(in_bhutan.pill).to_have_text("2 new stories")
    expect(in_laos.pill).to_have_count(0)


def test_the_pill_leaves_the_reader_where_the_reader_is(editor: Editor, reader: Reader) -> None:
    reader.opens("/latest")
    read = reader.stories.nth(9)
    read.scroll_into_view_if_needed()
    words = read.inner_text()
    editor.publishes("Ferry sinks off Cebu, all are saved", "Philippines")
    expect(reader.pill).to_have_text("1 new story")
    before = read.bounding_box()
    reader.pill.click()
    expect(reader.stories.first).to_have_text("Ferry sinks off Cebu, all are saved")
    same = reader.page.locator("#stories").get_by_role("link", name=words, exact=True)
    expect(reader.pill).to_be_focused()
    after = same.bounding_box()
    assert before and after
    assert abs(after["y"] - before["y"]) <= 2


def test_on_a_phone_the_pill_leaves_the_pause_free(
    editor: Editor, make_reader: Callable[..., Reader]
) -> None:
    reader = make_reader(size=PHONE)
    reader.opens("/mongolia")
    editor.publishes("Gobi: the first snow leopard in a school", "Mongolia")
    reader.press("1 new story")
    expect(reader.pill).to_have_text("1 story added at the top")
    reader.page.locator(".livestate__pause").click(timeout=5000)


def test_news_takes_nobody_s_focus(editor: Editor, reader: Reader) -> None:
    reader.opens("/latest")
    reader.stories.nth(5).focus()
    editor.breaks("Quake of 6.1 off Hokkaido, no tsunami")
    expect(reader.ticker_line).to_have_text("Quake of 6.1 off Hokkaido, no tsunami")
    expect(reader.pill).to_have_text("1 new story")
    expect(reader.stories.nth(5)).to_be_focused()
    editor.ends_breaking()


def test_breaking_news_reaches_the_ticker_of_an_open_page_and_leaves_it(
    editor: Editor, make_reader: Callable[..., Reader]
) -> None:
    at_front, at_about = make_reader(), make_reader()
    at_front.opens("/")
    at_about.opens("/about")
    editor.breaks("Typhoon Mawar turns to Okinawa")
    for reader in (at_front, at_about):
        expect(reader.ticker_line).to_have_text("Typhoon Mawar turns to Okinawa")
    editor.ends_breaking()
    for reader in (at_front, at_about):
        expect(reader.ticker).not_to_contain_text("Typhoon Mawar turns to Okinawa")


def test_a_story_from_the_form_that_is_marked_breaking_is_in_the_ticker(
    editor: Editor, reader: Reader
) -> None:
    reader.opens("/south-asia")
    editor.publishes("Dhaka metro opens its last station", "Bangladesh")
    expect(reader.pill).to_have_text("1 new story")
    expect(reader.ticker).not_to_contain_text("Dhaka metro opens its last station")
    editor.marks_breaking()
    expect(reader.ticker_line).to_have_text("Dhaka metro opens its last station")
    editor.ends_breaking()


def test_an_unpublished_story_leaves_the_ticker_and_its_open_page_says_so(
    editor: Editor, make_reader: Callable[..., Reader], site: Site
) -> None:
    at_front, at_story = make_reader(), make_reader()
    address = editor.publishes("Lake Balkhash freezes early", "Kazakhstan")
    editor.marks_breaking()
    at_front.opens("/")
    at_story.opens(address)
    expect(at_front.ticker_line).to_have_text("Lake Balkhash freezes early")
    editor.unpublishes()
    expect(at_story.notice).to_contain_text("This story is no longer published.")
    expect(at_front.ticker).not_to_contain_text("Lake Balkhash freezes early")
    site.catches_up(address)
    assert site.get(address)[0] == 404


def test_a_withdrawn_story_says_so_and_leaves_its_note(
    editor: Editor, reader: Reader, site: Site
) -> None:
    address = editor.publishes("Minister resigns over a parrot", "Cambodia")
    reader.opens(address)
    editor.withdraws("It was another minister, and a myna.")
    expect(reader.notice).to_contain_text("This story was withdrawn.")
    reader.page.get_by_role("link", name="Read why").click()
    expect(reader.page.get_by_text("It was another minister, and a myna.")).to_be_visible()
    site.catches_up(address)
    status, _, page = site.get(address)
    assert status == 410
    assert "It was another minister, and a myna." in page


def test_a_corrected_story_says_so(editor: Editor, reader: Reader) -> None:
    address = editor.publishes("Everest is 8,848 metres high", "Nepal")
    reader.opens(address)
    editor.corrects("Everest is 8,849 metres high, not 8,848.")
    expect(reader.notice).to_contain_text("This story was corrected.")
    reader.page.get_by_role("link", name="Read the corrected version").click()
    expect(reader.page.get_by_text("Everest is 8,849 metres high, not 8,848.")).to_be_visible()


def test_an_edited_story_says_so(editor: Editor, reader: Reader) -> None:
    address = editor.publishes("Ulaanbaatar votes", "Mongolia")
    reader.opens(address)
    editor.rewrites("Ulaanbaatar votes for trams")
    expect(reader.notice).to_contain_text("This story was updated.")
    reader.page.get_by_role("link", name="Read the new version").click()
    expect(reader.page.get_by_role("heading", level=1)).to_have_text("Ulaanbaatar votes for trams")


def test_open_lists_say_what_became_of_a_story(
    editor: Editor, make_reader: Callable[..., Reader]
) -> None:
    address = editor.publishes("Almaty plants apples", "Kazakhstan")
    readers = [make_reader() for _ in range(2)]
    for reader, page in zip(readers, ("/", "/kazakhstan"), strict=True):
        reader.opens(page)
        expect(reader.page.get_by_role("link", name="Almaty plants apples").first).to_be_visible()
    editor.rewrites("Almaty plants pears")
    for reader in readers:
        expect(reader.page.get_by_role("link", name="Almaty plants pears").first).to_be_visible()
        # Pictures lead where headlines lead, and have no words.
        expect(reader.page.locator("main a[aria-hidden]").filter(has_text=WORDS)).to_have_count(0)
    editor.unpublishes()
    for reader in readers:
        expect(reader.page.locator(f"main a[href='{address}']")).to_have_count(0)
        expect(reader.page.locator(".gone").get_by_text("Taken down")).to_be_visible()
        expect(reader.page.locator("main").get_by_text("Almaty plants pears")).to_have_count(0)
        assert violations_on(reader, "a story is gone") == []
