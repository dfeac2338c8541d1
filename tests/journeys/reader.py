"""A reader: what is on the page, in the reader's words."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Locator, Request, expect

from tests.journeys.browsing import WIDE, Visitor
from tests.journeys.site import Site

PAGE_TITLE = re.compile("Asian-News.net")


class Reader(Visitor):
    """A reader's browser with one page."""

    def __init__(
        self, browser: Browser, site: Site, size: tuple[int, int] = WIDE, **options: Any
    ) -> None:
        super().__init__(browser, site.url, size, **options)
        self._site = site

    def opens(self, path: str) -> None:
        """Opens a page as the newsroom has it now."""
        self._site.catches_up(path)
        self.page.goto(path)
        expect(self.page).to_have_title(PAGE_TITLE)

    @property
    def ticker(self) -> Locator:
        """The whole ticker, the folded list of headlines too."""
        return self.page.locator("[data-ticker]")

    @property
    def ticker_line(self) -> Locator:
        """The headline that the ticker shows."""
        return self.ticker.locator("[data-ticker-line] a")

    @property
    def pill(self) -> Locator:
        """“1 new story”, or what it became."""
        return self.page.locator(".pill__button")

    @property
    def notice(self) -> Locator:
        """What is said over a story that changed while it was read."""
        return self.page.locator("[data-notice]")

    @property
    def live(self) -> Locator:
        """How live the page is."""
        return self.page.locator("[data-live-words]")

    @property
    def stories(self) -> Locator:
        """The headlines of the page's list, newest first."""
        return self.page.locator("#stories > li a[href^='/20']:not([aria-hidden])")


def counting_polls(reader: Reader) -> Callable[[], int]:
    """How often the reader's page has asked for news from now on."""
    polls: list[Request] = []

    def count(request: Request) -> None:
        if "/pulse/" in request.url:
            polls.append(request)

    reader.page.on("request", count)
    return lambda: len(polls)
