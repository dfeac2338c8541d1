"""JSON Feed 1 and 1.1, and RSS written in JSON."""

import html
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from operator import itemgetter
from typing import Any

from newsapp.wire import dates, entries
from newsapp.wire.clean import link
from newsapp.wire.entries import ENTRIES, Entry, ParsedFeed, ParseError, title

VALUES = 500_000  # in one feed
_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/|1(?:\.\d)?$")
# What RSS calls the fields of JSON Feed.
_NAMES = {"guid": "id", "link": "url", "description": "content_html", "pubDate": "date_published"}


def read(text: str, url: str, zone: tzinfo) -> ParsedFeed:
    """The feed in some JSON; ParseError for anything else."""
    found = _loaded(text)
    items = found.get("items")
    if not isinstance(items, list) or not _VERSION.match(_text(found.get("version"))):
        raise ParseError("There is JSON at this address, but no JSON Feed.")
    base = link(_text(found.get("home_page_url")), url) or url
    language = _text(found.get("language"))
    drafts = _newest([item for item in items if isinstance(item, dict)], zone)
    return ParsedFeed(
        title(_text(found.get("title")), is_html=True, limit=200),
        link(_text(found.get("home_page_url")), url),
        entries.language_tag(language),
        tuple(_entry(item, base, language, zone) for item in drafts),
    )


def _loaded(text: str) -> Mapping[str, Any]:
    if sum(map(text.count, ",[{")) > VALUES:
        raise ParseError("The feed has too many values to be one.")
    try:
        # Numbers stay text: an id is a name, and a number may be too long for one.
        found = json.loads(text, parse_int=str, parse_float=str)
    except RecursionError:
        raise ParseError("The feed is nested too deeply.") from None
    except ValueError:
        raise ParseError("The feed is not valid JSON.") from None
    return _as_json_feed(found)


def _as_json_feed(found: dict[str, Any]) -> Mapping[str, Any]:
    """RSS in JSON in the words of JSON Feed; anything else as it is."""
    rss = found.get("rss")
    channel = rss.get("channel") if isinstance(rss, dict) else None
    if not isinstance(channel, dict):
        return found
    items = channel.get("item")
    return {
        "version": "https://jsonfeed.org/version/1",
        "title": channel.get("title"),
        "home_page_url": channel.get("link"),
        "language": channel.get("language"),
        "items": [_renamed(item) for item in (items if isinstance(items, list) else [items])],
    }


def _renamed(item: Any) -> Any:
    if not isinstance(item, dict):
        return None
    guid = item.get("guid")
    named = {_NAMES.get(name, name): value for name, value in item.items()}
    return {**named, "id": guid.get("#value")} if isinstance(guid, dict) else named


def _newest(items: list[dict[str, Any]], zone: tzinfo) -> list[dict[str, Any]]:
    # Most feeds have the newest on top, but an archive may have it at its end.
    if len(items) <= ENTRIES:
        return items
    oldest = datetime.min.replace(tzinfo=UTC)
    dated = ((_date(item, zone) or oldest, item) for item in items)
    return [item for _, item in sorted(dated, key=itemgetter(0), reverse=True)[:ENTRIES]]


def _date(item: Mapping[str, Any], zone: tzinfo) -> datetime | None:
    date = _text(item.get("date_published")) or _text(item.get("date_modified"))
    return dates.moment_of(date, zone)


def _entry(item: Mapping[str, Any], base: str, language: str, zone: tzinfo) -> Entry:
    plain = _text(item.get("summary")) or _text(item.get("content_text"))
    body = html.escape(plain, quote=False) if plain else _text(item.get("content_html"))
    guid = _text(item.get("id"))
    return entries.entry(
        guid=guid,
        urls=(_text(item.get("url")), _text(item.get("external_url")), guid),
        title=title(_text(item.get("title")), is_html=False),
        body=body,
        base=base,
        author=_authors(item),
        language=_text(item.get("language")) or language,
        published_at=_date(item, zone),
    )


def _authors(item: Mapping[str, Any]) -> str:
    found = item.get("authors") or [item.get("author")]
    people = found[:5] if isinstance(found, list) else []
    return ", ".join(filter(None, (_text(a.get("name")) for a in people if isinstance(a, dict))))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
