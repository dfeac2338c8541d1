"""What every dialect of feed comes down to: a feed's own words and its entries, made harmless."""

import hashlib
import logging
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from newsapp.formats import discreet
from newsapp.wire import clean
from newsapp.wire.clean import link
from newsapp.wire.links import place_of, untracked

log = logging.getLogger(__name__)
ENTRIES = 500  # of one feed that are read
TITLE_MAX = 300  # characters
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|i|u|p|q|em|strong|span|br|sup|sub|font|img|div|code|tt|cite|small|big|h[1-6])"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# Markup that was escaped once too often; a lone <b> may be what the headline is about.
_PAIR = re.compile(
    r"<(a|b|i|u|em|strong|span|sup|sub|font)(?:\s[^<>]*)?>[^<>]*</\1>", re.IGNORECASE
)


class Offer(NamedTuple):
    """A feed that a web page names, which may lead anywhere."""

    url: str
    title: str


class ParseError(Exception):
    """This is no feed that can be read; the message is a sentence for editors.

    `feeds` are what a web page names as its feeds.
    """

    def __init__(self, reason: str, feeds: Iterable[Iterable[str]] = ()) -> None:
        super().__init__(reason)
        self.feeds = tuple(Offer(*one) for one in feeds)


@dataclass(frozen=True, slots=True)
class Entry:
    """One headline of a feed."""

    guid: str
    url: str  # http(s), absolute
    headline: str  # plain text
    summary: str  # clean HTML
    author: str
    language: str
    published_at: datetime | None  # aware UTC

    @property
    def guid_hash(self) -> str:
        """The name under which it is kept: SHA-256, hex."""
        return hashlib.sha256(self.guid.encode()).hexdigest()

    @property
    def words(self) -> str:
        """The name of one that has no other: where it leads and what it says, not when."""
        said = f"{place_of(self.url)}\n{self.headline}\n{self.summary}"
        return f"sha256:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()}"


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed's own words about itself, and its entries."""

    title: str
    site_url: str
    language: str
    entries: tuple[Entry, ...]
    every: int = 0  # seconds that it wants between checks; 0 where it says nothing
    left_out: int = 0  # entries without a headline or a link


def entry(
    *,
    guid: str,
    urls: Iterable[str],
    title: str,
    body: str,
    base: str,
    author: str = "",
    language: str = "",
    published_at: datetime | None = None,
) -> Entry:
    """An entry of what a feed says; the first of `urls` that is a web address is its link, without
    what only tells where a reader came from.

    The guid is the entry's own, else its link (names.py).
    """
    url = untracked(next(filter(None, (link(url, base) for url in urls)), ""))
    headline = title or clean.first_words(body, 15)[:TITLE_MAX]
    return Entry(
        guid=clean.line(guid) or url,
        url=url,
        headline=headline,
        summary=clean.summary(body, base),
        author=clean.text(author)[:200],
        language=language_tag(language),
        published_at=published_at,
    )


def worth_keeping(found: Iterable[Entry], feed: str) -> list[Entry]:
    """The entries that can be shown and linked; of others the log tells how many."""
    kept: list[Entry] = []
    lacking: Counter[str] = Counter()
    for one in found:
        if one.headline and one.url:
            kept.append(one)
        else:
            lacking["link" if one.headline else "headline"] += 1
    if lacking:
        told = ", ".join(f"{count} without a {what}" for what, count in sorted(lacking.items()))
        log.info("%r: left out %s", discreet(feed)[:200], told)
    return kept


def title(markup: str, *, is_html: bool, limit: int = TITLE_MAX) -> str:
    """A title as plain text; many feeds escape twice, so what still looks escaped is undone."""
    markup = markup[: limit * 20]
    plain = clean.text(markup) if is_html or _TAG.search(markup) else clean.line(markup)
    if _ENTITY.search(plain) or _PAIR.search(plain):
        plain = clean.text(plain)
    return plain if len(plain) <= limit else plain[: limit - 1].rstrip() + "…"


def language_tag(tag: str) -> str:
    """A language as BCP 47 writes it, short; nothing for what is none."""
    match = re.match(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})?(?![A-Za-z0-9])", tag.strip())
    return match[0].replace("_", "-") if match else ""
