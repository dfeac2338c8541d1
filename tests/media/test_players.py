"""Addresses of videos: whose they are, or why they are none (THREATS, F09)."""

import pytest

from newsapp.media import oembed, players


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3",
         "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0"),
        ("https://youtu.be/dQw4w9WgXcQ?si=x",
         "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0"),
        ("https://m.youtube.com/shorts/dQw4w9WgXcQ",
         "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0"),
        ("https://vimeo.com/channels/staffpicks/76979871",
         "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1"),
        ("https://vimeo.com/76979871/8272103f6e",
         "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1&h=8272103f6e"),
        ("https://player.vimeo.com/video/76979871?h=8272103f6e&dnt=1",
         "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1&h=8272103f6e"),
        ("https://vimeo.com/76979871?h=%22%3E%3C",
         "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1"),
        ("https://dai.ly/x8abcde", "https://geo.dailymotion.com/player.html?video=x8abcde"),
        ("https://www.ted.com/talks/rosa_lim_ferries?language=en",
         "https://embed.ted.com/talks/rosa_lim_ferries"),
        ("https://cdn.example.org/a/b.MP4?x=1#t", ""),
        ("https://cdn.example.org/live/list.m3u8", ""),
    ],
)  # fmt: skip
def test_an_address_leads_to_a_frame_that_keeps_nothing(address: str, frame: str) -> None:
    link = players.read(address)
    assert players.frame_of(link.kind, link.key) == frame
    assert players.read(link.address) == link


@pytest.mark.parametrize("address", [
    "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", "https://evil.example/dQw4w9WgXcQ",
    "javascript:alert(1)", "data:text/html,x.mp4", "//www.youtube.com/watch?v=dQw4w9WgXcQ",
    "https://user@www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube.com/@channel",
    "https://www.youtube.com/watch?v=../../../x", "https://www.youtube.com/watch?v=dQw4w9WgXcQ;x",
    "http://cdn.example.org/a.mp4", "https://cdn.example.org:8443/a.mp4", "https://[::1]/a.mp4",
    "https://localhost/a.mp4", "https://x.example; script-src *.mp4", "https://x/\x00.mp4",
    "https://127.0.0.1/a.mp4", "https://10.0.0.1/x.m3u8", "https://2130706433.nip.io/a.mp4",
    "https://metadata.google.internal/a.webm", "https://printer.local/a.mp4", "https://127.1/a.mp4",
    "https://x.example:99999999999/a.mp4", "", "a" * 10_000, "https://\ud800.example/a.mp4",
])  # fmt: skip
def test_what_leads_elsewhere_is_refused_in_a_sentence(address: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z].*\.$"):
        players.read(address)


@pytest.mark.parametrize(("text", "seconds"), [
    ("3:05", 185), ("1:02:07", 3727), ("185", 185), ("0:00", 0), ("3:65", None), ("x", None),
    ("3:5", None), ("١:٠٠", None), ("1:1:1:1", None),
])  # fmt: skip
def test_durations_are_read_as_players_show_them(text: str, seconds: int | None) -> None:
    assert players.seconds_of(text) == seconds


@pytest.mark.parametrize("body", [
    b"", b"[]", b"null", b"\xff", b"{" * 100_000, b'{"title": 1, "duration": "x"}',
    b'{"title": null, "duration": -1, "thumbnail_url": {}}', b'{"duration": true}',
])  # fmt: skip
def test_an_answer_that_is_none_tells_nothing(body: bytes) -> None:
    assert oembed.read(body) == oembed.Told()


def test_an_answer_is_cleaned_and_bounded() -> None:
    told = oembed.read(b'{"title": "A\\u202e\\ud800\\nb", "author_name": "' + b"x" * 5000 + b'"}')
    assert told.title == "A b"
    assert len(told.author) == oembed.NAME_MAX
