"""What a provider says of a video: its answer to one question, taken apart; nothing is trusted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from newsapp.formats import line

TITLE_MAX = 300
NAME_MAX = 100


@dataclass(frozen=True, slots=True)
class Told:
    """Title, seconds, who made it, and where its still picture is; each may be missing."""

    title: str = ""
    seconds: int | None = None
    author: str = ""
    still: str = ""


def question(endpoint: str, address: str) -> str:
    """The address that asks an endpoint about a video (oembed.com, 2.2)."""
    return f"{endpoint}?{urlencode({'url': address, 'format': 'json'})}"


def read(body: bytes) -> Told:
    """The answer; what is not there or not what it should be is left out."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return Told()
    if not isinstance(found, dict):
        return Told()
    return Told(
        title=_text(found, "title")[:TITLE_MAX],
        seconds=_seconds(found.get("duration")),
        author=_text(found, "author_name")[:NAME_MAX],
        still=_text(found, "thumbnail_url"),
    )


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    # Halves of a pair, which JSON may hold, are no text that can be kept.
    return line(value.encode("utf-8", "ignore").decode()) if isinstance(value, str) else ""


def _seconds(value: Any) -> int | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 < value < 360_000 else None
