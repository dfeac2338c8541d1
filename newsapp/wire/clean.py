"""What feeds send, made harmless: summaries, plain text, the first words."""

import html
import re
import unicodedata
from urllib.parse import urljoin, urlsplit

import nh3

SUMMARY_MAX = 4000  # characters
URL_MAX = 2000
_READ = 30_000  # characters of one text that are looked at
_READ_TAGS = 300  # of them; the time that cleaning takes grows with the square of their depth
_TAGS = {"p", "a", "em", "strong", "ul", "ol", "li", "blockquote", "br"}
# Content that is no text: goes with its element.
_DROPPED = {"script", "style", "template", "noscript", "iframe", "svg", "math", "title"}
# Said in the few words that summaries have, so that nothing runs together.
_RENAMED = (
    (re.compile(r"<(/?)i(?=[\s>])[^<>]*>", re.IGNORECASE), r"<\1em>"),
    (re.compile(r"<(/?)b(?=[\s>])[^<>]*>", re.IGNORECASE), r"<\1strong>"),
    (re.compile(r"<(/?)(?:div|h[1-6]|section|article|figcaption|pre|tr|dt|dd)(?=[\s>])[^<>]*>",
                re.IGNORECASE), r"<\1p>"),
)  # fmt: skip
# Opens neither a comment nor a declaration: what follows would be taken for one.
_NO_TAG = re.compile(r"<!(?!--|\[|doctype[^<>]*>)", re.IGNORECASE)
_EMPTY = re.compile(r"<(p|li|em|strong|blockquote|ul|ol)>(?:\s|&nbsp;|<br>)*</\1>")
_BARE_LINK = re.compile(r"<a(?: rel=\"[a-z ]*\")?>(.*?)</a>", re.DOTALL)
_BLOCKS = re.compile(
    r"</?(?:p|div|li|ul|ol|h[1-6]|blockquote|tr|td|dt|dd|section)\b[^<>]*>|<br[^<>]*>",
    re.IGNORECASE,
)
# Controls, halves of characters, and marks that turn the direction of the text around them.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_THAI = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # and Lao, Burmese, Khmer
# A word: two characters of Han or kana, four of Thai and its neighbours, or what spaces divide.
# Where a sentence ends: a stop that no small letter or figure follows; Asian stops always.
_SENTENCE = re.compile(r"[.!?؟۔।။។]+[\"'”’»)\]]*(?=\s+[^\s\da-zа-я])|[。！？]+[」』”’）]*")
# What a stop shortens: an initial, U.S., a title.
_SHORT = re.compile(
    r"\b(?:\w|\w\.\w+|Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Capt|Sgt|Sen|Rep|Gov|No|vs|Jr|Sr|Inc|Ltd|Co)$"
)
_WORD = re.compile(rf"[{_HAN}]{{1,2}}|[{_THAI}]{{1,4}}|[^\s{_HAN}{_THAI}]{{1,40}}")


def summary(markup: str, base: str = "") -> str:
    """Harmless HTML of an item's text: paragraphs, lists, links; cleaning it again changes nothing.

    Relative links are made absolute against `base`, or go where there is none.
    """
    markup = _beginning(markup)
    for pattern, tag in _RENAMED:
        markup = pattern.sub(tag, markup)
    safe = _stable(markup, base)
    if len(safe) <= SUMMARY_MAX:
        return safe
    # Escaped, a character takes at most five.
    beginning = first_words(safe, 120)[: SUMMARY_MAX // 5 - 10]
    return f"<p>{html.escape(beginning, quote=False)}</p>"


def text(markup: str) -> str:
    """The words of some HTML, on one line."""
    spaced = _BLOCKS.sub(" ", _beginning(markup))
    bare = nh3.clean(spaced, tags=set(), clean_content_tags=_DROPPED)
    return line(html.unescape(bare))


def line(plain: str) -> str:
    """Plain text on one line, without controls."""
    return " ".join(_CONTROL.sub("", plain).split())


def first_words(markup: str, count: int = 60) -> str:
    """The first `count` words as plain text, with an ellipsis where something was cut."""
    plain = text(markup)
    for number, word in enumerate(_WORD.finditer(plain), start=1):
        if number == count:
            end = word.end()
            break
    else:
        return plain
    # A vowel sign or an accent stays with its letter.
    while end < len(plain) and unicodedata.category(plain[end]).startswith("M"):
        end += 1
    cut = plain[end:].strip(" .。…!?！？”’\"')」』")
    return plain[:end].rstrip(" ,;:、，") + "…" if cut else plain


def first_sentences(markup: str, count: int) -> str:
    """As many whole sentences as `count` words hold; not even one: its first words."""
    words = first_words(markup, count)
    if not words.endswith("…") or words == text(markup):
        return words
    ends = [
        end.end()
        for end in _SENTENCE.finditer(words)
        if not _SHORT.search(words[: end.start()]) or end[0][0] != "."
    ]
    return words[: ends[-1]] if ends else words


def link(address: str, base: str) -> str:
    """An absolute http(s) address, or nothing."""
    address = address.strip().replace(" ", "%20")
    try:
        url = urljoin(base, address) if address else ""
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return ""
    unfit = len(url) > URL_MAX or re.search(r"[\s\x00-\x1f\x7f-\x9f\\\ud800-\udfff]", url)
    return url if fine and not unfit else ""


def _beginning(markup: str) -> str:
    read = "<".join(_CONTROL.sub("", markup[:_READ]).split("<")[:_READ_TAGS])
    return _NO_TAG.sub("&lt;!", read)


def _stable(markup: str, base: str) -> str:
    """Cleans until nothing changes: what an unlinked link leaves may be read differently."""
    for _ in range(5):
        cleaned = _clean(markup, base)
        if cleaned == markup:
            return cleaned
        markup = cleaned
    return f"<p>{html.escape(text(markup), quote=False)}</p>"


def _clean(markup: str, base: str) -> str:
    safe = nh3.clean(
        markup,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        url_relative=lambda address: link(address, base) or None,
        link_rel="nofollow noopener",
    )
    # Controls may come written as &#3;.
    safe = _BARE_LINK.sub(r"\1", _CONTROL.sub("", safe))
    # Taking an empty element away may leave an empty one around it.
    while (fuller := _EMPTY.sub("", safe)) != safe:
        safe = fuller
    return safe.strip()
