"""Feeds as the world writes them: real ones, conformance cases, and hostile ones."""

import json
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsapp.wire.parse import Entry, ParseError, parse

FOUND_AT = "https://news.asia/feed"
# Entries of the real feeds that stand there twice, or have no link or no word.
SPARE = {
    "al-monitor.xml": 9, "cerclepsy-undeclared-latin1.xml": 1, "v2ex-no-id-zh.atom": 2,
    "washingtonpost-politics-2017.rss": 1, "washingtonpost-world-2017.rss": 1,
}  # fmt: skip
# What UTF-8 looks like when it was read as something else.
MOJIBAKE = re.compile("Ã.|â€|Â[ «»°©]|[ÐÑ][\u0080-¿]|ï»¿|\ufffd|å[\u0080-¿]|&#?\\w+;|[\x80-\x9f]")


def one(body: str, kind: str = "rss") -> Entry:
    """The only entry of a feed with this inside its item."""
    wrapped = {
        "rss": f"<rss version='2.0'><channel><item>{body}</item></channel></rss>",
        "atom": f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{body}</entry></feed>",
    }[kind]
    return parse(wrapped.encode(), "application/xml", FOUND_AT).entries[0]


def test_every_real_feed_gives_all_its_items(real_feeds: list[Path]) -> None:
    counted, found = {}, {}
    for path in real_feeds:
        body = path.read_bytes()
        counted[path.name] = _items(body) - SPARE.get(path.name, 0)
        found[path.name] = len(parse(body, url=FOUND_AT).entries)
    assert found == counted
    assert len(found) == 58
    assert min(found.values()) > 0


def _items(body: bytes) -> int:
    if body.lstrip().startswith(b"{"):
        found = json.loads(body)
        return len(found.get("items") or found["rss"]["channel"]["item"])
    return len(re.findall(rb"<(?:item|entry)[\s>]", body))


def test_real_feeds_have_readable_titles_web_links_and_utc_dates(
    real_feeds: list[Path], bulk_feeds: list[Path]
) -> None:
    for path in (*real_feeds, *bulk_feeds):
        feed = parse(path.read_bytes(), url=FOUND_AT)
        for entry in feed.entries:
            assert not MOJIBAKE.search(feed.title + entry.headline), (path.name, entry.headline)
            assert 0 < len(entry.headline) <= 300
            assert re.fullmatch(r"https?://[^\s/]+(/\S*)?", entry.url), (path.name, entry.url)
            assert entry.published_at is None or entry.published_at.tzinfo is UTC
            assert len(entry.summary) <= 4000


def test_lists_of_feeds_are_told_from_feeds(shared_data: Path) -> None:
    with pytest.raises(ParseError, match="import it"):
        parse((shared_data / "feeds/real/nnw-Subs.opml").read_bytes())


def test_no_conformance_case_does_worse_than_a_parse_error(shared_data: Path) -> None:
    slowest, parsed = 0.0, 0
    cases = [path for path in (shared_data / "feeds/conformance").rglob("*.*") if path.is_file()]
    for path in cases:
        began = time.process_time()
        try:
            parsed += len(parse(path.read_bytes(), url=FOUND_AT).entries) > 0
        except ParseError as error:
            assert re.fullmatch(r"\S.*\.", str(error)), path
        slowest = max(slowest, time.process_time() - began)
    assert len(cases) == 2221
    assert parsed > 400
    assert slowest < 2


@pytest.mark.parametrize("name", ["koi8r", "windows-1252", "windows-1252-incorrect-prolog"])
def test_encodings_that_lie_are_read_all_the_same(shared_data: Path, name: str) -> None:
    path = shared_data / f"feeds/conformance/miniflux-encoding/{name}.xml"
    title = parse(path.read_bytes(), url=FOUND_AT).title
    assert title == ("Пример RSS ленты" if name == "koi8r" else "Euro €")


def test_bombs_and_outside_entities_are_refused_or_ignored(shared_data: Path) -> None:
    for path in (shared_data / "security/xml").iterdir():
        with pytest.raises(ParseError):
            parse(path.read_bytes())


LAUGHS = "<!DOCTYPE rss [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)
HOSTILE = {
    "billion laughs": LAUGHS + "]><rss><channel><title>&j;</title></channel></rss>",
    "late laughs": "<!-- " + "x" * 200_000 + "<a> -->" + LAUGHS + "]><rss><channel/></rss>",
    "quadratic": f"<!DOCTYPE r [<!ENTITY a '{'a' * 100_000}'>]><r>{'&a;' * 50_000}</r>",
    "deep": "<rss><channel><item>" + "<a>" * 100_000 + "</a>" * 100_000,
    "deep addresses": "<rss><channel><item>" + "<a xml:base='http://a.asia/b/'>" * 14_000,
    "wide": "<rss><channel>" + "<item/>" * 200_000,
    "deep JSON": '{"version":"https://jsonfeed.org/version/1","items":' + "[" * 1_000_000,
    "wide JSON": '{"version":"https://jsonfeed.org/version/1","items":[' + "{}," * 1_000_000,
    "huge number": '{"items": ' + "9" * 1_000_000 + "}",
    "long words": f"<rss><channel><item><author>{'a' * 500_000}</author></item></channel></rss>",
    "long tag": "<rss><channel><item " + "a='b' " * 500_000 + "/></channel></rss>",
    "no feed": "<html><body>Please sign in.</body></html>",
    "nothing": " \n",
    "text": "not a feed",
    "numbers": "[1, 2]",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_input_is_refused_at_once(body: str) -> None:
    began = time.process_time()
    with pytest.raises(ParseError, match=r"^\S.*\.$"):
        parse(body.encode(), url=FOUND_AT)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "body",
    [
        f"<rss><channel><item><author>{'a' * 9_000}</author></item></channel></rss>",
        f"<rss><channel><item><title>{'<' * 29_000}",
        f"<rss><channel><item><description>{'&lt;div' * 90_000}</description>",
        f"<rss><channel><item><title>A</title><link>/a</link><description>"
        f"{'&lt;ul&gt;&lt;li&gt;' * 50_000}</description></item></channel></rss>",
        "\n" * 500_000 + "<rss><channel></channel></rss>",
        f"<rss><channel><item>{'<a>' * 300}{'</a>' * 300}</item></channel></rss>",
        f"<rss><channel>{'<item/>' * 29_000}</channel></rss>",
    ],
    ids=["author", "brackets", "tags", "nested", "blank", "deep", "wide"],
)
def test_hostile_feeds_take_no_more_than_moments(body: str) -> None:
    began = time.process_time()
    parse(body.encode(), url=FOUND_AT)
    assert time.process_time() - began < 2


def test_an_article_about_bombs_is_no_bomb() -> None:
    title = one("<title>X</title><link>/a</link><description><![CDATA[<pre>&lt;!DOCTYPE a ["
                "&lt;!ENTITY b 'c'>]></pre>]]></description>")  # fmt: skip
    assert "ENTITY" in title.summary


def test_json_feeds_with_odd_values_are_read() -> None:
    body = """{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [
        {"id": 1e400, "url": "https://a.asia/1", "title": "A", "title": "B \\ud800"},
        {"id": {"x": 1}, "url": 7, "title": ["no"]}, null, 5]}"""
    (entry,) = parse(body.encode()).entries
    assert (entry.guid, entry.headline) == ("1e400", "B")


@pytest.mark.parametrize("kind", ["rss", "json"])
def test_of_an_archive_that_ends_with_the_newest_the_newest_are_read(kind: str) -> None:
    dates = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(600)]
    items = [
        {"id": f"{n}", "title": f"Item {n}", "url": f"/{n}", "date_published": date.isoformat()}
        for n, date in enumerate(dates)
    ]
    rss = "".join(
        f"<item><title>{one['title']}</title><link>{one['url']}</link>"
        f"<pubDate>{one['date_published']}</pubDate></item>"
        for one in items
    )
    body = {
        "rss": f"<rss version='2.0'><channel>{rss}</channel></rss>",
        "json": json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}),
    }[kind]
    entries = parse(body.encode(), "", FOUND_AT).entries
    assert {entry.published_at for entry in entries} == set(dates[-500:])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("AT&amp;amp;T &amp;#8217;s", "AT&T ’s"),
        ("&lt;b&gt;Breaking&lt;/b&gt;&amp;nbsp; news", "Breaking news"),
        ("<![CDATA[Rain <em>stops</em> play &amp; more]]>", "Rain stops play & more"),
        ("If a &lt; b, then &lt;c&gt; wins", "If a < b, then <c> wins"),
        ("&amp;lt;i&amp;gt;Twice&amp;lt;/i&amp;gt;", "Twice"),
        ("  Two\n lines\t", "Two lines"),
        ("x" * 400, "x" * 299 + "…"),
        ("Evil \u202egnp.exe\u202c", "Evil gnp.exe"),
    ],
)
def test_titles_are_plain_text(written: str, read: str) -> None:
    assert one(f"<title>{written}</title><link>/1</link>").headline == read


def test_an_atom_title_that_is_text_stays_as_it_is() -> None:
    entry = one("<title>Use of &lt;marquee&gt; falls</title><link href='/1'/>", "atom")
    assert entry.headline == "Use of <marquee> falls"


@pytest.mark.parametrize(
    ("body", "guid", "url"),
    [
        ("<guid isPermaLink='false'>7</guid><link>/7</link>", "7", "https://news.asia/7"),
        ("<link>/?p=7</link>", "https://news.asia/?p=7", "https://news.asia/?p=7"),
        ("<link>?id=7</link>", "https://news.asia/feed?id=7", "https://news.asia/feed?id=7"),
        ("<guid>http://a.asia/8</guid>", "http://a.asia/8", "http://a.asia/8"),
        ("<link>http://a.asia/a b</link>", "http://a.asia/a%20b", "http://a.asia/a%20b"),
    ],
)
def test_an_entry_has_a_name_and_an_absolute_link(body: str, guid: str, url: str) -> None:
    entry = one(f"<title>A</title>{body}")
    assert (entry.guid, entry.url) == (guid, url)


def test_a_guid_stays_as_it_is_written_wherever_the_feed_is_found() -> None:
    body = b"<rss><channel><item><title>A</title><guid>/a</guid></item></channel></rss>"
    entries = [parse(body, url=f"https://{host}/feed").entries[0] for host in ("a.asia", "b.asia")]
    assert [entry.guid for entry in entries] == ["/a", "/a"]
    assert [entry.url for entry in entries] == ["https://a.asia/a", "https://b.asia/a"]


@pytest.mark.parametrize(
    ("written", "author"),
    [
        ("<author>mei@news.asia (Mei Lin)</author>", "Mei Lin"),
        ("<author>Mei Lin &lt;mailto:mei@news.asia&gt;</author>", "Mei Lin"),
        ("<dc:creator>Mei Lin</dc:creator><dc:creator>Rosa Cruz</dc:creator>",
         "Mei Lin, Rosa Cruz"),
        ("<author>mei@news.asia</author>", "mei@news.asia"),
    ],
)  # fmt: skip
def test_authors_are_names_without_their_addresses(written: str, author: str) -> None:
    assert one(f"<title>A</title><link>/1</link>{written}").author == author


def test_fields_at_odd_places_are_no_reason_to_fail() -> None:
    feed = parse(b"<rss version='2.0'><channel><title>A</title><body>B</body></channel></rss>")
    assert (feed.title, feed.entries) == ("A", ())


def test_the_language_is_the_entrys_own_or_its_texts() -> None:
    feed = "<dc:language>th</dc:language>"
    assert one(f"<title>A</title><link>/1</link>{feed}").language == "th"
    text = "<summary xml:lang='id'>B</summary><link href='/1'/>"
    assert one(f"<title>A</title>{text}", "atom").language == "id"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "http://u:p@a.asia/", ""]
)
def test_an_entry_that_leads_nowhere_is_left_out_and_the_log_says_so(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    body = (
        f"<rss><channel><item><title>Rain\x1b[2J</title><link>{url}</link></item></channel></rss>"
    )
    assert parse(body.encode(), url=FOUND_AT).entries == ()
    assert f"'{FOUND_AT}': left out 1 without a link" in caplog.text


def test_however_much_is_left_out_the_log_says_it_in_one_line_and_tells_no_key(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    items = "<item><title>Rain</title></item>" * 3 + "<item><link>/1</link></item>"
    body = f"<rss><channel>{items}</channel></rss>".encode()
    parse(body, url="https://me:word@a.asia/rss?api_key=SECRET")
    assert [record.getMessage() for record in caplog.records] == [
        "'https://a.asia/rss': left out 1 without a headline, 3 without a link"
    ]


def test_a_guid_that_two_stories_share_keeps_both() -> None:
    items = "".join(f"<item><guid>1</guid><title>{n}</title><link>/{n}</link></item>" for n in "ab")
    body = f"<rss><channel>{items}{items}</channel></rss>"
    assert [e.headline for e in parse(body.encode(), url=FOUND_AT).entries] == ["a", "b"]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Mon, 01 Mar 2026 08:00:00 GMT", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("Mon, 01 Mar 2026 08:00:00 +0530", datetime(2026, 3, 1, 2, 30, tzinfo=UTC)),
        ("Mon, 01 Mar 2026 08:00:00 EST", datetime(2026, 3, 1, 13, tzinfo=UTC)),
        ("2026-03-01 08:00:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2569-03-01T08:00:00+07:00", datetime(2026, 3, 1, 1, tzinfo=UTC)),
        ("Sun, 01 Mar 2569 08:00:00 +0700", datetime(2026, 3, 1, 1, tzinfo=UTC)),
        ("令和8年3月1日 午後8時5分", datetime(2026, 3, 1, 20, 5, tzinfo=UTC)),
        ("民國115年3月1日", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026년 3월 1일 오전 8:05", datetime(2026, 3, 1, 8, 5, tzinfo=UTC)),
        ("1 มีนาคม 2569 08:05 น.", datetime(2026, 3, 1, 8, 5, tzinfo=UTC)),
        ("Sen, 1 Agustus 2026 08:05 WIB", datetime(2026, 8, 1, 1, 5, tzinfo=UTC)),
        ("Thu, 29 Feb 2567 08:00:00 +0700", datetime(2024, 2, 29, 1, tzinfo=UTC)),
        ("٢٠٢٦-٠٣-٠١T٠٨:٠٠:٠٠Z", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("۲۰۲۶-۰۳-۰۱ ۰۸:۰۰:۰۰", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("Sun, 01 Mar 26 08:00:00 JST", datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 08:00:00 GMT+8", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026/03/01 08:05:00", datetime(2026, 3, 1, 8, 5, tzinfo=UTC)),
        ("2026.3.1 8:05 GMT", datetime(2026, 3, 1, 8, 5, tzinfo=UTC)),
        ("20260301080500", datetime(2026, 3, 1, 8, 5, tzinfo=UTC)),
        ("R8.3.1", datetime(2026, 3, 1, tzinfo=UTC)),
        ("H30/04/01 10:00 JST", datetime(2018, 4, 1, 1, tzinfo=UTC)),
        ("CN, 01/03/2026, 08:05 (GMT+7)", datetime(2026, 3, 1, 1, 5, tzinfo=UTC)),
        ("08:05 01/03/2569", datetime(2026, 3, 1, 8, 5, tzinfo=UTC)),
        ("3/13/2026 8:05", datetime(2026, 3, 13, 8, 5, tzinfo=UTC)),
        ("1 Mar 2026 8:05 PM", datetime(2026, 3, 1, 20, 5, tzinfo=UTC)),
        ("March 1st, 2026, 12 a.m.", datetime(2026, 3, 1, tzinfo=UTC)),
        ("ngày 1 tháng 3 năm 2026", datetime(2026, 3, 1, tzinfo=UTC)),
        ("1 Mac 2026, 08.05", datetime(2026, 3, 1, 8, 5, tzinfo=UTC)),
        ("Вс, 01 мар 2026 08:05:00 +0300", datetime(2026, 3, 1, 5, 5, tzinfo=UTC)),
        ("१ मार्च २०२६", datetime(2026, 3, 1, tzinfo=UTC)),
        ("١ مارس ٢٠٢٦ ٠٨:٠٥", datetime(2026, 3, 1, 8, 5, tzinfo=UTC)),
        ("1 มี.ค. 69 08:05", datetime(2026, 3, 1, 8, 5, tzinfo=UTC)),
        ("1772323500", datetime(2026, 3, 1, 0, 5, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 08:05:00.25 +0000", datetime(2026, 3, 1, 8, 5, tzinfo=UTC)),
        ("01/02/03", None), ("31/31/2026", None),
        ("令和99年99月1日", None), ("1405-12-10", None), ("Seg, 24 Set 2018", None),
        ("Mon, 31 Feb 2026 08:00:00 GMT", None), ("soon", None), ("", None),
        ("-0001-01-01T00:00:00Z", None), ("0001-01-01T00:00:00+14:00", None),
        ("Mon, 01 Jan 0001 00:00:00 +0000", None), ("1/1/0001 12:00:00 AM", None),
        ("Sun, 01 Mar 2026 08:05 -0030", datetime(2026, 3, 1, 8, 35, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_dates_are_moments_or_nothing(written: str, moment: datetime | None) -> None:
    body = f"<title>A</title><link>/1</link><pubDate>{written}</pubDate>"
    assert one(body).published_at == moment


def test_the_summary_is_the_feeds_own_or_else_the_beginning_of_the_content() -> None:
    content = "<content type='html'>&lt;p onclick=x&gt;Long&lt;/p&gt;</content><link href='/1'/>"
    assert one(f"<summary>a &lt; b</summary>{content}", "atom").summary == "a &lt; b"
    assert one(content, "atom").summary == "<p>Long</p>"


def test_a_date_without_a_zone_is_of_the_source() -> None:
    items = "".join(
        f"<item><title>{n}</title><link>/{n}</link><pubDate>{date}</pubDate></item>"
        for n, date in enumerate(
            ("Sun, 01 Mar 2026 09:00:00", "2026-03-01 09:00", "令和8年3月1日 9:00",
             "Sun, 01 Mar 2026 00:00:00 GMT")
        )
    )  # fmt: skip
    body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    feed = parse(body, url=FOUND_AT, zone="Asia/Tokyo")
    assert {e.published_at for e in feed.entries} == {datetime(2026, 3, 1, tzinfo=UTC)}


def test_a_web_page_says_where_its_feeds_are() -> None:
    page = """<!doctype html><html><head><link rel=stylesheet href=/a.css>
        <link rel="alternate" type="application/rss+xml" href="/rss?a=1&amp;b=2">
        <link rel="alternate" hreflang="ja" href="/ja/">
        <LINK type='application/atom+xml' REL='alternate' title='a > b' href='https://a.asia/atom'>
        <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)"></head>"""
    with pytest.raises(ParseError) as caught:
        parse(page.encode(), "text/html", FOUND_AT)
    assert str(caught.value) == "This is a web page that names 2 feeds, not a feed."
    assert caught.value.feeds == (
        ("https://news.asia/rss?a=1&b=2", ""), ("https://a.asia/atom", "a > b"),
    )  # fmt: skip
