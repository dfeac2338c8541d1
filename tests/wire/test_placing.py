"""What items are about, and in which lists of the desk their cards stand."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.extensions import db
from newsapp.stories.models import Section, Story
from newsapp.stories.queries.sections import section_by_slug
from newsapp.wire import filing
from newsapp.wire.models import ClusterPlacement, Item, ItemSection
from tests.newsroom import subscribe
from tests.wire.test_filing import AGAIN, AT, QUAKE, VOTE, bring, entry, event_of, item

TALKS = "Japan and Vietnam sign a trade deal in Hanoi"


def about(session: Session, headline: str) -> set[str]:
    """The slugs of what an item is about."""
    query = select(Section.slug).join(ItemSection, ItemSection.section_id == Section.id)
    return set(session.scalars(query.where(ItemSection.item_id == item(session, headline).id)))


def lists(session: Session, headline: str) -> dict[str, tuple[str, int]]:
    """The lists that an item's card stands in, sections by name, with tray and newest item."""
    names = {f"section:{s.id}": s.slug for s in session.scalars(select(Section))}
    number = item(session, headline).cluster_id
    rows = session.scalars(select(ClusterPlacement).where(ClusterPlacement.cluster_id == number))
    return {names.get(row.facet, row.facet): (row.tray, row.newest_id) for row in rows}


def trays(session: Session, headline: str) -> set[str]:
    return {tray for tray, _ in lists(session, headline).values()}


def test_an_item_is_about_its_countries_their_regions_and_its_topic(session: Session) -> None:
    bring(session, TALKS)
    assert about(session, TALKS) >= {"japan", "vietnam", "east-asia", "southeast-asia"}


@pytest.mark.parametrize(
    ("headline", "told"),
    [("The minister resigns", {"india", "south-asia"}), (QUAKE, {"taiwan", "east-asia"})],
)
def test_what_names_no_country_is_of_its_feed_s(
    session: Session, headline: str, told: set[str]
) -> None:
    india = section_by_slug(session, "india")
    subscribe(session, "https://a.example/feed", section_id=india.id if india else None)
    bring(session, headline)
    places = {"india", "taiwan", "south-asia", "east-asia"}
    assert about(session, headline) & places == told


def test_words_that_change_tell_anew(session: Session) -> None:
    rain = "Rain stops play in Dhaka"
    bring(session, entry(QUAKE))
    bring(session, replace(entry(rain), guid=QUAKE))
    assert about(session, rain) >= {"bangladesh", "south-asia"}
    assert lists(session, rain).keys() >= {"bangladesh", "south-asia"}
    assert "taiwan" not in about(session, rain)


def test_a_card_stands_in_the_lists_of_all_its_items(session: Session) -> None:
    bring(session, entry(QUAKE, language="en-GB"))
    bring(session, entry(AGAIN, language="en"), source="b")
    found = lists(session, QUAKE)
    newest = item(session, AGAIN).id
    assert {"", "taiwan", "east-asia", "language:en"} <= found.keys()
    assert sum(name.startswith("source:") for name in found) == 2
    assert set(found.values()) == {("waiting", newest)}


def test_what_one_of_many_items_mentions_is_not_the_card_s(session: Session) -> None:
    same = [entry(f"{QUAKE}, part {n}") for n in range(5)]
    bring(session, *same, entry("India sends help", summary=f"{QUAKE}. {QUAKE}, part 6."))
    assert "taiwan" in lists(session, "India sends help")
    assert "india" not in lists(session, "India sends help")


def test_a_card_waits_until_its_last_item_is_dealt_with(session: Session) -> None:
    bring(session, QUAKE, AGAIN)
    item(session, QUAKE).ignore()
    session.commit()
    assert trays(session, QUAKE) == {"waiting"}
    item(session, AGAIN).ignore()
    session.commit()
    assert trays(session, QUAKE) == {"ignored"}


def test_a_card_that_a_story_was_made_of_is_used(
    session: Session, make_story: Callable[..., Story]
) -> None:
    bring(session, VOTE)
    item(session, VOTE).take(make_story(live=False))
    session.commit()
    assert trays(session, VOTE) == {"used"}


def test_what_comes_later_brings_a_card_back(session: Session) -> None:
    bring(session, QUAKE)
    item(session, QUAKE).ignore()
    session.commit()
    bring(session, AGAIN, source="b", at=AT + timedelta(minutes=1))
    assert set(lists(session, QUAKE).values()) == {("waiting", item(session, AGAIN).id)}


def test_what_is_undone_moves_nothing(session: Session) -> None:
    bring(session, QUAKE)
    item(session, QUAKE).ignore()
    session.flush()
    session.rollback()
    assert trays(session, QUAKE) == {"waiting"}


def test_split_and_join_place_both_cards_anew(session: Session) -> None:
    bring(session, entry(QUAKE, language="en"))
    bring(session, entry(AGAIN, language="hi"), source="b")
    new = filing.split(session, [item(session, AGAIN)], None, AT)
    session.commit()
    assert "language:hi" not in lists(session, QUAKE)
    assert lists(session, AGAIN)["language:hi"] == ("waiting", item(session, AGAIN).id)
    filing.join(session, event_of(session, QUAKE), new, None, AT)
    session.commit()
    assert lists(session, QUAKE)["language:hi"] == ("waiting", item(session, AGAIN).id)
    assert not session.scalars(select(ClusterPlacement).filter_by(cluster_id=new.id)).all()


def test_an_editor_and_a_worker_at_once_hide_nothing(app: Flask, session: Session) -> None:
    bring(session, *(f"{QUAKE}, part {n}" for n in range(9)))
    numbers = [found.id for found in session.scalars(select(Item))]
    session.commit()

    def ignore() -> None:
        with app.app_context():
            for number in numbers:
                filing.begin(db.session())
                db.session().get_one(Item, number).ignore()
                db.session.commit()

    editor = threading.Thread(target=ignore)
    editor.start()
    for n in range(5):
        bring(session, f"{AGAIN}, part {n}", source="b")
    editor.join()
    assert set(session.scalars(select(ClusterPlacement.tray))) == {"waiting"}
