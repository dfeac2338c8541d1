"""What is old and of no story goes, and never comes back as new."""

import hashlib
import textwrap
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from newsapp.extensions import Model
from newsapp.stories.models import Story
from newsapp.wire import filing, ingest, thinning
from newsapp.wire.entries import Entry, ParsedFeed
from newsapp.wire.models import (
    Cluster,
    ClusterChoice,
    ClusterPlacement,
    Feed,
    Gist,
    Host,
    Item,
    ItemVersion,
    Sighting,
    Spiked,
)
from tests import newsroom

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
LATER = AT + timedelta(days=91)


def entry(n: int, **changed: object) -> Entry:
    """The n-th item of a feed: one of many events."""
    words = " ".join(textwrap.wrap(hashlib.sha256(str(n).encode()).hexdigest(), 8))
    made = Entry(f"guid {n}", f"https://news.asia/story/{n}", words, "", "", "en", None)
    return replace(made, **changed)  # type: ignore[arg-type]


def bring(session: Session, *entries: Entry, source: str = "a", at: datetime = AT) -> int:
    """Ingests what a feed of this name has; how many are new."""
    url = f"https://{source}.example/feed"
    feed = session.scalar(select(Feed).where(Feed.url == url)) or newsroom.subscribe(session, url)
    count = ingest.ingest(session, feed, ParsedFeed("News", "", "", entries), at)
    session.commit()
    return count


def thin(session: Session, at: datetime = LATER, days: int = 90) -> None:
    """Thins until there is nothing left to do, as the worker does."""
    while thinning.thin(session, at, days, most=3):
        session.commit()
    session.commit()
    session.expire_all()


def count(session: Session, model: type[Model]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_what_is_old_goes_and_what_came_since_stays(session: Session) -> None:
    bring(session, *map(entry, range(10)))
    bring(session, *map(entry, range(12)), at=AT + timedelta(days=2))
    thin(session)
    assert sorted(session.scalars(select(Item.guid))) == ["guid 10", "guid 11"]


def test_a_feed_that_still_carries_it_brings_nothing_new(session: Session) -> None:
    bring(session, entry(1), entry(2))
    thin(session)
    assert bring(session, entry(1), entry(2), entry(3), at=LATER) == 1
    assert session.scalars(select(Item.guid)).all() == ["guid 3"]


def test_under_another_guid_its_link_is_known(session: Session) -> None:
    bring(session, entry(1))
    thin(session)
    again = entry(1, guid="moved", url="http://www.news.asia/story/1/?utm_source=rss")
    assert bring(session, again, at=LATER) == 0
    assert bring(session, again, source="b", at=LATER) == 0


def test_a_page_that_has_a_story_of_today_is_news(session: Session) -> None:
    bring(session, entry(1))
    thin(session)
    assert bring(session, entry(1, guid="next", published_at=LATER), at=LATER) == 1


def test_a_guid_that_is_given_to_a_story_of_today_is_news(session: Session) -> None:
    bring(session, entry(1))
    thin(session)
    other = entry(2, guid="guid 1", published_at=LATER)
    assert bring(session, other, at=LATER) == 1
    assert bring(session, entry(1, published_at=LATER), at=LATER) == 0


@pytest.mark.parametrize("date", [None, AT - timedelta(days=1)])
def test_what_shares_its_link_is_known_by_its_words(
    session: Session, date: datetime | None
) -> None:
    front = {"url": "https://news.asia/", "published_at": date}
    bring(session, entry(1, **front))
    thin(session)
    assert bring(session, entry(1, guid="next", **front), at=LATER) == 0
    assert bring(session, entry(2, guid="next", **front), at=LATER) == 1


def test_whoever_else_had_it_brings_it_no_more(session: Session) -> None:
    bring(session, entry(1))
    bring(session, entry(1, guid="b 1"), source="b")
    assert count(session, Sighting) == 1
    thin(session)
    assert bring(session, entry(1, guid="b 1", url=""), source="b", at=LATER) == 0


def test_what_a_story_was_made_of_stays_with_its_event(
    session: Session, make_story: Callable[..., Story]
) -> None:
    bring(session, entry(1), entry(1, guid="twin", url="https://news.asia/other"), entry(2))
    session.scalars(select(Item).where(Item.guid == "guid 1")).one().take(make_story())
    session.commit()
    thin(session)
    (item,) = session.scalars(select(Item)).all()
    (event,) = session.scalars(select(Cluster)).all()
    assert (item.guid, item.cluster_id) == ("guid 1", event.id)
    assert (event.items, event.sources) == (1, 1)


def test_nothing_of_it_is_left_but_its_marks(session: Session) -> None:
    bring(session, entry(1), entry(2))
    bring(session, entry(1, headline="Minister opens another bridge"), entry(2))
    first, second = session.scalars(select(Cluster).order_by(Cluster.id)).all()
    filing.join(session, first, second, None, AT)
    session.add(Host(name="gone.example:443", free_at=AT))
    session.commit()
    thin(session)
    emptied = (Item, ItemVersion, Cluster, ClusterChoice, ClusterPlacement, Gist, Host)
    assert [count(session, model) for model in emptied] == [0] * len(emptied)
    assert count(session, Spiked) == 4


def test_a_joined_event_is_forgotten_before_the_one_that_took_it(session: Session) -> None:
    bring(session, entry(1), entry(2))
    bring(session, entry(3), at=AT + timedelta(days=5))
    first, second, third = session.scalars(select(Cluster).order_by(Cluster.id)).all()
    filing.join(session, third, first, None, AT)
    filing.join(session, third, second, None, AT)
    session.commit()
    thin(session)
    (event,) = session.scalars(select(Cluster)).all()
    assert (event.id, event.items) == (third.id, 1)


def test_the_file_does_not_grow_from_year_to_year(app: Flask, session: Session) -> None:
    if app.config["DATABASE_URL"]:
        pytest.skip("PostgreSQL takes care of its files itself")
    pages = []
    for year in range(4):
        at = AT + timedelta(days=365 * year)
        bring(session, *(entry(100 * year + n, summary="word " * 400) for n in range(100)), at=at)
        thin(session, at + timedelta(days=91))
        pages.append(session.scalar(text("PRAGMA page_count")) or 0)
    assert pages[3] <= pages[0] * 1.05


def test_whatever_refers_to_items_and_events_lets_them_go() -> None:
    ours = {"items.cluster_id", "gists.cluster_id", "clusters.joined_id",
            "cluster_choices.cluster_id", "cluster_choices.other_id"}  # fmt: skip
    for table in Model.metadata.tables.values():
        for key in table.foreign_keys:
            if key.column.table.name in ("items", "clusters") and str(key.parent) not in ours:
                assert key.ondelete in ("CASCADE", "SET NULL"), str(key.parent)
