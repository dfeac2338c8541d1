"""Every kind of page: open to everybody, whole on any screen, valid, and quiet in the browser."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import pages
from tests.journeys.browsing import Visitor
from tests.journeys.editor import Editor
from tests.journeys.looks import Look, look_at
from tests.journeys.site import ROOT, Site

VNU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"
every_page = pytest.mark.parametrize("name", pages.NAMES)


@pytest.fixture(scope="module")
def look(browser: Browser, site: Site, editor: Editor) -> Iterator[Callable[[str], Look]]:
    """Looks at the page with this name, once."""
    addresses, looks = pages.found(site, editor), dict[str, Look]()
    stranger = Visitor(browser, site.url)
    colleague = Visitor(browser, site.url, storage_state=editor.context.storage_state())

    def look(name: str) -> Look:
        if name not in looks:
            at_desk = name.startswith("desk") and not name.startswith("desk login")
            page, button = pages.REFUSED.get(name, (name, ""))
            looks[name] = look_at(colleague if at_desk else stranger, addresses[page], button)
        return looks[name]

    yield look
    stranger.context.close()
    colleague.context.close()


@every_page
def test_it_shuts_nobody_out(look: Callable[[str], Look], name: str) -> None:
    assert not look(name).violations, "\n".join(look(name).violations)


@every_page
def test_it_fits_a_phone_and_a_desktop(look: Callable[[str], Look], name: str) -> None:
    assert look(name).widths == {1440: 1440, 360: 360}


@every_page
def test_the_browser_has_no_complaint(look: Callable[[str], Look], name: str) -> None:
    assert look(name).status == pages.STATUS.get(name, 200)
    assert not look(name).complaints, "\n".join(look(name).complaints)


def test_all_markup_is_valid(look: Callable[[str], Look], tmp_path: Path) -> None:
    for name in pages.NAMES:
        (tmp_path / f"{name}.html").write_text(look(name).html, "utf-8")
    checked = subprocess.run(
        ["java", "-jar", VNU, "--format", "gnu", "--errors-only", tmp_path],
        capture_output=True, text=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr
