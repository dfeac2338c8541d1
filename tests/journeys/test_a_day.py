"""Of the ten things of a day those that no other journey holds: an excerpt, a schedule.

Break, correct, withdraw and update: test_publishing, test_breaking. Pictures: test_pictures. Two
editors and trouble: test_unsaved. Arrange: test_arranging.
"""

import re

from playwright.sync_api import expect

from tests.journeys.editor import Editor
from tests.journeys.pages import wire
from tests.journeys.site import Site


def test_an_item_of_the_wire_becomes_an_excerpt(editor: Editor, site: Site) -> None:
    wire(site, "Nagoya opens a tram line")
    editor.page.goto("/desk/wire")
    item = editor.page.get_by_role("listitem").filter(has_text="Nagoya opens a tram line")
    item.get_by_role("link", name=re.compile("^Excerpt")).click()
    editor.finds(headline="Nagoya opens a tram line")
    editor.press("Publish")
    editor.is_told("Published.")
    page = site.get(editor.address())[2]
    assert "Read more on kobe.example" in page
    editor.page.goto("/desk/wire")
    expect(item).to_be_hidden()


def test_a_story_is_scheduled_and_stands_on_the_schedule(editor: Editor, site: Site) -> None:
    editor.page.goto("/desk/stories/new")
    editor.types(headline="Scheduled for the morning")
    editor.press("Save draft")
    editor.page.get_by_role("link", name="Schedule it").click()
    editor.page.get_by_label("Comes out").fill("2099-01-01T06:30")
    editor.press("Schedule")
    editor.is_told("Scheduled.")
    assert "Scheduled for the morning" not in site.get("/latest")[2]
    editor.page.goto("/desk/schedule")
    line = editor.page.get_by_role("listitem").filter(has_text="Scheduled for the morning")
    expect(line).to_contain_text("06:30")
