"""Feeds are read in a process that may come to an end over them, and the next one is read."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsapp.wire import copytaster
from newsapp.wire.parse import ParseError, parse

FEED = b"""<rss version='2.0'><channel><title>News</title><language>en</language>
<item><title>Rain \xe2\x80\x93 again</title><link>/1</link>
<pubDate>Mon, 01 Mar 2026 08:00:00 GMT</pubDate></item>
<item><title>Sun</title><link>/2</link></item></channel></rss>"""
URL = "https://news.asia/feed"
# 27 seconds of work: tags that are few and not endless, but with thousands of attributes each.
POISON = b"<rss><channel><item><title>a</title><link>/1</link><description>" + 200 * (
    b"<p " + b" ".join(b"a%d='b'" % number for number in range(4000)) + b">"
)


def test_a_feed_comes_back_as_it_was_read() -> None:
    read = copytaster.read(FEED, "text/xml", URL)
    assert read == parse(FEED, "text/xml", URL)
    assert read.entries[0].published_at == datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_a_refusal_comes_back_in_words() -> None:
    with pytest.raises(ParseError, match="This is a web page"):
        copytaster.read(b"<html>", "text/html", URL)


def test_a_feed_of_which_nothing_is_left_says_so() -> None:
    with pytest.raises(ParseError, match="None of its items has a headline and a link"):
        copytaster.read(b"<rss version='2.0'><channel><item><title>Rain", "text/xml", URL)


def test_a_feed_that_keeps_the_processor_busy_is_ended_and_the_next_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(copytaster, "PATIENCE", 600.0)  # not by the clock, on a busy machine either
    with pytest.raises(ParseError, match="too much time or memory"):
        copytaster.read(POISON, "text/xml", URL)
    assert copytaster.read(FEED, "text/xml", URL).title == "News"


def test_the_largest_feed_fits_the_memory_of_the_process() -> None:
    item = (
        "<item><title>{0}</title><link>/{0}</link><description><![CDATA[{1}]]></description></item>"
    )
    items = "".join(item.format(number, "Rain 新聞 &amp; wind. " * 11_000) for number in range(40))
    body = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    assert len(body) > 9_500_000
    assert len(copytaster.read(body, "text/xml", URL).entries) == 40


def tasters() -> list[int]:
    """The processes that read for this one."""
    lists = (path.read_text() for path in Path("/proc/self/task").glob("*/children"))
    numbers = [int(number) for text in lists for number in text.split()]
    return [n for n in numbers if b"tasting.py" in Path(f"/proc/{n}/cmdline").read_bytes()]


def test_a_process_that_was_killed_meanwhile_is_not_held_against_the_next_feed() -> None:
    copytaster.read(FEED, "text/xml", URL)
    for number in tasters():
        os.kill(number, signal.SIGKILL)
    assert copytaster.read(FEED, "text/xml", URL).title == "News"


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_what_stops_the_worker_lets_its_last_feeds_be_read(stop: signal.Signals) -> None:
    copytaster.read(FEED, "text/xml", URL)
    before = tasters()
    for number in before:
        os.kill(number, stop)
    assert copytaster.read(FEED, "text/xml", URL).title == "News"
    assert tasters() == before


def test_feeds_at_once_are_all_read() -> None:
    with ThreadPoolExecutor(6) as pool:
        read = list(pool.map(lambda _: copytaster.read(FEED, "text/xml", URL), range(12)))
    assert {feed.title for feed in read} == {"News"}
