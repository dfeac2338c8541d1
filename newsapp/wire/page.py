"""Bytes of a story's page -> what it calls itself and what it corrects; pure, no network."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

from newsapp.wire import charset
from newsapp.wire.clean import line

HEAD, TAIL = 1_500_000, 300_000  # characters of a page that are looked at
TOP, END = 12, 15  # paragraphs at either end of the text
LONG = 500  # characters of a headline or a correction that are kept
DATA = 500_000  # characters of one piece of structured data
# The names of a headline, the most telling first; a page's <title> has the site's name with it.
KINDS = ("data", "h1", "og", "title")
_BLOCKS = {
    "p", "div", "li", "td", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section",
    "article", "main", "header", "footer", "aside", "br", "figcaption", "ul", "ol", "tr", "pre",
    "body",
}  # fmt: skip
_SILENT = {"script", "style", "template", "noscript", "svg", "nav", "select", "iframe", "button"}
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ENCODING = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
# How newsrooms begin a correction, in the languages of Asia's.
_WORDS = "|".join((
    r"corrections?", r"clarifications?", r"corrigend(?:um|a)", r"errat(?:um|a)", r"rectification",
    r"correction and clarification", r"editor[’']s note \(correction\)",
    "更正(?:启事|啟事|说明|說明)?", "勘误", "勘誤", "澄清(?:启事|啟事)?",
    "(?:お詫びと|おわびと)?訂正",
    "정정(?: ?보도)?", "바로잡습니다", "भूल[- ]?सुधार", "शुद्धिपत्र", "स्पष्टीकरण", "تصحیح", "اصلاحیه",
    "تصحيح", "توضيح", "تصويب", "وضاحت", r"ralat", r"koreksi", r"klarifikasi", r"pembetulan",
    "แก้ไข(?:ข่าว|ข้อมูล|คำผิด)", "ชี้แจง", "đính chính", "cải chính", "исправление", "уточнение",
    "поправка", "düzeltme", "সংশোধনী", "திருத்தம்", "түзету",
))  # fmt: skip
# The word, perhaps a date or brackets, then what is corrected.
_BEGINS = re.compile(
    rf"^[\W_]{{0,4}}(?:{_WORDS})(?:\s*[(（][^)）]{{0,40}}[)）]|[,\s]+[^:：]{{0,25}}\d[^:：]{{0,15}})?"
    r"\s*[:：】\]］）—–-]+\s*\S",
    re.IGNORECASE,
)
# The same behind another sentence, where no date may stand between: that says too little there.
_INSIDE = re.compile(
    rf"(?:[.!?…][\"'”’)\]]{{0,3}}\s|[。！？؟۔।][」』”’]{{0,3}}\s?)"
    rf"(?P<told>[\W_]{{0,4}}\b(?:{_WORDS})\s?(?:[(（][^)）]{{0,40}}[)）]\s?)?[:：】]\s?\S.*)",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:this|an earlier version of (?:this|the)|a previous version of (?:this|the)) "
    r"(?:article|story|report|post|headline|piece)\b.{0,100}?"
    r"\b(?:(?:was|were|is|been) (?:since )?(?:corrected|amended|clarified)|misstated|misspelled|"
    r"misidentified|incorrectly|wrongly|updated to (?:correct|clarify))"
    r"|本文已更正|(?:此前|早前|較早前|之前)版本.{0,40}(?:有误|有誤|错误|錯誤)|訂正(?:しました|いたします|します)"
    r"|바로잡습니다|정정합니다",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of itself."""

    headlines: Mapping[str, str]  # by KINDS, as far as it has them
    corrections: Sequence[str]  # that its newsroom made, as they stand there


def read(body: bytes, content_type: str = "") -> Page:
    """Reads a page in any state of repair."""
    text = _COMMENT.sub(" ", _text(body, content_type))
    reader = _Reader()
    # What makes no sense as markup ends the reading, not what was read before.
    with suppress(AssertionError):
        reader.feed(text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}<p>{text[-TAIL:]}")
        reader.close()
    reader.end_block()
    found, corrections = reader.headlines, list[str]()
    for one in reader.data:
        _look_into(one, found, corrections)
    blocks = reader.told or reader.blocks
    ends = blocks if len(blocks) <= TOP + END else [*blocks[:TOP], *blocks[-END:]]
    corrections += filter(None, map(correction, ends))
    # The most telling first.
    said = {kind: line(found[kind])[:LONG] for kind in KINDS if line(found.get(kind, ""))}
    return Page(said, list(dict.fromkeys(line(one)[:LONG] for one in corrections)))


def correction(text: str) -> str:
    """What a paragraph tells of a correction: all of it, or from the sentence on that begins as one
    does; empty when it tells of none."""
    if _BEGINS.match(text) or (len(text) <= 4 * LONG and _SAYS.search(text)):
        return text
    inside = _INSIDE.search(text)
    return inside["told"].strip() if inside else ""


def comparable(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """Whether two answers are of one kind of page: a wall of a paper, a question whether one is a
    person, lacks the name that told most."""
    told = next((kind for kind in KINDS if before.get(kind)), None)
    return told is None or told in after


def differs(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, str] | None:
    """The headline then and now, where it says something else: not for another spelling, sign or
    name of the site, nor for what one answer had and the other had not."""
    common = [kind for kind in before if before[kind] and after.get(kind)]
    telling = [kind for kind in common if kind != "title"] or common
    for kind in telling:
        if _core(kind, before[kind]) != _core(kind, after[kind]):
            return before[kind], after[kind]
    return None


def _core(kind: str, headline: str) -> str:
    """What of a headline counts: letters and digits, without the site's name behind a bar."""
    if kind in ("og", "title"):
        headline = re.split(r"\s+[|–—·•-]\s+[^|–—·•]{0,40}$", headline)[0]
    folded = unicodedata.normalize("NFKC", headline).casefold()
    return "".join(c for c in folded if c.isalnum() or unicodedata.category(c)[0] == "M")


def _text(body: bytes, content_type: str) -> str:
    named = _ENCODING.search(body[:4000])
    if named and "charset" not in content_type.lower():
        content_type = f"{content_type or 'text/html'}; charset={named[1].decode('ascii')}"
    return charset.decode(body, content_type)


def _look_into(text: str, headlines: dict[str, str], corrections: list[str]) -> None:
    """What a piece of JSON-LD says of a story: schema.org's headline and correction."""
    try:
        waiting: list[Any] = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(reversed(one))
        elif isinstance(one, dict):
            if _is_story(one) and isinstance(one.get("headline"), str):
                headlines.setdefault("data", unescape(one["headline"]))
            corrections += _corrections(one.get("correction"))
            waiting.extend(value for value in one.values() if isinstance(value, list | dict))


def _is_story(one: Mapping[str, Any]) -> bool:
    kinds = one.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(k, str) and k.endswith(("Article", "BlogPosting")) for k in named)


def _corrections(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        text = one.get("text") or one.get("description") if isinstance(one, dict) else one
        if isinstance(text, str) and text.strip():
            yield text


class _Reader(HTMLParser):
    """Collects what a page's markup says."""

    def __init__(self) -> None:
        super().__init__()
        self.headlines: dict[str, str] = {}
        self.data: list[str] = []
        self.blocks: list[str] = []  # paragraphs of the page
        self.told: list[str] = []  # of what the page marks as its story
        self._words: list[str] = []
        self._within: list[str] = []  # silent elements
        self._story = 0
        self._headed = False
        self._into: str | None = None  # h1, title or data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "meta" and about.get("property", about.get("name")) == "og:title":
            self.headlines.setdefault("og", about.get("content", ""))
        if tag == "script" and about.get("type", "").strip().lower() == "application/ld+json":
            self._into = "data"
            self.data.append("")
        # A page's first heading may be the name of the site: its story's own counts more.
        own = tag == "h1" and self._story and not self._headed
        if tag in ("h1", "title") and not self._within and (own or tag not in self.headlines):
            self._into = tag
            self._headed = self._headed or bool(own)
            self.headlines[tag] = ""
        if tag in _BLOCKS:
            self.end_block()
        if tag in _SILENT:
            self._within.append(tag)
        self._story += tag in ("article", "main")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_block()
        if tag in self._within:
            # What was left open inside ends with it.
            while self._within.pop() != tag:
                pass
        if tag == self._into or (tag == "script" and self._into == "data"):
            self._into = None
        self._story = max(0, self._story - (tag in ("article", "main")))

    def handle_data(self, data: str) -> None:
        if self._into == "data":
            if len(self.data[-1]) < DATA:
                self.data[-1] += data
        elif self._into and len(self.headlines[self._into]) < 4 * LONG:
            self.headlines[self._into] += data
        if not self._within and self._into != "title":
            self._words.append(data)

    def end_block(self) -> None:
        """Puts the words since the last block away."""
        text = line("".join(self._words))
        self._words.clear()
        if text:
            self.blocks.append(text)
            if self._story:
                self.told.append(text)
