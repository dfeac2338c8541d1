"""RSS 0.9x, 1.0 and 2.0, Atom, RDF: XML in any state of repair, read by feedparser."""

import io
import re
from datetime import datetime, tzinfo
from html import escape, unescape
from time import struct_time
from typing import Any

import feedparser
from feedparser.api import LooseFeedParser, StrictFeedParser

from newsapp.wire import dates, entries
from newsapp.wire.clean import link
from newsapp.wire.entries import ENTRIES, Entry, Offer, ParsedFeed, ParseError, title

STRAIN = 100_000_000  # comparisons; a second's worth
ENTITIES = 200_000
FEEDS = 20  # of a page that are told
TAGS = 30_000  # in one feed; the fullest real ones have a few thousand
DEPTH = 400  # of elements in one item; feedparser joins the addresses of all that are around
_PERIODS = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 2592000,
            "yearly": 31536000}  # fmt: skip
# What may stand before a DOCTYPE, read as an XML parser does, so that nothing hides one.
_DOCTYPE = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_ROOT = re.compile(r"<\w")
_LINK = re.compile(
    r"<link\s(?:[^<>\"']|\"[^<\"]{0,1000}\"|'[^<']{0,1000}'){1,2000}>", re.IGNORECASE
)
_ALTERNATE = re.compile(r"\brel\s*=\s*[\"']?[\w ]{0,40}\balternate\b", re.IGNORECASE)
_FEED_TYPE = re.compile(
    r"\btype\s*=\s*[\"']?application/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json)", re.IGNORECASE
)
_HREF = re.compile(
    r"\bhref\s*=\s*(?:[\"']([^\"'<>]{1,500})[\"']|([^\s\"'<>]{1,500}))", re.IGNORECASE
)
_TITLE = re.compile(r"\btitle\s*=\s*(?:\"([^\"<]{1,500})\"|'([^'<]{1,500})')", re.IGNORECASE)
_RUN = re.compile(r"(?<![\w.+-])[\w.+-]{100,}", re.ASCII)
_OPENED = re.compile(r"<(/?)([A-Za-z_][\w:.-]*)[^<>]*?(/?)>")
_AT_LINK = re.compile(r"<link\s+uri=\"[^\"<>]{0,500}\"\s*>")  # whose text is the web's link
_AROUND = re.compile(r"\s*[(<](?:mailto:)?\s*[)>]?\s*$", re.IGNORECASE)
_ENDLESS = re.compile(r"<[^!?<>][^<>]{50000}")

for parser in (StrictFeedParser, LooseFeedParser):
    # An id is a name: joined to where the feed was found, it would change when the feed moves.
    parser.can_be_relative_uri = parser.can_be_relative_uri - {"id"}


def read(text: str, url: str, zone: tzinfo) -> ParsedFeed:
    """The feed in some XML; ParseError for anything else."""
    _refuse_bombs(text)
    _refuse_strain(text)
    found = _parsed(text, url)
    if not found.entries and not found.get("version"):
        raise _what_else(text, url)
    about = found.feed
    base = link(_text(about, "link"), url) or url
    language = entries.language_tag(_text(about, "language") or _language(about))
    return ParsedFeed(
        title(_text(about, "title"), is_html=_is_html(_detail(about, "title_detail")), limit=200),
        link(_text(about, "link"), url),
        language,
        tuple(_entry(one, base, language, zone) for one in _newest(found.entries)),
        _every(about),
    )


def _every(about: Any) -> int:
    """The seconds between checks that the feed asks for: <ttl>, or RSS 1.0's update period."""
    ttl = _text(about, "ttl").strip()
    if re.fullmatch(r"[0-9]{1,6}", ttl, re.ASCII):
        return int(ttl) * 60
    period = _PERIODS.get(_text(about, "sy_updateperiod").strip().lower(), 0)
    frequency = _text(about, "sy_updatefrequency").strip()
    times = int(frequency) if re.fullmatch(r"[0-9]{1,4}", frequency, re.ASCII) else 1
    return period // max(1, times)


def _refuse_bombs(text: str) -> None:
    if _DOCTYPE.match(text) and "<!ENTITY" in text:
        raise ParseError("The feed defines XML entities of its own, which is not accepted.")


def _refuse_strain(text: str) -> None:
    """Refuses what would keep feedparser busy for minutes or fill the memory."""
    before, *sections = text.split("<![CDATA[")
    outside = before + "".join(section.partition("]]>")[2] for section in sections)
    if outside.count("<") > TAGS or outside.count("&") > ENTITIES:
        raise ParseError(f"The feed has more than {TAGS} tags, which is not accepted.")
    # It looks for e-mail addresses in time that grows with the square of a run without blanks.
    if _ENDLESS.search(outside) or sum(len(run) ** 2 for run in _RUN.findall(text)) > STRAIN:
        raise ParseError("The feed has tags or words without end, which is not accepted.")
    if _depth(outside) > DEPTH:
        raise ParseError("The feed is nested too deeply.")


def _depth(text: str) -> int:
    """How many elements stand in one another at most; what an item leaves open ends with it."""
    depth = deepest = 0
    for tag in _OPENED.finditer(text):
        ends, name, empty = tag.groups()
        if name in ("item", "entry"):
            depth = 0
        elif not empty:
            depth = max(0, depth + (-1 if ends else 1))
            deepest = max(deepest, depth)
    return deepest


def _parsed(text: str, url: str) -> Any:
    body = _ILLEGAL.sub("", _DECLARATION.sub("", text, count=1))
    body = _AT_LINK.sub("<link>", body)
    root = _ROOT.search(body)
    start = root.start() if root else 0
    # Many blanks before the root would keep feedparser busy, too.
    head = " ".join(body[:start].split())
    body = f"<?xml version='1.0' encoding='utf-8'?>\n{head}{body[start:]}"
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        return feedparser.parse(
            io.BytesIO(body.encode()),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:
        # feedparser lets through errors of nearly every kind when the input is broken enough;
        # one such feed must not stop the others.
        name = type(error).__name__
        raise ParseError(f"The feed is broken and can't be read ({name}).") from None


def _what_else(text: str, url: str) -> ParseError:
    if re.search(r"<opml\b", text[:2000], re.IGNORECASE):
        return ParseError("This is a list of feeds (OPML), not a feed; import it as a list.")
    if re.search(r"<html\b|<!doctype html", text[:2000], re.IGNORECASE):
        if found := _feeds_of_page(text, url):
            # Not where: nobody has looked yet whether these may be fetched.
            count = f"{len(found)} feed{'s' if len(found) > 1 else ''}"
            return ParseError(f"This is a web page that names {count}, not a feed.", found[:FEEDS])
        return ParseError("This is a web page, not a feed.")
    return ParseError("What is at this address is no feed.")


def _feeds_of_page(text: str, url: str) -> list[Offer]:
    """The feeds that a page names in its head."""
    tags = _LINK.findall(text[:200_000])
    alternates = (tag for tag in tags if _ALTERNATE.search(tag) and _FEED_TYPE.search(tag))
    found: dict[str, Offer] = {}
    for tag in alternates:
        named, called = _HREF.search(tag), _TITLE.search(tag)
        address = link(unescape(named[1] or named[2]), url) if named else ""
        if 0 < len(address) < 200:
            told = title(called[1] or called[2] or "", is_html=True, limit=200) if called else ""
            found.setdefault(address, Offer(address, told))
    return list(found.values())


def _newest(found: list[Any]) -> list[Any]:
    # Most feeds have the newest on top, but an archive may have it at its end.
    if len(found) <= ENTRIES:
        return found
    return sorted(found, key=lambda one: tuple(_date(one) or ()), reverse=True)[:ENTRIES]


def _entry(found: Any, base: str, language: str, zone: tzinfo) -> Entry:
    detail = _detail(found, "summary_detail")
    if not _text(detail, "value").strip():
        detail = next(iter(_details(found, "content")), detail)
    return entries.entry(
        guid=_text(found, "id"),
        urls=(_text(found, "link"), _text(found, "id")),
        title=title(_text(found, "title"), is_html=_is_html(_detail(found, "title_detail"))),
        body=_body(detail),
        base=link(_text(detail, "base"), base) or base,
        author=_author(found),
        language=_text(found, "language") or _language(found) or language,
        published_at=_moment(found, zone),
    )


def _author(found: Any) -> str:
    """The authors' names; an address for letters only where there is nothing else."""
    # What may stand around an address for letters stays behind when feedparser takes it out.
    names = dict.fromkeys(
        _AROUND.sub("", _text(one, "name")) for one in _details(found, "authors")[:5]
    )
    return ", ".join(filter(None, names)) or _text(found, "author")


def _language(found: Any) -> str:
    """What xml:lang says of a title or of the text."""
    titles = (_detail(found, "title_detail"), _detail(found, "summary_detail"))
    texts = (*titles, *_details(found, "content"))
    return next(filter(None, (_text(text, "language") for text in texts)), "")


def _moment(found: Any, zone: tzinfo) -> datetime | None:
    # As it is written first: feedparser takes a date without a zone for UTC.
    written = dict.get(found, "published") or dict.get(found, "updated") or ""
    if not isinstance(written, str):
        return dates.moment(_date(found))
    # Of what is no date to us, feedparser may make one of this century.
    return dates.moment_of(written, zone) or (
        None if dates.unset(written) else dates.moment(_date(found))
    )


def _date(found: Any) -> struct_time | None:
    # Not by get(), which warns when it stands in the one for the other.
    parsed = dict.get(found, "published_parsed") or dict.get(found, "updated_parsed")
    return parsed if isinstance(parsed, struct_time) else None


def _body(detail: Any) -> str:
    value = _text(detail, "value")
    return value if _is_html(detail) else escape(value, quote=False)


def _is_html(detail: Any) -> bool:
    return detail.get("type") in ("text/html", "application/xhtml+xml")


def _detail(found: Any, name: str) -> Any:
    """What is known of a field, which broken feeds may fill with anything."""
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def _details(found: Any, name: str) -> list[Any]:
    value = found.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(found: Any, name: str) -> str:
    """A field that broken feeds may leave empty or fill with anything."""
    value = found.get(name)
    return value if isinstance(value, str) else ""
