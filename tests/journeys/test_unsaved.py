"""Trouble while somebody writes: whatever goes away, the words stay."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.editor import Editor
from tests.journeys.looks import violations_on
from tests.journeys.site import Site
from tests.newsroom import PASSWORD

KEPT = re.compile(r"^Kept at \d\d:\d\d\. Not saved yet\.$")


@pytest.fixture(scope="module")
def email(site: Site) -> str:
    """The account of somebody who has nothing unsaved elsewhere."""
    email = "writer@journeys.example"
    site.command("accounts", "create", email, "--role", "editor", "--password-stdin",
                 typed=PASSWORD)  # fmt: skip
    return email


@pytest.fixture
def writer(browser: Browser, site: Site, email: str) -> Iterator[Editor]:
    """Their browser, with a new story open."""
    writer = Editor(browser, site)
    writer.signs_in(email)
    writer.page.goto("/desk/stories/new")
    yield writer
    writer.leave()


def test_what_was_typed_is_there_after_the_window_closed(writer: Editor) -> None:
    writer.types(headline="Closed too early", body="Every word of it.")
    expect(writer.kept).to_have_text(KEPT)
    writer.opens_another_window("/desk/stories")
    writer.press("Restore")
    writer.finds(headline="Closed too early", body="Every word of it.")
    writer.press("Save draft")
    writer.is_told("Saved.")
    writer.page.goto("/desk/stories")
    expect(writer.page.get_by_text("You have unsaved text")).to_have_count(0)


def test_what_was_typed_without_a_pause_is_there_after_the_window_closed(
    writer: Editor, site: Site
) -> None:
    site.stop()
    try:
        writer.page.get_by_label("Headline", exact=True).press_sequentially("On and on", delay=70)
        writer.opens_another_window("about:blank")
    finally:
        site.start()
    writer.page.goto("/desk/stories")
    writer.press("Restore")
    headline = writer.page.get_by_label("Headline", exact=True)
    assert headline.input_value().startswith("On and")
    writer.press("Save draft")
    writer.is_told("Saved.")


def test_words_typed_while_the_site_is_down_reach_it_later(writer: Editor, site: Site) -> None:
    site.stop()
    try:
        writer.types(headline="Typed into the dark")
        expect(writer.kept).to_contain_text("is kept in this browser; trying again")
        writer.press("Save draft")
        expect(writer.kept).to_contain_text("save again when it is back")
        writer.finds(headline="Typed into the dark")
    finally:
        site.start()
    expect(writer.kept).to_have_text(KEPT, timeout=40_000)
    writer.press("Save draft")
    writer.is_told("Saved.")


def test_words_of_a_window_that_closed_while_the_site_was_down_are_offered(
    writer: Editor, site: Site
) -> None:
    site.stop()
    try:
        writer.types(headline="Closed in the dark")
        expect(writer.kept).to_contain_text("is kept in this browser")
    finally:
        # Closed before it can try again.
        writer.opens_another_window("about:blank")
        site.start()
    writer.page.goto("/desk/stories")
    writer.press("Restore")
    writer.finds(headline="Closed in the dark")
    writer.press("Save draft")
    writer.is_told("Saved.")


def test_an_editor_in_a_tunnel_is_told_and_caught_up(writer: Editor) -> None:
    writer.context.set_offline(True)
    writer.types(headline="Written in a tunnel")
    expect(writer.kept).to_contain_text("You are offline")
    writer.context.set_offline(False)
    expect(writer.kept).to_have_text(KEPT)


def test_a_browser_that_keeps_nothing_is_not_said_to(writer: Editor) -> None:
    writer.page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
    writer.context.set_offline(True)
    writer.types(headline="Written on a full disk")
    expect(writer.kept).to_contain_text("What you typed is only in this window")
    writer.context.set_offline(False)
    expect(writer.kept).to_have_text(KEPT)


def test_who_was_signed_out_signs_in_on_the_page_and_the_same_save_goes_through(
    writer: Editor,
) -> None:
    writer.types(headline="Written over lunch")
    expect(writer.kept).to_have_text(KEPT)
    writer.context.clear_cookies()
    writer.press("Save draft")
    expect(writer.page.get_by_role("dialog")).to_be_visible()
    assert violations_on(writer, "signed out") == []
    writer.signs_in_again("not it")
    expect(writer.page.get_by_role("alert")).to_contain_text("don’t go together")
    writer.signs_in_again()
    writer.is_told("Saved.")
    writer.finds(headline="Written over lunch")


def test_who_is_signed_out_while_typing_types_on_and_signs_in_when_ready(writer: Editor) -> None:
    body = writer.page.get_by_role("textbox", name="Body", exact=True)
    writer.types(body="First. Last.")
    expect(writer.kept).to_have_text(KEPT)
    writer.context.clear_cookies()
    body.press("End")
    body.press_sequentially(" More")
    expect(writer.kept).to_contain_text("You were signed out")
    body.press_sequentially(" and more.")
    expect(body).to_have_text("First. Last. More and more.")
    writer.press("Sign in again")
    writer.signs_in_again()
    expect(writer.kept).to_have_text(KEPT)


def test_two_editors_see_each_other_and_choose_whose_words_stand(
    writer: Editor, browser: Browser, site: Site
) -> None:
    writer.types(headline="Two pairs of hands")
    writer.press("Save draft")
    writer.is_told("Saved.")
    other = Editor(browser, site)
    other.signs_in()
    other.page.goto(writer.page.url)
    other.types(headline="Two pairs of hands, theirs")
    expect(writer.company).to_contain_text("unsaved text", timeout=25_000)
    other.press("Save draft")
    other.is_told("Saved.")
    other.leave()
    expect(writer.company).to_contain_text("saved this story", timeout=25_000)
    writer.types(headline="Two pairs of hands, mine")
    writer.press("Save draft")
    expect(writer.page.get_by_role("alert")).to_contain_text("changed this story")
    assert violations_on(writer, "two texts to choose from") == []
    writer.context.grant_permissions(["clipboard-read", "clipboard-write"])
    writer.press("Copy all my text")
    expect(writer.page.get_by_text("Copied.")).to_be_visible()
    copied = writer.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Headline\nTwo pairs of hands, mine")
    writer.page.get_by_label("Theirs", exact=True).check()
    writer.press("Save draft")
    writer.is_told("Saved.")
    writer.finds(headline="Two pairs of hands, theirs")


def test_a_correction_that_was_typed_is_there_after_the_page_was_left(
    writer: Editor, site: Site
) -> None:
    writer.publishes("Corrected after the window closed")
    story = writer.page.url
    writer.page.get_by_role("link", name="Tell readers of a correction").click()
    box = writer.page.get_by_label("What readers are told")
    box.fill("It was Tuesday.")
    writer.page.goto("/desk/stories")
    writer.page.goto(f"{story}/corrections/new")
    expect(box).to_have_value("It was Tuesday.")
    writer.press("Put it on the story")
    writer.is_told("The correction stands on the story.")
    writer.page.goto(f"{story}/corrections/new")
    expect(box).to_have_value("")
