"""Bytes of a feed -> its title and entries, whatever the dialect; pure, no network."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from newsapp.wire import charset, jsonfeed, rss
from newsapp.wire.entries import Entry, ParsedFeed, ParseError, worth_keeping
from newsapp.wire.names import named

__all__ = ["Entry", "ParseError", "ParsedFeed", "parse", "whole"]


def parse(body: bytes, content_type: str = "", url: str = "", zone: str = "UTC") -> ParsedFeed:
    """Reads RSS, Atom, RDF or JSON Feed; ParseError for anything else.

    `url` is where it was found: relative links start there; dates without a zone are of `zone`.
    """
    found = whole(body, content_type, url, zone)
    kept = worth_keeping(found.entries, url)
    return replace(found, entries=named(kept), left_out=len(found.entries) - len(kept))


def whole(body: bytes, content_type: str = "", url: str = "", zone: str = "UTC") -> ParsedFeed:
    """The same with all entries, also those that can't be linked or have no word."""
    text = charset.decode(body, content_type).lstrip("\ufeff \t\r\n\0")
    if not text:
        raise ParseError("The server sent an empty page.")
    source = ZoneInfo(zone)
    if text.startswith("{"):
        return jsonfeed.read(text, url, source)
    return rss.read(text, url, source)
