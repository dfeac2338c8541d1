"""What editors write, made harmless on the way in: the few elements that a story has."""

import html
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import nh3

from newsapp.formats import CONTROLS, NUMBER_MAX
from newsapp.formats import line as line  # for who cleans a form's fields, one place
from newsapp.formats import prose as prose

BLOCKS = ("p", "h2", "h3", "blockquote", "ul", "ol", "li")
INLINE = ("a", "strong", "em", "sub", "sup")
TAGS = {*BLOCKS, *INLINE, "br"}
# What Trix and other editors write, in the words that stories use.
RENAMED = {"div": "p", "h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3", "b": "strong", "i": "em"}
# Gone with all that is inside.
DROPPED = {
    "applet", "audio", "canvas", "embed", "figure", "form", "frameset", "iframe", "math", "noembed",
    "noframes", "noscript", "object", "plaintext", "script", "select", "style", "svg", "template",
    "textarea", "title", "video", "xmp",
}  # fmt: skip
PASSES = 6
# No story comes near; beyond, cleaning takes seconds.
MARKS = 20_000  # of < and &
DEPTH = 1_000  # of elements in each other
FIGURES = 200  # in one text
GALLERY = 60  # pictures in one figure
INSIDE = 20  # elements in each other that a figure may stand in

# The one element of ours, for pictures by their numbers and for a video: it stands between blocks,
# in none, and is empty. While the rest is cleaned it is a word between two signs of no script.
_figure = re.compile(
    r'<figure\b(?=[^<>]*\sdata-(photos|video)="([0-9 ]{1,700})")[^<>]*>'
    r"(?:(?!</?figure\b).)*</figure\s*>",
    re.DOTALL | re.IGNORECASE,
)
_signs = re.compile("[\ue000\ue001]")
_word_or_piece = re.compile("\ue000[a-z0-9 ]+\ue001|<(/?)([a-z0-9]+)(?: [^<>]*)?>|[^<\ue000]+")
_clean_figure = re.compile(r'<figure data-(photos|video)="([0-9 ]+)"></figure>')


class Figure(NamedTuple):
    """What stands in a text that is no text: `photos` or a `video`, by their numbers."""

    kind: str
    numbers: tuple[int, ...]

    def __str__(self) -> str:
        return f'<figure data-{self.kind}="{" ".join(map(str, self.numbers))}"></figure>'

    @classmethod
    def of(cls, kind: str, text: str) -> "Figure | None":
        """The figure with these numbers, as a database has them, each once; None without any."""
        found = (int(number) for number in text.split() if len(number) < 11)
        kept = tuple(dict.fromkeys(n for n in found if 0 < n <= NUMBER_MAX))
        return cls(kind, kept[: 1 if kind == "video" else GALLERY]) if kept else None


_text = "p|h2|h3|blockquote|li"
_tag = re.compile(rf"(</?)({'|'.join(RENAMED)})>")
_two_breaks = re.compile(r"(?:<br>\s*){2,}")
_piece = re.compile(r"<(/?)([a-z0-9]+)(?: [^<>]*)?>|[^<]+")
_nothing = re.compile(r"(?:\s|&nbsp;)*")
# A run is looked at once, from its beginning: the time it takes does not grow with its square.
_edge = re.compile(rf"(<(?:{_text})>)(?:\s|<br>)++|(?<!\s)(?<!<br>)(?:\s|<br>)++(</(?:{_text})>)")
_block = re.compile(rf"<(?:{'|'.join(BLOCKS)})>")
_glue = re.compile(r"&nbsp;(?=<)|(?<=>)&nbsp;")  # what Trix puts beside bold words
_external = re.compile(r'<a (?=[^>]*href="https?://)', re.IGNORECASE)
_address = re.compile(r"https?://|mailto:|/(?![/\\])|#", re.IGNORECASE)
_linkless = re.compile(r'<a(?: title="[^"]*")?>(.*?)</a>', re.DOTALL)
_link = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_end = re.compile(rf"</(?:{'|'.join(BLOCKS)})>|<br>")


def body(markup: str) -> str:
    """Harmless HTML of a story's body; cleaning it again changes nothing, whatever it was."""
    for _ in range(PASSES):
        if _fights(markup):
            break
        cleaned = _once(markup)
        if cleaned == markup:
            return cleaned
        markup = cleaned
    # Nothing that people write gets here; what fights the cleaner is kept as bare words.
    return paragraphs(re.sub("[<>&]", " ", markup))


def paragraphs(text: str) -> str:
    """Plain text as paragraphs of HTML, parted where lines are blank."""
    return _parted(html.escape(prose(text), quote=False))


def plain(markup: str, told: Callable[[Figure], str] | None = None) -> list[str]:
    """The paragraphs of a clean body as bare words; a link's address stands behind it.

    A figure says nothing, or what `told` says of it, as a line of its own.
    """

    def line_of(found: re.Match[str]) -> str:
        figure = Figure.of(found[1], found[2])
        return f"\n{html.escape(told(figure))}\n" if told and figure else "\n"

    with_addresses = _link.sub(r"\2 (\1)", _clean_figure.sub(line_of, markup))
    words = nh3.clean(_end.sub("\n", with_addresses), tags=set())
    return [line for line in map(str.strip, html.unescape(words).split("\n")) if line]


def parts(markup: str) -> Iterator[str | Figure]:
    """A clean body, its text and its figures in turn."""
    end = 0
    for found in _clean_figure.finditer(markup):
        if text := markup[end : found.start()].strip():
            yield text
        if figure := Figure.of(found[1], found[2]):
            yield figure
        end = found.end()
    if text := markup[end:].strip():
        yield text


def pictures(markup: str) -> tuple[int, ...]:
    """The numbers of the pictures in a clean body, each once, in their order."""
    return _numbers(markup, "photos")


def videos(markup: str) -> tuple[int, ...]:
    """The same of its videos."""
    return _numbers(markup, "video")


def links(markup: str) -> list[tuple[str, str]]:
    """The links of a clean body: where each leads, and its words."""
    return [
        (html.unescape(link[1]), " ".join(plain(link[2])).strip())
        for link in _link.finditer(markup)
    ]


def _numbers(markup: str, kind: str) -> tuple[int, ...]:
    figures = (part for part in parts(markup) if isinstance(part, Figure) and part.kind == kind)
    return tuple(dict.fromkeys(number for figure in figures for number in figure.numbers))


def _once(markup: str) -> str:
    markup = _figure.sub("\ue000\\1 \\2\ue001", _signs.sub("", markup))
    markup = _allow(CONTROLS.sub("", markup), {*TAGS, *RENAMED})
    markup = _tag.sub(lambda tag: f"{tag[1]}{RENAMED[tag[2]]}>", markup)
    # Trix breaks lines where a paper begins paragraphs.
    markup = _allow(_two_breaks.sub("</p><p>", markup), TAGS)
    markup = _glue.sub(" ", CONTROLS.sub("", _linkless.sub(r"\1", markup)))
    markup = _external.sub('<a rel="nofollow noopener" ', markup)
    markup = _edge.sub(r"\1\2", _without_empty(markup))
    markup = markup.strip() if _block.search(markup) else _parted(markup)
    return _lifted(markup) if "\ue000" in markup else markup


def _lifted(markup: str) -> str:
    """Takes figures out of the elements that they stand in: these end before and go on after."""
    kept: list[str] = []
    opened: list[str] = []  # the tags of the elements that we are in
    paused, figures = False, 0  # paused: they are ended, until there is a word in them again
    for piece in _word_or_piece.finditer(markup):
        text, closes, name = piece[0], piece[1], piece[2]
        if text.startswith("\ue000"):
            figures += 1
            fits = figures <= FIGURES and len(opened) <= INSIDE
            if fits and (figure := Figure.of(*text[1:-1].split(" ", 1))):
                kept += () if paused else map(_end_of, reversed(opened))
                kept.append(str(figure))
                paused = bool(opened)
            continue
        if name and name != "br":
            opened += () if closes else (text,)
            del opened[len(opened) - bool(closes) :]
        elif paused and name != "br" and not _nothing.fullmatch(text):
            kept += opened
            paused = False
        kept += () if paused else (text,)
        paused = paused and bool(opened)
    return _edge.sub(r"\1\2", _without_empty("".join(kept))).strip()


def _end_of(tag: str) -> str:
    return f"</{tag[1:-1].partition(' ')[0]}>"


def _fights(markup: str) -> bool:
    """Whether it has more marks than any story, or more elements in each other."""
    if markup.count("<") + markup.count("&") > MARKS:
        return True
    depth = 0
    for tag in _piece.finditer(markup):
        if tag[2] and tag[2] != "br":
            depth = max(0, depth + (-1 if tag[1] else 1))
            if depth > DEPTH:
                return True
    return False


def _without_empty(markup: str) -> str:
    """Drops the elements without a word in them, also those that are left empty by that."""
    kept: list[str] = []
    opened: list[int] = []  # where in `kept` each element begins that is open and empty so far
    for piece in _piece.finditer(markup):
        text, closes, name = piece[0], piece[1], piece[2]
        if name and name not in ("br", "figure"):
            if not closes:
                opened.append(len(kept))
                kept.append(text)
            elif opened:
                del kept[opened.pop() :]
            else:
                kept.append(text)
        else:
            kept.append(text)
            if name != "br" and not _nothing.fullmatch(text):
                opened.clear()
    return "".join(kept)


def _allow(markup: str, tags: set[str]) -> str:
    return nh3.clean(
        markup,
        tags=tags,
        clean_content_tags=DROPPED,
        attributes={"a": {"href", "title"}, "*": set()},
        attribute_filter=_leading_somewhere,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def _leading_somewhere(element: str, attribute: str, value: str) -> str | None:
    """Keeps an address only where it says plainly where it leads."""
    return value if attribute != "href" or _address.match(value) else None


def _parted(markup: str) -> str:
    """Text without blocks, as it is typed where no editor script runs."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", markup.replace("\r\n", "\n")))
    return "\n".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in parts if part)
