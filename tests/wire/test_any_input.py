"""Whatever is sent, it is read or refused in a sentence, within a moment."""

import time
from datetime import UTC
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsapp.wire.dates import moment_of
from newsapp.wire.links import page_of, untracked
from newsapp.wire.page import read
from newsapp.wire.parse import ParseError, parse

PIECES = [
    "<rss version='2.0'><channel>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<rdf:RDF>",
    "<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<title type='xhtml'>",
    "<link>", "</link>", "<link href='/a'/>", "<guid>", "<pubDate>", "</pubDate>", "<dc:date>",
    "<description><![CDATA[", "]]></description>", "<content:encoded>", "<media:group>",
    "<h1>", "<article>", "<nav>", "<meta property=og:title content='a'>", "Correction: a",
    "<script type=application/ld+json>", '{"@type": "Article", "headline": [', "</script>",
    "<body>", "</body>", "<fullitem>", "<author>", "<dc:creator>",
    "<georss:point>", "<!--", "-->", "<?", "?>", "&", "&amp;lt;", "&#x110000;", "]]>", "<![CDATA[",
    '{"version":"https://jsonfeed.org/version/1","items":[', '{"id":', '"title":', "1e999", "]}",
    "<a xml:base='//[' href='http://['>", "xmlns:x=''", "2569-02-29", "令和元年13月1日", "\0",
]  # fmt: skip
DATES = ["2026", "2569", "69", "-", "/", ":", "T", "Z", "+", "GMT", "JST", "1", "31", "99",
         "年", "月", "日", "令和", "元", "午後", "時", "มีนาคม", "Mon, ", "Mar ", " pm", "tháng ",
         "R", "(GMT+7)", "20260301", " ", "٣",
         "²"]  # fmt: skip
LINKS = ["https://", "http://", "a.asia", "[::1]", ":443", ":x", "/", "//", "台灣", "?", "&", "#",
         "=", "utm_source=rss", "fbclid=1", "ref=rss", "id=7", "%e5", "%", ";", "@", "www.",
         "\ud800", "#xtor=RSS-1"]  # fmt: skip
BODIES = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=40).map("".join)


@settings(max_examples=150, deadline=None)
@given(BODIES.map(lambda body: body.encode("utf-8", "surrogatepass")) | st.binary(max_size=300))
def test_any_feed_is_read_or_refused(body: bytes) -> None:
    began = time.process_time()
    try:
        parse(body, url="https://news.asia/feed")
    except ParseError as refusal:
        assert str(refusal).endswith(".")
    assert time.process_time() - began < 1


@settings(max_examples=150, deadline=None)
@given(BODIES.map(lambda body: body.encode("utf-8", "surrogatepass")) | st.binary(max_size=300))
def test_any_page_is_read(body: bytes) -> None:
    page = read(body, "text/html")
    assert all(page.headlines.values())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LINKS) | st.text(max_size=6), max_size=12).map("".join))
@example("?\ud800")
def test_any_address_is_of_a_page_or_none(url: str) -> None:
    assert untracked(untracked(url)) == untracked(url)
    assert page_of(url) == page_of(untracked(url))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(DATES) | st.text(max_size=4), max_size=12).map("".join))
def test_any_date_is_a_moment_or_nothing(text: str) -> None:
    found = moment_of(text, ZoneInfo("Asia/Tokyo"))
    assert found is None or (found.tzinfo is UTC and found.year >= 1970)
