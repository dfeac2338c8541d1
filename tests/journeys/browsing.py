"""Browsers of readers and editors, and what goes wrong in them unseen."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Request,
    WebError,
    sync_playwright,
)

ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE = (1440, 900)
PHONE = (360, 740)
PATIENCE = 15_000  # ms: machines that run tests are slow
# What could not be loaded is a matter of each journey: some are there to lose the site.
LOST = ("Failed to load resource", "Failed to fetch", "htmx:error: timeout")


# Something is drawn around what has the focus, or around what stands for it, within the window.
FOCUS_IS_SEEN = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return true;
  const style = getComputedStyle(focused);
  const { top, bottom, width } = focused.getBoundingClientRect();
  const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  return drawn && width > 0 && bottom > 0 && top < innerHeight;
}"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium")
        assert path, "the journeys need chromium"
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Visitor:
    """Somebody's own browser on the site: nobody's cookies, and an ear for what it complains of."""

    def __init__(
        self, browser: Browser, url: str, size: tuple[int, int] = WIDE, **options: Any
    ) -> None:
        self.url = url
        self.complaints: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=url,
            viewport={"width": size[0], "height": size[1]},
            **{"reduced_motion": "reduce", "locale": "en-GB", **options},
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._console)
        self.context.on("weberror", self._error)
        self.context.on("request", self._request)
        self.page = self.context.new_page()

    def leave(self) -> None:
        """Closes the browser; nothing may have gone wrong in it."""
        self.context.close()
        assert not self.complaints, "\n".join(self.complaints)

    def press(self, name: str) -> None:
        """Clicks the button with this name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def tabs_to(self, wanted: Locator) -> None:
        """Presses Tab until it has the focus, which must be seen all the way."""
        for _ in range(200):
            self.page.keyboard.press("Tab")
            self.page.wait_for_function(FOCUS_IS_SEEN)
            if wanted.evaluate_all("found => found.includes(document.activeElement)"):
                return
        raise AssertionError(f"Tab never gets to {wanted}")

    def swipes(self, row: Locator) -> None:
        """Draws what is at the right end of a row to its left with a finger."""
        box = row.bounding_box()
        assert box
        touch = self.context.new_cdp_session(self.page)
        places = [box["x"] + box["width"] * part / 20 for part in range(17, 2, -1)]
        for number, x in enumerate(places):
            kind = "touchMove" if number else "touchStart"
            point = {"x": x, "y": box["y"] + 40}
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _console(self, message: ConsoleMessage) -> None:
        lost = any(words in message.text for words in LOST)
        if message.type in ("error", "warning") and not lost:
            self.complaints.append(f"{message.page and message.page.url}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.complaints.append(f"{error.page and error.page.url}: {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.url + "/", "data:", "blob:")):
            self.complaints.append(f"asks a stranger: {request.url}")
