"""Sections: the tree of Asia, and listings whose pages neither repeat nor lose a story."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from newsapp.stories.models import Kind
from newsapp.stories.queries import sections
from tests.newsroom import Writer

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
HEADLINE = re.compile(r'<h2 class="card__headline[^>]*><a[^>]*>([^<]+)')
LINK = re.compile(r'<h2 class="card__headline[^>]*><a href="([^"]+)"')
OLDER = re.compile(r'href="([^"]*\?before=[^"]+)"')


def older(url: str, page: str) -> str:
    """Where a page's "older stories" leads; empty on the last."""
    link = OLDER.search(page)
    return urljoin(url, link[1]) if link else ""


def pages(client: FlaskClient, url: str) -> list[list[str]]:
    """The stories of a listing, page after page, as a reader follows "older stories"."""
    found = []
    while url:
        page = client.get(url, headers={"Authorization": "none"}).text
        found.append(LINK.findall(page))
        url = older(url, page)
    return found


def test_the_regions_hold_every_country_and_territory_once(session: Session) -> None:
    tree = sections.tree(session)
    assert [r.name for r in tree.regions] == [
        "East Asia", "Southeast Asia", "South Asia", "Central Asia", "West Asia",
    ]  # fmt: skip
    codes = [c.code for c in tree.of_kind(Kind.COUNTRY)]
    assert len(codes) == len(set(codes)) >= 48
    # The Asia of the UN's M49, and Taiwan.
    asia = (
        "AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN "
        "MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE"
    )
    assert set(asia.split()) <= set(codes)
    assert all(c.parent_id in {r.id for r in tree.regions} for c in tree.of_kind(Kind.COUNTRY))


def test_topics_and_formats_are_there(session: Session) -> None:
    tree = sections.tree(session)
    assert {t.slug for t in tree.of_kind(Kind.TOPIC)} == {
        "politics", "business", "culture", "technology", "world", "society", "science",
        "environment", "sport",
    }  # fmt: skip
    assert {f.slug for f in tree.of_kind(Kind.FORMAT)} == {
        "news", "analysis", "interview", "opinion", "photos", "video", "live",
    }  # fmt: skip


def test_every_section_has_a_page(client: FlaskClient, session: Session) -> None:
    for place in sections.tree(session).places:
        assert client.get(place.url).status_code == 200, place.slug


def test_a_region_lists_its_countries_with_counts(client: FlaskClient, make_story: Writer) -> None:
    for number in range(3):
        make_story(f"Story {number}", sections=["japan"])
    page = client.get("/east-asia").text
    assert re.search(r'href="/japan">Japan <span[^>]*>3<span', page)
    assert re.search(r'href="/mongolia">Mongolia <span[^>]*>0<span', page)


def test_a_story_of_a_country_stands_in_its_region_too(
    client: FlaskClient, make_story: Writer
) -> None:
    make_story("Snow in Sapporo", sections=["japan", "culture", "analysis"])
    for url in ("/japan", "/east-asia", "/culture", "/analysis", "/latest"):
        assert "Snow in Sapporo" in client.get(url).text
    assert LINK.findall(client.get("/south-asia").text) == []


def test_pages_follow_each_other_without_gap_or_double(
    client: FlaskClient, make_story: Writer
) -> None:
    # Several of one moment: the story's number decides.
    times = [NOON + timedelta(minutes=n // 4) for n in range(65)]
    written = [make_story(f"Story {n}", sections=["japan"], at=at).path
               for n, at in enumerate(times)]  # fmt: skip
    read = pages(client, "/japan")
    assert [len(page) for page in read] == [30, 30, 5]
    assert sum(read, []) == [f"/{path}" for path in reversed(written)]


def test_stories_that_arrive_while_reading_shift_nothing(
    client: FlaskClient, make_story: Writer
) -> None:
    for n in range(40):
        make_story(f"Story {n}", sections=["japan"], at=NOON + timedelta(minutes=n))
    first = client.get("/japan").text
    for n in range(10):
        make_story(f"Late {n}", sections=["japan"], at=NOON + timedelta(hours=2, minutes=n))
    second = LINK.findall(client.get(older("/japan", first)).text)
    assert len(LINK.findall(first)) == 30
    assert len(second) == 10
    assert not set(second) & set(LINK.findall(first))


@pytest.mark.parametrize("before", [
    "x", "-", "1", "1-", "99999999999999999999-1", "1-1;drop table stories", "%00", "1-1%0a",
    "٣-٣", "9" * 5000,
])  # fmt: skip
def test_a_garbled_page_is_a_plain_400(client: FlaskClient, before: str) -> None:
    answer = client.get(f"/japan?before={before}")
    assert answer.status_code == 400
    assert "stamp" in answer.text


def test_a_day_shows_its_own_stories_alone(client: FlaskClient, make_story: Writer) -> None:
    make_story("The day before", at=NOON - timedelta(days=1))
    make_story("On the day", at=NOON)
    make_story("The day after", at=NOON + timedelta(days=1))
    url = f"/archive/{NOON:%Y/%m/%d}"
    assert HEADLINE.findall(client.get(url).text) == ["On the day"]
    for forged in ("9999999999999999-1", "1-1"):
        assert client.get(f"{url}?before={forged}").status_code == 400


def test_days_without_a_newsroom_are_no_pages(client: FlaskClient, make_story: Writer) -> None:
    assert client.get(f"/archive/{NOON:%Y/%m/%d}").status_code == 404
    make_story(at=NOON)
    assert client.get(f"/archive/{NOON:%Y/%m/%d}").status_code == 200
    assert client.get(f"/archive/{NOON - timedelta(days=1):%Y/%m/%d}").status_code == 404


@pytest.mark.parametrize("url", [
    "/atlantis", "/Japan", "/japan/", "/japan/tokyo", "/%00", "/..", "/japan%2fx",
    "/" + "a" * 5000, "/日本", "/feeds/atlantis.rss", "/feeds/japan.xml", "/archive/2024/02/30",
    "/archive/0000/01/01", "/archive/9999/12/31", "/archive/2024/6/1", "/2024/02/30/x",
    "/2024/06/19/x" * 30, "/sitemap/2024-13.xml", "/sitemap/9999-12.xml", "/sitemap/0001-01.xml",
    "/pulse/nothing?seen=1.1",
    "/pulse/section:0?seen=1.1",
    "/pulse/story:999999999?seen=1.1", "/pulse/section:99999999999999?seen=1.1",
    "/media/" + "0" * 32 + "/640.jpg", "/media/" + "0" * 32 + "/641.jpg",
    "/static/x/../../wsgi.py", "/static/x/.hidden", "/index.php?id=1%27",
])  # fmt: skip
def test_an_address_that_is_none_is_a_404_that_leads_somewhere(
    client: FlaskClient, url: str
) -> None:
    answer = client.get(url)
    assert answer.status_code == 404
    assert 'href="/"' in answer.text
