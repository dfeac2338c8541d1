"""What may be saved as a feed's address."""

import json
from pathlib import Path

import httpx
import pytest

from newsapp.wire.addresses import check_url, is_public, parsed_url, turn_of
from newsapp.wire.models import Feed


def test_every_address_of_the_ssrf_list_is_refused_at_save(shared_data: Path) -> None:
    for line in (shared_data / "security/ssrf_urls.txt").read_text().splitlines():
        with pytest.raises(ValueError, match=r"^\S.*\.$"):
            check_url(line)


@pytest.mark.parametrize(
    "url",
    [
        "http://0x7f.1/", "http://127.1/", "http://017700000001/", "http://[::]/", "http://0/",
        "http://[::ffff:10.0.0.1]/", "http://[64:ff9b::10.0.0.1]/", "http://[2002:7f00:1::]/",
        "http://[fe80::1%25eth0]/", "http://[fc00::1]/", "http://224.0.0.1/", "http://100.64.0.1/",
        "http://127.0.0.1.nip.io/", "http://printer/", "http://printer.lan/", "http://LOCALHOST./",
        "http://a.internal./feed", "https://user:secret@scmp.com/", "https://scmp.com:22/",
        "https://scmp.com/\r\nX: 1", "https://sc\tmp.com/", "https:\\\\scmp.com/", "https://", "",
        "javascript:alert(1)", "feed://scmp.com/rss", "https://scmp.com/" + "a" * 2000,
        "https://hop.asia/?to=http%3A%2F%2F127.0.0.1%2F", "https://hop.asia/http://[::1]/x",
        "http://192.0.0.192/opc/v2/", "http://192.88.99.1/feed", "http://[64:ff9b::c000:c0]/",
        "http://[3fff::1]/", "http://[3fff:fff::1]/",
        "http://１２７.0.0.1/", "http://ｌocalhost/",
    ],
)  # fmt: skip
def test_addresses_inside_or_in_disguise_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.scmp.com/rss/91/feed", "http://feeds.bbci.co.uk:8080/news/rss.xml?edition=asia",
        "https://1.1.1.1/feed", "https://[2606:4700::1111]/feed", "https://例え.jp/feed",
        "https://feedproxy.asia/?url=https://www.scmp.com/rss",
    ],
)  # fmt: skip
def test_public_addresses_are_kept(url: str) -> None:
    assert check_url(f" {url}\n").startswith("http")


def test_what_is_checked_is_what_a_browser_would_connect_to(shared_data: Path) -> None:
    cases = json.loads((shared_data / "security/url_parsing_wpt.json").read_text())
    valid = {case["input"]: case["hostname"] for case in cases if "hostname" in case}
    kept = {url: host for url in valid if (host := _host_checked(url))}
    assert kept == {url: valid[url] for url in kept}
    assert len(kept) > 20


def test_a_host_inside_may_be_allowed_by_name_and_port() -> None:
    allowed = frozenset({"127.0.0.1:9000"})
    assert check_url("http://127.0.0.1:9000/feed", allowed) == "http://127.0.0.1:9000/feed"
    with pytest.raises(ValueError, match="ports"):
        check_url("http://127.0.0.1:9001/feed", allowed)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://news.asia/a", "news.asia"), ("https://NEWS.asia/b", "news.asia"),
        ("https://news.asia:8443/", "news.asia:8443"), ("https://例え.jp/", "xn--r8jz45g.jp"),
    ],
)  # fmt: skip
def test_http_and_https_of_a_host_take_turns(url: str, host: str) -> None:
    assert turn_of(parsed_url(url)) == Feed(url=check_url(url)).host == host


def test_an_ipv6_address_is_judged_by_the_ipv4_one_inside() -> None:
    assert is_public("::ffff:1.1.1.1")
    assert is_public("64:ff9b::1.1.1.1")
    assert not is_public("64:ff9b::a9fe:a9fe")
    assert not is_public("::127.0.0.1")


def _host_checked(url: str) -> str | None:
    try:
        return httpx.URL(check_url(url)).raw_host.decode()
    except ValueError:
        return None
