"""Which addresses are of one page."""

import pytest

from newsapp.wire.links import page_of, untracked

PAGE = "https://www.news.asia/2026/rain?id=7"


@pytest.mark.parametrize(
    "url",
    [
        "http://news.asia/2026/rain?id=7",
        "https://NEWS.asia/2026/rain/?id=7",
        "https://www.news.asia:443/2026/rain?id=7&utm_source=rss&utm_medium=feed",
        "https://m.news.asia/2026/rain?fbclid=1&id=7#xtor=RSS-1",
        "https://www.news.asia/2026/rain?at_medium=RSS&at_campaign=KARANGA&id=7#comments",
        "https://www.news.asia/2026/rain?id=7&traffic_source=rss",
        "https://www.news.asia./2026/rain?gclid=a&id=7",
    ],
)
def test_one_page_has_many_addresses(url: str) -> None:
    assert page_of(url) == page_of(PAGE) == "news.asia/2026/rain?id=7"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.news.asia/2026/rain?id=8",
        "https://www.news.asia/2026/Rain?id=7",
        "https://www.news.asia:8080/2026/rain?id=7",
        "https://www.news.asia/2026/rain?id=7&page=2",
        "https://www.news.asia/2026/rain?id=7#post-3",
        "https://news.example/2026/rain?id=7",
    ],
)
def test_other_addresses_are_of_other_pages(url: str) -> None:
    assert page_of(url) not in (page_of(PAGE), None)


def test_names_and_paths_in_any_script_have_one_spelling() -> None:
    written = "https://新聞.tw/台灣?題=地震&a=1"
    sent = "https://xn--efvv70d.tw/%e5%8f%b0%e7%81%a3?a=1&%E9%A1%8C=%E5%9C%B0%E9%9C%87"
    assert page_of(written) == page_of(sent)


@pytest.mark.parametrize("url", ["https://news.asia", "https://news.asia/en/?utm_source=rss", "x"])
def test_front_pages_name_nothing(url: str) -> None:
    assert page_of(url) is None


@pytest.mark.parametrize(
    ("url", "rest"),
    [
        ("https://a.asia/1?utm_source=rss&id=%e5&x", "https://a.asia/1?id=%e5&x"),
        ("https://a.asia/1?UTM_Source=x", "https://a.asia/1"),
        ("https://a.asia/1?mod=rss_world#rss=1", "https://a.asia/1#rss=1"),
        ("https://a.asia/1?source=press&from=rss", "https://a.asia/1?source=press"),
        ("https://a.asia/1?a=1&a=2&#top", "https://a.asia/1?a=1&a=2&#top"),
        ("https://a.asia/?q=utm_source=1", "https://a.asia/?q=utm_source=1"),
    ],
)
def test_what_is_tracked_is_cut_and_nothing_else(url: str, rest: str) -> None:
    assert untracked(url) == rest
