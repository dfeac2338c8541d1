"""An editor: the desk's screens, in the newsroom's words."""

from typing import Any

from playwright.sync_api import Browser, Locator, expect

from tests.journeys.browsing import Visitor
from tests.journeys.site import Site
from tests.newsroom import PASSWORD

EMAIL = "editor@journeys.example"


class Editor(Visitor):
    """An editor's browser; after publishing, the story at hand stays open in it."""

    def __init__(self, browser: Browser, site: Site, **options: Any) -> None:
        super().__init__(browser, site.url, **options)

    def signs_in(self, email: str = EMAIL) -> None:
        """By the form."""
        self.page.goto("/desk/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Sign in")
        self.is_told_in_heading("Stories")

    def signs_in_again(self, password: str = PASSWORD) -> None:
        """In the dialog that opens over the page."""
        self.page.get_by_role("dialog").get_by_label("Password").fill(password)
        self.page.get_by_role("dialog").get_by_role("button", name="Sign in").click()

    def types(self, **fields: str) -> None:
        """Writes into the open form, without saving."""
        for label, words in fields.items():
            self._writes(label.replace("_", " ").capitalize(), words)

    def finds(self, **fields: str) -> None:
        """Sees these words in the open form."""
        for label, words in fields.items():
            box = self.page.get_by_role("textbox", name=label.capitalize(), exact=True)
            if label == "body":
                expect(box).to_contain_text(words)
            else:
                expect(box).to_have_value(words)

    def opens_another_window(self, address: str) -> None:
        """Closes the window at hand, without being asked, and opens another."""
        closed, self.page = self.page, self.context.new_page()
        closed.close()
        self.page.goto(address)

    @property
    def kept(self) -> Locator:
        """What the form says of the words that are not saved."""
        return self.page.locator("[data-kept]")

    @property
    def company(self) -> Locator:
        """Who else has the story open."""
        return self.page.locator("[data-company]")

    def publishes(self, headline: str, place: str = "Japan", **fields: str) -> str:
        """Writes a story in the form and publishes it; its address."""
        self._publishes(headline, place, **fields)
        self.is_told("Published.")
        return self.address()

    def sends_out(self, headline: str, place: str = "Japan") -> None:
        """Writes a story and publishes it where it can still be called back."""
        self._publishes(headline, place)
        self.is_told("On its way out")

    def _publishes(self, headline: str, place: str, **fields: str) -> None:
        self.page.goto("/desk/stories/new")
        self.page.get_by_label("Headline", exact=True).fill(headline)
        self.types(**fields)
        # The places lie folded, by region.
        box = self.page.get_by_role("checkbox", name=place, exact=True, include_hidden=True)
        self.page.locator("details", has=box).evaluate("group => group.open = true")
        box.check()
        self.press("Publish")

    def address(self) -> str:
        """Where readers find the story at hand."""
        return self.page.get_by_role("link", name="See it live").get_attribute("href") or ""

    def breaks(self, headline: str, place: str = "Japan") -> None:
        """Fills the one line that stands on every screen."""
        self.page.get_by_role("textbox", name="Break news").fill(headline)
        self.page.get_by_label("Place", exact=True).select_option(label=place)
        self.press("Publish now")
        self.is_told("On readers’ screens within seconds")

    def marks_breaking(self) -> None:
        """Puts the story at hand into the ticker."""
        self.press("Mark breaking")
        self.is_told("Breaking for 4 hours.")

    def ends_breaking(self) -> None:
        """Takes the story at hand out of the ticker."""
        self.press("End breaking")
        self.is_told("No longer breaking.")

    def unpublishes(self) -> None:
        """Makes the story at hand a draft again."""
        self.press("Unpublish")
        self.is_told("Unpublished.")

    def withdraws(self, note: str) -> None:
        """Takes the story at hand down for good."""
        self.page.get_by_role("link", name="Withdraw it").click()
        self.page.get_by_label("Note to readers").fill(note)
        self.press("Withdraw for good")
        self.is_told("Withdrawn.")

    def corrects(self, words: str) -> None:
        """Tells readers what was wrong in the story at hand."""
        self.page.get_by_role("link", name="Tell readers of a correction").click()
        self.page.get_by_label("What readers are told").fill(words)
        self.press("Put it on the story")
        self.is_told("The correction stands on the story.")

    def rewrites(self, headline: str) -> None:
        """Gives the story at hand another headline."""
        self.page.get_by_label("Headline", exact=True).fill(headline)
        self.press("Save and update readers")
        self.is_told("Saved.")

    def is_told(self, words: str) -> None:
        """Waits for the desk to say so."""
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible()

    def is_told_in_heading(self, words: str) -> None:
        """Waits for the screen with this heading."""
        expect(self.page.get_by_role("heading", level=1, name=words)).to_be_visible()

    def _writes(self, label: str, words: str) -> None:
        if label.startswith("Language"):
            self.page.get_by_role("combobox", name=label, exact=True).select_option(words)
        else:
            self.page.get_by_role("textbox", name=label, exact=True).fill(words)
