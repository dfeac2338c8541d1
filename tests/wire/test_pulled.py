"""What an outlet takes out of its feed again stays on the wire, and says so."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.stories.models import Status, Story
from newsapp.wire import ingest
from newsapp.wire.entries import Entry, ParsedFeed
from newsapp.wire.models import Feed, Item
from newsapp.wire.rules import Rule
from tests import newsroom

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
LISTED = ["Ferry sinks", "Parliament votes", "Rice is dear", "Dam opens", "Quake in Luzon",
          "Cup is won", "Film takes prize", "Airport shuts", "Court frees editor"]  # fmt: skip
RICE = LISTED[2]


def entry(headline: str) -> Entry:
    at, url = AT - HOUR * LISTED.index(headline), f"https://post.example/{headline[:4]}"
    return Entry(headline, url, headline, f"{headline}, officials said.", "", "", at)


def bring(session: Session, feed: Feed, headlines: Sequence[str]) -> None:
    """What a feed lists, an hour apart and newest first, as a worker files it."""
    entries = tuple(map(entry, headlines))
    ingest.ingest(session, feed, ParsedFeed("", "", "en", entries), AT)
    session.commit()


def pulled(session: Session) -> list[str]:
    query = select(Item.headline).where(Item.pulled_at.is_not(None)).order_by(Item.headline)
    return list(session.scalars(query))


def without(*numbers: int) -> list[str]:
    return [headline for number, headline in enumerate(LISTED) if number not in numbers]


@pytest.fixture
def full(session: Session, feed: Feed) -> Feed:
    """A feed that listed them all."""
    bring(session, feed, LISTED)
    return feed


def test_what_is_missing_between_others_was_taken_out(session: Session, full: Feed) -> None:
    bring(session, full, without(2))
    assert pulled(session) == [RICE]
    bring(session, full, LISTED)
    assert pulled(session) == []


@pytest.mark.parametrize(
    "listed",
    [LISTED[:6], LISTED[2:], without(0), without(6), [*LISTED[:5], LISTED[8]], [], LISTED[:1]],
    ids=["its end cut", "an old copy", "newest", "near the end", "pinned", "none", "one"],
)
def test_what_falls_off_or_is_not_there_yet_was_not(
    session: Session, full: Feed, listed: list[str]
) -> None:
    bring(session, full, listed)
    assert pulled(session) == []


def test_a_feed_in_another_order_than_its_dates_says_nothing(session: Session, full: Feed) -> None:
    bring(session, full, [LISTED[3], LISTED[0], LISTED[1], *LISTED[4:]])
    assert pulled(session) == []


def test_another_feeds_items_are_not_meant(session: Session, full: Feed) -> None:
    bring(session, newsroom.subscribe(session, "https://other.example/rss"), without(2))
    assert pulled(session) == []


def test_a_card_and_the_form_of_its_excerpt_say_so(
    session: Session, full: Feed, desk: newsroom.Desk
) -> None:
    bring(session, full, without(2))
    [number] = session.scalars(select(Item.id).where(Item.pulled_at.is_not(None)))
    assert "Taken out of its feed" in desk.get("/desk/wire").text
    assert "took this out of its feed" in desk.get(f"/desk/stories/new?item={number}").text


def test_what_a_rule_was_about_to_publish_is_taken_off_the_schedule(
    session: Session, feed: Feed
) -> None:
    session.add(Rule(name="Food", words="rice", action="publish", delay=30, hourly=99))
    bring(session, feed, LISTED)
    bring(session, feed, without(2))
    story = session.scalars(select(Story)).one()
    assert (story.headline, story.status) == (RICE, Status.DRAFT)
