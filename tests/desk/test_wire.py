"""The wire at the desk: the list, its filters, what is done with cards."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.accounts.models import User
from newsapp.formats import host_of
from newsapp.stories.models import Story
from newsapp.stories.queries.sections import section_by_slug
from newsapp.wire import reading
from newsapp.wire.models import Feed, Item, ReadingMark
from newsapp.wire.queries import item as item_of
from tests.counting import selects
from tests.newsroom import Desk, hire, subscribe
from tests.wire import test_filing
from tests.wire.test_filing import (
    AGAIN,
    QUAKE,
    VOTE,
    entry,
    event_of,
    item,
    together,
)

Saved = Callable[..., list[Story]]
Wire = Callable[..., Item]
PIER, RAIN = "Kobe opens a pier", "Rain stops play in Dhaka"


def bring(session: Session, *entries: Any, source: str = "a") -> None:
    """Ingests what a feed of this name has, just now."""
    test_filing.bring(session, *entries, source=source, at=clock.now())


@pytest.fixture
def feed(session: Session) -> Feed:
    japan = section_by_slug(session, "japan")
    return subscribe(session, "https://wire.example/feed", title="Wire Example", language="en",
                     section_id=japan.id if japan else None)  # fmt: skip


@pytest.fixture
def arrives(session: Session, feed: Feed) -> Wire:
    """An item comes in: `arrives("headline", summary=…)`."""

    def arrive(headline: str, summary: str = "<p>Words.</p>") -> Item:
        came = entry(headline, "https://wire.example/1" if headline == "Bank holds rate" else "",
                     summary)  # fmt: skip
        bring(session, came, source="wire")
        return item(session, headline)

    return arrive


def values(page: str) -> dict[str, Any]:
    """What a browser would send of the story form."""
    form = page.partition('id="story"')[2].partition("</form>")[0]
    inputs = dict(re.findall(r'name="(\w+)"[^>]*? value="([^"]*)"', form))
    areas = dict(re.findall(r'name="(\w+)"[^>]*>\s*([^<]*)</textarea>', form))
    checked = re.findall(r'name="sections" value="([\w-]+)" checked', form)
    areas["body"] = unescape(areas["body"])
    return {**inputs, **areas, "sections": checked, "language": "en", "photo": "0"}


def listed(desk: Desk, address: str = "") -> list[str]:
    """The headlines of the cards that a list holds, in its order."""
    page = desk.get(f"/desk/wire{address}", follow_redirects=True).text
    return [unescape(h) for h in re.findall(r'row__headline"[^>]*>([^<]*)<', page)]


def card_of(session: Session, headline: str) -> str:
    """The address of the card that an item is on."""
    return f"/desk/wire/cards/{item(session, headline).cluster_id}"


def test_without_feeds_it_leads_to_where_they_are_added(desk: Desk) -> None:
    assert 'href="/desk/wire/feeds/new"' in desk.get("/desk/wire").text


def test_before_anything_came_in_nothing_is_said_to_be_done(desk: Desk, feed: Feed) -> None:
    page = desk.get("/desk/wire").text
    assert "Nothing has come in yet" in page and "All caught up" not in page


def test_cards_stand_by_their_newest_movement_and_go_on(desk: Desk, session: Session) -> None:
    many = [f"{chr(97 + n % 26) * 5}{chr(97 + n // 26) * 7} speaks" for n in range(51)]
    bring(session, *many)
    first = desk.get("/desk/wire").text
    older = re.search(r'href="(/desk/wire\?before=\d+-\d+)"', first)
    assert older is not None
    assert listed(desk) + listed(desk, older[1].removeprefix("/desk/wire")) == many


def test_what_a_new_feed_has_had_for_long_stands_by_its_date(desk: Desk, session: Session) -> None:
    long_ago = clock.now() - timedelta(days=2000)
    old, late = (replace(entry(said), published_at=long_ago) for said in (VOTE, "Bank holds rate"))
    bring(session, RAIN, "Tigers counted in Assam")
    newest = item(session, RAIN).id
    bring(session, PIER, old, source="b")
    assert listed(desk) == [PIER, RAIN, "Tigers counted in Assam", VOTE]
    assert ">1 new" in desk.get(f"/desk/wire/new?after={newest}").text
    bring(session, late, source="b")  # of a feed that we know, a date may be wrong
    assert listed(desk)[0] == "Bank holds rate"


def test_a_card_tells_where_what_and_why(desk: Desk, session: Session) -> None:
    bring(session, entry(QUAKE, language="en"))
    bring(session, entry(AGAIN, language="en-GB"), source="b")
    page = desk.get("/desk/wire").text
    assert "2 items from 2 sources" in page
    for words in ("Taiwan", "English", "a.example", "b.example", "Began this card",
                  "Words in common:"):  # fmt: skip
        assert words in page


@pytest.mark.parametrize("hours", [4, 17_000])
def test_what_came_in_late_says_when_it_was_published(
    desk: Desk, session: Session, arrives: Wire, hours: int
) -> None:
    old, new = arrives("Old"), arrives("New")
    old.published_at = clock.now() - timedelta(hours=hours)
    session.commit()
    assert desk.get("/desk/wire").text.count("<strong>Published <time") == 1
    assert "This came in late" in desk.get(f"/desk/stories/new?item={old.id}").text
    assert "This came in late" not in desk.get(f"/desk/stories/new?item={new.id}").text


def test_what_an_item_said_before_stands_on_its_card(desk: Desk, session: Session) -> None:
    url = "https://a.example/2026/quake-in-hualien"
    for headline, words in ((QUAKE, "Forty hurt."), (QUAKE, "Fourteen hurt."), (AGAIN, "None.")):
        bring(session, entry(headline, url, f"<p>{words}</p>"))
    assert ">changed 2 times</a>" in desk.get("/desk/wire").text
    page = desk.get(card_of(session, AGAIN)).text
    assert f">{QUAKE}</del>" in page


def test_a_card_of_several_items_tells_that_its_headline_changed(
    desk: Desk, session: Session
) -> None:
    bring(session, QUAKE, source="b")
    for headline in (QUAKE, AGAIN):
        bring(session, entry(headline, "https://a.example/2026/quake-in-hualien"))
    assert (listed(desk), together(session, QUAKE, AGAIN)) == ([AGAIN], True)
    assert ">changed once</a>" in desk.get("/desk/wire").text


def test_a_card_of_one_item_tells_which_sources_bring_it(desk: Desk, session: Session) -> None:
    for source in ("a", "b"):
        bring(session, entry(QUAKE, "https://news.asia/2026/11/quake"), source=source)
    assert listed(desk) == [QUAKE]
    page = desk.get("/desk/wire").text
    assert "<span>2 sources</span>" in page
    assert "<bdi>a.example</bdi>, <bdi>b.example</bdi>" in page


def test_the_newest_of_the_most_trusted_source_stands_for_its_card(
    desk: Desk, session: Session
) -> None:
    bring(session, QUAKE)
    bring(session, AGAIN, source="b")
    assert listed(desk) == [AGAIN]
    assert "newest of 2" in desk.get("/desk/wire").text
    source = item_of(session, item(session, AGAIN).id)
    assert source is not None
    source.feed.source.trust = "doubtful"
    session.commit()
    assert listed(desk) == [QUAKE]
    assert "most trusted of 2" in desk.get("/desk/wire").text


def test_what_still_waits_stands_for_its_card(desk: Desk, session: Session) -> None:
    bring(session, QUAKE)
    bring(session, AGAIN, source="b")
    desk.post(f"/desk/wire/items/{item(session, AGAIN).id}/ignored", {})
    assert "<span>still waiting, of 2</span>" in desk.get("/desk/wire").text


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?place=taiwan", [QUAKE]),
        ("?place=east-asia", [PIER, QUAKE]),
        ("?place=east-asia&language=ja", [PIER]),
        ("?topic=sport", [RAIN]),
        ("?language=en", [RAIN, QUAKE]),
        ("?words=magnitude+hualien", [QUAKE]),
        ("?words=%E6%96%B0", [PIER]),
        ("?words=100%25", []),
        ("?place=&topic=&words=", [RAIN, PIER, QUAKE]),
    ],
)
def test_it_is_narrowed_by_its_address(
    desk: Desk, session: Session, address: str, found: list[str]
) -> None:
    bring(session, entry(QUAKE, language="en"),
          entry(PIER, language="ja", summary="神戸に新しい桟橋"),
          entry(RAIN, language="en", summary="The cricket match was called off."))  # fmt: skip
    assert listed(desk, address) == found[::-1]


def test_it_is_narrowed_to_a_source(desk: Desk, session: Session) -> None:
    bring(session, QUAKE)
    bring(session, VOTE, source="b")
    page = desk.get("/desk/wire").text
    number = re.search(r'<option value="(\d+)">b\.example', page)
    assert number is not None
    assert listed(desk, f"?source={number[1]}") == [VOTE]


@pytest.mark.parametrize(
    ("query", "status"),
    [("place=mars", 422), ("source=x", 422), ("show=x", 422), ("before=x", 400), ("after=1", 200)],
)
def test_a_list_that_is_none_is_told(desk: Desk, query: str, status: int) -> None:
    assert desk.get(f"/desk/wire?{query}").status_code == status


@pytest.mark.parametrize("address", ["", "?place=taiwan&language=en", "?show=unread"])
def test_a_list_costs_as_much_with_fifty_cards_as_with_one(
    desk: Desk, session: Session, address: str
) -> None:
    bring(session, entry(QUAKE, language="en"))
    desk.get(f"/desk/wire{address}")
    with selects() as few:
        desk.get(f"/desk/wire{address}")
    names = (f"{chr(97 + n % 26) * 5}{chr(97 + n // 26) * 7}" for n in range(40))
    bring(session, *(entry(f"{name} visits Taiwan", language="en") for name in names))
    with selects() as many:
        desk.get(f"/desk/wire{address}")
    assert len(many) == len(few) <= 24


def test_the_open_page_hears_of_what_is_new_and_what_moved(desk: Desk, session: Session) -> None:
    bring(session, QUAKE)
    url = f"/desk/wire/new?after={item(session, QUAKE).id}"
    assert desk.get(url).status_code == 204
    bring(session, AGAIN, RAIN, source="b")
    answer = desk.get(url)
    assert "2 new: show" in answer.text
    assert f'hx-get="{url}"' in answer.text
    assert "1 new: show" in desk.get(f"{url}&place=taiwan").text


def test_a_card_is_unread_until_it_was_seen_and_when_it_moves(desk: Desk, session: Session) -> None:
    bring(session, QUAKE)
    seen = f"{item(session, QUAKE).cluster_id}-{item(session, QUAKE).id}"
    desk.post("/desk/wire/reading", {"seen": seen, "quietly": ""})
    assert listed(desk, "?show=unread") == []
    bring(session, AGAIN, source="b")
    assert listed(desk, "?show=unread") == [AGAIN]
    desk.post("/desk/wire/reading", {"seen": seen})  # of a window that was open all the time
    assert listed(desk, "?show=unread") == [AGAIN]


def test_what_one_has_seen_is_unread_for_others(app: Flask, desk: Desk, session: Session) -> None:
    bring(session, QUAKE)
    hire(session, "rosa@example.org", "reporter")
    desk.post("/desk/wire/reading/all", {"newest": item(session, QUAKE).id})
    assert listed(desk, "?show=unread") == []
    assert listed(Desk(app.test_client(), "rosa@example.org"), "?show=unread") == [QUAKE]


def test_all_that_a_list_holds_is_read_up_to_what_it_showed(desk: Desk, session: Session) -> None:
    bring(session, QUAKE, VOTE)
    newest = item(session, QUAKE).id
    bring(session, PIER)
    desk.post("/desk/wire/reading/all", {"newest": newest, "list": "place=taiwan"})
    assert listed(desk, "?show=unread") == [PIER]


def test_marking_all_as_read_is_taken_back_as_it_was(desk: Desk, session: Session) -> None:
    bring(session, QUAKE, VOTE)
    seen = item(session, VOTE)
    desk.post("/desk/wire/reading", {"seen": f"{seen.cluster_id}-{seen.id}"})
    answer = desk.post("/desk/wire/reading/all", {"newest": 9})
    assert "1 card is marked as read." in desk.get(answer.location).text
    assert listed(desk, "?show=unread") == []
    desk.post("/desk/wire/reading/all/end", {})
    assert listed(desk, "?show=unread") == [QUAKE]


def test_what_stands_below_everything_is_read_and_unread_as_all_else(
    desk: Desk, session: Session
) -> None:
    bring(session, replace(entry(VOTE), published_at=clock.now() - timedelta(days=2000)))
    assert listed(desk, "?show=unread") == [VOTE]
    desk.post("/desk/wire/reading/all", {"newest": str(item(session, VOTE).id)})
    assert listed(desk, "?show=unread") == []
    desk.post("/desk/wire/reading/all/end", {})
    assert listed(desk, "?show=unread") == [VOTE]


def test_a_card_that_moved_is_unread_from_where_it_was_seen_before(
    desk: Desk, session: Session
) -> None:
    bring(session, QUAKE)
    first = item(session, QUAKE)
    desk.post("/desk/wire/reading", {"seen": f"{first.cluster_id}-{first.id}"})
    bring(session, AGAIN)
    desk.post("/desk/wire/reading/all", {"newest": 9})
    desk.post("/desk/wire/reading/all/end", {})
    assert listed(desk, "?show=unread")
    assert session.scalars(select(ReadingMark.newest_id)).all() == [first.id]


def test_a_card_is_made_unread_again(desk: Desk, session: Session) -> None:
    bring(session, QUAKE)
    number = item(session, QUAKE).cluster_id
    desk.post("/desk/wire/reading", {"seen": f"{number}-{item(session, QUAKE).id}"})
    desk.post("/desk/wire/reading/end", {"unseen": number})
    assert listed(desk, "?show=unread") == [QUAKE]
    assert session.scalars(select(ReadingMark)).all() == []


def test_marks_of_what_is_long_past_go_and_it_counts_as_read(
    desk: Desk, session: Session, editor: User
) -> None:
    test_filing.bring(session, QUAKE, at=clock.now() - timedelta(days=15))
    bring(session, VOTE)
    for headline in (QUAKE, VOTE):
        known = item(session, headline)
        reading.mark(session, editor, {known.cluster_id or 0: known.id})
    assert reading.forget(session, clock.now()) == 1
    session.commit()
    assert listed(desk, "?show=unread") == []


def test_nonsense_was_not_read(desk: Desk) -> None:
    assert desk.post("/desk/wire/reading", {"seen": "7"}).status_code == 422
    assert desk.post("/desk/wire/reading", {"seen": "999-999"}).status_code == 303
    assert desk.post("/desk/wire/reading/all", {}).status_code == 422


def test_an_ignored_card_leaves_the_list_and_comes_back(desk: Desk, session: Session) -> None:
    bring(session, QUAKE, AGAIN)
    card = card_of(session, QUAKE)
    answer = desk.post(f"{card}/ignored", {"list": "language=en"})
    assert answer.location.startswith("/desk/wire?language=en&ignored=")
    assert "Undo</button>" in desk.get(answer.location).text
    assert (listed(desk), listed(desk, "?show=ignored")) == ([], [QUAKE])
    desk.post(f"{card}/ignored/end", {})
    assert listed(desk) == [QUAKE]


def test_what_was_ignored_comes_back_by_itself_when_it_moves(desk: Desk, session: Session) -> None:
    bring(session, QUAKE)
    desk.post(f"{card_of(session, QUAKE)}/ignored", {})
    bring(session, AGAIN, source="b")
    assert listed(desk) == [AGAIN]


def test_one_item_of_a_card_is_ignored(desk: Desk, session: Session) -> None:
    bring(session, QUAKE, AGAIN)
    url = f"/desk/wire/items/{item(session, QUAKE).id}/ignored"
    answer = desk.post(url, {"then": "card"})
    assert answer.location == card_of(session, QUAKE)
    assert listed(desk) == [AGAIN]
    desk.post(f"{url}/end", {})
    assert listed(desk) == [QUAKE]


def test_items_are_split_off_to_a_card_of_their_own(desk: Desk, session: Session) -> None:
    bring(session, QUAKE, AGAIN)
    card = card_of(session, QUAKE)
    answer = desk.post(f"{card}/splits", {"item": item(session, AGAIN).id})
    assert answer.location == card_of(session, AGAIN) != card
    assert "Split off;" in desk.get(answer.location).text
    assert not together(session, QUAKE, AGAIN)


def test_what_was_set_aside_with_the_rest_waits_again_when_it_is_split_off(
    desk: Desk, session: Session
) -> None:
    bring(session, QUAKE, AGAIN)
    card = card_of(session, QUAKE)
    desk.post(f"{card}/ignored", {})
    desk.post(f"{card}/splits", {"item": item(session, AGAIN).id})
    assert (listed(desk), listed(desk, "?show=ignored")) == ([AGAIN], [QUAKE])


def test_a_card_leads_back_to_the_list_that_it_was_joined_in(desk: Desk, session: Session) -> None:
    bring(session, QUAKE, VOTE)
    numbers = [event_of(session, headline).id for headline in (QUAKE, VOTE)]
    answer = desk.post("/desk/wire/joins", {"card": numbers, "list": "place=taiwan&ignored=7"})
    page = desk.get(answer.location).text
    assert 'href="/desk/wire?place=taiwan">To the wire' in page
    assert 'name="list" value="place=taiwan"' in page


def test_what_is_one_card_or_gone_is_not_said_to_be_joined(desk: Desk, session: Session) -> None:
    bring(session, QUAKE)
    answer = desk.post("/desk/wire/joins", {"card": [event_of(session, QUAKE).id, 888_888]})
    assert (answer.status_code, "not there any more" in answer.text) == (409, True)


def test_cards_are_joined_to_the_fullest(desk: Desk, session: Session) -> None:
    bring(session, VOTE, QUAKE, AGAIN, PIER)
    fullest = event_of(session, QUAKE).id
    numbers = [event_of(session, headline).id for headline in (VOTE, QUAKE, PIER)]
    answer = desk.post("/desk/wire/joins", {"card": numbers})
    assert answer.location == f"/desk/wire/cards/{fullest}"
    assert together(session, VOTE, QUAKE, AGAIN, PIER)
    assert "Put here by an editor" in desk.get(f"/desk/wire/cards/{numbers[0]}").text


def test_what_can_not_be_split_or_joined_is_told(desk: Desk, session: Session) -> None:
    bring(session, QUAKE, VOTE)
    card = card_of(session, QUAKE)
    assert desk.post("/desk/wire/joins", {"card": "1"}).status_code == 422
    assert desk.post(f"{card}/splits", {}).status_code == 422
    alone = desk.post(f"{card}/splits", {"item": item(session, QUAKE).id})
    assert (alone.status_code, "Leave at least one" in alone.text) == (409, True)
    assert desk.get("/desk/wire/cards/999").status_code == 404


def test_a_join_that_lacks_a_tick_stands_over_its_list_with_filter_and_tick(
    desk: Desk, session: Session
) -> None:
    bring(session, QUAKE, PIER)
    number = item(session, QUAKE).cluster_id
    page = desk.post("/desk/wire/joins", {"card": number, "list": "place=taiwan"}).text
    assert "Tick two cards or more" in page and f'name="card" value="{number}" checked' in page
    assert PIER not in page and 'name="list" value="place=taiwan"' in page


def test_a_split_that_can_not_be_stands_over_its_card_with_the_ticks(
    desk: Desk, session: Session
) -> None:
    bring(session, QUAKE, AGAIN)
    numbers = [item(session, headline).id for headline in (QUAKE, AGAIN)]
    form = {"item": numbers, "then": "card", "list": "place=taiwan"}
    page = desk.post(f"{card_of(session, QUAKE)}/splits", form).text
    assert "Leave at least one item behind" in page and page.count('" checked> <span') == 2
    assert 'href="/desk/wire?place=taiwan">To the wire' in page


def test_any_other_refusal_of_the_wire_leads_back_to_its_list(desk: Desk) -> None:
    page = desk.post("/desk/wire/cards/999/ignored", {"list": "place=taiwan"}).text
    assert 'href="/desk/wire?place=taiwan">Back to the wire' in page


@pytest.fixture
def flag(session: Session) -> Callable[[str], None]:
    """A rule flags an item: `flag(headline)`."""

    def flagged(headline: str) -> None:
        known = item(session, headline)
        known.flagged, known.mark = True, "Call the coast guard"
        session.commit()

    return flagged


def test_a_flagged_card_stands_on_top_once_with_what_it_has_in_the_list(
    desk: Desk, session: Session, flag: Callable[[str], None]
) -> None:
    bring(session, QUAKE, AGAIN, VOTE)
    for headline in (QUAKE, AGAIN):
        flag(headline)
    assert listed(desk) == [QUAKE, QUAKE, VOTE]
    [top] = re.findall(r'id="flagged-\d+".*?</li>', desk.get("/desk/wire").text, re.S)
    assert f'href="{item(session, QUAKE).url}"' in top
    for deed in (f"/desk/stories/new?item={item(session, QUAKE).id}", "/ignored"):
        assert f'{deed}"' in top


@pytest.mark.parametrize(
    "address", ["?words=hualien", "?show=unread", "?show=used", "?place=taiwan"]
)
def test_what_is_flagged_stands_over_what_waits_alone(
    desk: Desk, session: Session, flag: Callable[[str], None], address: str
) -> None:
    bring(session, QUAKE)
    flag(QUAKE)
    assert "Flagged" in desk.get("/desk/wire").text
    assert "Flagged" not in desk.get(f"/desk/wire{address}").text


def test_what_says_what_a_story_of_ours_says_leads_there(
    app: Flask, desk: Desk, session: Session, make_story: Callable[..., Story]
) -> None:
    story = make_story(QUAKE, at=clock.now() - timedelta(hours=1))
    bring(session, AGAIN)
    link = f'We have it: <a href="/desk/stories/{story.id}">{QUAKE}</a>'
    assert link in desk.get("/desk/wire").text


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
    told = "<bdi>Wire Example</bdi></b></a>: The server answered 503. Failing since "
    assert told in desk.get("/desk/wire").text


def test_an_item_becomes_an_excerpt(
    desk: Desk, arrives: Wire, saved: Saved, session: Session
) -> None:
    known = arrives("Bank holds rate", "<p>" + "word " * 100 + "</p>")
    form = values(desk.get(f"/desk/stories/new?item={known.id}").text)
    desk.post("/desk/stories", {**form, "then": "publication"})
    [story] = saved()
    assert (story.headline, story.source_name, story.source_url, story.live) == (
        "Bank holds rate", "Wire Example", "https://wire.example/1", True,
    )  # fmt: skip
    assert story.body.count("word") == 60
    assert {"japan", "news"} <= {section.slug for section in story.sections}
    taken = item_of(session, known.id)
    assert taken is not None and (taken.state, taken.story_id) == ("published", story.id)
    assert (listed(desk), listed(desk, "?show=used")) == ([], ["Bank holds rate"])


def test_an_excerpt_is_said_to_be_in_the_language_of_its_item(
    desk: Desk, arrives: Wire, saved: Saved, session: Session, reads: Callable[..., Any]
) -> None:
    known = arrives("1 2 3")
    known.language = "sv"
    session.commit()
    form = desk.get(f"/desk/stories/new?item={known.id}").text
    assert '<option selected value="sv">' in form
    desk.post("/desk/stories", {**values(form), "language": "sv", "then": "publication"})
    assert '<div class="prose" lang="sv"' in reads(f"/{saved()[0].path}").text


def test_an_excerpt_leads_back_to_its_card(desk: Desk, arrives: Wire, saved: Saved) -> None:
    known = arrives("Bank holds rate")
    way, new = f'<a href="/desk/wire/cards/{known.cluster_id}">To the card</a>', known.id
    form = desk.get(f"/desk/stories/new?item={new}").text
    desk.post("/desk/stories", values(form))
    assert way in form and way in desk.get(f"/desk/stories/{saved()[0].id}").text


def test_an_excerpt_is_filed_under_what_it_is_about(desk: Desk, session: Session) -> None:
    bring(session, "Japan and Vietnam sign a trade deal in Hanoi")
    number = item(session, "Japan and Vietnam sign a trade deal in Hanoi").id
    form = values(desk.get(f"/desk/stories/new?item={number}").text)
    assert {"japan", "vietnam", "news"} <= {*form["sections"]}
    assert not {"east-asia", "southeast-asia"} & {*form["sections"]}


def test_an_excerpt_of_another_language_keeps_its_headline(desk: Desk, session: Session) -> None:
    bring(session, entry("神戸に新しい桟橋", language="ja"))
    number = item(session, "神戸に新しい桟橋").id
    form = values(desk.get(f"/desk/stories/new?item={number}").text)
    assert form["original_headline"] == form["headline"] == "神戸に新しい桟橋"


def test_an_excerpt_tells_who_else_reports_it(
    desk: Desk, session: Session, saved: Saved, reads: Callable[[str], Any]
) -> None:
    bring(session, entry(QUAKE, "https://b.example/1", "It was felt in Taipei."), source="b")
    bring(session, entry(AGAIN, "https://c.example/2?a=1&b=2"), source="c")
    bring(session, entry(f"{AGAIN}: dozens trapped", "https://b.example/3"), source="b")
    form = values(desk.get(f"/desk/stories/new?item={item(session, QUAKE).id}").text)
    desk.post("/desk/stories", {**form, "then": "publication"})
    [story] = saved()
    link = '<a rel="nofollow noopener" href="https://c.example/2?a=1&amp;b=2">c.example</a>'
    assert f"<p>Also reported by {link}.</p>" in reads(f"/{story.path}").text


def test_an_excerpt_of_what_we_have_says_so_and_a_second_one_leads_to_the_first(
    desk: Desk, session: Session, saved: Saved
) -> None:
    bring(session, QUAKE, AGAIN)
    urls = [f"/desk/stories/new?item={item(session, headline).id}" for headline in (QUAKE, AGAIN)]
    desk.post("/desk/stories", {**values(desk.get(urls[0]).text), "then": "save"})
    [story] = saved()
    assert f'We have this already: <a href="/desk/stories/{story.id}">' in desk.get(urls[1]).text
    assert desk.get(urls[0]).location == f"/desk/stories/{story.id}"


def test_the_rest_of_a_card_is_set_aside_with_its_excerpt(
    desk: Desk, session: Session, saved: Saved
) -> None:
    bring(session, QUAKE, AGAIN)
    form = values(desk.get(f"/desk/stories/new?item={item(session, AGAIN).id}").text)
    desk.post("/desk/stories", {**form, "then": "save"})
    assert (item(session, AGAIN).state, item(session, QUAKE).state) == ("taken", "ignored")
    assert listed(desk, "?show=used") == [AGAIN]


def test_what_is_ignored_on_a_card_of_ours_is_brought_back(
    desk: Desk, session: Session, saved: Saved
) -> None:
    bring(session, QUAKE)
    form = values(desk.get(f"/desk/stories/new?item={item(session, QUAKE).id}").text)
    desk.post("/desk/stories", {**form, "then": "save"})
    bring(session, AGAIN, source="b")
    card = card_of(session, AGAIN)
    desk.post(f"{card}/ignored", {})
    assert "Undo ignoring" in desk.get("/desk/wire?show=used").text
    desk.post(f"{card}/ignored/end", {})
    assert listed(desk) == [AGAIN]


def test_an_item_follows_its_story_out_and_back(
    desk: Desk, arrives: Wire, saved: Saved, session: Session
) -> None:
    known = arrives("Bank holds rate")
    form = values(desk.get(f"/desk/stories/new?item={known.id}").text)
    desk.post("/desk/stories", {**form, "then": "save"})
    [story] = saved()
    desk.post(f"/desk/stories/{story.id}/publication", {})
    assert item(session, "Bank holds rate").state == "published"
    desk.post(f"/desk/stories/{story.id}/publication/end", {})
    assert item(session, "Bank holds rate").state == "taken"


def test_an_item_that_is_a_story_already_is_not_made_one_unseen(
    desk: Desk, arrives: Wire, saved: Saved
) -> None:
    known = arrives("Bank holds rate")
    forms = [values(desk.get(f"/desk/stories/new?item={known.id}").text) for _ in range(2)]
    desk.post("/desk/stories", {**forms[0], "then": "publication"})
    answer = desk.post("/desk/stories", {**forms[1], "then": "publication"})
    assert answer.status_code == 409
    assert "is a story already: “Bank holds rate”" in answer.text
    assert len(saved()) == 1
    desk.post("/desk/stories", values(answer.text))  # knowingly
    assert len(saved()) == 2


def test_hostile_items_are_shown_as_text(desk: Desk, arrives: Wire) -> None:
    known = arrives("<script>alert(1)</script>", '<img src=x onerror="alert(1)">Hi')
    for url in ("/desk/wire", f"/desk/stories/new?item={known.id}"):
        page = desk.get(url).text
        assert "<script>alert" not in page and "<img src=x" not in page
