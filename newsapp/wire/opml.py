"""Lists of feeds, as other readers write them and as we do: OPML 2.0."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple
from xml.etree import ElementTree

from newsapp.formats import line
from newsapp.wire import charset

_BARE = re.compile(r"&(?!#?\w{1,10};)")
SIZE = 2 * 1024 * 1024  # bytes, as much as a form may send
LARGE = f"An OPML file has at most {SIZE // 1024 // 1024} MB."
FOLDERS = 8  # around a feed that are looked at
OURS = "https://asian-news.net/ns/wire"  # what OPML has no word for
ElementTree.register_namespace("wire", OURS)


class Outline(NamedTuple):
    """A feed in an OPML file."""

    title: str
    url: str
    section: str | None  # a section's slug, where the file names one
    site: str = ""  # whose feed it is, where the file says so
    # Folders that it stands in and categories, the closest first: one may be a section of ours.
    folders: tuple[str, ...] = ()
    paused: bool = False
    outlet: str = ""  # what readers know it as, where somebody said so


def feeds(data: bytes) -> tuple[Outline, ...]:
    """The feeds of an OPML file, in its order; ValueError says in a sentence why it is none.

    `section="japan"` on an outline goes for all outlines inside it.
    """
    if len(data) > SIZE:
        raise ValueError(LARGE)
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


def listed(title: str, at: datetime, folders: Iterable[tuple[str, Iterable[Outline]]]) -> bytes:
    """A list in which each folder is a section, by name; `feeds` reads it back as it was."""
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = title
    ElementTree.SubElement(head, "dateCreated").text = format_datetime(at)
    body = ElementTree.SubElement(root, "body")
    for name, outlines in folders:
        folder = ElementTree.SubElement(body, "outline", text=name) if name else body
        for outline in outlines:
            ElementTree.SubElement(folder, "outline", _attributes(outline))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return written


def _attributes(outline: Outline) -> dict[str, str]:
    attributes = {
        "type": "rss", "text": outline.title or outline.url, "title": outline.title,
        "xmlUrl": outline.url, "htmlUrl": outline.site, "category": outline.section or "",
        f"{{{OURS}}}outlet": outline.outlet,
        f"{{{OURS}}}paused": "yes" if outline.paused else "",
    }  # fmt: skip
    return {name: value for name, value in attributes.items() if value}


def _outlines(root: ElementTree.Element) -> Iterator[Outline]:
    # A stack, not recursion: files may be nested as deep as they like.
    waiting: list[tuple[ElementTree.Element, str | None, tuple[str, ...]]] = [(root, None, ())]
    while waiting:
        element, section, folders = waiting.pop()
        section = element.get("section") or section
        folders = (*_categories(element), *folders)[:FOLDERS]
        title = line(element.get("title") or element.get("text"))[:200]
        if url := (element.get("xmlUrl") or element.get("xmlurl") or "").strip():
            yield Outline(
                "" if title == url else title,
                url,
                section,
                (element.get("htmlUrl") or "").strip(),
                folders,
                element.get(f"{{{OURS}}}paused") == "yes",
                line(element.get(f"{{{OURS}}}outlet"))[:120],
            )
        inside = (title, *folders)[:FOLDERS] if title else folders
        waiting.extend((child, section, inside) for child in reversed(element))


def _categories(element: ElementTree.Element) -> Iterator[str]:
    """The last parts of categories, which OPML writes as paths: /Asia/Japan,/Sport."""
    for path in (element.get("category") or "").split(","):
        if name := line(path.rpartition("/")[2])[:200]:
            yield name
