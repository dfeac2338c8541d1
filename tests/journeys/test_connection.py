"""How live an open page is: it says so honestly, rests when nobody looks, and obeys its reader."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.reader import Reader, counting_polls
from tests.journeys.site import Site

LIVE = re.compile(r"^Live · checked \d+ s ago$")
LOST = re.compile(r"^Connection lost at \d\d:\d\d, retrying$")
PACE = 3_000  # ms: no poll is later
MINUTE = 60_000
# A tab that can be put behind another one: headless browsers show all of theirs.
HIDEABLE = """
let away = false;
Object.defineProperty(Document.prototype, "hidden", { get: () => away });
addEventListener("goes", ({ detail }) => {
  away = detail;
  document.dispatchEvent(new Event("visibilitychange"));
});
"""


def test_a_page_whose_site_is_down_says_so_until_it_is_back(site: Site, reader: Reader) -> None:
    reader.opens("/")
    expect(reader.live).to_have_text(LIVE)
    site.stop()
    try:
        expect(reader.live).to_have_text(LOST)
        expect(reader.stories.first).to_be_visible()
    finally:
        site.start()
    expect(reader.live).to_have_text(LIVE, timeout=60_000)


def test_a_reader_in_a_tunnel_is_told_and_caught_up(reader: Reader) -> None:
    reader.opens("/")
    reader.context.set_offline(True)
    expect(reader.live).to_have_text(LOST)
    reader.context.set_offline(False)
    expect(reader.live).to_have_text(LIVE)


def test_an_open_page_asks_again_and_again(reader: Reader) -> None:
    reader.page.clock.install()
    reader.opens("/")
    polls = counting_polls(reader)
    for _ in range(3):
        with reader.page.expect_response("**/pulse/**"):
            reader.page.clock.run_for(PACE)
    assert polls() >= 3


def test_a_reader_pauses_a_page_and_it_stays_paused_when_reloaded(reader: Reader) -> None:
    reader.page.clock.install()
    reader.opens("/")
    reader.press("Pause live updates")
    expect(reader.live).to_have_text("Updates paused")
    polls = counting_polls(reader)
    reader.page.clock.run_for(MINUTE)
    reader.page.reload()
    expect(reader.live).to_have_text("Updates paused")
    reader.page.clock.run_for(MINUTE)
    assert polls() == 0
    with reader.page.expect_response("**/pulse/**"):
        reader.press("Resume live updates")
    expect(reader.live).to_have_text(LIVE)


def test_a_hidden_page_asks_nothing_and_asks_at_once_on_return(
    make_reader: Callable[..., Reader],
) -> None:
    reader = make_reader()
    reader.context.add_init_script(HIDEABLE)
    reader.page.clock.install()
    reader.opens("/")
    reader.page.evaluate("dispatchEvent(new CustomEvent('goes', { detail: true }))")
    polls = counting_polls(reader)
    reader.page.clock.run_for(10 * MINUTE)
    assert polls() == 0
    with reader.page.expect_response("**/pulse/**"):
        reader.page.evaluate("dispatchEvent(new CustomEvent('goes', { detail: false }))")
