"""One story is one item: under any guid, at any of its addresses, in however many feeds."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsapp.extensions import db
from newsapp.wire import adding, filing, ingest, queries
from newsapp.wire.entries import ParsedFeed, entry
from newsapp.wire.models import VERSIONS, Cluster, Feed, Item, ItemVersion, Sighting, Source, State
from newsapp.wire.names import alike, named
from newsapp.wire.opml import Outline
from tests import newsroom
from tests.wire.test_ingest import new_items

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
RAIN, VOTE = "Rain stops play in Dhaka", "Nepal votes for a new parliament"
Said = tuple[str, str, str] | tuple[str, str, str, str] | tuple[str, str, str, str, datetime]


def bring(session: Session, *said: Said, source: str = "a", at: datetime = AT) -> int:
    """Ingests what the feed of this source has, as (guid, link, headline, text, date)."""
    url = f"https://{source}.example/feed"
    feed = session.scalar(select(Feed).where(Feed.url == url)) or newsroom.subscribe(session, url)
    found = [
        entry(guid=one[0], urls=(one[1],), title=one[2], body=one[3] if len(one) > 3 else "",
              base=url, published_at=one[4] if len(one) > 4 else None)
        for one in said
    ]  # fmt: skip
    count = ingest.ingest(session, feed, ParsedFeed("News", "", "", named(found)), at)
    session.commit()
    return count


def headlines(session: Session) -> list[str]:
    return [item.headline for item in new_items(session)]


def sources(session: Session) -> int:
    session.expire_all()
    return session.scalars(select(Cluster)).one().sources


def test_a_changed_guid_with_the_same_link_is_the_same_item(session: Session) -> None:
    bring(session, ("1", "/2026/rain", RAIN))
    assert bring(session, ("2", "/2026/rain", f"{RAIN} again"), at=LATER) == 0
    assert headlines(session) == [f"{RAIN} again"]
    assert session.scalar(select(func.count()).select_from(Sighting)) == 0


def test_a_story_at_three_addresses_in_one_feed_comes_once(session: Session) -> None:
    three = [("", f"{start}/2026/rain{end}", RAIN) for start, end in (
        ("http://a.example", "?utm_source=rss"), ("https://a.example", "/"),
        ("https://www.a.example", ""))]  # fmt: skip
    assert bring(session, *three) == 1
    assert bring(session, *reversed(three), at=LATER) == 0
    assert session.scalars(select(Item.url)).one() == "http://a.example/2026/rain"


def test_a_guid_that_is_given_to_a_new_story_names_neither(session: Session) -> None:
    bring(session, ("1", "/2026/rain", RAIN))
    for _ in range(2):
        bring(session, ("1", "/2026/vote", VOTE), at=LATER)
    assert headlines(session) == [VOTE, RAIN]


@pytest.mark.parametrize("links", ["ab", "aa"])
def test_a_guid_that_all_items_have_takes_none_for_another(session: Session, links: str) -> None:
    rain, vote = (
        ("0", f"/live/{link}", said, "", AT) for link, said in zip(links, (RAIN, VOTE), strict=True)
    )
    bring(session, rain)
    bring(session, vote, rain)
    for said in (vote, rain, vote):
        assert bring(session, said, at=LATER) == 0
    assert headlines(session) == [VOTE, RAIN]


def test_a_story_that_moves_with_its_guid_is_the_same(session: Session) -> None:
    bring(session, ("1", "/2026/rain", RAIN, "", AT), ("2", "/2026/vote", VOTE))
    again = ("1", "/2026/floods", "Floods kill twelve", "", AT), ("2", "/2026/nepal", f"{VOTE} now")
    assert bring(session, *again, at=LATER) == 0
    assert session.scalars(select(Item.url).order_by(Item.id)).all() == [
        "https://a.example/2026/nepal", "https://a.example/2026/floods",
    ]  # fmt: skip


@pytest.mark.parametrize("link", ["https://a.example/", "https://a.example/latest/news"])
def test_a_link_that_all_items_have_folds_none(session: Session, link: str) -> None:
    bring(session, ("1", link, RAIN), ("2", link, VOTE))
    bring(session, ("3", link, "Japan cuts rates"), at=LATER)
    assert len(headlines(session)) == 3


SHARED = ["https://a.example/", "https://a.example/a1", "https://a.example/live/updates"]
SAID = [RAIN, VOTE, "Rupee falls to a record low", f"{RAIN} again"]


def listed(link: str, guid: str = "", headlines: Sequence[str] = SAID) -> list[Said]:
    """These headlines on one link, by the order of SAID a minute apart; a `guid` starts theirs."""
    dates = [AT - timedelta(minutes=SAID.index(one) + 2) for one in headlines]
    guids = [guid and f"{guid} {number}" for number in range(len(headlines))]
    found = zip(guids, headlines, dates, strict=True)
    return [(own, link, said, "", date) for own, said, date in found]


@pytest.mark.parametrize("link", SHARED)
def test_what_has_no_guid_and_one_link_is_known_by_its_words(session: Session, link: str) -> None:
    assert bring(session, *listed(link, headlines=SAID[1:])) == 3
    assert bring(session, *listed(link, headlines=SAID[1:])) == 0
    assert bring(session, *listed(link), at=LATER) == 1
    for left in (SAID[:3], SAID[1:2], SAID[:1], SAID):
        assert bring(session, *listed(link, headlines=left), at=LATER) == 0
    assert sorted(headlines(session)) == sorted(SAID)


def test_a_short_link_of_its_own_is_a_name(session: Session) -> None:
    for said in ([RAIN, VOTE], [f"{RAIN} again", VOTE]):
        bring(session, *(("", f"https://a.example/{n}", one) for n, one in enumerate(said)))
    assert headlines(session) == [f"{RAIN} again", VOTE]


@pytest.mark.parametrize("link", SHARED)
def test_a_guid_that_changes_at_each_fetch_doubles_nothing(session: Session, link: str) -> None:
    assert bring(session, *listed(link, "1")) == 4
    for fetch in "234":
        assert bring(session, *listed(link, fetch), at=LATER) == 0


def test_a_page_that_gets_other_stories_beside_its_first_keeps_it(session: Session) -> None:
    for guid, first in (("", RAIN), ("1", VOTE)):
        link = f"/live/{guid or 'none'}"
        bring(session, *listed(link, guid, [first]))
        assert bring(session, *listed(link, guid and "2"), at=LATER) == 3


@pytest.mark.parametrize("guid", ["", "0"])
def test_the_same_words_of_several_days_are_several_items(session: Session, guid: str) -> None:
    days = [(guid, "/", "Weather", "", AT - timedelta(days=days)) for days in (1, 2, 3)]
    for fetch, kept in enumerate((days, days, days[:2], days[:1])):
        assert bring(session, *kept) == (0 if fetch else 3)


def test_what_has_no_date_is_known_by_its_text(session: Session) -> None:
    said = [(str(n), "/", "Alert", text) for n, text in enumerate(("Fire in Pune", "Flood in Leh"))]
    assert bring(session, *said) == 2
    again = [("7", *one[1:]) for one in said[1:]]
    assert bring(session, *again, ("8", "/", "Alert", "Quake in Hualien"), at=LATER) == 1


def test_a_correction_under_another_guid_is_of_the_item_of_its_date(session: Session) -> None:
    bring(session, ("1", "/", RAIN, "Wet", AT), ("2", "/", RAIN, "Dry", AT))
    bring(session, ("3", "/", RAIN, "Dry", AT), ("4", "/", RAIN, "Very wet", AT), at=LATER)
    assert sorted(session.scalars(select(Item.summary))) == ["Dry", "Very wet"]


def test_a_page_that_gets_another_story_days_later_is_another_item(session: Session) -> None:
    bring(session, ("1", "/market/report", "Shares fall in Tokyo"))
    for days in (3, 4):
        bring(session, ("2", "/market/report", VOTE), at=AT + timedelta(days=days))
    assert headlines(session) == [VOTE, "Shares fall in Tokyo"]


def test_what_leads_where_another_story_stood_is_lost_for_none(session: Session) -> None:
    bring(session, ("g", "/2026/rain", RAIN, "", AT))
    moved = ("g", "/2026/rain-2", RAIN, "", AT)
    assert bring(session, moved, ("", "/2026/rain", VOTE, "", AT), at=LATER) == 1
    assert {item.url[-6:]: item.headline for item in new_items(session)} == {
        "rain-2": RAIN,
        "6/rain": VOTE,
    }


def test_two_feeds_with_one_link_give_one_item_with_two_sources(session: Session) -> None:
    bring(session, ("1", "https://agency.example/2026/rain", RAIN))
    for at in (LATER, LATER + timedelta(hours=1)):
        said = ("x", "http://agency.example/2026/rain/?utm_source=b", f"{RAIN}: agency")
        assert bring(session, said, source="b", at=at) == 0
    assert headlines(session) == [RAIN]
    assert sources(session) == 2
    assert bring(session, ("x", "https://b.example/moved", f"{RAIN}!"), source="b") == 0


def test_an_outlet_has_its_own_words_for_its_page_whoever_brought_it_first(
    session: Session,
) -> None:
    link = "https://agency.example/2026/rain"
    bring(session, ("1", link, VOTE, "Forged"), source="evil")
    assert bring(session, ("x", link, RAIN), source="agency", at=LATER) == 1
    for guid in "123":
        bring(session, ("x", link, f"{RAIN} again"), source="agency", at=LATER)
        bring(session, (guid, link, VOTE, "Forged"), source="evil", at=LATER)
        assert bring(session, (guid, link, RAIN), source="b", at=LATER) == 0
    assert headlines(session) == [f"{RAIN} again", VOTE]
    assert sorted(session.scalars(select(Cluster.sources))) == [1, 2]


def test_an_item_that_an_outlet_brings_of_its_site_follows_that_outlet(session: Session) -> None:
    link = "https://agency.example/2026/rain"
    bring(session, ("1", link, f"{RAIN}: agency", "Forged"), source="b")
    for text in ("Wet", "Wet", "Dry"):
        assert bring(session, ("x", link, RAIN, text), source="agency", at=LATER) == 0
        assert bring(session, ("1", link, VOTE, "Forged again"), source="b", at=LATER) == 0
    (item,) = new_items(session)
    assert (item.headline, item.summary, item.feed.host) == (RAIN, "Dry", "agency.example")
    assert (item.changes, sources(session)) == (2, 2)


def test_an_outlet_that_is_known_by_now_gets_its_words_back(session: Session) -> None:
    link = "https://agency.example/2026/rain"
    bring(session, ("1", link, VOTE), source="evil")
    bring(session, ("x", link, RAIN), source="desk")
    feed = session.scalars(select(Feed).where(Feed.host == "desk.example")).one()
    filing.hand_over(session, feed, queries.source_for(session, link), LATER)
    for new in (1, 0):
        assert bring(session, ("x", link, RAIN), source="desk", at=LATER) == new
    assert session.scalars(select(Cluster.sources)).all() == [1, 1]


def test_a_feed_that_a_list_calls_an_outlet_s_gives_way_to_that_outlet_s_own(
    session: Session,
) -> None:
    link, outlet = "https://agency.example/2026/rain", "https://agency.example/"
    claim = Outline("", "https://evil.example/feed", None, outlet)
    adding.add_all(session, [claim], frozenset())
    bring(session, ("1", link, VOTE, "Forged"), source="evil")
    assert session.scalars(select(Source.name)).all() == ["agency.example"]  # not what evil says
    assert bring(session, ("x", link, RAIN), source="agency", at=LATER) == 1
    assert bring(session, ("2", link, VOTE, "Forged"), source="evil", at=LATER) == 0
    assert headlines(session) == [RAIN, VOTE]


def test_two_feeds_of_one_outlet_are_one_source(session: Session) -> None:
    bring(session, ("1", "https://agency.example/2026/rain", RAIN), source="a")
    bring(session, ("1", "https://agency.example/2026/rain", RAIN), source="www.a")
    assert session.scalar(select(func.count()).select_from(Sighting)) == 1
    assert sources(session) == 1


def test_what_was_ignored_does_not_come_back_by_another_feed(session: Session) -> None:
    bring(session, ("1", "https://agency.example/2026/rain", RAIN))
    session.scalars(select(Item)).one().ignore()
    bring(session, ("2", "https://agency.example/2026/rain", RAIN), source="b")
    assert session.scalars(select(Item.state)).all() == [State.IGNORED]


def test_what_an_item_said_before_is_kept(session: Session) -> None:
    bring(session, ("1", "/2026/rain", RAIN, "Wet"))
    bring(session, ("1", "/2026/rain", RAIN, "Dry"), at=LATER)
    bring(session, ("1", "/2026/rain", VOTE, "Dry"), at=LATER)
    bring(session, ("1", "/2026/rain", VOTE, "Dry"), at=LATER)
    versions = session.scalars(select(ItemVersion).order_by(ItemVersion.number)).all()
    assert [(v.headline, v.summary, v.replaced_at) for v in versions] == [
        (RAIN, "Wet", LATER), (RAIN, "Dry", LATER)
    ]  # fmt: skip
    assert headlines(session) == [VOTE]


def test_of_endless_changes_the_first_and_the_last_are_kept(session: Session) -> None:
    for minute in range(30):
        said = ("1", "/2026/rain", f"{RAIN}, minute {minute}")
        bring(session, said, at=AT + timedelta(minutes=minute))
    kept = session.scalars(select(ItemVersion.headline).order_by(ItemVersion.replaced_at)).all()
    assert len(kept) == VERSIONS
    assert (kept[0], kept[-1]) == (f"{RAIN}, minute 0", f"{RAIN}, minute 28")


def test_workers_that_bring_one_link_at_once_make_one_item(app: Flask, session: Session) -> None:
    names, at_once = "abcd", threading.Barrier(4)
    for name in names:
        newsroom.subscribe(session, f"https://{name}.example/feed")
    session.commit()

    def work(name: str) -> None:
        with app.app_context():
            at_once.wait()
            bring(db.session(), ("1", "https://agency.example/rain", RAIN), source=name)

    workers = [threading.Thread(target=work, args=(name,)) for name in names]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert session.scalars(select(Item.headline)).all() == [RAIN]
    assert sources(session) == 4


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        (RAIN, "Play stopped by rain in Dhaka", True), (RAIN, VOTE, False), (RAIN, "", True),
        ("花蓮で強い地震", "花蓮で強い地震、死者も", True),
        ("花蓮で強い地震", "日銀が利下げ", False),
    ],
)  # fmt: skip
def test_headlines_of_one_story_are_alike(one: str, other: str, are: bool) -> None:
    assert alike(one, other) is are
