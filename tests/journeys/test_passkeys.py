"""Passkeys, with an authenticator that Chromium plays; and the second step without scripts."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browsing import Visitor
from tests.journeys.site import Site
from tests.newsroom import PASSWORD

EMAIL = "passkeys@journeys.example"


@pytest.fixture(scope="module")
def named_site(site: Site) -> Iterator[Site]:
    """The newsroom under a name: browsers make no passkeys for numbers."""
    named = site.beside()
    named.url = named.url.replace("127.0.0.1", "localhost")
    named.set(PUBLIC_URL=named.url)
    named.command("accounts", "create", EMAIL, "--role", "editor", "--password-stdin",
                  typed=PASSWORD)  # fmt: skip
    named.start()
    yield named
    named.stop()


class Owner(Visitor):
    """Somebody with a device that makes passkeys."""

    def __init__(self, browser: Browser, site: Site, **options: Any) -> None:
        super().__init__(browser, site.url, **options)
        self.device = self.context.new_cdp_session(self.page)
        self.device.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                   "hasUserVerification": True, "isUserVerified": True,
                   "automaticPresenceSimulation": True}  # fmt: skip
        self.id = self.device.send("WebAuthn.addVirtualAuthenticator", {"options": options})[
            "authenticatorId"
        ]

    def types_the_password(self) -> None:
        """At the door."""
        self.page.goto("/desk/login")
        self.page.get_by_label("E-mail").fill(EMAIL)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Sign in")

    def reads(self, heading: str) -> None:
        """Waits for the screen with this heading."""
        expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()


@pytest.fixture(scope="module")
def owner(browser: Browser, named_site: Site) -> Iterator[Owner]:
    """An editor at the desk, with a passkey."""
    owner = Owner(browser, named_site)
    owner.types_the_password()
    owner.reads("Stories")
    owner.page.goto("/desk/account/second-step")
    owner.page.get_by_label("Name", exact=True).fill("My laptop")
    owner.press("Add a passkey")
    owner.reads("Your recovery codes")
    yield owner
    owner.leave()


def out(owner: Owner) -> None:
    owner.page.goto("/desk/stories")
    owner.press("Sign out")
    owner.reads("Sign in to the desk")


def test_a_passkey_opens_the_desk_without_a_password(owner: Owner) -> None:
    out(owner)
    owner.press("Use a passkey")
    owner.reads("Stories")
    owner.page.goto("/desk/account")
    expect(owner.page.get_by_text("by passkey")).to_be_visible()


def test_it_is_the_second_step_after_a_password(owner: Owner) -> None:
    out(owner)
    owner.types_the_password()
    owner.reads("One more step")
    owner.press("Use a passkey")
    owner.reads("Stories")


def test_who_calls_it_off_is_told_so(owner: Owner) -> None:
    out(owner)
    verified = {"authenticatorId": owner.id, "isUserVerified": False}
    owner.device.send("WebAuthn.setUserVerified", verified)
    owner.press("Use a passkey")
    expect(owner.page.get_by_role("alert")).to_have_text(
        "That was called off. Try again when you are ready."
    )
    owner.device.send("WebAuthn.setUserVerified", {**verified, "isUserVerified": True})
    owner.press("Use a passkey")
    owner.reads("Stories")


def test_it_is_renamed_and_removed(owner: Owner) -> None:
    owner.page.goto("/desk/account/second-step")
    owner.page.get_by_text("Rename").first.click()
    owner.page.get_by_label("New name of My laptop").fill("Old laptop")
    owner.press("Rename")
    expect(owner.page.get_by_text("Old laptop").first).to_be_visible()
    owner.press("Remove Old laptop")
    out(owner)
    owner.press("Use a passkey")
    expect(owner.page.get_by_text("This passkey opens no account here.")).to_be_visible()
    owner.types_the_password()
    owner.reads("Stories")


def test_a_device_that_has_one_makes_no_other(owner: Owner) -> None:
    owner.page.goto("/desk/account/second-step")
    for wanted in ("Mine", "Mine again"):
        owner.page.goto("/desk/account/second-step")
        owner.page.get_by_label("Name", exact=True).fill(wanted)
        owner.press("Add a passkey")
        if wanted == "Mine":
            owner.reads("Your recovery codes")
    expect(owner.page.get_by_role("alert")).to_contain_text("has a passkey for you already")
