"""Which addresses lead to the same page: what only tells where a reader came from is cut."""

import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

# What senders, networks and mailings add to their links.
_TRACKING = re.compile(
    r"utm_\w+|at_(?:medium|campaign|custom\d|link\w*|format|bbc\w*|ptr\w*|team)|fbclid|gclid|gclsrc|"
    r"dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|mc_[ce]id|_hsenc|_hsmi|"
    r"_ga|_gl|mkt_tok|oly_(?:anon|enc)_id|vero_id|xtor|wt[._]mc(?:_\w+)?|cmpid|cmp|icid|ncid|ocid|"
    r"ftag|soc_(?:src|trk)|guccounter|guce_\w+|__twitter_impression|sr_share|s_cid|sref|wickedid",
    re.IGNORECASE,
)
# Parameters that may mean anything, unless they say that a feed was read.
_ORIGIN = {"ref", "source", "src", "from", "via", "partner", "emc", "mod", "traffic_source", "feed",
           "output", "taid", "medium", "channel"}  # fmt: skip
_FEED = re.compile(r"(?:rss|atom|feed)(?:[\d._-].*)?", re.IGNORECASE)
_PARTS = re.compile(r"([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.DOTALL)
_FRONT = 4  # characters that the path of a page of its own has at least


def untracked(url: str) -> str:
    """The address without what only tells where a reader came from; else as it is written."""
    match = _PARTS.fullmatch(url)
    if match is None:
        return url
    page, query, fragment = match.groups()
    if query:
        query = "&".join(pair for pair in query.split("&") if not _tells(pair))
    if fragment and all(_tells(pair) for pair in fragment.split("&")):
        fragment = ""
    return page + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def page_of(url: str) -> str | None:
    """What is the same for all addresses of one page: http or https, www or not, a slash at the
    end, whatever is tracked; None for a site's front page, which any item may have."""
    place, own = _place(url)
    return place if own else None


def place_of(url: str) -> str:
    """The same, also of a front page."""
    return _place(url)[0] or url


def page_hash(url: str) -> str | None:
    """SHA-256 of `page_of`, hex."""
    page = page_of(url)
    return page and hashlib.sha256(page.encode("utf-8", "replace")).hexdigest()


@lru_cache(2000)  # of one feed, several times in a row
def _place(url: str) -> tuple[str, bool]:
    """What is the same for all addresses of one page, and whether it is more than a front page."""
    try:
        parts = urlsplit(untracked(url.strip()))
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "", False
    path = parts.path.rstrip("/")
    fragment = parts.fragment if parts.fragment not in ("top", "comments", "respond") else ""
    own = bool(host and (len(path) >= _FRONT or parts.query or fragment))
    host = _ascii(host.rstrip(".")).removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    pairs = sorted(parse_qsl(parts.query, keep_blank_values=True, max_num_fields=None))
    query = urlencode(pairs, errors="replace")
    said = f"{host}{'' if port in (None, 80, 443) else f':{port}'}{_escaped(path)}"
    said += (f"?{query}" if query else "") + (f"#{_escaped(fragment)}" if fragment else "")
    return said, own


def _tells(pair: str) -> bool:
    name, _, value = pair.partition("=")
    if _TRACKING.fullmatch(name):
        return True
    return name.lower() in _ORIGIN and bool(_FEED.fullmatch(value))


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


def _escaped(text: str) -> str:
    """Text of an address in one spelling, whether the sender escaped it or not."""
    escaped = quote(text, safe="/:@!$&'()*+,;=~-._%?", errors="replace")
    return re.sub(r"%[0-9a-fA-F]{2}", lambda match: match[0].upper(), escaped)
