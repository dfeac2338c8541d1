"""What a page is like in a browser: its markup, its fit, what shuts anybody out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Response

from tests.journeys.browsing import PHONE, WIDE, Visitor
from tests.journeys.site import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What may differ by night and on a phone: the others ask for markup, which is the same.
OF_LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable",
            "css-orientation-lock", "bypass", "landmark-one-main", "region"]  # fmt: skip


@dataclass(frozen=True)
class Look:
    """A page as it was found: wide and by day, then on a phone and by night."""

    status: int
    html: str
    complaints: list[str]  # of the browser: scripts, policy, strangers, what is missing
    violations: list[str]  # of accessibility
    widths: dict[int, int]  # of the window, and how wide the page made itself in it


def look_at(visitor: Visitor, path: str, button: str = "") -> Look:
    """Opens the page, or what its button leads to, and looks at it from all sides."""
    page, missing = visitor.page, list[str]()

    def arrived(answer: Response) -> None:
        if answer.status >= 400 and answer.request.resource_type != "document":
            missing.append(f"{answer.status} {answer.url}")

    visitor.complaints.clear()
    page.emulate_media(color_scheme="light")
    page.on("response", arrived)
    answer = page.goto(path)
    if button:
        with page.expect_navigation() as following:
            visitor.press(button)
        answer = following.value
    assert answer is not None
    widths = _width(visitor, WIDE)
    violations = violations_on(visitor, "by day")
    page.emulate_media(color_scheme="dark")
    widths |= _width(visitor, PHONE)
    violations += violations_on(visitor, "by night", OF_LOOKS)
    page.remove_listener("response", arrived)
    return Look(answer.status, answer.text(), visitor.complaints + missing, violations, widths)


def _width(visitor: Visitor, size: tuple[int, int]) -> dict[int, int]:
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    return {size[0]: visitor.page.evaluate("document.documentElement.scrollWidth")}


def violations_on(visitor: Visitor, when: str, rules: Sequence[str] = RULES) -> list[str]:
    """What on the open page shuts anybody out."""
    # Not as a script element, so that the page's own policy stays in force.
    visitor.page.evaluate(AXE.read_text("utf-8"))
    options = json.dumps({"runOnly": rules, "resultTypes": ["violations"]})
    found: list[dict[str, Any]] = visitor.page.evaluate(
        f"axe.run({options}).then((result) => result.violations)"
    )
    return [
        f"{when}: {rule['id']}: {node['html']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
