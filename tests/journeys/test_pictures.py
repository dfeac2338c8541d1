"""Pictures, from a photographer's folder to a reader's screen."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.editor import Editor
from tests.journeys.reader import Reader
from tests.journeys.site import Site


@pytest.fixture
def photographer(browser: Browser, site: Site) -> Iterator[Editor]:
    """An editor with the pictures open."""
    photographer = Editor(browser, site)
    photographer.signs_in()
    photographer.page.goto("/desk/photos")
    yield photographer
    photographer.leave()


def test_a_photo_goes_from_a_folder_to_readers(
    photographer: Editor, make_reader: Callable[..., Reader], shared_data: Path
) -> None:
    page, photos = photographer.page, shared_data / "images"
    files = [photos / "photos/mate-LadyBird.jpg", photos / "sniffing/sharp-check.svg"]
    page.get_by_label("Send pictures in").set_input_files(files)
    photographer.press("Send")
    expect(page.get_by_text("In the library.")).to_be_visible()
    expect(page.get_by_text("It is no picture that we know.")).to_be_visible()
    page.reload()
    page.get_by_role("link", name="mate-LadyBird.jpg").click()
    page.get_by_label("Description in words").fill("A ladybird on a blade of grass")
    page.get_by_label("Credit").fill("Rosa Lim")
    page.locator("[data-focus-picker]").click(position={"x": 20, "y": 20})
    photographer.press("Save")
    photographer.is_told("Saved.")

    page.goto("/desk/stories/new")
    photographer.types(headline="Ladybirds return to Kyoto")
    page.get_by_role("group", name="Lead photo").locator("summary").click()
    page.get_by_label("Search pictures").fill("blade of grass")
    page.get_by_role("radio", name="A ladybird on a blade of grass").check()
    photographer.press("Publish")
    photographer.is_told("Published.")

    reader = make_reader()
    reader.opens(photographer.address())
    shown = reader.page.get_by_role("img", name="A ladybird on a blade of grass")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") > 300
    expect(reader.page.get_by_text("Rosa Lim")).to_be_visible()
