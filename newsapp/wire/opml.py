"""Lists of feeds as other readers write them: OPML."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from newsapp.wire import charset

_BARE = re.compile(r"&(?!#?\w{1,10};)")
SIZE = 5 * 1024 * 1024  # bytes


class Outline(NamedTuple):
    """A feed in an OPML file."""

    title: str
    url: str
    section: str | None  # a section's slug, where the file names one
    site: str = ""  # whose feed it is, where the file says so


def feeds(data: bytes) -> tuple[Outline, ...]:
    """The feeds of an OPML file, in its order; ValueError says in a sentence why it is none.

    `section="japan"` on an outline goes for all outlines inside it.
    """
    if len(data) > SIZE:
        raise ValueError(f"An OPML file has at most {SIZE // 1024 // 1024} MB.")
    text = charset.decode(data).lstrip("\ufeff \t\r\n")
    # No list of feeds needs entities of its own; bombs and readers of files do.
    if "<!ENTITY" in text:
        raise ValueError("The file defines XML entities of its own, which is not accepted.")
    try:
        # A bare "&" in an address is the commonest fault of such files.
        root = ElementTree.fromstring(_BARE.sub("&amp;", text))
    except (ElementTree.ParseError, ValueError):
        raise ValueError("The file is not well-formed XML.") from None
    if root.tag.lower() != "opml":
        raise ValueError("The file is XML, but not OPML.")
    return tuple(_outlines(root))


def _outlines(root: ElementTree.Element) -> Iterator[Outline]:
    # A stack, not recursion: files may be nested as deep as they like.
    waiting: list[tuple[ElementTree.Element, str | None]] = [(root, None)]
    while waiting:
        element, section = waiting.pop()
        section = element.get("section") or section
        if url := (element.get("xmlUrl") or element.get("xmlurl") or "").strip():
            title = element.get("title") or element.get("text") or ""
            site = (element.get("htmlUrl") or "").strip()
            yield Outline(" ".join(title.split())[:200], url, section, site)
        waiting.extend((child, section) for child in reversed(element))
