"""The ticker's lines: put in order and ended at the desk, as open pages follow."""

from playwright.sync_api import Locator, expect

from tests.journeys.editor import Editor
from tests.journeys.looks import violations_on
from tests.journeys.reader import Reader

FIRST, SECOND = "Dam holds above Chiang Mai", "Bridge closes in Penang"
THIRD = "Ferry turns back to Surat Thani"
FOURTH, FIFTH = "Avalanche near Manang, road closed", "Signals fail at Howrah"


def listed(reader: Reader, headline: str) -> Locator:
    """A line of the folded list, which holds them all."""
    return reader.ticker.locator("[data-ticker-list] li").filter(has_text=headline)


def lines(editor: Editor) -> Locator:
    return editor.page.locator("[data-lines] > li")


def test_lines_are_put_in_order_and_ended_on_open_pages(editor: Editor, reader: Reader) -> None:
    editor.breaks(FIRST, "Thailand")
    editor.breaks(SECOND, "Malaysia")
    reader.opens("/about")
    expect(reader.ticker_line).to_have_text(SECOND)
    editor.page.goto("/desk/breaking")
    expect(lines(editor).first).to_contain_text(SECOND)
    editor.press(f"Up one line: {FIRST}")
    editor.is_told("Now line 1 of")
    expect(lines(editor).first).to_contain_text(FIRST)
    # Who moves a line by keys goes on moving it.
    expect(editor.page.get_by_role("button", name=f"Down one line: {FIRST}")).to_be_focused()
    expect(reader.ticker_line).to_have_text(FIRST)
    assert violations_on(editor, "the ticker's lines") == []
    editor.press(f"End now the line {FIRST}")
    editor.is_told("No longer breaking.")
    expect(listed(reader, FIRST)).to_have_count(0)
    expect(reader.ticker_line).to_have_text(SECOND)
    editor.press(f"End now the line {SECOND}")
    expect(reader.ticker).not_to_contain_text(SECOND)


def test_a_line_is_dragged_to_its_place(editor: Editor, reader: Reader) -> None:
    editor.breaks(FOURTH, "Nepal")
    editor.breaks(FIFTH, "India")
    editor.page.goto("/desk/breaking")
    grips = editor.page.locator("[data-lines] [data-grip]")
    expect(lines(editor).first).to_contain_text(FIFTH)
    grips.nth(1).drag_to(grips.nth(0), target_position={"x": 40, "y": 2})
    editor.is_told("Now line 1 of")
    expect(lines(editor).first).to_contain_text(FOURTH)
    reader.opens("/about")
    expect(reader.ticker_line).to_have_text(FOURTH)
    for headline in (FOURTH, FIFTH):
        editor.press(f"End now the line {headline}")
        editor.is_told("No longer breaking.")


def test_a_line_is_given_another_end(editor: Editor) -> None:
    editor.breaks(THIRD, "Thailand")
    editor.page.goto("/desk/breaking")
    hours = editor.page.get_by_role("spinbutton", name=f"End in so many hours: {THIRD}")
    expect(hours).to_have_value("4")
    hours.fill("30")
    editor.press(f"Change the end of {THIRD}")
    expect(editor.page.get_by_role("alert")).to_contain_text("From 1 to 24 hours.")
    editor.page.get_by_role("link", name="From 1 to 24 hours.").click()
    expect(hours).to_be_focused()
    hours.fill("2")
    editor.press(f"Change the end of {THIRD}")
    editor.is_told("Breaking for 2 hours.")
    expect(hours).to_have_value("2")
    editor.press(f"End now the line {THIRD}")
