"""Public pages: the same bytes for everyone, kept as their headers say, carrying no cookie."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from newsapp.stories.models import Story
from tests.newsroom import Desk

PAGES = (
    "/", "/latest", "/east-asia", "/japan", "/politics", "/analysis", "/about", "/contact",
    "/corrections", "/archive/2026/03/01", "/feeds/japan.rss", "/feeds/latest.atom",
    "/sitemap.xml",
    "/sitemap/sections.xml", "/news-sitemap.xml", "/robots.txt", "/pulse/front?seen=0.0",
)  # fmt: skip


@pytest.fixture
def story(make_story: Callable[..., Story]) -> Story:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    return make_story("Snow closes the Salang pass", sections=["japan", "politics", "news"], at=at)


@pytest.mark.parametrize("url", PAGES)
def test_it_says_how_long_it_may_be_kept(client: FlaskClient, story: Story, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200
    assert "public" in answer.headers["Cache-Control"]
    assert answer.headers["ETag"]
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("url", PAGES)
def test_a_known_state_is_answered_with_304(client: FlaskClient, story: Story, url: str) -> None:
    etag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("url", PAGES)
def test_an_editor_gets_the_strangers_bytes(
    client: FlaskClient, desk: Desk, story: Story, url: str
) -> None:
    past_the_edge = {"Cookie": "desk=x", "Authorization": "Bearer x"}
    assert desk.get(url).data == client.get(url, headers=past_the_edge).data


def test_a_story_page_is_the_same_for_everyone(
    client: FlaskClient, desk: Desk, story: Story
) -> None:
    url = f"/{story.path}"
    assert desk.get(url).data == client.get(url).data
    assert "Set-Cookie" not in desk.get(url).headers


@pytest.mark.parametrize("url", [*PAGES, "/nowhere", "/desk/login"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, url: str) -> None:
    headers = client.get(url).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
