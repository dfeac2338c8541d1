"""Outlets: found by the host of an address, one however many feeds it has."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.wire import clean, ingest, queries
from newsapp.wire.entries import Entry, ParsedFeed
from newsapp.wire.forms import excerpt
from newsapp.wire.models import Cluster, Item, Source, outlet_of
from tests.newsroom import subscribe

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
QUAKE = "Quake of magnitude 7.1 hits Hualien in Taiwan"


def hosts(session: Session) -> list[str]:
    return sorted(session.scalars(select(Source.host)))


def entry(headline: str, summary: str = "") -> Entry:
    return Entry(headline, f"https://scmp.com/{hash(headline)}", headline, summary, "", "", None)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://feeds.scmp.com/rss", "scmp.com"),
        ("https://WWW3.nhk.or.jp./rss", "nhk.or.jp"),
        ("https://www.feeds.example.co.jp:8080/", "example.co.jp"),
        ("https://en.yna.co.kr/rss", "en.yna.co.kr"),
        ("https://feeds.com/rss", "feeds.com"),
        ("https://www.ニュース.jp/", "xn--zck9awe6d.jp"),
        ("http://127.0.0.1:8000/feed", "127.0.0.1"),
    ],
)
def test_an_outlet_goes_by_its_host(url: str, host: str) -> None:
    assert outlet_of(url) == host


def test_feeds_of_a_host_are_of_one_source(session: Session) -> None:
    subscribe(session, "https://www.scmp.com/rss/2", title="South China Morning Post")
    subscribe(session, "https://feeds.scmp.com/rss/4", title="SCMP – China")
    source = session.scalars(select(Source)).one()
    assert (source.name, source.home) == ("South China Morning Post", "https://www.scmp.com/")


def test_the_closest_source_has_an_address(session: Session) -> None:
    for host in ("yna.co.kr", "en.yna.co.kr"):
        session.add(Source(name=host, host=host))
    found = queries.source_of(session, "https://news.en.yna.co.kr/view/1")
    assert found is not None and found.host == "en.yna.co.kr"
    assert queries.source_of(session, "https://notyna.co.kr/") is None


def test_a_feed_elsewhere_is_of_the_outlet_it_is_added_for(
    runner: FlaskCliRunner, session: Session
) -> None:
    add = ["wire", "add", "https://feeds.feedburner.com/a", "--anyway", "--title", "A", "--site"]
    assert runner.invoke(args=[*add, "nowhere"]).exit_code == 1
    assert runner.invoke(args=[*add, "https://www.a.asia/"]).exit_code == 0
    assert hosts(session) == ["a.asia"]


def test_an_outlet_with_two_feeds_counts_once(session: Session) -> None:
    for n, url in enumerate(
        ("https://scmp.com/1", "https://scmp.com/2", "https://kyodo.example/1")
    ):
        parsed = ParsedFeed("", "", "", (entry(f"{QUAKE}, {n}"),))
        ingest.ingest(session, subscribe(session, url), parsed, AT)
        session.commit()
    (event,) = session.scalars(select(Cluster)).all()
    assert (event.items, event.sources) == (3, 2)


def test_what_editors_say_of_a_language_goes_before_what_its_software_says(
    session: Session,
) -> None:
    feed = subscribe(session, "https://kompas.example/rss", language="en-US")
    feed.source.language = "id"
    ingest.ingest(session, feed, ParsedFeed("", "", "", (entry("Harga BBM naik"),)), AT)
    assert session.scalars(select(Item.language)).one() == "id"


@pytest.mark.parametrize(("most", "body"), [(0, ""), (3, "<p>one two three…</p>")])
def test_an_excerpt_has_as_many_words_as_its_source_allows(
    session: Session, most: int, body: str
) -> None:
    feed = subscribe(session, "https://scmp.com/1", title="SCMP")
    feed.source.most_words = most
    ingest.ingest(session, feed, ParsedFeed("", "", "", (entry("A", "one two three four"),)), AT)
    session.commit()
    found = queries.item(session, session.scalars(select(Item.id)).one())
    assert found is not None and excerpt(found)["body"] == body


def test_a_licence_holds_on_its_last_day() -> None:
    source = Source(licence_ends=date(2026, 3, 1))
    assert source.licensed(date(2026, 3, 1))
    assert not source.licensed(date(2026, 3, 2))
    assert Source().licensed(date(2126, 1, 1))


def made(session: Session, one: Entry, **source: object) -> dict[str, object]:
    """What the form begins with for an item of a new outlet."""
    feed = subscribe(session, "https://scmp.com/1", title="SCMP", language="en-US")
    for name, value in source.items():
        setattr(feed.source, name, value)
    ingest.ingest(session, feed, ParsedFeed("", "", "", (one,)), AT)
    session.commit()
    found = queries.item(session, session.scalars(select(Item.id)).one())
    assert found is not None
    return excerpt(found, also=[found])


@pytest.mark.parametrize(
    ("headline", "ours"),
    [
        ("Breaking: Ferry sinks off Cebu", "Ferry sinks off Cebu"),
        ("JUST IN | Ferry sinks", "Ferry sinks"),
        ("Live updates – Ferry sinks", "Ferry sinks"),
        ("Live-fire drill ends", "Live-fire drill ends"),
        ("Breaking the ice", "Breaking the ice"),
        ("Breaking:", "Breaking:"),
    ],
)
def test_what_an_outlet_calls_out_is_not_ours_to_call(
    session: Session, headline: str, ours: str
) -> None:
    assert made(session, entry(headline))["headline"] == ours


@pytest.mark.parametrize(
    ("headline", "declared", "tag"),
    [
        ("Il governo italiano approva la nuova legge di bilancio per il prossimo anno", "", "it"),
        ("Die Bundesregierung beschließt das neue Gesetz über den Haushalt", "", "de"),
        ("1 2 3", "sv-SE", "sv"),
        ("1 2 3", "pt-BR", "pt"),
    ],
)
def test_an_excerpt_is_in_the_language_of_its_item(
    session: Session, headline: str, declared: str, tag: str
) -> None:
    one = replace(entry(headline), language=declared)
    draft = made(session, one)
    assert (draft["language"], draft["original_language"]) == (tag, tag)


@pytest.mark.parametrize(
    "line",
    [
        "<p>The post <a href='/1'>Rain</a> appeared first on <a href='/'>S</a>.</p>",
        "The post Rain appeared first on S.",
        "<p>投稿 <a href='/1'>Rain</a> は <a href='/'>S</a> に最初に表示されました。</p>",
        "<p>L’articolo <a href='/1'>Pioggia</a> proviene da <a href='/'>S</a>.</p>",
        "<p>Artikel Rain pertama kali tampil pada S.</p>",
    ],
)
def test_the_line_that_software_puts_under_a_text_is_left_out(session: Session, line: str) -> None:
    body = made(session, entry("Rain", clean.summary(f"<p>It pours.</p>{line}", "https://s.asia/")))
    assert str(body["body"]).startswith("<p>It pours.</p><p>Also reported by ")


def test_without_a_word_of_the_item_nobody_else_is_named_alone(session: Session) -> None:
    assert made(session, entry("Rain", "It pours."), most_words=0)["body"] == ""
