"""Sending out: ten seconds to think again, then a receipt of where readers have it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.editor import Editor
from tests.journeys.site import Site


@pytest.fixture(scope="module")
def holding(site: Site) -> Iterator[Site]:
    """The same site from another process, with the moments in which a story can be called back."""
    second = site.beside(HOLD_SECONDS="4")
    second.start()
    yield second
    second.stop()


@pytest.fixture
def editor_there(browser: Browser, holding: Site) -> Iterator[Editor]:
    editor = Editor(browser, holding)
    editor.signs_in()
    yield editor
    editor.leave()


def test_undo_is_one_click_and_no_reader_has_seen_it(editor_there: Editor, holding: Site) -> None:
    editor_there.sends_out("Sent out by mistake in Osaka")
    editor_there.page.get_by_role("button", name="Undo publishing").click()
    editor_there.is_told("Called back. No reader has seen it.")
    expect(editor_there.page.get_by_text("Draft", exact=True).first).to_be_visible()
    holding.catches_up("/latest")
    assert "Sent out by mistake" not in holding.get("/latest")[2]


def test_what_nobody_calls_back_is_out_and_the_receipt_tells_where(editor_there: Editor) -> None:
    editor_there.sends_out("Sent out on purpose in Osaka")
    undo = editor_there.page.get_by_role("button", name="Undo publishing")
    undo.focus()
    expect(editor_there.page.get_by_text("Out in 2 seconds")).to_be_visible()
    expect(undo).to_be_focused()
    title = editor_there.page.get_by_role("status").filter(has_text="Readers have it in all 9")
    expect(title).to_be_visible(timeout=20_000)
    expect(undo).to_be_hidden()


def test_words_typed_while_it_goes_out_are_saved_after_it(editor_there: Editor) -> None:
    editor_there.sends_out("Sent out and written on in Osaka")
    editor_there.types(standfirst="Written while it went out.")
    title = editor_there.page.get_by_role("status").filter(has_text="Readers have it in all 9")
    expect(title).to_be_visible(timeout=20_000)
    editor_there.press("Save and update readers")
    editor_there.is_told("Saved. Open pages show the change within seconds.")
