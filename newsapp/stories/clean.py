"""What editors write, made harmless on the way in: the few elements that a story has."""

import html
import re
from collections.abc import Callable, Iterator, Sequence

import nh3

from newsapp.formats import CONTROLS, NUMBER_MAX
from newsapp.formats import line as line  # for who cleans a form's fields, one place

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

# The one element of ours, for pictures by their numbers: it stands between blocks, in none, and is
# empty. While its surroundings are cleaned it travels as a word between two signs of no script.
_figure = re.compile(
    r'<figure\b(?=[^<>]*\sdata-photos="([0-9 ]{1,700})")[^<>]*>(?:(?!</?figure\b).)*+</figure\s*>',
    re.DOTALL | re.IGNORECASE,
)
_signs = re.compile("[\ue000\ue001]")
_word_or_piece = re.compile("\ue000[0-9 ]+\ue001|<(/?)([a-z0-9]+)(?: [^<>]*)?>|[^<\ue000]+")
_clean_figure = re.compile(r'<figure data-photos="([0-9 ]+)"></figure>')

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


def prose(text: str | None) -> str:
    """Plain text of several lines."""
    return CONTROLS.sub("", (text or "").replace("\r\n", "\n")).strip()


def paragraphs(text: str) -> str:
    """Plain text as paragraphs of HTML, parted where lines are blank."""
    return _parted(html.escape(prose(text), quote=False))


def plain(markup: str, told: Callable[[Sequence[int]], str] | None = None) -> list[str]:
    """The paragraphs of a clean body as bare words; a link's address stands behind it.

    Pictures say nothing, or what `told` says of their numbers, as a line of its own.
    """
    figures = _clean_figure.sub(
        lambda found: f"\n{html.escape(told(_numbers(found[1])))}\n" if told else "\n", markup
    )
    with_addresses = _link.sub(r"\2 (\1)", figures)
    words = nh3.clean(_end.sub("\n", with_addresses), tags=set())
    return [line for line in map(str.strip, html.unescape(words).split("\n")) if line]


def parts(markup: str) -> Iterator[str | tuple[int, ...]]:
    """A clean body, its text and the numbers of its pictures in turn."""
    end = 0
    for found in _clean_figure.finditer(markup):
        if text := markup[end : found.start()].strip():
            yield text
        yield _numbers(found[1])
        end = found.end()
    if text := markup[end:].strip():
        yield text


def pictures(markup: str) -> tuple[int, ...]:
    """The numbers of the pictures in a clean body, each once, in their order."""
    found = (number for part in parts(markup) if not isinstance(part, str) for number in part)
    return tuple(dict.fromkeys(found))


def links(markup: str) -> list[tuple[str, str]]:
    """The links of a clean body: where each leads, and its words."""
    return [
        (html.unescape(link[1]), " ".join(plain(link[2])).strip())
        for link in _link.finditer(markup)
    ]


def figure(numbers: Sequence[int]) -> str:
    """The element for these pictures."""
    return f'<figure data-photos="{" ".join(map(str, numbers))}"></figure>'


def _numbers(text: str) -> tuple[int, ...]:
    """Numbers as a database has them, each once."""
    found = (int(number) for number in text.split() if len(number) < 11)
    return tuple(dict.fromkeys(n for n in found if 0 < n <= NUMBER_MAX))[:GALLERY]


def _once(markup: str) -> str:
    markup = _figure.sub("\ue000\\1\ue001", _signs.sub("", markup))
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
            if fits and (numbers := _numbers(text[1:-1])):
                kept += () if paused else map(_end_of, reversed(opened))
                kept.append(figure(numbers))
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
