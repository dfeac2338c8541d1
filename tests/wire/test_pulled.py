"""What an outlet takes out of its feed again stays on the wire, and says so."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.accounts.models import User
from newsapp.stories.models import Story, WorkingCopy
from newsapp.wire import ingest, obeying
from newsapp.wire.entries import Entry, ParsedFeed
from newsapp.wire.models import ClusterPlacement, Feed, Item, Tray
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


@pytest.fixture
def ruled(session: Session, feed: Feed) -> Feed:
    """A feed of which a rule is about to publish an item."""
    session.add(Rule(name="Food", words="rice", action="publish", delay=30, hourly=99))
    bring(session, feed, LISTED)
    return feed


def rice(session: Session) -> Item:
    session.expire_all()
    return session.scalars(select(Item).where(Item.headline == RICE)).one()


def test_what_a_rule_was_about_to_publish_waits_instead(session: Session, ruled: Feed) -> None:
    bring(session, ruled, without(2))
    assert session.scalars(select(Story)).all() == []
    assert (rice(session).state, rice(session).mark) == ("new", obeying.PULLED)
    card = select(ClusterPlacement.tray).where(
        ClusterPlacement.cluster_id == rice(session).cluster_id
    )
    assert set(session.scalars(card)) == {Tray.WAITING}


def test_when_its_feed_has_it_again_that_is_what_it_says(session: Session, ruled: Feed) -> None:
    bring(session, ruled, without(2))
    bring(session, ruled, LISTED)
    assert (rice(session).state, rice(session).mark) == ("new", obeying.LISTED)
    assert rice(session).pulled_at is None


def test_what_somebody_has_open_becomes_a_draft(
    session: Session, ruled: Feed, editor: User
) -> None:
    copy = WorkingCopy(user_id=editor.id, token="1" * 32, story_id=rice(session).story_id,
                       version=1, seen_at=AT, typed_at=AT, words={})  # fmt: skip
    session.add(copy)
    session.commit()
    bring(session, ruled, without(2))
    story = session.scalars(select(Story)).one()
    assert (story.headline, story.status, rice(session).state) == (RICE, "draft", "taken")
