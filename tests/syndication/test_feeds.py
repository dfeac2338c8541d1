"""Feeds: what a feed reader gets back is what the newsroom wrote."""

import calendar
import html
import time
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.stories.models import Story
from tests.newsroom import Desk, Writer

AT = datetime(2024, 6, 19, 8, 5, 1, tzinfo=UTC)
HEADLINE = "Kim & Putin sign <“strongest ever”> 条約 معاهدة"
KINDS = pytest.mark.parametrize("kind", ["rss", "atom"])


@pytest.fixture
def story(make_story: Writer) -> Story:
    return make_story(HEADLINE, sections=["north-korea", "politics"], at=AT,
                      standfirst="A treaty & more.", bylines=["Rosa Lim"])  # fmt: skip


def moment(parts: time.struct_time) -> datetime:
    return datetime.fromtimestamp(calendar.timegm(parts), UTC)


def parsed(client: FlaskClient, url: str) -> feedparser.FeedParserDict:
    answer = client.get(url, headers={"Authorization": "none"})
    assert answer.status_code == 200
    feed = feedparser.parse(answer.data, response_headers={"content-type": answer.content_type})
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


@KINDS
def test_it_parses_back_to_what_was_written(client: FlaskClient, story: Story, kind: str) -> None:
    feed = parsed(client, f"/feeds/north-korea.{kind}")
    (entry,) = feed.entries
    assert feed.feed.title == "Asian-News.net: North Korea"
    assert html.unescape(entry.title) == HEADLINE
    assert entry.link == f"http://127.0.0.1:8000/{story.path}"
    assert moment(entry.published_parsed) == AT
    assert "Rosa Lim" in entry.author
    assert {"North Korea", "Politics"} <= {tag.label or tag.term for tag in entry.tags}


@KINDS
def test_a_storys_name_outlives_every_change(
    client: FlaskClient, story: Story, session: Session, kind: str
) -> None:
    url = f"/feeds/latest.{kind}"
    before = parsed(client, url).entries[0].id
    story.headline = "Other words"
    story.correct("correction", "It was Tuesday.", None, clock.now())
    session.commit()
    after = parsed(client, url).entries[0]
    assert after.id == before == f"tag:127.0.0.1,2024-06-19:story/{story.id}"
    assert after.title == "Other words"


def test_atom_tells_when_a_story_was_updated(
    client: FlaskClient, story: Story, session: Session
) -> None:
    story.correct("correction", "It was Tuesday.", None, AT + timedelta(days=1))
    session.commit()
    (entry,) = parsed(client, "/feeds/latest.atom").entries
    assert moment(entry.updated_parsed) == AT + timedelta(days=1)


@KINDS
def test_it_has_the_fifty_newest_first(client: FlaskClient, make_story: Writer, kind: str) -> None:
    for n in range(55):
        make_story(f"Story {n}", at=AT + timedelta(minutes=n))
    titles = [entry.title for entry in parsed(client, f"/feeds/latest.{kind}").entries]
    assert titles == [f"Story {n}" for n in range(54, 4, -1)]


@KINDS
def test_an_empty_section_has_an_empty_feed(client: FlaskClient, kind: str) -> None:
    assert parsed(client, f"/feeds/japan.{kind}").entries == []


@KINDS
def test_what_no_xml_may_hold_is_gone_when_it_is_saved(
    client: FlaskClient, desk: Desk, kind: str
) -> None:
    headline = "A \x0bferry\x00 sinks\x1f \ufffe\uffff"
    typed = {"headline": headline, "body": "<p>A \x08 line</p>", "language": "en", "photo": "0",
             "sections": ["philippines"], "token": "0" * 32, "then": "publication"}  # fmt: skip
    assert desk.post("/desk/stories", typed).status_code == 303
    assert parsed(client, f"/feeds/latest.{kind}").entries[0].title == "A ferry sinks"
