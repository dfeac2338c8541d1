"""The wire, worked through by its keys while it moves."""

from playwright.sync_api import Locator, expect

from tests.journeys.editor import Editor
from tests.journeys.looks import violations_on
from tests.journeys.pages import wire
from tests.journeys.site import Site


def keys(editor: Editor, *pressed: str) -> None:
    for key in pressed:
        editor.page.keyboard.press(key)


def rows(editor: Editor) -> Locator:
    return editor.page.locator(".rows > .row")


def at(editor: Editor, number: int) -> Locator:
    """The headline of a card, counted from 0."""
    return rows(editor).nth(number).locator(".row__headline")


def opens(editor: Editor, site: Site, *titles: str) -> None:
    """What is unread is these, the last first."""
    editor.page.goto("/desk/wire")
    editor.press("Mark all read")
    wire(site, *titles[::-1])
    editor.page.goto("/desk/wire?show=unread")
    expect(rows(editor)).to_have_count(len(titles))


def test_it_is_worked_by_keys_while_it_moves(editor: Editor, site: Site) -> None:
    editor.page.clock.install()
    opens(editor, site, "Naha port closes", "Sapporo festival ends", "Osaka bridge opens")

    keys(editor, "j", "i")  # what is ignored stays, to be undone; the next has the focus
    expect(rows(editor).nth(0)).to_contain_text("Ignored")
    expect(at(editor, 1)).to_be_focused()
    keys(editor, "k", "i")
    expect(rows(editor).nth(0)).not_to_contain_text("Ignored")
    assert violations_on(editor, "after undoing") == []

    keys(editor, "j", "u")  # what one has been at is read, until told otherwise
    expect(rows(editor).nth(0).locator(".wire__unread")).to_be_hidden()
    expect(rows(editor).nth(1).locator(".wire__unread")).to_be_visible()

    wire(site, "Kyoto temple reopens")
    editor.page.clock.fast_forward(20_000)
    pill = editor.page.get_by_role("link", name="1 new: show")
    expect(pill).to_be_visible()
    expect(editor.page).to_have_title("(1) Wire – Asian-News.net desk")
    before = at(editor, 1).inner_text()
    pill.click()
    expect(at(editor, 0)).to_have_text("Kyoto temple reopens")
    expect(at(editor, 0)).to_be_focused()
    expect(at(editor, 2)).to_have_text(before)

    keys(editor, "x", "j", "x")
    expect(editor.page.get_by_text("2 ticked")).to_be_visible()
    keys(editor, "m")
    editor.is_told("Joined.")
    expect(editor.page.get_by_text("Put here by an editor")).to_be_visible()
    keys(editor, "j", "e")
    editor.is_told_in_heading("New story")


def pill(editor: Editor) -> Locator:
    """What says how many cards are new, some seconds later."""
    editor.page.clock.fast_forward(20_000)
    return editor.page.locator("[data-arrived]")


def test_what_is_new_is_shown_whole_and_where_it_stands(editor: Editor, site: Site) -> None:
    editor.page.clock.install()
    opens(editor, site, "Matsue castle burns", "Hirosaki apples ripen")
    keys(editor, "j", "j", "x")
    wire(site, "Matsue castle burns again")
    pill(editor).click()
    expect(rows(editor).nth(1)).to_contain_text("2 items")  # in use, thus not moved
    expect(rows(editor).nth(1).get_by_role("checkbox").first).to_be_checked()
    expect(at(editor, 1)).to_be_focused()
    expect(editor.page.locator("[data-said]")).to_contain_text("brought up to date")

    wire(site, *(f"{chr(97 + n % 26) * 5}{chr(97 + n // 26) * 7} speaks" for n in range(60)))
    pill(editor).click()  # more than a page
    expect(rows(editor)).to_have_count(50)
    editor.page.get_by_role("link", name="Older cards").click()
    expect(rows(editor)).to_have_count(10)
