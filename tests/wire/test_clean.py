"""Foreign HTML made harmless."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from newsapp.wire.clean import SUMMARY_MAX, first_sentences, first_words, summary, text

ALLOWED = {"p", "a", "em", "strong", "ul", "ol", "li", "blockquote", "br"}


class Reader(HTMLParser):
    """Reads cleaned HTML and accepts nothing but the few harmless elements."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Fails for what is not allowed."""
        assert tag in ALLOWED
        given = dict(attrs)
        if tag == "a":
            assert (given.pop("href") or "").startswith(("http://", "https://"))
            assert given.pop("rel") == "nofollow noopener"
        assert not given


def assert_harmless(markup: str) -> None:
    """Cleans it, and again; reads what is left."""
    cleaned = summary(markup, "https://news.asia/")
    assert summary(cleaned) == cleaned
    Reader().feed(cleaned)
    assert len(cleaned) <= SUMMARY_MAX


def test_nothing_active_is_left_of_any_payload(shared_data: Path) -> None:
    lines = (shared_data / "security/xss_payloads.jsonl").read_text("utf-8").splitlines()
    for line in lines:
        assert_harmless(json.loads(line)["payload"])
    assert len(lines) > 2400


def test_what_dompurify_cleans_is_cleaned_here(shared_data: Path) -> None:
    for case in json.loads((shared_data / "security/dompurify_expect.json").read_text("utf-8")):
        assert_harmless(case["payload"])


def test_feedparsers_sanitiser_cases_are_harmless(shared_data: Path) -> None:
    cases = list((shared_data / "feeds/conformance/feedparser/wellformed/sanitize").iterdir())
    for path in cases:
        assert_harmless(path.read_text("utf-8", "replace"))
    assert len(cases) > 300


def test_what_opens_no_comment_hides_nothing() -> None:
    assert text("Oil at $90 <!up 3%> today") == "Oil at $90 <!up 3%> today"
    assert summary("<!doctype html><!--[if mso]>x<![endif]--><p>Rain</p>") == "<p>Rain</p>"


@pytest.mark.parametrize(
    ("markup", "cleaned"),
    [
        ("<p class=x id=main hx-get=/desk style='position:fixed'>Rain</p>", "<p>Rain</p>"),
        ("<div>One</div><div>Two</div>", "<p>One</p><p>Two</p>"),
        ("<b>B</b> <i>I</i><script>x()</script>", "<strong>B</strong> <em>I</em>"),
        ("<img src=http://127.0.0.1/x><p></p><p>Rain<br></p>", "<p>Rain<br></p>"),
        ("<a href='javascript:x()'>x</a> <a href='data:x'>y</a>", "x y"),
        ("{{7*7}} ${x} {% y %}", "{{7*7}} ${x} {% y %}"),
        ("a \ud800\x00b\u202e&#3;&#x202e;", "a b"),
    ],
)
def test_only_words_and_their_order_stay(markup: str, cleaned: str) -> None:
    assert summary(markup) == cleaned


@pytest.mark.parametrize(
    ("href", "absolute"),
    [
        ("/a", "https://news.asia/a"),
        ("//b.asia/", "https://b.asia/"),
        ("c?d", "https://news.asia/x/c?d"),
    ],
)
def test_links_are_absolute_or_gone(href: str, absolute: str) -> None:
    markup = f'<a href="{href}">more</a>'
    linked = f'<a href="{absolute}" rel="nofollow noopener">more</a>'
    assert summary(markup, "https://news.asia/x/") == linked
    assert summary(markup) == "more"


def test_a_text_that_is_too_long_is_cut_to_its_beginning() -> None:
    assert_harmless("<p>" + "Rain &amp; wind. " * 1000)
    assert_harmless("&" * 50_000)


def test_text_keeps_words_apart() -> None:
    assert text("<h1>Rain</h1><p>stops<br>play</p> &amp;lt;b&gt;") == "Rain stops play &lt;b>"


@pytest.mark.parametrize(
    ("markup", "count", "words"),
    [
        ("<p>Rain stops play.</p>", 3, "Rain stops play."),
        ("<p>Rain stops, play goes on.</p>", 2, "Rain stops…"),
        ("北京今日大雨停课停工", 3, "北京今日大雨…"),
        ("北京今日", 2, "北京今日"),
        ("東京でNATO会議", 3, "東京でNATO…"),
        ("대통령이 오늘 서울에서 말했다", 2, "대통령이 오늘…"),
        ("นายกรัฐมนตรีกล่าว", 2, "นายกรัฐม…"),
        ("สวัสดี ที่นี่", 1, "สวัส…"),
        ("", 5, ""),
    ],
)
def test_the_first_words_are_counted_as_each_script_has_them(
    markup: str, count: int, words: str
) -> None:
    assert first_words(markup, count) == words


@pytest.mark.parametrize(
    ("said", "count", "cut"),
    [
        ("Two words. Three more words.", 4, "Two words."),
        ("Two words. Three more words.", 9, "Two words. Three more words."),
        ("No end in sight of it", 3, "No end in…"),
        ("It rose 3.5 per cent. Then it fell.", 6, "It rose 3.5 per cent."),
        ("He said “Stop!” They did not.", 4, "He said “Stop!”"),
        ("东京大雪。学校关闭三天。", 5, "东京大雪。"),
        ("दिल्ली में बारिश। सड़कें बंद।", 4, "दिल्ली में बारिश।"),
        ("It fell. The U.S. Treasury told Mr. Li of it.", 8, "It fell."),
        ("One sentence …", 5, "One sentence …"),
    ],
)
def test_an_excerpt_ends_where_a_sentence_does(said: str, count: int, cut: str) -> None:
    assert first_sentences(said, count) == cut
