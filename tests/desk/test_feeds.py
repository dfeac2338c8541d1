"""The feed desk: how each feed does, adding, testing, pausing, lists in and out."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from newsapp import clock
from newsapp.audit import Wanted, deeds
from newsapp.desk.feeds import OURS
from newsapp.stories.queries.sections import section_by_slug
from newsapp.wire import ingest
from newsapp.wire.feed_list import feeds_of
from newsapp.wire.models import Feed, Host, How, Item, Sighting, Source
from newsapp.wire.opml import feeds as listed
from newsapp.wire.queries import feed_by_url, feeds
from tests import newsroom
from tests.counting import selects
from tests.far_end import FarEnd
from tests.newsroom import Desk
from tests.wire.test_ingest import rss

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Make = Callable[..., Feed]


@pytest.fixture
def far_end(app: Flask) -> Iterator[FarEnd]:
    """A stranger's server, which this newsroom trusts."""
    with FarEnd() as server:
        app.config["WIRE_ALLOWED_HOSTS"] = frozenset({server.host})
        yield server
        server.shutdown()


@pytest.fixture
def make_feed(session: Session) -> Make:
    """A feed: `make_feed("Name", error=…)`."""

    def make(title: str = "Wire Example", **fields: Any) -> Feed:
        address = f"https://{sha256(title.encode()).hexdigest()[:12]}.example/rss"
        feed = newsroom.subscribe(session, **{"url": address, "title": title, **fields})
        session.commit()
        return feed

    return make


@pytest.fixture
def brings(session: Session) -> Callable[[Feed, timedelta], None]:
    """An item of a feed that came so long ago."""

    def bring(feed: Feed, ago: timedelta) -> None:
        at, mark = clock.now() - ago, str(ago)
        item = Item(feed_id=feed.id, guid=mark, guid_hash=mark, headline=f"Item of {ago}",
                    url="https://wire.example/1", published_at=at, fetched_at=at)  # fmt: skip
        session.add(item)
        session.commit()

    return bring


def silent(make: Make, title: str) -> Feed:
    """A feed with news every 40 minutes, and none for three days."""
    now = clock.now()
    return make(title, rhythm=2400, lull=36_000, last_new_at=now - 3 * DAY, checked_at=now,
                silent_at=now - HOUR)  # fmt: skip


def names(page: str) -> list[str]:
    return re.findall(r'row__headline"[^>]*><bdi>([^<]+)', page)


def upload(desk: Desk, body: bytes) -> TestResponse:
    """Sends an OPML file in."""
    desk.post("/desk/links", {})  # has it learn the token
    return desk.post("/desk/wire/feeds.opml", {"file": (io.BytesIO(body), "feeds.opml")})


def outlines(*attributes: str) -> bytes:
    """An OPML file of feeds with these attributes."""
    return f"<opml>{''.join(f'<outline {one}/>' for one in attributes)}</opml>".encode()


def test_what_asks_for_somebody_stands_first(desk: Desk, make_feed: Make) -> None:
    make_feed("A fine one", checked_at=clock.now())
    make_feed("A new one")
    make_feed("A paused one", active=False)
    make_feed("A moved one", moved_to="https://new.example/rss")
    make_feed("A failing one", error="It answers 503.", error_at=clock.now())
    silent(make_feed, "A silent one")
    page = desk.get("/desk/wire/feeds").text
    assert names(page) == [
        "A silent one", "A failing one", "A moved one", "A new one", "A fine one", "A paused one",
    ]  # fmt: skip
    assert "; it usually has news every 40 minutes." in page
    assert "It answers 503. Failing since " in page


@pytest.mark.parametrize("how", list(How))
def test_the_list_finds_what_a_feed_says_of_itself(
    make_feed: Make, session: Session, how: How
) -> None:
    make_feed("Fine", checked_at=clock.now())
    make_feed("New")
    make_feed("Paused", active=False)
    make_feed("Moved", moved_to="https://new.example/rss")
    make_feed("Failing, paused and moved", error="It is gone.", active=False, moved_to="x")
    silent(make_feed, "Silent")
    silent(make_feed, "Silent before it was paused").pause()
    session.commit()
    assert {feed.how for feed in feeds_of(session, how, "")} == {how}


def test_the_list_is_narrowed_by_words_in_name_or_address(desk: Desk, make_feed: Make) -> None:
    make_feed("Kobe Shimbun")
    make_feed("100% Pure", url="https://kobe.example/rss?a_b")
    for words, found in (("KOBE", 2), ("kobe shimbun", 1), ("%", 1), ("a_b", 1), ("nothing", 0)):
        assert len(names(desk.get(f"/desk/wire/feeds?words={words}").text)) == found, words


def test_five_hundred_feeds_cost_a_handful_of_questions(
    desk: Desk, make_feed: Make, session: Session
) -> None:
    own = {"source_id": make_feed().source_id}
    session.add_all(Feed(title=f"{n:03}", url=f"https://f{n}.example/", **own) for n in range(499))
    session.commit()
    desk.get("/desk/wire/feeds")
    with selects() as sent:
        page = desk.get("/desk/wire/feeds?page=5").text
    assert len(names(page)) == 100 and len(sent) <= 15
    assert "page=6" not in page and "page=4" in page


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=99999", "how=odd"])
def test_a_page_that_is_none_is_not_found(desk: Desk, query: str) -> None:
    assert desk.get(f"/desk/wire/feeds?{query}").status_code == 404


def test_the_chart_counts_what_came_in_each_hour(
    desk: Desk, make_feed: Make, brings: Callable[[Feed, timedelta], None]
) -> None:
    with time_machine.travel(clock.now().replace(minute=30) + HOUR, tick=False):
        feed = make_feed(created_at=clock.now())
        for ago in (timedelta(minutes=1), timedelta(minutes=2), 3 * HOUR, 47 * HOUR, 49 * HOUR):
            brings(feed, ago)
        for page in ("/desk/wire/feeds", f"/desk/wire/feeds/{feed.id}"):
            text = desk.get(page).text
            assert 'aria-label="4 items in two days, at most 2 an hour"' in text
            assert 'd="M0.1 12V6h.8V12zM44.1 12V6h.8V12zM47.1 12V1h.8V12z"' in text


def test_the_charts_of_the_list_have_a_scale(
    desk: Desk, make_feed: Make, brings: Callable[[Feed, timedelta], None]
) -> None:
    brings(make_feed(), HOUR)
    assert ">Up to 1 an hour, last two days<" in desk.get("/desk/wire/feeds").text


def test_what_was_old_when_it_came_is_no_rhythm(
    desk: Desk, session: Session, make_feed: Make, brings: Callable[[Feed, timedelta], None]
) -> None:
    first, second = make_feed("First"), make_feed("Second")
    brings(first, 90 * DAY)
    session.get_one(Item, 1).fetched_at = clock.now()
    session.add(Sighting(item_id=1, feed_id=second.id, guid_hash="x", at=clock.now()))
    session.commit()
    for feed in (first, second):
        assert "No item is of the last two days" in desk.get(f"/desk/wire/feeds/{feed.id}").text


def test_what_another_feed_brought_first_is_its_own_too(
    desk: Desk, session: Session, make_feed: Make, brings: Callable[[Feed, timedelta], None]
) -> None:
    first, second = make_feed("First"), make_feed("Second")
    brings(first, HOUR)
    at = clock.now() - HOUR / 2
    session.add(Sighting(item_id=1, feed_id=second.id, guid_hash="x", at=at))
    session.commit()
    page = desk.get(f"/desk/wire/feeds/{second.id}").text
    assert "Item of 1:00:00" in page and "1 item in the last two days" in page


def test_a_feed_whose_reader_was_ended_says_when_it_is_asked_again(
    desk: Desk, session: Session, make_feed: Make
) -> None:
    feed = make_feed(next_check_at=clock.now() - HOUR)
    host = Host(name=feed.host, free_at=clock.now() + HOUR, lost=1)  # it may be read just now
    session.add(host)
    for lost, told in ((1, False), (2, True)):
        host.lost = lost
        session.commit()
        for url in ("/desk/wire/feeds", f"/desk/wire/feeds/{feed.id}"):
            assert ("Its last reader was ended; asked again at" in desk.get(url).text) == told


def test_a_worker_that_is_away_is_told_also_after_a_clock_was_ahead(
    desk: Desk, session: Session, make_feed: Make
) -> None:
    now = clock.now()
    make_feed("Ahead", checked_at=now + DAY, next_check_at=now + DAY + HOUR)
    make_feed("Due", checked_at=now - HOUR, next_check_at=now - HOUR / 2)
    assert "No feed was asked since" in desk.get("/desk/wire/feeds").text


def test_a_worker_that_is_away_is_told(desk: Desk, session: Session, make_feed: Make) -> None:
    now = clock.now()
    make_feed("Asked", checked_at=now - HOUR, next_check_at=now + HOUR)
    assert "No feed was asked" not in desk.get("/desk/wire/feeds").text
    late = make_feed("Due", next_check_at=now - HOUR / 2)
    assert "No feed was asked since" in desk.get("/desk/wire/feeds").text
    late.checked_at = now
    session.commit()
    assert "No feed was asked" not in desk.get("/desk/wire/feeds").text


def test_the_wire_tells_what_is_silent_and_what_fails_in_one_line(
    desk: Desk, make_feed: Make
) -> None:
    silent(make_feed, "Quiet")
    make_feed("Broken", error="It answers 503.", error_at=clock.now())
    page = desk.get("/desk/wire").text
    assert "<summary>1 feed is silent, 1 fails</summary>" in page
    assert page.index("Quiet") < page.index("Broken")


def test_a_feed_is_added_with_what_it_calls_itself(
    desk: Desk, session: Session, far_end: FarEnd
) -> None:
    url, japan = far_end.serve(rss("Rain", "Wind")), section_by_slug(session, "japan")
    assert japan is not None
    answer = desk.post("/desk/wire/feeds", {"url": f" {url} ", "section": japan.id})
    assert answer.status_code == 303
    assert "it has 2 items just now" in desk.get(answer.location).text
    (feed,) = feeds(session)
    assert (feed.title, feed.url, feed.section_id) == ("News Asia", url, japan.id)
    assert session.get_one(Source, feed.source_id).name == "News Asia"
    assert feed.due(clock.now())


def test_a_page_offers_its_feeds_and_changes_nothing(
    desk: Desk, session: Session, far_end: FarEnd
) -> None:
    page = b"""<!doctype html><html><head>
        <link rel="alternate" type="application/rss+xml" href="/feed" title="Top &amp; more">
        <link rel="alternate" type="application/atom+xml" href="http://10.0.0.1/atom">"""
    answer = desk.post("/desk/wire/feeds", {"url": far_end.serve(page, "/"), "section": "0"})
    assert answer.status_code == 200
    assert "has one feed" in answer.text and "There is a problem" not in answer.text
    assert "<bdi>Top &amp; more</bdi>" in answer.text
    assert f'name="url" value="{far_end.url("/feed")}"' in answer.text
    assert 'value="http://10.0.0.1' not in answer.text
    assert feeds(session) == []


def test_a_feed_that_does_not_answer_is_added_only_knowingly(
    desk: Desk, session: Session, far_end: FarEnd
) -> None:
    form = {"url": far_end.serve(status="503 Busy"), "section": "0"}
    answer = desk.post("/desk/wire/feeds", form)
    assert answer.status_code == 422
    assert "127.0.0.1 answers 503 Service Unavailable." in answer.text
    assert feeds(session) == []
    assert desk.post("/desk/wire/feeds", {**form, "anyway": "yes"}).status_code == 303
    assert len(feeds(session)) == 1


@pytest.mark.parametrize(
    "url", ["", "ftp://scmp.com/rss", "https://wire.example:99999/", "x" * 3000]
)
def test_what_is_no_address_is_refused_at_its_field(desk: Desk, session: Session, url: str) -> None:
    answer = desk.post("/desk/wire/feeds", {"url": url, "section": "0"})
    assert answer.status_code == 422
    assert 'id="url-error"' in answer.text
    assert feeds(session) == []


@pytest.mark.parametrize("typed", ["nikkei", "日経/rss"])
def test_an_outlet_s_name_is_no_address(desk: Desk, typed: str) -> None:
    answer = desk.post("/desk/wire/feeds", {"url": typed, "section": "0"})
    assert answer.status_code == 422
    assert f"{typed.removesuffix('/rss')} is no address. Give one such as" in answer.text


def test_a_feed_that_is_there_is_not_added_again(
    desk: Desk, session: Session, make_feed: Make
) -> None:
    feed = make_feed()
    answer = desk.post("/desk/wire/feeds", {"url": feed.url, "section": "0"})
    assert answer.status_code == 422
    assert f'href="/desk/wire/feeds/{feed.id}"' in answer.text
    assert len(feeds(session)) == 1


def test_no_address_inside_is_ever_asked(desk: Desk, session: Session, shared_data: Path) -> None:
    inside = (shared_data / "security/ssrf_urls.txt").read_text().splitlines()
    for url in inside:
        answer = desk.post("/desk/wire/feeds", {"url": url, "section": "0", "anyway": "yes"})
        assert answer.status_code == 422, url
        assert 'id="url-error"' in answer.text, url
    quoted = (url.replace("&", "&amp;") for url in inside)
    outlines = "".join(f'<outline xmlUrl="{url}"/>' for url in quoted)
    answer = upload(desk, f"<opml><body>{outlines}</body></opml>".encode())
    assert f"{len(inside)} refused" in answer.text
    assert feeds(session) == []


def test_a_test_shows_what_a_feed_would_bring_and_stores_nothing(
    desk: Desk, session: Session, make_feed: Make, far_end: FarEnd
) -> None:
    feed = make_feed(url=far_end.serve(rss("Rain", "Wind")), next_check_at=clock.now() + DAY)
    answer = desk.post(f"/desk/wire/feeds/{feed.id}/test", {})
    assert "It has 2 items just now, 2 of them new." in answer.text
    assert "<li" in answer.text and "Rain</li>" in answer.text
    session.expire_all()
    assert feed.due(clock.now()) and feed.last_new_at is None


def test_a_test_says_in_words_what_went_wrong(
    desk: Desk, session: Session, make_feed: Make, far_end: FarEnd
) -> None:
    feed = make_feed(url=far_end.serve(b"<p>Hello", status="404 No"))
    answer = desk.post(f"/desk/wire/feeds/{feed.id}/test", {})
    assert "127.0.0.1 answers 404 Not Found." in answer.text
    session.expire_all()
    assert feed.error == ""


def test_a_paused_feed_is_fetched_no_more_until_it_is_resumed(
    desk: Desk, session: Session, make_feed: Make
) -> None:
    feed = make_feed(next_check_at=clock.now() + DAY)
    desk.post(f"/desk/wire/feeds/{feed.id}/pause", {})
    assert "Paused." in desk.get(f"/desk/wire/feeds/{feed.id}").text
    assert desk.post(f"/desk/wire/feeds/{feed.id}/pause", {}).status_code == 409
    session.expire_all()
    assert not feed.due(clock.now() + 2 * DAY)
    desk.post(f"/desk/wire/feeds/{feed.id}/pause/end", {})
    session.expire_all()
    assert feed.due(clock.now())


def test_a_feed_takes_its_new_address(desk: Desk, session: Session, make_feed: Make) -> None:
    feed = make_feed(moved_to="https://new.example/rss")
    assert "https://new.example/rss" in desk.get(f"/desk/wire/feeds/{feed.id}").text
    desk.post(f"/desk/wire/feeds/{feed.id}/address", {})
    assert feed_by_url(session, "https://new.example/rss")
    other = make_feed("Other", moved_to="https://new.example/rss")
    answer = desk.post(f"/desk/wire/feeds/{other.id}/address", {})
    assert answer.status_code == 409
    assert "There is a feed at its new address already." in answer.text


def test_only_a_feed_that_brought_nothing_is_removed(
    desk: Desk, session: Session, make_feed: Make, brings: Callable[[Feed, timedelta], None]
) -> None:
    feed, full = make_feed("Empty"), make_feed("Full")
    brings(full, HOUR)
    thinned = make_feed("Thinned", last_new_at=clock.now() - 900 * DAY)
    assert desk.post(f"/desk/wire/feeds/{thinned.id}/end", {}).status_code == 409
    assert desk.post(f"/desk/wire/feeds/{feed.id}/end", {}).status_code == 303
    assert "it can be paused, not removed" in desk.get(f"/desk/wire/feeds/{full.id}").text
    answer = desk.post(f"/desk/wire/feeds/{full.id}/end", {})
    assert answer.status_code == 409
    assert "Pause it instead." in answer.text
    assert [feed.title for feed in feeds(session)] == ["Full", "Thinned"]


def test_settings_are_saved_and_a_bad_one_is_refused(
    desk: Desk, session: Session, make_feed: Make
) -> None:
    feed, url = make_feed(), "/desk/wire/feeds/1"
    for bad in ({"title": "x" * 201, "section": "0"}, {"title": "x", "section": "999"}):
        assert desk.post(url, bad).status_code == 422
    desk.post(url, {"title": "New name", "section": "2"})
    session.expire_all()
    assert (feed.title, feed.section_id) == ("New name", 2)
    assert deeds(session, Wanted())[0].words == "changed a feed"


def test_a_feed_without_a_name_tells_its_own_though_nothing_is_new(
    desk: Desk, session: Session, make_feed: Make, far_end: FarEnd
) -> None:
    url = far_end.serve(rss("Rain"), ETag='"1"')
    feed = make_feed("Ours", url=url, etag='"1"')
    desk.post(f"/desk/wire/feeds/{feed.id}", {"title": "", "section": "0"})
    ingest.check(session, feed.id, clock.now(), frozenset({far_end.host}))
    assert "if-none-match" not in far_end.asked[-1] and feed.title == "News Asia"


def test_a_reporter_reads_and_changes_nothing(reporter_desk: Desk, make_feed: Make) -> None:
    page = f"/desk/wire/feeds/{make_feed().id}"
    assert "Pause" not in reporter_desk.get(page).text
    for url in ("/desk/wire/feeds", "/desk/wire/feeds.opml", page, f"{page}/pause", f"{page}/end"):
        assert reporter_desk.post(url, {}).status_code == 403


def test_a_list_comes_in_and_says_what_became_of_each(
    desk: Desk, session: Session, make_feed: Make
) -> None:
    known = make_feed()
    answer = upload(
        desk,
        f"""<opml version="1.0"><body><outline text="Japan">
        <outline text="Kobe" xmlUrl="https://kobe.example/rss"/></outline>
        <outline text="Old" xmlUrl="{known.url}"/>
        <outline text="In" xmlUrl="http://10.0.0.1/"/></body></opml>""".encode(),
    )
    for words in ("1 of 3 feeds added", "1 refused", "1 there already", "10.0.0.1 is not a host"):
        assert words in answer.text
    kobe, japan = (
        feed_by_url(session, "https://kobe.example/rss"),
        section_by_slug(session, "japan"),
    )
    assert kobe and japan and (kobe.title, kobe.section_id) == ("Kobe", japan.id)


def test_the_list_that_comes_with_the_site_is_added_with_a_click(desk: Desk) -> None:
    answer = desk.post("/desk/wire/feeds.opml", {"ours": "yes"})
    count = len(listed(OURS.read_bytes()))
    assert f"{count} of {count} feeds added" in answer.text
    assert "Only the list says so" not in answer.text


def test_a_feed_that_only_a_list_calls_an_outlet_s_is_told_until_somebody_says_so(
    desk: Desk, session: Session
) -> None:
    site = 'htmlUrl="https://kyodo.example/"'
    sent = outlines(f'text="Kyodo" xmlUrl="https://else.example/f" {site}')
    assert "1 taken for an outlet on another host" in upload(desk, sent).text
    [feed], said = feeds(session), "only a list says that it is of kyodo.example"
    page = f"/desk/wire/sources/{feed.source_id}"
    assert said in desk.get(page).text
    assert "Only a list says" in desk.get(f"/desk/wire/feeds/{feed.id}").text
    desk.post(f"{page}/feeds", {"feed": feed.id})
    assert said not in desk.get(page).text


@pytest.mark.parametrize("body", [b"", b"<html/>", b"<opml/>", b"\xff\xfe<"])
def test_what_is_no_list_is_refused_and_changes_nothing(
    desk: Desk, session: Session, body: bytes
) -> None:
    assert upload(desk, body).status_code == 422
    assert feeds(session) == []


def test_what_goes_out_as_a_list_comes_in_the_same(
    desk: Desk, session: Session, make_feed: Make
) -> None:
    japan = section_by_slug(session, "japan")
    make_feed("神戸 <&> “Kobe”", section=japan)
    make_feed("", section=japan)
    make_feed("Paused", active=False)
    body = desk.get("/desk/wire/feeds.opml").data
    assert b"<opml xmlns:wire" in body and b'text="Japan"' in body

    def all_feeds() -> list[tuple[str, str, int | None, bool]]:
        return [(one.url, one.title, one.section_id, one.active) for one in feeds(session)]

    before = all_feeds()
    for feed in feeds(session):
        session.delete(feed)
    session.commit()
    upload(desk, body)
    assert all_feeds() == before
    assert all(outline.site.endswith(".example/") for outline in listed(body))


@pytest.mark.parametrize(
    ("address", "site", "outlet"),
    [
        ("https://forger.example/rss", "https://www.reuters.example/", "forger.example"),
        ("https://forger.example/rss", "https://x.reuters.example/", "forger.example"),
        ("https://forger.example/rss", "https://www.new.example/", "new.example"),
        ("https://forger.com.au/rss", "https://com.au/", "forger.com.au"),
        ("https://feeds.reuters.example/rss", "https://reuters.example/", "Reuters"),
        ("https://reuters.example/rss", "https://world.reuters.example/", "Reuters"),
        ("https://world.reuters.example/rss", "", "Reuters"),
    ],
)
def test_a_list_gives_an_outlet_that_is_here_no_feed_of_another_host(
    desk: Desk, session: Session, make_feed: Make, address: str, site: str, outlet: str
) -> None:
    make_feed("Reuters", url="https://reuters.example/old")
    answer = upload(desk, outlines(f'text="World" xmlUrl="{address}" htmlUrl="{site}"'))
    assert "<bdi>World</bdi></a>, of <a" in answer.text and f"<bdi>{outlet}</bdi>" in answer.text
    feed = feed_by_url(session, address)
    assert feed and session.get_one(Source, feed.source_id).name == outlet


def test_what_a_list_says_and_is_not_believed_is_told(desk: Desk, make_feed: Make) -> None:
    make_feed("Reuters", url="https://reuters.example/old")
    at = 'xmlUrl="https://forger.example/rss" htmlUrl="https://reuters.example/"'
    answer = upload(desk, outlines(f'text="World" {at}'))
    assert "1 not taken for the outlet that the list names" in answer.text


def test_an_outlet_of_a_list_goes_by_its_host_until_its_feed_says_what_it_is_called(
    desk: Desk, session: Session, far_end: FarEnd
) -> None:
    upload(desk, outlines(f'text="news-us-international" xmlUrl="{far_end.serve(rss("Rain"))}"'))
    assert session.scalars(select(Source.name)).one() == "127.0.0.1"
    ingest.check(session, 1, clock.now(), frozenset({far_end.host}))
    session.commit()
    assert session.scalars(select(Source.name)).one() == "News Asia"


def test_a_feed_that_is_removed_takes_an_untouched_outlet_along(
    desk: Desk, session: Session, make_feed: Make
) -> None:
    make_feed("Kept")
    session.scalars(select(Source)).one().most_words = 5
    make_feed("Gone")
    for number in (1, 2):
        desk.post(f"/desk/wire/feeds/{number}/end", {})
    assert session.scalars(select(Source.name)).all() == ["Kept"] and feeds(session) == []


def test_a_list_that_is_too_large_is_refused_in_its_own_words(desk: Desk) -> None:
    said = {"CONTENT_LENGTH": str(3 * 2**20)}
    answer = desk.client.post("/desk/wire/feeds.opml", data={"a": "b"}, environ_overrides=said)
    assert answer.status_code == 413 and "An OPML file has at most 2 MB." in answer.text


def test_an_address_with_a_key_is_for_editors(
    desk: Desk, reporter_desk: Desk, make_feed: Make
) -> None:
    keyed = {
        "url": "https://a.example/rss?key=SECRET",
        "moved_to": "https://b.example/rss?key=SECRET",
    }
    url = f"/desk/wire/feeds/{make_feed(**keyed).id}"
    assert "key=SECRET" in desk.get(url).text and "SECRET" not in desk.get("/desk/wire/feeds").text
    seen = reporter_desk.get(url).text
    assert "https://a.example/rss" in seen and "SECRET" not in seen
    assert reporter_desk.get("/desk/wire/feeds.opml").status_code == 403


def test_a_host_is_an_address(desk: Desk, session: Session, far_end: FarEnd) -> None:
    far_end.serve(rss("Rain"), "/")
    form = {"url": f"{far_end.host}/", "section": "0"}
    assert desk.post("/desk/wire/feeds", form).status_code == 303
    desk.post("/desk/wire/feeds", {"url": "Scmp.com/rss", "section": "0", "anyway": "yes"})
    assert {one.url for one in feeds(session)} == {far_end.url("/"), "https://scmp.com/rss"}


def test_no_address_inside_is_named(desk: Desk, make_feed: Make, far_end: FarEnd) -> None:
    inside = b"<link rel=alternate type=application/rss+xml href='http://169.254.169.254/key'>"
    feed = make_feed(url=far_end.serve(b"<!doctype html>" + inside))
    answer = desk.post(f"/desk/wire/feeds/{feed.id}/test", {})
    assert "a web page that names 1 feed" in answer.text and "169.254" not in answer.text
