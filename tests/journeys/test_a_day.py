"""Of the ten things of a day those that no other journey holds: an excerpt, a schedule.

Break, correct, withdraw and update: test_publishing, test_breaking. Pictures: test_pictures. Two
editors and trouble: test_unsaved. Arrange: test_arranging.
"""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.editor import Editor
from tests.journeys.pages import wire
from tests.journeys.reader import Reader
from tests.journeys.site import Site


def test_an_item_of_the_wire_becomes_an_excerpt(editor: Editor, site: Site) -> None:
    wire(site, "Nagoya opens a tram line")
    editor.page.goto("/desk/wire")
    item = editor.page.get_by_role("listitem").filter(has_text="Nagoya opens a tram line")
    item.get_by_role("link", name="Make excerpt").click()
    editor.finds(headline="Nagoya opens a tram line")
    editor.press("Publish")
    editor.is_told("Published.")
    page = site.get(editor.address())[2]
    assert "Read more on kobe.example" in page
    editor.page.goto("/desk/wire")
    expect(item).to_be_hidden()


def test_a_scheduled_story_comes_out_by_itself_on_an_open_page(
    editor: Editor, reader: Reader, site: Site
) -> None:
    reader.opens("/")
    editor.page.goto("/desk/stories/new")
    editor.types(headline="Scheduled for the next minute")
    editor.press("Save draft")
    editor.page.get_by_role("link", name="Schedule it").click()
    now = datetime.now(UTC)
    when = now + timedelta(minutes=1 if now.second < 50 else 2)
    editor.page.get_by_label("Comes out").fill(f"{when:%Y-%m-%dT%H:%M}")
    editor.page.get_by_label("On the clock of").select_option("UTC")
    editor.press("Schedule")
    editor.is_told("Scheduled.")
    assert "Scheduled for the next minute" not in site.get("/latest")[2]
    left = (when.replace(second=0, microsecond=0) - datetime.now(UTC)).total_seconds()
    expect(reader.pill).to_be_visible(timeout=(left + 15) * 1000)
