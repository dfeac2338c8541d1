"""The story page: all that belongs to it, and nothing that does not."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.media.models import Photo
from newsapp.stories.models import Story
from tests.newsroom import Writer

AT = datetime(2024, 6, 19, 8, 5, tzinfo=UTC)


@pytest.fixture
def story(make_story: Writer) -> Story:
    photo = Photo(hash="0" * 32, width=1600, height=900, alt="A ferry at dusk",
                  caption="The ferry in May.", credit="Rosa Lim")  # fmt: skip
    return make_story(
        "Ferry sinks off Cebu", sections=["philippines", "society", "news"], at=AT, photo=photo,
        standfirst="All aboard were saved.", body="<p>It was calm.</p>", dateline="Cebu",
        bylines=["Rosa Lim", "A Guest"], tags=["ferries"], exclusive=True,
        original_headline="Lumubog ang ferry", original_language="tl",
    )  # fmt: skip


def page_of(client: FlaskClient, story: Story) -> str:
    answer = client.get(f"/{story.path}", headers={"Authorization": "none"})
    assert answer.status_code == 200
    return answer.text


def data_of(page: str) -> dict[str, Any]:
    """The NewsArticle in a page's JSON-LD."""
    script = re.search(r'<script type="application/ld\+json">(.+?)</script>', page, re.S)
    assert script is not None
    article: dict[str, Any] = json.loads(script[1])["@graph"][0]
    return article


def test_it_tells_everything_an_editor_gave(client: FlaskClient, story: Story) -> None:
    page = page_of(client, story)
    for text in (
        "Ferry sinks off Cebu", "All aboard were saved.", "<p>It was calm.</p>",
        "By Rosa Lim, A Guest",
        "19 June 2024, 08:05 UTC", 'datetime="2024-06-19T08:05:00Z"', 'alt="A ferry at dusk"',
        "The ferry in May.", "Rosa Lim</span>", "ferries", 'href="/philippines"', 'href="/society"',
        "Exclusive", "Lumubog ang ferry", 'lang="tl"', ">Cebu<",
    ):  # fmt: skip
        assert text in page, text


def test_its_address_is_its_day_and_its_words(story: Story) -> None:
    assert story.path == "2024/06/19/ferry-sinks-off-cebu"


def test_machines_read_the_same(client: FlaskClient, story: Story) -> None:
    page = page_of(client, story)
    article = data_of(page)
    assert article["@type"] == "NewsArticle"
    assert article["headline"] == "Ferry sinks off Cebu"
    assert article["datePublished"] == article["dateModified"] == "2024-06-19T08:05:00Z"
    assert [author["name"] for author in article["author"]] == ["Rosa Lim", "A Guest"]
    assert article["image"][0].endswith(f"/media/{'0' * 32}/1600.jpg")
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/{story.path}">' in page
    assert '<meta property="og:title" content="Ferry sinks off Cebu">' in page


def test_an_excerpt_names_its_source_and_leads_to_it(
    client: FlaskClient, make_story: Writer
) -> None:
    original = "https://www.scmp.com/news/1?a=1&b=2"
    story = make_story(
        "From elsewhere", source_name="South China Morning Post", source_url=original
    )
    page = page_of(client, story)
    address = original.replace("&", "&amp;")
    assert f'href="{address}" rel="nofollow noopener">Read more on scmp.com</a>' in page
    assert f'<link rel="canonical" href="{address}">' in page
    assert "The full story is by" in page
    assert data_of(page)["isBasedOn"] == original


def test_a_correction_stands_on_the_story(
    client: FlaskClient, story: Story, make_story: Writer, session: Session
) -> None:
    story.correct("correction", "It sank on <Tuesday>.", None, clock.now())
    session.commit()
    page = page_of(client, story)
    assert "It sank on &lt;Tuesday&gt;." in page
    assert "Updated" in page
    assert data_of(page)["correction"][0]["text"] == "It sank on <Tuesday>."


def test_related_stories_share_its_tags_first(
    client: FlaskClient, story: Story, make_story: Writer
) -> None:
    make_story("Another ferry, elsewhere", sections=["india"], tags=["ferries"], at=AT)
    make_story("Rice harvest in Luzon", sections=["philippines"], at=AT + timedelta(days=1))
    make_story("Snow in Sapporo", sections=["japan"], at=AT + timedelta(days=2))
    related = page_of(client, story).partition('id="related-title"')[2]
    assert related.index("Another ferry") < related.index("Rice harvest")
    assert "Snow in Sapporo" not in related
    assert "Ferry sinks off Cebu" not in related


def test_a_format_alone_makes_no_story_related(
    client: FlaskClient, story: Story, make_story: Writer
) -> None:
    ours = make_story("Reefs of Palawan", sections=["philippines", "culture", "news"], at=AT)
    make_story("Snow in Sapporo", sections=["japan", "news"], at=AT + timedelta(days=2))
    make_story("Festival of Cebu", sections=["philippines", "culture"], at=AT)
    make_story("Rice of Luzon", sections=["philippines"], at=AT + timedelta(days=1))
    related = page_of(client, ours).partition('id="related-title"')[2]
    assert "Snow in Sapporo" not in related
    assert related.index("Festival of Cebu") < related.index("Rice of Luzon")


def test_an_invented_story_is_marked_wherever_it_goes(
    client: FlaskClient, make_story: Writer
) -> None:
    story = make_story("Invented", sections=["japan"], demo=True)
    assert '<meta name="robots" content="noindex">' in page_of(client, story)
    for url in ("/", "/latest", "/japan", f"/archive/{(story.path or '')[:10]}"):
        assert "Demonstration edition" in client.get(url).text
    for url in ("/feeds/japan.rss", "/feeds/japan.atom"):
        assert "[Demonstration] Invented" in client.get(url).text
    assert "Invented" not in client.get("/news-sitemap.xml").text


def test_a_withdrawn_story_is_gone_with_its_reason(
    client: FlaskClient, story: Story, session: Session
) -> None:
    url = f"/{story.path}"
    story.withdraw(None, clock.now(), "The source took back <its> claim.")
    session.commit()
    answer = client.get(url)
    assert answer.status_code == 410
    assert "The source took back &lt;its&gt; claim." in answer.text
    assert "It was calm" not in answer.text
    for listing in ("/", "/latest", "/philippines", "/feeds/latest.rss", "/news-sitemap.xml"):
        assert "Ferry sinks" not in client.get(listing).text


def test_an_unpublished_story_is_a_404_again(
    client: FlaskClient, story: Story, session: Session
) -> None:
    url = f"/{story.path}"
    assert client.get(url).status_code == 200
    story.unpublish(None, clock.now())
    session.commit()
    assert client.get(url, headers={"Authorization": "none"}).status_code == 404


def test_what_was_typed_is_never_markup(
    client: FlaskClient, make_story: Writer, session: Session, shared_data: Path
) -> None:
    lines = (shared_data / "security/xss_payloads.jsonl").read_text("utf-8").splitlines()
    payloads = [json.loads(line)["payload"][:80] for line in lines[::100]]
    for payload in [p for p in payloads if re.search(r"<\w.{10}", p)]:
        texts = ("headline", "standfirst", "kicker", "dateline", "source_name", "original_headline")
        story = make_story(live=False, **dict.fromkeys(texts, payload))
        story.source_url = "https://example.org/1"
        story.publish(None, clock.now(), f"2026/01/01/{story.id}")
        session.commit()
        for url in (f"/{story.path}", "/latest", "/feeds/latest.rss", "/feeds/latest.atom"):
            assert payload not in client.get(url, headers={"Authorization": "none"}).text


def test_two_stories_of_a_day_never_share_an_address(make_story: Writer) -> None:
    paths = [make_story("Same words", at=AT).path for _ in range(3)]
    assert paths == [f"2024/06/19/same-words{suffix}" for suffix in ("", "-2", "-3")]


def test_an_address_survives_a_change_of_words(story: Story, session: Session,
                                               client: FlaskClient) -> None:  # fmt: skip
    story.headline = "Ferry sinks off Bohol"
    session.commit()
    assert "Ferry sinks off Bohol" in page_of(client, story)
