"""Whose videos can be shown, and from where; anything else is refused in a sentence."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from newsapp.wire.addresses import check_url

ADDRESS_MAX = 2000
KEY_MAX = 80
_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\\<>\"'`;,\u2028\u2029\ud800-\udfff]")
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")


@dataclass(frozen=True, slots=True)
class Player:
    """A provider: where its videos stand, where it tells of them, who plays them."""

    name: str
    page: str  # where readers go without a script
    host: str  # of the frame; the one that keeps nothing of who looks
    frame: str  # path and query there
    oembed: str


PLAYERS = {
    "youtube": Player(
        "YouTube", "https://www.youtube.com/watch?v={}", "www.youtube-nocookie.com",
        "/embed/{}?autoplay=1&rel=0", "https://www.youtube.com/oembed",
    ),
    "vimeo": Player(
        "Vimeo", "https://vimeo.com/{}", "player.vimeo.com", "/video/{}?dnt=1&autoplay=1",
        "https://vimeo.com/api/oembed.json",
    ),
    "dailymotion": Player(
        "Dailymotion", "https://www.dailymotion.com/video/{}", "geo.dailymotion.com",
        "/player.html?video={}", "https://www.dailymotion.com/services/oembed",
    ),
    "ted": Player(
        "TED", "https://www.ted.com/talks/{}", "embed.ted.com", "/talks/{}",
        "https://www.ted.com/services/v1/oembed.json",
    ),
}  # fmt: skip
FILES = {"file": (".mp4", ".m4v", ".webm"), "hls": (".m3u8",)}
_HOSTS = {
    "youtube.com": "youtube", "www.youtube.com": "youtube", "m.youtube.com": "youtube",
    "music.youtube.com": "youtube", "youtu.be": "youtube", "www.youtube-nocookie.com": "youtube",
    "vimeo.com": "vimeo", "www.vimeo.com": "vimeo", "player.vimeo.com": "vimeo",
    "dailymotion.com": "dailymotion", "www.dailymotion.com": "dailymotion",
    "dai.ly": "dailymotion", "geo.dailymotion.com": "dailymotion",
    "ted.com": "ted", "www.ted.com": "ted", "embed.ted.com": "ted",
}  # fmt: skip
_KEYS = {
    "youtube": re.compile(r"(?:/(?:embed|shorts|live|v)/|^/)([\w-]{11})/?$", re.ASCII),
    # The word after the number opens what is not listed.
    "vimeo": re.compile(
        r"^/(?:video/|channels/\w+/|showcase/\d+/video/)?(\d{5,12}(?:/\w{6,40})?)/?$", re.ASCII
    ),
    "dailymotion": re.compile(r"^/(?:embed/)?(?:video/)?(x?[a-zA-Z0-9]{5,12})/?$", re.ASCII),
    "ted": re.compile(r"^/talks/([a-z0-9_]{3,80})/?$", re.ASCII),
}  # fmt: skip
TAKEN = "YouTube, Vimeo, Dailymotion, TED, or the address of an MP4, WebM or HLS file"


@dataclass(frozen=True, slots=True)
class Link:
    """Which video an address means: whose it is, its name there, the address in its plain form."""

    kind: str
    key: str
    address: str


def read(address: str) -> Link:
    """The video that an address leads to; ValueError says in a sentence why to none."""
    if not address or len(address) > ADDRESS_MAX or _UNFIT.search(address):
        raise ValueError("This is not a web address.")
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise ValueError("This is not a web address.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError("Give a web address that begins with https://.")
    if "@" in parts.netloc or not _HOST.fullmatch(host):
        raise ValueError("This is not a web address.")
    if kind := _HOSTS.get(host):
        return _of_player(kind, parts.path, parts.query)
    for kind, endings in FILES.items():
        if parts.path.lower().endswith(endings):
            if parts.scheme != "https" or port not in (None, 443):
                raise ValueError("Readers’ browsers play files from https:// addresses only.")
            link = Link(kind, "", parts._replace(netloc=host, fragment="").geturl())
            check_url(link.address)  # nothing of the readers' own networks
            return link
    raise ValueError(f"We don’t know how to play {host[:80]}. We take {TAKEN}.")


def _of_player(kind: str, path: str, query: str) -> Link:
    asked = parse_qs(query)
    if kind in ("youtube", "dailymotion") and path in ("/watch", "/player.html"):
        path = "/" + (asked.get("v") or asked.get("video") or [""])[0]
    found = _KEYS[kind].search(path)
    if not found:
        raise ValueError(f"This address of {PLAYERS[kind].name} leads to no single video.")
    key = found[1]
    secret = (asked.get("h") or [""])[0] if kind == "vimeo" and "/" not in key else ""
    if re.fullmatch(r"\w{6,40}", secret, re.ASCII):
        key = f"{key}/{secret}"
    return Link(kind, key, PLAYERS[kind].page.format(key))


def frame_of(kind: str, key: str) -> str:
    """The address of the frame that plays it; empty for files, which the browser plays itself."""
    player = PLAYERS.get(kind)
    if player is None:
        return ""
    name, _, secret = key.partition("/")
    opened = f"&h={secret}" if secret else ""
    return f"https://{player.host}{player.frame.format(name)}{opened}"


def clock_of(seconds: int) -> str:
    """A duration as players show it: 3:05, 1:02:07."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def seconds_of(text: str) -> int | None:
    """The seconds that “3:05”, “1:02:07” or “185” mean; None for what is no duration."""
    if not re.fullmatch(r"\d{1,5}|(\d{1,2}:)?\d{1,3}:[0-5]\d", text, re.ASCII):
        return None
    total = 0
    for part in text.split(":"):
        total = total * 60 + int(part)
    return total
