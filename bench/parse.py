"""bench/parse: how many conformance cases of other readers come out as those readers expect."""

import ast
import base64
import calendar
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

from bench.where import SHARED
from newsapp.wire import charset, clean
from newsapp.wire.links import untracked
from newsapp.wire.parse import Entry, ParsedFeed, ParseError, whole

FOUND_AT = "http://127.0.0.1:8097/feed"  # where feedparser's own tests serve the cases
ENDS = (".xml", ".json", ".atom", ".rss")
# What the readers' words for a field are among ours.
FIELDS = {
    "title": "title", "title_detail.value": "title", "link": "link",
    "id": "guid", "guid": "guid", "description": "summary", "summary": "summary",
    "summary_detail.value": "summary", "content.0.value": "summary", "author": "author",
    "author_detail.name": "author", "authors.0.name": "author", "language": "language",
    "title_detail.language": "language", "published_parsed": "date", "updated_parsed": "date",
}  # fmt: skip
_EXPECT = re.compile(rb"Expect:\s*(.*)")
_HEADER = re.compile(rb"Header:\s*(Content-[Tt]ype|Content-Location):\s*(.*)")
BASE = "{http://www.w3.org/XML/1998/namespace}base"
_DATES = ("pubDate", "published")
_LETTERS = re.compile(r"\s*\((?:mailto:)?[^\s@]+@[^\s@]+\)$")  # an address behind a name
_ATOM = ("{http://www.w3.org/2005/Atom}", "{http://purl.org/atom/ns#}")


class Wish(NamedTuple):
    """What a reader expects of a field; number is the entry's, None the feed's."""

    number: int | None
    field: str
    value: Any


class Case(NamedTuple):
    """A feed, and what its reader expects of the fields that we have, too."""

    name: str
    body: bytes
    wishes: tuple[Wish, ...]
    content_type: str = ""
    url: str = FOUND_AT
    broken: bool = False  # on purpose, its reader says


class Outcome(NamedTuple):
    """A case and where it came out otherwise; a sentence for each."""

    case: Case
    differences: tuple[str, ...]


def outcome(case: Case) -> Outcome:
    """Reads a case and compares."""
    try:
        feed = whole(case.body, case.content_type, case.url)
    except ParseError as refusal:
        return Outcome(case, (f"refused: {refusal}",))
    found = (_difference(feed, wish, case) for wish in case.wishes)
    return Outcome(case, tuple(filter(None, found)))


def suites(shared: Path) -> dict[str, Callable[[], Iterator[Case]]]:
    """The suites by name; each gives its cases that expect anything of a field that we have."""
    cases = shared / "feeds" / "conformance"
    named = {"feedparser": _feedparser, "gofeed": _gofeed, "feed-rs": _feed_rs}
    found = {name: lambda name=name, read=read: read(cases / name) for name, read in named.items()}
    return found | {
        "feedvalidator": lambda: _by_their_xml([cases / "feedvalidator"]),
        "others": lambda: _by_their_xml(
            p for p in sorted(cases.iterdir()) if p.name not in {*named, "feedvalidator"}
        ),
    }


def words(markup: str) -> str:
    """What somebody reads in some HTML, without blanks; read by Python's own parser."""
    return "".join(_read(markup).said).translate(_BLANKS)


def main() -> None:
    """Prints the table and the differences."""
    print("| suite | cases | as expected | well-formed | as expected | ms a case |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    told = []
    for name, cases in suites(SHARED).items():
        began = time.perf_counter()
        found = [outcome(case) for case in cases()]
        took = (time.perf_counter() - began) / len(found) * 1000
        fine = [not one.differences for one in found]
        whole = [not one.differences for one in found if not one.case.broken]
        print(f"| {name} | {len(fine)} | {sum(fine)} | {len(whole)} | {sum(whole)} ("
              f"{sum(whole) / len(whole):.1%}) | {took:.1f} |")  # fmt: skip
        told += [one for one in found if one.differences]
    for one in told:
        print(f"\n{one.case.name}{' (broken)' if one.case.broken else ''}")
        print("\n".join(f"  {difference[:300]}" for difference in one.differences))


class _Read(HTMLParser):
    """The text and the web links of some HTML; what runs or styles says nothing."""

    SILENT = {"script", "style", "title", "iframe", "object", "noscript", "svg", "math"}

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, Mapping[str, str | None]]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._silent += tag in self.SILENT
        href = clean.link(dict(attrs).get("href") or "", FOUND_AT) if tag == "a" else ""
        self.links += [href] if href else []

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


_BLANKS = {ord(char): None for char in map(chr, range(0x3001)) if char.isspace()}


def _read(markup: str) -> _Read:
    reader = _Read()
    reader.feed(markup)
    reader.close()
    return reader


def _difference(feed: ParsedFeed, wish: Wish, case: Case) -> str:
    """Where a field is not as expected; empty where it is."""
    number, field, value = wish
    if field == "encoding":
        text = charset.decode(case.body, case.content_type)
        return "" if text == value else f"encoding: {text[:200]!r} is not {value[:200]!r}"
    if field == "entries":
        found = len(feed.entries)
        return "" if found == value else f"entries: {found} of {value}"
    if number is not None and number >= len(feed.entries):
        return f"entries: there is no number {number}"
    ours = _ours(feed, None if number is None else feed.entries[number], field)
    fine = _same(field, ours, value)
    where = "feed" if number is None else f"entry {number}"
    return "" if fine else f"{where}, {field}: {ours!r} is not {value!r}"


def _ours(feed: ParsedFeed, entry: Entry | None, field: str) -> Any:
    if entry is None:
        about = {"title": feed.title, "link": feed.site_url, "language": feed.language}
        return about[field]
    return {
        "title": entry.headline, "link": entry.url, "guid": entry.guid, "summary": entry.summary,
        "author": entry.author, "language": entry.language, "date": entry.published_at,
    }[field]  # fmt: skip


def _same(field: str, ours: Any, value: Any) -> Any:
    match field:
        case "date":
            return ours is not None and abs(ours - value) < timedelta(seconds=1)
        case "author":
            return words(_LETTERS.sub("", value)) in map(words, ours.split(", "))
        case "language":
            return str(ours).lower() == value.replace("_", "-").lower()
        case "link":
            # Without what only says that a feed was read.
            return _tidied(ours) == _tidied(untracked(urljoin(FOUND_AT, value.strip())))
        case "guid":
            # An id is a name: it stays as it is written, wherever the feed is found.
            name = " ".join(value.split())
            return name == ours or name.endswith(f"/{ours.lstrip('/')}")
        case "summary":
            found, wished = _read(ours), _read(value)
            # Markup that is shown as such is text to whoever reads it.
            return (words(ours) == words(value) and found.links == wished.links) or (
                words(ours) == value.translate(_BLANKS)
            )
    return ours.translate(_BLANKS) in (words(value), value.translate(_BLANKS))


def _tidied(url: str) -> str:
    """An address as browsers show it: the host in small letters, with a path."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.lower(), path=parts.path or "/").geturl()


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.name.endswith(ENDS)]


def _feedparser(folder: Path) -> Iterator[Case]:
    """Python expressions in a comment of each file, and the headers that go with it."""
    for path in _files(folder):
        body = path.read_bytes()
        bare = body.replace(b"\0", b"")
        expect = _EXPECT.search(bare)
        headers = {name.lower(): value.strip() for name, value in _HEADER.findall(bare)}
        if not expect:
            continue
        if b"Content-Language" in bare:  # which servers say that know nothing
            continue
        wishes = tuple(_feedparser_wishes(expect[1].decode("utf-8", "replace"), body))
        if wishes:
            yield Case(
                f"feedparser/{path.relative_to(folder)}",
                body,
                wishes,
                headers.get(b"content-type", b"").decode(),
                clean.link(headers.get(b"content-location", b"").decode(), "") or FOUND_AT,
                broken="not bozo" not in expect[1].decode("latin-1"),
            )


def _feedparser_wishes(expression: str, body: bytes) -> Iterator[Wish]:
    tree = ast.parse(expression.strip(), mode="eval").body
    parts = tree.values if isinstance(tree, ast.BoolOp) else [tree]
    for part in parts:
        if not (isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.Eq)):
            continue
        path, value = _path(part.left), _folded(part.comparators[0])
        if path == ["encoding"]:
            yield Wish(None, "encoding", body.decode(value, "replace").removeprefix("\ufeff"))
            continue
        number = None
        if path[:1] == ["feed"]:
            path = path[1:]
        elif path[:1] == ["entries"] and len(path) > 1:
            number, path = path[1], path[2:]
        else:
            continue
        field = FIELDS.get(".".join(map(str, path)))
        if field == "date" and value is not None:
            value = datetime.fromtimestamp(calendar.timegm(value), UTC)
        if field and value is not None and (number is not None or ".".join(path) in ABOUT):
            yield Wish(number, field, value)


ABOUT = ("title", "link", "language")


def _path(node: ast.expr) -> list[Any]:
    """feed['a'][0].b -> ["feed", "a", 0, "b"]; empty for anything else."""
    match node:
        case ast.Name():
            return [node.id]
        case ast.Attribute():
            return [*_path(node.value), node.attr]
        case ast.Subscript(slice=ast.Constant(value=value)):
            return [*_path(node.value), value]
    return []


def _folded(node: ast.expr) -> Any:
    """A value, put together of several where it is long; None for what is no value."""
    if isinstance(node, ast.BinOp):
        return _folded(node.left) + _folded(node.right)
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _gofeed(folder: Path) -> Iterator[Case]:
    """A file of JSON beside each case: what RSS, Atom or the translator between them gives."""
    for path in _files(folder):
        if path.name.endswith("_expected.json"):
            case = path.with_name(path.name.replace("_expected", ""))
        elif path.suffix == ".json":
            case = path.with_suffix(".xml")
        else:
            continue
        if case.exists() and case != path:
            wanted = json.loads(path.read_text("utf-8-sig"))
            wishes = tuple(_gofeed_wishes(wanted, case.read_bytes()))
            if wishes:
                yield Case(f"gofeed/{case.relative_to(folder)}", case.read_bytes(), wishes)


def _gofeed_wishes(wanted: dict[str, Any], body: bytes) -> Iterator[Wish]:
    yield from _gofeed_fields(None, wanted)
    entries = wanted.get("items") or wanted.get("entries") or []
    yield Wish(None, "entries", len(entries))
    for number, entry in enumerate(entries):
        yield from _gofeed_fields(number, entry)


def _gofeed_fields(number: int | None, found: dict[str, Any]) -> Iterator[Wish]:
    for field in ("title", "language"):
        if found.get(field):
            yield Wish(number, field, found[field])
    if link := found.get("link") or _alternate(found.get("links")):
        yield Wish(number, "link", link)
    if number is None:
        return
    guid = found.get("guid") or found.get("id")
    if guid := guid.get("value") if isinstance(guid, dict) else guid:
        yield Wish(number, "guid", guid)
    content = found.get("content")
    content = content.get("value") if isinstance(content, dict) else content
    if text := found.get("description") or found.get("summary") or content:
        yield Wish(number, "summary", text)
    author = found.get("author") or next(iter(found.get("authors") or []), None)
    if author := author.get("name") if isinstance(author, dict) else author:
        yield Wish(number, "author", author)
    moment = found.get("publishedParsed") or found.get("pubDateParsed")
    if moment := moment or found.get("updatedParsed"):
        yield Wish(number, "date", datetime.fromisoformat(moment))


def _alternate(links: Any) -> str:
    """The link that Atom means among several."""
    found = [link for link in links or [] if isinstance(link, dict)]
    fine = (link["href"] for link in found if link.get("rel", "alternate") == "alternate"
            and link.get("href"))  # fmt: skip
    return next(fine, "")


def _feed_rs(folder: Path) -> Iterator[Case]:
    """What feed-rs gives, as JSON beside each case."""
    for path in _files(folder):
        case = path.with_name(path.name.replace(".serde.json", ".xml"))
        if path.name.endswith(".serde.json") and case.exists():
            body = case.read_bytes()
            wishes = tuple(_feed_rs_wishes(json.loads(path.read_text("utf-8")), body))
            yield Case(f"feed-rs/{case.relative_to(folder)}", body, wishes)


def _feed_rs_wishes(wanted: dict[str, Any], body: bytes) -> Iterator[Wish]:
    yield from _feed_rs_fields(None, wanted)
    yield Wish(None, "entries", len(wanted["entries"]))
    for number, entry in enumerate(wanted["entries"]):
        yield from _feed_rs_fields(number, entry)
        if entry["id"].encode() in body:  # else it is made up
            yield Wish(number, "guid", entry["id"])
        text = (entry["summary"] or {}).get("content") or (entry["content"] or {}).get("body")
        if text:
            yield Wish(number, "summary", text)
        if entry["authors"]:
            yield Wish(number, "author", entry["authors"][0]["name"])
        if moment := entry["published"] or entry["updated"]:
            yield Wish(number, "date", datetime.fromisoformat(moment))


def _feed_rs_fields(number: int | None, found: dict[str, Any]) -> Iterator[Wish]:
    if found["title"]:
        yield Wish(number, "title", found["title"]["content"])
    links = [link["href"] for link in found["links"] if link["rel"] in (None, "alternate")]
    if links:
        yield Wish(number, "link", links[0])
    if found["language"]:
        yield Wish(number, "language", found["language"])


def _by_their_xml(folders: Iterable[Path]) -> Iterator[Case]:
    """Cases that expect no values: what Python's own XML parser sees in them is expected."""
    for folder in folders:
        for path in _files(folder):
            body = path.read_bytes()
            try:
                root = ElementTree.fromstring(body)
            except (ElementTree.ParseError, ValueError, LookupError):
                continue
            wishes = tuple(_xml_wishes(root))
            if wishes:
                yield Case(f"{folder.name}/{path.relative_to(folder)}", body, wishes)


def _xml_wishes(root: ElementTree.Element) -> Iterator[Wish]:
    kind = root.tag.rpartition("}")[2]
    if kind not in ("rss", "RDF", "feed"):
        return
    atom = root.tag.startswith(_ATOM)
    entries = [e for e in root.iter() if e.tag.rpartition("}")[2] in ("item", "entry")]
    yield Wish(None, "entries", len(entries))
    bases = {name for element in root.iter() for name in element.attrib}
    for number, entry in enumerate(entries):
        names = {child.tag.rpartition("}")[2] for child in entry}
        for child in entry:
            space, _, name = child.tag.rpartition("}")
            if space and space + "}" not in (*_ATOM, "{http://purl.org/rss/1.0/}"):
                continue
            text = "".join(child.itertext())
            if not text.strip() or [e.tag for e in entry].count(child.tag) > 1:
                continue
            if name == "title":
                if child.get("mode") == "base64":
                    text = base64.b64decode(text).decode()
                yield Wish(number, "title", text)
            elif name in ("guid", "id"):
                yield Wish(number, "guid", text.strip())
            elif name == "link" and not atom and BASE not in bases:
                yield Wish(number, "link", text.strip())
            elif name in ("pubDate", "published") and not {*_DATES} <= names:
                yield from (Wish(number, "date", moment) for moment in _moments(text.strip()))


def _moments(text: str) -> Iterator[datetime]:
    """The moment of a date with a zone, as Python reads it; none for what it can't read."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError):
            continue
        if moment.tzinfo and moment.year >= 1970:
            yield moment
        return


if __name__ == "__main__":
    main()
