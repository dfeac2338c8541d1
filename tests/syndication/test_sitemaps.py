"""Sitemaps: valid by their schema, with every live story once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from newsapp import clock
from tests.newsroom import Writer

SITE = "http://127.0.0.1:8000"
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9",
      "news": "http://www.google.com/schemas/sitemap-news/0.9"}  # fmt: skip
Valid = Callable[[str, str], list[str]]


@pytest.fixture
def valid(client: FlaskClient, shared_data: Path) -> Valid:
    """The addresses of a sitemap that obeys its schema: `valid(url, "sitemap")`."""

    def check(url: str, schema: str) -> list[str]:
        answer = client.get(url, headers={"Authorization": "none"})
        assert answer.status_code == 200
        assert answer.mimetype == "application/xml"
        xmlschema.XMLSchema(str(shared_data / f"schemas/{schema}.xsd")).validate(answer.text)
        return [loc.text or "" for loc in ET.fromstring(answer.text).iterfind(".//s:loc", NS)]

    return check


def test_the_index_leads_to_every_story_once(valid: Valid, make_story: Writer) -> None:
    days = [datetime(2024, 6, 19, tzinfo=UTC), datetime(2024, 6, 30, 23, 59, 59, tzinfo=UTC),
            datetime(2024, 7, 1, tzinfo=UTC), datetime(2026, 2, 28, 12, tzinfo=UTC)]  # fmt: skip
    written = [make_story(f"Story {n}", at=at).path for n, at in enumerate(days)]
    index = valid("/sitemap.xml", "siteindex")
    months = [url.removeprefix(SITE) for url in index if "sections" not in url]
    assert months == ["/sitemap/2026-02.xml", "/sitemap/2024-07.xml", "/sitemap/2024-06.xml"]
    found = [url for month in months for url in valid(month, "sitemap")]
    assert sorted(found) == sorted(f"{SITE}/{path}" for path in written)


def test_the_sections_are_in_it(valid: Valid) -> None:
    found = valid("/sitemap/sections.xml", "sitemap")
    assert {f"{SITE}/", f"{SITE}/japan", f"{SITE}/politics", f"{SITE}/about"} <= set(found)


def test_an_empty_newsroom_has_a_valid_index(valid: Valid) -> None:
    assert valid("/sitemap.xml", "siteindex") == [f"{SITE}/sitemap/sections.xml"]


def test_the_news_sitemap_has_48_hours(client: FlaskClient, make_story: Writer) -> None:
    now = clock.now()
    make_story("Fresh & new", at=now - timedelta(hours=47))
    make_story("Old", at=now - timedelta(hours=49))
    page = client.get("/news-sitemap.xml")
    titles = [t.text for t in ET.fromstring(page.text).iterfind(".//news:title", NS)]
    assert titles == ["Fresh & new"]


def test_what_was_withdrawn_is_in_no_sitemap(
    client: FlaskClient, make_story: Writer, session: Session
) -> None:
    story = make_story("Ferry sinks")
    assert "ferry-sinks" in client.get("/news-sitemap.xml").text
    story.withdraw(None, clock.now(), "Wrong.")
    session.commit()
    for url in ("/news-sitemap.xml", f"/sitemap/{clock.now():%Y-%m}.xml"):
        assert "ferry-sinks" not in client.get(url, headers={"Authorization": "none"}).text


def test_robots_txt_names_the_sitemaps(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    assert f"Sitemap: {SITE}/sitemap.xml" in text
    assert f"Sitemap: {SITE}/news-sitemap.xml" in text
    assert "Disallow: /desk" in text
