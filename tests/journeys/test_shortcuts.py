"""The desk by its keys, and many stories at once."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.editor import Editor
from tests.journeys.looks import violations_on


@pytest.fixture(autouse=True)
def at_the_list(editor: Editor) -> None:
    editor.page.goto("/desk/stories")


def keys(editor: Editor, *pressed: str) -> None:
    for key in pressed:
        editor.page.keyboard.press(key)


def rows(editor: Editor) -> Locator:
    return editor.page.locator(".rows > .row")


def panel(editor: Editor) -> Locator:
    return editor.page.get_by_role("dialog", name="Keyboard shortcuts")


def test_the_panel_tells_them_and_closes(editor: Editor) -> None:
    keys(editor, "?")
    expect(panel(editor)).to_be_visible()
    expect(panel(editor).get_by_text("Break news")).to_be_visible()
    assert violations_on(editor, "the panel is open") == []
    keys(editor, "n")  # what is behind it stays
    keys(editor, "Escape")
    expect(panel(editor)).to_be_hidden()
    editor.is_told_in_heading("Stories")
    editor.press("Keyboard shortcuts")
    expect(panel(editor)).to_be_visible()
    keys(editor, "?")
    expect(panel(editor)).to_be_hidden()


@pytest.mark.parametrize(("pressed", "heading"), [
    (["n"], "New story"), (["g", "w"], "Wire"), (["g", "p"], "Pictures"), (["g", "b"], "Breaking"),
    (["g", "d"], "Schedule"), (["g", "s"], "Stories"), (["g", "r"], "Stories"),
])  # fmt: skip
def test_keys_lead_to_places(editor: Editor, pressed: list[str], heading: str) -> None:
    keys(editor, *pressed)
    editor.is_told_in_heading(heading)


def test_keys_lead_to_the_fields_that_are_needed_everywhere(editor: Editor) -> None:
    line = editor.page.get_by_role("textbox", name="Break news")
    expect(line).to_have_attribute("aria-keyshortcuts", "b")
    keys(editor, "b")
    expect(line).to_be_focused()
    keys(editor, "n", "?")  # typed, not done
    expect(line).to_have_value("n?")
    line.blur()
    keys(editor, "/")
    expect(editor.page.get_by_role("searchbox")).to_be_focused()


def test_a_list_is_walked_ticked_and_opened(editor: Editor) -> None:
    second = rows(editor).nth(1)
    headline = second.get_by_role("link").inner_text()
    keys(editor, "j", "j", "j", "k")
    expect(second.get_by_role("link")).to_be_focused()
    keys(editor, "x")
    expect(second.get_by_role("checkbox")).to_be_checked()
    expect(editor.page.locator("[data-batch-count]")).to_have_text("1 ticked")
    expect(second.get_by_role("link")).to_be_focused()
    keys(editor, "o")
    expect(editor.page.get_by_role("heading", level=1)).to_contain_text(headline)


def test_control_saves_and_publishes(editor: Editor) -> None:
    page = editor.page
    keys(editor, "n")
    editor.is_told_in_heading("New story")
    headline = page.get_by_label("Headline", exact=True)
    headline.fill("Muscat builds a bridge by night")
    headline.press("Control+s")
    editor.is_told("Saved. Readers don’t see it yet.")
    page.get_by_label("Headline", exact=True).press("Control+Enter")
    editor.is_told("Published.")
    expect(page.locator(".status--published")).to_be_visible()


def test_single_keys_can_be_switched_off_for_good(editor: Editor) -> None:
    keys(editor, "?")
    switch = panel(editor).get_by_role("checkbox", name="Single keys do this")
    switch.uncheck()
    keys(editor, "Escape")
    editor.page.reload()
    keys(editor, "?", "n", "b")
    expect(panel(editor)).to_be_hidden()
    editor.is_told_in_heading("Stories")
    line = editor.page.get_by_role("textbox", name="Break news")
    expect(line).not_to_be_focused()
    expect(line).not_to_have_attribute("aria-keyshortcuts", "b")
    editor.press("Keyboard shortcuts")
    switch.check()
    keys(editor, "Escape", "b")
    expect(line).to_be_focused()


def test_several_are_ticked_at_once_and_tagged(editor: Editor) -> None:
    page = editor.page
    page.goto("/desk/stories?status=published&section=japan")
    boxes = rows(editor).get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(boxes.nth(1)).to_be_checked()
    expect(page.locator("[data-batch-count]")).to_have_text("3 ticked")
    page.get_by_role("checkbox", name="All on this page").check()
    expect(page.locator("[data-batch-count]")).to_have_text(re.compile(r"^\d+ ticked$"))
    page.get_by_role("checkbox", name="All on this page").uncheck()
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_label("With the ticked").select_option(label="Add a tag")
    editor.press("Go on")
    editor.is_told_in_heading("Add a tag")
    assert violations_on(editor, "before it is done") == []
    editor.press("Add a tag: 2 stories")
    expect(page.get_by_role("alert")).to_contain_text("Write one tag")
    page.get_by_label("Tag").fill("himalaya")
    editor.press("Add a tag: 2 stories")
    editor.is_told_in_heading("Tagged: 2 of 2")
    assert violations_on(editor, "after it is done") == []
    page.get_by_role("link", name="Back to the list").click()
    expect(page).to_have_url(re.compile(r"status=published&section=japan"))
