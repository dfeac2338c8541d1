"""Rules: what they ask of an item, what they do with it, what they would have done."""

import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from newsapp import streams
from newsapp.audit import Deed
from newsapp.extensions import db
from newsapp.stories.models import NotAllowed, Story
from newsapp.stories.queries.sections import section_by_slug
from newsapp.wire import adding, ingest, rules
from newsapp.wire.entries import Entry, ParsedFeed
from newsapp.wire.models import Item, Source
from newsapp.wire.opml import Outline
from newsapp.wire.rehearsal import rehearse
from newsapp.wire.rules import Facts, Rule, plain, terms_of
from tests import newsroom

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
Made = Callable[..., Rule]
BODY = "The coast guard saved all aboard. Nobody was hurt, it said."


@pytest.fixture
def made(session: Session) -> Made:
    """Makes a rule: `made(words="quake", action="flag")`."""

    def make(**fields: Any) -> Rule:
        rule = Rule(**{"name": "Ferries", "words": "ferry", "action": "publish", **fields})
        session.add(rule)
        session.commit()
        return rule

    return make


def bring(session: Session, *headlines: str, at: datetime = AT, **given: Any) -> list[Item]:
    """What a feed brings, as a worker files it."""
    url, body = given.pop("url", "https://post.example/rss"), given.pop("body", BODY)
    feed = newsroom.subscribe(session, f"{url}/{hash(headlines)}", title="The Post")
    for name, value in given.items():
        setattr(feed.source, name, value)
    entries = tuple(
        Entry(h, f"https://post.example/{hash(h)}", h, body, "", "", at) for h in headlines
    )
    ingest.ingest(session, feed, ParsedFeed("", "", "en", entries[::-1]), at)
    session.commit()
    session.expire_all()
    return list(session.scalars(select(Item).where(Item.headline.in_(headlines)).order_by(Item.id)))


def facts(text: str, source: int = 1, sections: tuple[int, ...] = ()) -> Facts:
    return Facts(source, plain(text), frozenset(sections))


@pytest.mark.parametrize(
    ("words", "text", "fits"),
    [
        ("ferry", "A Ferry sinks", True),
        ("ferry", "Ferrying goods", False),
        ("ferry cebu", "Cebu: ferry sinks", True),
        ("ferry cebu", "The ferry sinks", False),
        ('"trade war"', "The trade  war goes on", True),
        ("“trade war”", "A war on trade", False),
        ("일본", "한국은 일본과 정상회담을 연다", True),
        ("إيران", "محادثات بين واشنطن وإيران", True),
        ("مصر", "والمصرفي يستقيل", False),
        ("地震", "台湾で地震", True),
        ("แผ่นดินไหว", "เกิดแผ่นดินไหวใน", True),
        ("café", "At the cafe\u0301", True),
        ("c++", "Learn C++ now", True),
        ("abc", "日本abc", False),
        ("中国", "abc中国", True),
        ("ferry_1", "The ferry_1 sinks", True),
        ("_", "_", True),
        ("covid-19", "Of covid-19, not covid-190", True),
        ("covid-19", "Of covid-190", False),
        ('"', "anything", True),
    ],
)
def test_words_are_found_as_they_are_written(words: str, text: str, fits: bool) -> None:
    assert Rule(words=words).fits(facts(text)) is fits


def test_all_that_is_given_must_hold() -> None:
    rule = Rule(words="ferry", source_id=1, where_id=5, topic_id=7)
    assert rule.fits(facts("ferry", 1, (5, 7, 9)))
    assert not rule.fits(facts("ferry", 2, (5, 7)))
    assert not rule.fits(facts("ferry", 1, (5,)))


def test_a_rule_asks_for_no_more_words_than_it_may() -> None:
    assert len(terms_of("a b c " * 100)) == rules.TERMS + 1


def test_the_first_rule_that_fits_counts(session: Session, made: Made) -> None:
    made(action="ignore", place=2)
    made(action="flag", note="Look", place=1)
    made(action="ignore", place=0, paused=True)
    [item] = bring(session, "Ferry sinks")
    assert (item.state, item.flagged, item.mark) == ("new", True, "Look")


def test_a_rule_knows_places_and_topics(session: Session, made: Made) -> None:
    region = section_by_slug(session, "southeast-asia")
    made(action="ignore", words="", where_id=region.id if region else 0)
    items = bring(session, "Manila closes schools", "Tokyo opens schools")
    assert [item.state for item in items] == ["ignored", "new"]


def test_an_excerpt_comes_out_by_itself_after_its_delay(session: Session, made: Made) -> None:
    made(delay=15)
    [item] = bring(session, "Ferry sinks off Cebu", most_words=7, indexing="noindex")
    story = session.get_one(Story, item.story_id)
    assert (story.status, story.publish_at) == ("scheduled", AT + timedelta(minutes=15))
    assert story.body == "<p>The coast guard saved all aboard.</p>"
    assert (story.source_name, story.noindex) == ("The Post", True)
    streams.release(db.engine, AT + timedelta(minutes=15), newsroom.UTC)
    session.expire_all()
    assert story.live and story.breaking_until is None


def test_it_is_filed_under_what_it_is_about(session: Session, made: Made) -> None:
    made()
    japan = section_by_slug(session, "japan")
    feed = newsroom.subscribe(session, "https://post.example/rss", section=japan)
    for headline in ("Ferry sinks off Cebu in the Philippines", "New ferry goes every hour"):
        found = Entry(headline, f"https://post.example/{headline}", headline, "", "", "", AT)
        ingest.ingest(session, feed, ParsedFeed("", "", "en", (found,)), AT)
    session.commit()
    stories = session.scalars(
        select(Story).options(selectinload(Story.sections)).order_by(Story.id)
    )
    countries = [{s.slug for s in story.sections if s.kind == "country"} for story in stories]
    assert countries == [{"philippines"}, {"japan"}]


def test_the_log_says_which_rule_it_was(session: Session, made: Made) -> None:
    rule = made()
    [item] = bring(session, "Ferry sinks off Cebu")
    [deed] = session.scalars(select(Deed).where(Deed.story_id == item.story_id))
    assert (deed.who, deed.words) == (f"Rule {rule.id}: Ferries", "scheduled by a rule")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"trust": "doubtful"}, "The Post is doubtful."),
        ({"licence_ends": date(2026, 2, 28)}, "The licence of The Post is over, or about to be."),
        ({"licence_ends": date(2026, 3, 1), "at": AT.replace(hour=11)}, "The licence of The Post"),
    ],
)
def test_what_a_source_does_not_allow_waits_and_says_why(
    session: Session, made: Made, given: dict[str, Any], why: str
) -> None:
    made()
    [item] = bring(session, "Ferry sinks off Cebu", **given)
    assert item.state == "new" and item.mark.startswith(f"Not published by itself: {why}")
    assert session.scalars(select(Story)).all() == []


def test_what_is_another_outlet_s_is_bound_by_its_terms(session: Session, made: Made) -> None:
    made()
    session.add(Source(name="The Post", host="post.example", trust="doubtful"))
    [item] = bring(session, "Ferry sinks off Cebu", url="https://collector.example/rss")
    assert "The Post is doubtful." in item.mark


def test_a_feed_that_only_a_list_calls_an_outlet_s_publishes_nothing(
    session: Session, made: Made
) -> None:
    made()
    url, claim = "https://evil.example/rss", Outline("", "", None, "https://post.example/")
    [feed] = adding.add_all(session, [claim._replace(url=url)], frozenset()).claimed
    forged = Entry("1", "https://post.example/1", "Ferry", BODY, "", "", AT)
    ingest.ingest(session, feed, ParsedFeed("The Post", "", "", (forged,)), AT)
    assert (
        "Only a list says that its feed is of post.example."
        in session.scalars(select(Item.mark)).one()
    )
    [part] = rehearse(session, rules.at_work(session), AT).parts
    assert (part.count, part.published) == (1, 0)


def test_old_news_is_not_published(session: Session, made: Made) -> None:
    made()
    feed = newsroom.subscribe(session, "https://post.example/rss")
    old = Entry("1", "https://post.example/1", "Ferry", BODY, "", "", AT - timedelta(days=1))
    ingest.ingest(session, feed, ParsedFeed("", "", "", (old,)), AT)
    assert "older than twelve hours" in session.scalars(select(Item.mark)).one()


def test_an_event_is_published_once(session: Session, made: Made) -> None:
    made()
    first, again = bring(session, "Ferry sinks off Cebu", "Ferry sinks off Cebu, all saved")
    assert first.cluster_id == again.cluster_id
    assert first.story_id and "We had it already." in again.mark


def test_no_more_than_its_limit_goes_out_in_an_hour(session: Session, made: Made) -> None:
    made(hourly=1)
    bring(session, "Ferry sinks off Cebu")
    [more] = bring(session, "New ferry for Hokkaido", at=AT + timedelta(minutes=59), body="")
    [later] = bring(session, "Ferry strike in Piraeus", at=AT + timedelta(minutes=61), body="")
    assert "more than 1 in an hour" in more.mark
    assert later.story_id is not None


def test_what_a_clock_that_was_ahead_let_out_keeps_nothing_back(
    session: Session, made: Made
) -> None:
    made(hourly=1)
    bring(session, "Ferry sinks off Cebu", at=AT + timedelta(days=10))
    [item] = bring(session, "New ferry for Hokkaido", body="")
    assert item.story_id is not None, item.mark


def test_workers_at_once_keep_to_one_limit(app: Flask, session: Session, made: Made) -> None:
    made(hourly=2)
    at_once, places = threading.Barrier(3), ("Cebu Davao", "Osaka Kobe", "Batam Medan")

    def work(places: str) -> None:
        with app.app_context():
            at_once.wait()
            bring(db.session(), *(f"Ferry {place}" for place in places.split()), body="")

    newsroom.subscribe(session, "https://post.example/first")
    workers = [threading.Thread(target=work, args=(names,)) for names in places]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert session.scalar(select(func.count()).select_from(Item)) == 6
    assert session.scalar(select(func.count()).select_from(Story)) == 2


def test_rules_change_places() -> None:
    order = [Rule(name=name, place=0) for name in "abc"]
    rules.move(order, order[2], up=True)
    assert [rule.place for rule in order] == [1, 3, 2]
    with pytest.raises(NotAllowed):
        rules.move(order, order[0], up=True)


def test_a_rehearsal_says_what_would_have_been_and_changes_nothing(session: Session) -> None:
    bring(session, "Ferry sinks off Cebu", "Ferry sinks off Cebu, all saved", "Rain in Delhi")
    bring(session, "New ferry for Hokkaido", at=AT + timedelta(minutes=5), body="")
    rule = Rule(name="x", words="ferry", action="publish", delay=1, hourly=1)
    [part] = rehearse(session, [rule], AT + timedelta(days=6)).parts
    assert (part.count, part.published) == (3, 1)
    assert dict(part.held) == {"We had it already.": 1, "It would be more than 1 in an hour.": 1}
    assert part.last[0][0].headline == "New ferry for Hokkaido"
    assert [item.headline for item in part.out] == ["Ferry sinks off Cebu"]
    later = rehearse(session, [rule], AT + timedelta(days=9))
    assert not session.new and (later.parts[0].count, later.looked) == (0, 0)


def did(session: Session) -> list[str]:
    """What rules published."""
    query = select(Item.headline).where(Item.rule_id.is_not(None), Item.story_id.is_not(None))
    return list(session.scalars(query.order_by(Item.headline)))


def would(session: Session, *wanted: Rule) -> list[str]:
    """What these rules would have published."""
    parts = rehearse(session, wanted, AT + timedelta(days=1)).parts
    return sorted(item.headline for part in parts for item in part.out)


def test_a_rehearsal_publishes_an_event_once_whichever_rule_does(
    session: Session, made: Made
) -> None:
    some = made(words="lost"), made(words="ferry")
    with time_machine.travel(AT, tick=False):
        bring(session, "Ferry sinks off Cebu", "Ferry sinks off Cebu, ten lost")
        assert did(session) == would(session, *some) == ["Ferry sinks off Cebu"]
        bring(session, "Ferry sinks off Cebu, many lost", at=AT + timedelta(hours=2))
        assert did(session) == would(session, *some) == ["Ferry sinks off Cebu"]


def test_a_rehearsal_knows_what_we_had_before(session: Session, made: Made) -> None:
    rule = made(words="ferry")
    with time_machine.travel(AT, tick=False):
        [first, _] = bring(session, "Boat sinks off Cebu", "Rain in Delhi")
        story = Story(headline="A boat is lost", created_at=AT)
        session.add(story)
        session.flush()
        first.take(story)
        bring(session, "Ferry sinks off Cebu", at=AT + timedelta(minutes=5))
    assert did(session) == would(session, rule) == []
    story.created_at = AT + timedelta(hours=1)
    session.commit()
    assert would(session, rule) == ["Ferry sinks off Cebu"]


@pytest.mark.parametrize(
    "terms", [{"trust": "doubtful"}, {"licence_ends": date(2026, 2, 28)}, {"most_words": 3}]
)
def test_a_rehearsal_keeps_to_the_terms_of_whose_page_it_is(
    session: Session, made: Made, terms: dict[str, Any]
) -> None:
    rule = made()
    session.add(Source(name="The Post", host="post.example", **{"trust": "known", **terms}))
    bring(session, "Ferry sinks off Cebu", url="https://collector.example/rss", most_words=60)
    assert did(session) == would(session, rule) == []


def test_a_rehearsal_looks_no_longer_than_it_may(session: Session) -> None:
    bring(session, "Ferry sinks off Cebu", "Rain in Delhi")
    rule = Rule(name="x", words="ferry", action="publish", delay=1, hourly=1)
    played = rehearse(session, [rule], AT, patience=-1)
    assert (played.looked, played.whole, played.parts[0].count) == (0, False, 0)


def test_many_rules_cost_little_more_than_one(session: Session) -> None:
    some = [f"word{number}" for number in range(1_000)]
    texts = [facts(" ".join(random.choices(some, k=500))) for _ in range(100)]
    asked = [Rule(words=" ".join(random.choices(some, k=16))) for _ in range(100)]
    began = time.thread_time()
    assert not any(rules.first_that_fits(asked, text) for text in texts)
    assert time.thread_time() - began < 0.3  # a pattern for each word and text takes a second
