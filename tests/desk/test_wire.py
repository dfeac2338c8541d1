"""The wire at the desk."""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.formats import host_of
from newsapp.stories.models import Story
from newsapp.stories.queries.sections import section_by_slug
from newsapp.wire.models import Feed, Item
from newsapp.wire.queries import item as item_of
from tests.newsroom import Desk, subscribe

Saved = Callable[..., list[Story]]
Wire = Callable[..., Item]


@pytest.fixture
def feed(session: Session) -> Feed:
    japan = section_by_slug(session, "japan")
    return subscribe(session, "https://wire.example/rss", title="Wire Example", language="en",
                     section_id=japan.id if japan else None)  # fmt: skip


@pytest.fixture
def arrives(session: Session, feed: Feed) -> Wire:
    """An item comes in: `arrives("headline", summary=…)`."""

    def bring(headline: str, summary: str = "<p>Words.</p>") -> Item:
        at = clock.now() - timedelta(minutes=5)
        item = Item(feed_id=feed.id, guid=headline, url="https://wire.example/1",
                    guid_hash=hashlib.sha256(headline.encode()).hexdigest(), headline=headline,
                    summary=summary, published_at=at, fetched_at=at)  # fmt: skip
        session.add(item)
        session.commit()
        return item

    return bring


def values(page: str) -> dict[str, Any]:
    """What a browser would send of the story form."""
    form = page.partition('id="story"')[2].partition("</form>")[0]
    inputs = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', form))
    areas = dict(re.findall(r'name="(\w+)"[^>]*>\s*([^<]*)</textarea>', form))
    checked = re.findall(r'name="sections" value="([\w-]+)" checked', form)
    areas["body"] = areas["body"].replace("&lt;", "<").replace("&gt;", ">")
    return {**inputs, **areas, "sections": checked, "language": "en", "photo": "0"}


def test_without_feeds_it_leads_to_where_they_are_added(desk: Desk) -> None:
    assert 'href="/desk/wire/feeds/new"' in desk.get("/desk/wire").text


def test_items_stand_newest_first_and_go_on(desk: Desk, arrives: Wire) -> None:
    for number in range(52):
        arrives(f"Headline {number}.")
    first = desk.get("/desk/wire").text
    assert first.index("Headline 51.") < first.index("Headline 50.")
    assert "Headline 1." not in first
    older = re.search(r'href="(/desk/wire\?before=\d+)"', first)
    assert older is not None
    assert "Headline 1." in desk.get(older[1]).text


def test_a_feed_that_never_answered_is_named_by_its_host(
    desk: Desk, feed: Feed, session: Session
) -> None:
    feed.title = ""
    feed.failed(clock.now(), "The server answered 503.")
    session.commit()
    told = f"<b><bdi>{host_of(feed.url)}</bdi></b></a>: The server answered 503"
    assert told in desk.get("/desk/wire").text


def test_a_failing_feed_tells_why(desk: Desk, feed: Feed, session: Session) -> None:
    feed.failed(clock.now(), "The server answered 503.")
    session.commit()
    told = "<bdi>Wire Example</bdi></b></a>: The server answered 503 since "
    assert told in desk.get("/desk/wire").text


def test_the_open_page_hears_of_new_items(desk: Desk, arrives: Wire) -> None:
    first = arrives("First")
    url = f"/desk/wire/new?after={first.id}"
    assert desk.get(url).status_code == 204
    arrives("Second")
    answer = desk.get(url)
    assert "1 new item: show" in answer.text
    assert f'hx-get="{url}"' in answer.text


def test_an_item_becomes_an_excerpt(
    desk: Desk, arrives: Wire, saved: Saved, session: Session, feed: Feed
) -> None:
    item = arrives("Bank holds rate", "<p>" + "word " * 100 + "</p>")
    form = values(desk.get(f"/desk/stories/new?item={item.id}").text)
    desk.post("/desk/stories", {**form, "then": "publication"})
    [story] = saved()
    assert (story.headline, story.source_name, story.source_url, story.live) == (
        "Bank holds rate", "Wire Example", "https://wire.example/1", True,
    )  # fmt: skip
    assert story.body.count("word") == 60
    assert {section.slug for section in story.sections} == {"japan", "news"}
    taken = item_of(session, item.id)
    assert taken is not None and (taken.state, taken.story_id) == ("taken", story.id)
    assert "Bank holds rate</a>" not in desk.get("/desk/wire").text


def test_an_item_that_is_a_story_already_is_not_made_one_unseen(
    desk: Desk, arrives: Wire, saved: Saved
) -> None:
    item = arrives("Bank holds rate")
    forms = [values(desk.get(f"/desk/stories/new?item={item.id}").text) for _ in range(2)]
    desk.post("/desk/stories", {**forms[0], "then": "publication"})
    answer = desk.post("/desk/stories", {**forms[1], "then": "publication"})
    assert answer.status_code == 409
    assert "is a story already: “Bank holds rate”" in answer.text
    assert len(saved()) == 1
    desk.post("/desk/stories", values(answer.text))  # knowingly
    assert len(saved()) == 2


def test_an_ignored_item_leaves_the_list(desk: Desk, arrives: Wire, session: Session) -> None:
    item = arrives("Dull")
    desk.post(f"/desk/wire/{item.id}/ignored", {})
    assert "Dull" not in desk.get("/desk/wire").text
    session.expire_all()
    assert item.state == "ignored"


def test_hostile_items_are_shown_as_text(desk: Desk, arrives: Wire) -> None:
    item = arrives("<script>alert(1)</script>", '<img src=x onerror="alert(1)">Hi')
    for url in ("/desk/wire", f"/desk/stories/new?item={item.id}"):
        page = desk.get(url).text
        assert "<script>alert" not in page and "<img src=x" not in page
