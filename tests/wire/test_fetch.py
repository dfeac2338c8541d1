"""Fetching from servers that are kind, broken or hostile."""

import gzip
import random
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import repeat
from typing import Any

import brotli
import pytest
import time_machine

from newsapp.wire.fetch import Fetched, FetchError, agent, fetch
from tests.far_end import FarEnd

HEAD = b"HTTP/1.1 200 OK\r\n"


def get(far_end: FarEnd, path: str = "/feed", total: float = 5, **more: Any) -> Fetched:
    """Fetches from the far end, which is allowed here."""
    return fetch(far_end.url(path), allowed_hosts=frozenset({far_end.host}), total=total, **more)


def refusal(far_end: FarEnd, path: str = "/feed", total: float = 5, **more: Any) -> FetchError:
    """The error of a fetch that must fail; its reason is a sentence."""
    with pytest.raises(FetchError, match=r"^\S.*\.$") as caught:
        get(far_end, path, total, **more)
    return caught.value


def test_a_feed_arrives_with_what_is_asked_for_next_time(far_end: FarEnd) -> None:
    url = far_end.serve(b"<rss/>", ETag='"1"', Last_Modified="then", Content_Type="text/xml")
    assert get(far_end) == Fetched(b"<rss/>", url, "text/xml", '"1"', "then")
    assert "Asian-News.net" in far_end.asked[0]["user-agent"]


def test_an_unchanged_feed_has_no_body(far_end: FarEnd) -> None:
    far_end.serve(status="304 Not Modified")
    assert get(far_end, etag='"1"', last_modified="then").body is None
    assert far_end.asked[0]["if-none-match"] == '"1"'
    assert far_end.asked[0]["if-modified-since"] == "then"


def test_that_nothing_changed_is_no_answer_to_who_asked_for_everything(far_end: FarEnd) -> None:
    far_end.serve(status="304 Not Modified")
    told = "127.0.0.1 answers 304 Not Modified, though it was asked for everything."
    assert refusal(far_end).reason == told


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_redirects_are_followed(far_end: FarEnd, status: str) -> None:
    far_end.serve(status=status, Location="/new?x=1")
    url = far_end.serve(b"<rss/>", "/new?x=1")
    assert get(far_end).url == url


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest", "file:///etc/passwd", "http://localhost/", "//[::1]/", "http://["],
)  # fmt: skip
def test_a_redirect_inside_is_refused_at_that_hop(far_end: FarEnd, target: str) -> None:
    far_end.serve(status="302 Found", Location=target)
    assert "not" in refusal(far_end).reason
    assert len(far_end.asked) == 1


def test_redirects_without_end_are_followed_five_times(far_end: FarEnd) -> None:
    for number in range(9):
        far_end.serve(path=f"/{number}", status="302 Found", Location=f"/{number + 1}")
    assert "more than 5 times" in refusal(far_end, "/0").reason
    assert len(far_end.asked) == 6


def test_what_fails_behind_a_redirect_is_told_with_the_redirect(far_end: FarEnd) -> None:
    with FarEnd("127.0.0.2") as other:
        gone = other.serve(status="404 Not Found")
        far_end.serve(status="302 Found", Location=gone)
        with pytest.raises(FetchError) as raised:
            fetch(far_end.url(), allowed_hosts=frozenset({far_end.host, other.host}))
        other.shutdown()
    assert raised.value.reason == "127.0.0.1 redirects to 127.0.0.2, which answers 404 Not Found."


def test_a_circle_of_redirects_is_told(far_end: FarEnd) -> None:
    far_end.serve(status="302 Found", Location="/other")
    far_end.serve(path="/other", status="302 Found", Location="/feed")
    assert refusal(far_end).reason == "127.0.0.1 redirects in a circle."
    assert len(far_end.asked) == 2


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        (["301 Moved"], "/1"), (["308 Moved", "301 Moved"], "/2"), (["302 Found"], None),
        (["301 Moved", "307 Now"], "/1"), (["302 Found", "301 Moved"], None), ([], None),
    ],
)  # fmt: skip
def test_where_a_feed_went_for_good_is_told(
    far_end: FarEnd, statuses: list[str], moved: str | None
) -> None:
    for number, status in enumerate(statuses):
        far_end.serve(path=f"/{number}", status=status, Location=f"/{number + 1}")
    far_end.serve(b"<rss/>", f"/{len(statuses)}")
    assert get(far_end, "/0").moved_to == (far_end.url(moved) if moved else "")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("public, max-age=600", 600), ("s-maxage=9", 0), ("Max-Age = 60", 60), ("max-age=soon", 0),
     ("no-cache, max-age=60", 0), ("no-store", 0)],
)  # fmt: skip
def test_how_long_an_answer_is_good_is_read(far_end: FarEnd, header: str, seconds: int) -> None:
    far_end.serve(b"<rss/>", Cache_Control=header)
    assert get(far_end).fresh_for == seconds


def test_what_an_answer_spent_in_a_cache_is_taken_off(far_end: FarEnd) -> None:
    far_end.serve(b"<rss/>", Cache_Control="max-age=600", Age="200")
    assert get(far_end).fresh_for == 400
    far_end.serve(b"<rss/>", Cache_Control="max-age=600", Age="9999")
    assert get(far_end).fresh_for == 0


def test_an_older_server_says_until_when_its_answer_is_good(far_end: FarEnd) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 8, tzinfo=UTC), tick=True):
        far_end.serve(b"<rss/>", Expires="Sun, 01 Mar 2026 09:00:00 GMT")
        assert 3590 <= get(far_end).fresh_for <= 3600
        far_end.serve(b"<rss/>", Expires="0")
        assert get(far_end).fresh_for == 0


def test_a_host_is_asked_only_while_its_turn_is_held(far_end: FarEnd) -> None:
    held: list[str] = []

    @contextmanager
    def turn(host: str) -> Iterator[None]:
        asked = len(far_end.asked)
        yield
        held.append(f"{host} {len(far_end.asked) - asked}")

    far_end.serve(status="301 Moved", Location="/new")
    far_end.serve(b"<rss/>", "/new")
    get(far_end, turn=turn)
    assert held == [f"{far_end.host} 1"] * 2


def test_the_wire_says_whose_it_is(far_end: FarEnd) -> None:
    far_end.serve(b"<rss/>")
    get(far_end, called=agent("https://asia.example"))
    assert far_end.asked[0]["user-agent"] == "Asian-News.net wire (+https://asia.example)"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "::1", "fc00::1", "::ffff:127.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "0.0.0.0"],
)  # fmt: skip
def test_a_public_name_with_a_private_address_is_refused(address: str) -> None:
    with pytest.raises(FetchError, match=r"news\.asia is not a host of the public internet\."):
        fetch("http://news.asia/feed", resolve=lambda host, port: ["1.1.1.1", address])


def test_the_connection_goes_to_the_address_that_was_checked(far_end: FarEnd) -> None:
    # Nobody else knows this name, so a second look-up could only fail.
    port = far_end.host.partition(":")[2]
    far_end.serve(b"<rss/>")
    asked = iter([["127.0.0.1"], ["169.254.169.254"]])
    url = f"http://news.asia:{port}/feed"
    answer = fetch(
        url, allowed_hosts=frozenset({f"news.asia:{port}"}), resolve=lambda *_: next(asked)
    )
    assert answer.body == b"<rss/>"
    assert far_end.asked[0]["host"] == f"news.asia:{port}"
    assert len(list(asked)) == 1


def test_an_address_that_does_not_answer_gives_way_to_the_next(far_end: FarEnd) -> None:
    far_end.serve(b"<rss/>")
    assert get(far_end, resolve=lambda *_: ["::1", "127.0.0.1"]).body == b"<rss/>"


def test_a_name_that_nobody_knows_is_told(far_end: FarEnd) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    assert refusal(far_end, resolve=unknown).reason == "There is no host called 127.0.0.1."


def _drip(head: bytes, piece: bytes) -> Iterator[bytes]:
    yield head
    for _ in range(100):
        time.sleep(0.02)
        yield piece


@pytest.mark.parametrize(
    ("head", "piece"),
    [(b"", b""), (HEAD, b"X: 1\r\n"), (HEAD + b"Content-Length: 999\r\n\r\n", b"x"), (b"", b"H")],
    ids=["hangs before headers", "drips headers", "drips a body", "drips a status"],
)
def test_a_slow_server_is_cut_off_on_time(far_end: FarEnd, head: bytes, piece: bytes) -> None:
    far_end.stream(lambda: _drip(head, piece))
    began = time.monotonic()
    assert "within 0.3 seconds" in refusal(far_end, total=0.3).reason
    assert time.monotonic() - began < 0.8


def test_a_silent_resolver_is_cut_off_on_time(far_end: FarEnd) -> None:
    def silent(host: str, port: int) -> list[str]:
        time.sleep(1)
        return []

    assert "within 0.2 seconds" in refusal(far_end, total=0.2, resolve=silent).reason


def test_a_server_that_stops_in_the_middle_is_told(far_end: FarEnd) -> None:
    far_end.serve(b"<rss>", Content_Length="1000")
    assert "broke off" in refusal(far_end).reason
    far_end.serve(gzip.compress(b"<rss/>" * 1000)[:40], Content_Encoding="gzip")
    assert "broke off" in refusal(far_end).reason
    far_end.serve(brotli.compress(b"<rss/>" * 1000)[:-3], Content_Encoding="br")
    assert "broke off" in refusal(far_end).reason


@pytest.mark.parametrize("wbits", [31, 15, -15], ids=["gzip", "zlib", "raw deflate"])
def test_compressed_feeds_are_unpacked(far_end: FarEnd, wbits: int) -> None:
    packer = zlib.compressobj(wbits=wbits)
    body = b"<rss>" + bytes(3_000_000) + b"</rss>"
    packed = packer.compress(body) + packer.flush()
    far_end.serve(packed, Content_Encoding="gzip" if wbits == 31 else "deflate")
    assert get(far_end).body == body


def test_gzip_in_several_members_is_unpacked_whole(far_end: FarEnd) -> None:
    packed = gzip.compress(b"<rss>") + gzip.compress(b"</rss>") + bytes(8)
    far_end.serve(packed, Content_Encoding="gzip")
    assert get(far_end).body == b"<rss></rss>"


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_brotli_is_unpacked(far_end: FarEnd, size: int) -> None:
    body = random.Random(1).randbytes(size // 2) + bytes(size)
    far_end.serve(brotli.compress(body, quality=1), Content_Encoding="br")
    assert get(far_end).body == body


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_bomb_is_cut_while_memory_stays_small(far_end: FarEnd, encoding: str) -> None:
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[encoding]
    packed = pack(bytes(200_000_000))
    far_end.serve(packed, Content_Encoding=encoding)
    tracemalloc.start()
    try:
        assert refusal(far_end).reason == "127.0.0.1 sends more than 10 MB."
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


def test_an_endless_body_is_cut(far_end: FarEnd) -> None:
    chunk = b"10000\r\n" + bytes(65536) + b"\r\n"
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    far_end.stream(lambda: (head, *repeat(chunk, 500)))
    assert "more than 10 MB" in refusal(far_end).reason


@pytest.mark.parametrize(
    ("header", "piece", "reason"),
    [
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" * 50, "too much before its answer"),
        (b"Content-Encoding: gzip", gzip.compress(b"") * 900, "too many parts"),
        (b"Content-Encoding: deflate", b"\0\0\0\xff\xff" * 13_000, "more than 10 MB"),
        (b"Transfer-Encoding: chunked", b"1\r\n \r\n" * 9_000, "too many pieces"),
    ],
    ids=["interim answers", "empty members", "empty blocks", "tiny chunks"],
)
def test_what_comes_without_end_and_holds_nothing_is_cut(
    far_end: FarEnd, header: bytes, piece: bytes, reason: str
) -> None:
    head = HEAD + header + b"\r\n\r\n" if header else b""
    far_end.stream(lambda: (head, *repeat(piece, 2_000)))
    assert reason in refusal(far_end, total=30).reason


@pytest.mark.parametrize("encoding", ["gzip, gzip", "zstd", "br, gzip"])
def test_nested_and_unknown_encodings_are_refused(far_end: FarEnd, encoding: str) -> None:
    far_end.serve(gzip.compress(gzip.compress(b"<rss/>")), Content_Encoding=encoding)
    assert "encoding that was not asked for" in refusal(far_end).reason


def test_damaged_compression_is_told(far_end: FarEnd) -> None:
    far_end.serve(b"\x1f\x8b\x08" + b"x" * 100, Content_Encoding="gzip")
    assert "damaged" in refusal(far_end).reason
    far_end.serve(b"<rss/>" * 100, Content_Encoding="br")
    assert "damaged" in refusal(far_end).reason


def test_very_many_tiny_chunks_take_no_more_than_their_size(far_end: FarEnd) -> None:
    chunks = b"1\r\n \r\n" * 50_000 + b"0\r\n\r\n"
    far_end.stream(lambda: (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunks))
    tracemalloc.start()
    try:
        assert len(get(far_end, total=30).body or b"") == 50_000
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("403 <script>", "127.0.0.1 answers 403 Forbidden."),
        ("401 No", "127.0.0.1 answers 401 Unauthorized."),
        ("799 Odd", "127.0.0.1 answers 799."),
        ("410 Gone", "127.0.0.1 answers 410 Gone: the feed was taken down for good."),
    ],
)
def test_a_refusal_is_told_in_words_of_ours(far_end: FarEnd, status: str, sentence: str) -> None:
    far_end.serve(status=status)
    error = refusal(far_end)
    assert error.reason == sentence
    assert error.gone == (status == "410 Gone")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("soon", None), ("9" * 50, 99999999)],
)
def test_retry_after_is_read(far_end: FarEnd, header: str, seconds: int | None) -> None:
    far_end.serve(status="429 Slow down", Retry_After=header)
    assert refusal(far_end).retry_after == seconds


@pytest.mark.parametrize(
    "answer", [b"\x16\x03\x01nonsense\r\n\r\n", b"", HEAD + b"X: " + b"x" * 200_000]
)
def test_what_is_not_http_is_told(far_end: FarEnd, answer: bytes) -> None:
    far_end.stream(lambda: (answer,))
    assert refusal(far_end).reason == "127.0.0.1 broke the connection."
