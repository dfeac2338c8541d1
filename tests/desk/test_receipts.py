"""The receipt of a change: where readers have it, looked at through the public address."""

import re
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import time_machine
from flask import Flask

from newsapp import clock
from tests.far_end import FarEnd
from tests.newsroom import Desk, Writer
from tests.patience import eventually


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def public(app: Flask) -> Iterator[None]:
    """The site itself stands at its public address."""
    with make_server("127.0.0.1", 0, app, handler_class=Silent) as server:
        app.config["PUBLIC_URL"] = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield
        server.shutdown()


@pytest.fixture
def stale(app: Flask) -> Iterator[FarEnd]:
    """A cache in front of the site that answers as it likes."""
    with FarEnd() as far_end:
        app.config["PUBLIC_URL"] = f"http://{far_end.host}"
        yield far_end
        far_end.shutdown()


def receipt(desk: Desk, story_id: int) -> str:
    page = desk.get(f"/desk/stories/{story_id}").text
    found = re.search(r'data-receipt="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def look(desk: Desk, address: str) -> str:
    """What the receipt says after one more look."""
    page = desk.get(desk.post(address, {}).location).text
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


@pytest.mark.usefixtures("public")
def test_a_publication_is_found_in_every_place(desk: Desk, make_story: Writer) -> None:
    story = make_story("Ferry sinks", sections=["japan", "news"], live=False)
    desk.post(f"/desk/stories/{story.id}/publication", {})
    said = look(desk, receipt(desk, story.id))
    assert "Readers have it in all 9 places after" in said
    for place in ("Story", "Front page", "Ticker", "Latest", "East Asia", "Japan", "News",
                  "Feed", "Sitemap"):  # fmt: skip
        assert re.search(rf"✓ {place} [0-9.]+ s", said), place


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(("act", "form"), [
    ("publication/end", {}), ("withdrawal", {"note": "It was wrong."}),
])  # fmt: skip
def test_what_is_taken_down_is_gone_from_every_place(
    desk: Desk, make_story: Writer, act: str, form: dict[str, str]
) -> None:
    story = make_story("Ferry sinks", breaking=True)
    desk.get(f"/{story.path}")
    desk.post(f"/desk/stories/{story.id}/{act}", form)
    address = receipt(desk, story.id)
    # The page that was just read may stand for two seconds more.
    assert eventually(lambda: "Gone from all 10 places after" in look(desk, address), within=5)


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(("act", "form"), [
    ("corrections", {"kind": "correction", "text": "It was Tuesday."}),
    ("breaking", {"hours": "2"}),
])  # fmt: skip
def test_what_is_changed_is_changed_in_every_place(
    desk: Desk, make_story: Writer, act: str, form: dict[str, str]
) -> None:
    story = make_story("Ferry sinks")
    desk.post(f"/desk/stories/{story.id}/{act}", form)
    assert re.search(r"Readers have it in all \d+ places", look(desk, receipt(desk, story.id)))


@pytest.mark.usefixtures("public")
def test_a_story_that_is_held_is_looked_for_once_it_is_out(
    app: Flask, desk: Desk, make_story: Writer
) -> None:
    app.config["HOLD_SECONDS"] = 10
    story = make_story("Ferry sinks", live=False)
    desk.post(f"/desk/stories/{story.id}/publication", {})
    address = receipt(desk, story.id)
    assert "On its way out Out in 10 seconds." in look(desk, address)
    with time_machine.travel(clock.now() + timedelta(seconds=10.5)):
        assert "Readers have it in all" in look(desk, address)


def test_a_cache_that_keeps_the_old_pages_is_told_in_red_with_the_reason(
    desk: Desk, make_story: Writer, stale: FarEnd
) -> None:
    story = make_story("Ferry sinks", sections=["japan"], live=False)
    old = b'<div data-hx-get="/pulse/front?seen=0.0&amp;after=0-0"></div>'
    for path in ("/", "/latest", "/japan", "/east-asia", "/feeds/latest.atom"):
        stale.serve(old, path)
    stale.serve(b"", f"/sitemap/{clock.now():%Y-%m}.xml", status="502 Bad Gateway")
    desk.post(f"/desk/stories/{story.id}/publication", {})
    address = make_story.again(story.id).path
    stale.serve(b"", f"/{address}", status="404 Not Found")
    with time_machine.travel(clock.now() + timedelta(seconds=20)):
        said = look(desk, receipt(desk, story.id))
    assert "Not everywhere yet: 0 of 8 places" in said
    assert "✗ Story answers 404 instead of 200" in said
    assert "✗ Front page is still the version from before" in said
    assert "✗ Feed doesn’t show it yet" in said
    assert "✗ Sitemap answers 502 instead of 200" in said


def test_a_site_that_can_not_be_reached_is_told(app: Flask, desk: Desk, make_story: Writer) -> None:
    app.config["PUBLIC_URL"] = "http://127.0.0.1:9"
    story = make_story(live=False)
    desk.post(f"/desk/stories/{story.id}/publication", {})
    assert "can’t be reached" in look(desk, receipt(desk, story.id))


def test_nobody_looks_for_ever(app: Flask, desk: Desk, make_story: Writer) -> None:
    app.config["PUBLIC_URL"] = "http://127.0.0.1:9"
    story = make_story(live=False)
    desk.post(f"/desk/stories/{story.id}/publication", {})
    address = receipt(desk, story.id)
    look(desk, address)
    with time_machine.travel(clock.now() + timedelta(seconds=70)):
        assert "data-receipt=" not in desk.get(f"/desk/stories/{story.id}").text


def test_a_reporter_has_no_receipts(desk: Desk, reporter_desk: Desk, make_story: Writer) -> None:
    story = make_story(live=False)
    desk.post(f"/desk/stories/{story.id}/publication", {})
    assert reporter_desk.post(receipt(desk, story.id), {}).status_code == 403


def test_a_receipt_that_is_none_is_not_found(desk: Desk) -> None:
    for number in ("7", "9" * 30):
        assert desk.get(f"/desk/receipts/{number}").status_code == 404


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(("front", "places"), [("front-page", 1), ("east-asia", 2)])
def test_a_launch_is_found_on_the_front(
    desk: Desk, make_story: Writer, front: str, places: int
) -> None:
    story = make_story("Snow on Fuji", sections=["japan", "news"])
    make_story("Newer", sections=["japan", "news"])
    at = f"/desk/front/{front}"
    desk.post(f"{at}/slots", {"story": story.id, "place": "1", "version": "0"})
    page = desk.get(at, follow_redirects=True).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    desk.post(f"{at}/launches", {"version": version[1]})
    address = re.search(r'data-receipt="([^"]+)"', desk.get(at, follow_redirects=True).text)
    assert address is not None
    said = look(desk, address[1])
    assert f"Readers have it in {'both places' if places == 2 else 'its place'} after" in said
