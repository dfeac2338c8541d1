"""Pictures, from a photographer's folder to a reader's screen."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.journeys.browsing import PHONE
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


def test_what_finds_no_turn_is_sent_again_by_itself(
    photographer: Editor, shared_data: Path
) -> None:
    page, busy = photographer.page, {"status": 503, "headers": {"Retry-After": "1"}, "body": ""}
    page.route("**/desk/photos", lambda route: route.fulfill(**busy), times=2)
    page.get_by_label("Send pictures in").set_input_files(
        shared_data / "images/sniffing/sharp-check.svg"
    )
    photographer.press("Send")
    expect(page.get_by_text("Waiting for its turn …")).to_be_visible()
    expect(page.get_by_text("It is no picture that we know.")).to_be_visible(timeout=15_000)


# What a drop from a folder does, with a file that the page itself draws.
DROP = """async (editor) => {
  const canvas = new OffscreenCanvas(900, 600);
  canvas.getContext("2d").fillRect(0, 0, 300, 300);
  const blob = await canvas.convertToBlob({ type: "image/png" });
  const files = new DataTransfer();
  files.items.add(new File([blob], "dropped.png", { type: "image/png" }));
  editor.scrollIntoView({ block: "center" });
  const { left, top } = editor.getBoundingClientRect();
  const place = { clientX: left + 30, clientY: top + 30, bubbles: true, cancelable: true };
  editor.dispatchEvent(new DragEvent("drop", { dataTransfer: files, ...place }));
}"""


def test_pictures_are_put_into_the_text_moved_and_stepped_through(
    photographer: Editor, make_reader: Callable[..., Reader]
) -> None:
    page = photographer.page
    page.goto("/desk/stories/new")
    photographer.types(headline="Kites over Weifang", body="They rose at noon.")
    text = page.get_by_role("textbox", name="Body", exact=True)
    text.press("Control+End")
    text.press("Enter")
    photographer.press("Picture")
    chooser = page.get_by_role("dialog", name="Pictures for the text")
    chooser.get_by_label("Search the library").fill("kites")
    expect(chooser.get_by_role("checkbox")).to_have_count(1)
    chooser.get_by_role("checkbox").check()
    for words in ("lanterns float", "Shelves of books", "A rocket climbs"):
        chooser.get_by_label("Search the library").fill(words)
        chooser.get_by_role("checkbox", name=words).check()
    photographer.press("Put a gallery of 4 into the text")
    expect(text.get_by_text("Gallery of 4")).to_be_visible()
    # Back onto it, out, and in again at the top, all by keys.
    text.press("ArrowLeft")
    text.press("Control+x")
    expect(text.get_by_text("Gallery of 4")).to_be_hidden()
    text.press("Control+Home")
    text.press("Control+v")
    expect(text.get_by_text("Gallery of 4")).to_be_visible()
    photographer.press("Publish")
    photographer.is_told("Published.")

    reader = make_reader()
    reader.opens(photographer.address())
    gallery = reader.page.get_by_role("region", name="Gallery of 4 pictures")
    expect(gallery.get_by_role("status")).to_have_text("1 of 4")
    gallery.get_by_role("button", name="Next picture").click()
    expect(gallery.get_by_role("status")).to_have_text("2 of 4")
    expect(gallery.get_by_role("button", name="Next picture")).to_be_focused()
    gallery.get_by_role("list").focus()
    gallery.get_by_role("list").press("ArrowRight")
    expect(gallery.get_by_role("status")).to_have_text("3 of 4")
    gallery.get_by_role("list").press("End")
    expect(gallery.get_by_role("status")).to_have_text("4 of 4")
    inside = reader.page.locator(".prose > :first-child")
    assert inside.get_attribute("aria-label") == "Gallery of 4 pictures"
    phone = make_reader(size=PHONE, has_touch=True, is_mobile=True)
    phone.opens(photographer.address())
    gallery = phone.page.get_by_role("region", name="Gallery of 4 pictures")
    gallery.scroll_into_view_if_needed()
    phone.swipes(gallery.get_by_role("list"))
    expect(gallery.get_by_role("status")).to_have_text("2 of 4")


def test_a_picture_dropped_into_the_text_stands_there(photographer: Editor) -> None:
    page = photographer.page
    page.goto("/desk/stories/new")
    photographer.types(headline="Dropped", body="Before it.")
    text = page.get_by_role("textbox", name="Body", exact=True)
    text.evaluate(DROP)
    expect(text.get_by_text("Picture: dropped.png")).to_be_visible()
    photographer.press("Publish")
    refusal = page.get_by_role("alert")
    expect(refusal).to_contain_text("The picture “dropped.png” in the text lacks its description")
    expect(text.get_by_text("Picture: dropped.png")).to_be_visible()


def test_what_is_said_of_a_picture_is_there_after_the_window_closed(photographer: Editor) -> None:
    page = photographer.page
    page.locator(".plates__item a").first.click()
    caption, was = page.get_by_label("Caption"), page.get_by_label("Caption").input_value()
    caption.press_sequentially("At dawn, before the")
    photographer.opens_another_window(page.url)
    photographer.is_told("is in the form again")
    caption = photographer.page.get_by_label("Caption")
    expect(caption).to_have_value(f"At dawn, before the{was}")
    photographer.press("Discard it")
    expect(caption).to_have_value(was)
    caption.fill("Said and saved")
    photographer.press("Save")
    photographer.is_told("Saved.")
    photographer.page.goto(photographer.page.url)
    expect(photographer.page.get_by_text("is in the form again")).to_have_count(0)
    expect(caption).to_have_value("Said and saved")


def test_a_transcript_is_there_after_the_window_closed_and_its_still_is_searched_for(
    photographer: Editor,
) -> None:
    page = photographer.page
    page.goto("/desk/videos")
    page.get_by_label("Address of the video").fill("https://cdn.example.org/waves.mp4")
    photographer.press("Take it in")
    page.get_by_label("Transcript").fill("Waves, then a horn.")
    page.get_by_label("Duration").fill("1:05")
    photographer.opens_another_window(page.url)
    page = photographer.page
    expect(page.get_by_label("Transcript")).to_have_value("Waves, then a horn.")
    expect(page.get_by_label("Duration")).to_have_value("1:05")
    still = page.get_by_role("group", name="Still picture")
    still.locator("summary").click()
    still.get_by_label("Search pictures").fill("lanterns float")
    still.get_by_role("radio", name="Dozens of small lit lanterns").check()
    page.get_by_label("Title").fill("Waves")
    page.get_by_label("Title").press("Enter")
    photographer.is_told("Saved.")
    expect(page.get_by_role("link", name="Still picture:")).to_be_visible()


def test_who_was_signed_out_signs_in_and_the_same_pictures_go_in(
    photographer: Editor, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        Image.effect_noise((320, 200), 40 + len(name)).save(tmp_path / f"{name}.png")
    page = photographer.page
    page.get_by_label("Send pictures in").set_input_files(sorted(tmp_path.iterdir()))
    photographer.context.clear_cookies()
    photographer.press("Send")
    expect(page.get_by_role("dialog")).to_contain_text("You were signed out")
    page.get_by_role("dialog").get_by_role("button", name="Later").click()
    expect(page.get_by_text("You were signed out.", exact=True)).to_have_count(2)
    page.get_by_role("button", name="Sign in again").first.click()
    photographer.signs_in_again()
    expect(page.get_by_text("In the library.")).to_have_count(2)
    expect(page.locator(".plates").get_by_role("link", name="second.png")).to_be_visible()


def test_a_file_that_is_too_large_is_not_sent_and_others_show_at_once(
    photographer: Editor, tmp_path: Path
) -> None:
    (tmp_path / "huge.jpg").touch()
    os.truncate(tmp_path / "huge.jpg", 41 * 2**20)
    Image.effect_noise((320, 200), 70).save(tmp_path / "small.png")
    page = photographer.page
    page.get_by_label("Send pictures in").set_input_files(sorted(tmp_path.iterdir()))
    photographer.press("Send")
    expect(page.get_by_text("It has 41 MB, more than can be taken.")).to_be_visible()
    expect(page.locator(".plates").get_by_role("link", name="small.png")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
