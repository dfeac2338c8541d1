"""What the story form begins with when an item of the wire becomes an excerpt."""

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from newsapp.stories.checks import ALSO
from newsapp.stories.forms import LANGUAGES
from newsapp.stories.models import Section
from newsapp.subjects.language import language
from newsapp.wire.clean import first_sentences, text
from newsapp.wire.models import Item

# What WordPress puts under each text, in any language: the post as a link, and the site as one.
_LINK = r"<a [^<>]{1,2500}>([^<>]{1,400})</a>"
_SIGNED = re.compile(rf"[^<>.。!?]{{0,40}}{_LINK}[^<>]{{0,60}}{_LINK}[^<>]{{0,30}}(?:</p>)?\s*$")
# The same where the links are gone or called otherwise, in the words of some languages.
_PART = r"(?:[^<>]|<a [^<>]*>|</a>)"
_SAID = re.compile(
    r"(?:The (?:post|article)|L[’']articolo|Der Beitrag|L[’']article|Cet article|La entrada|O post|"
    r"Het bericht|Запись|Сообщение|Artikel|Postingan|Bài viết)"
    rf"\s{_PART}{{1,900}}?\s"
    r"(?:appeared first on|proviene da|erschien zuerst auf|est apparu en premier sur|"
    r"(?:se publicó|aparece) primero en|apareceu primeiro em|verscheen eerst op|"
    r"(?:впервые появилась|появились сначала) на|pertama kali (?:tampil|muncul) (?:pada|di)|"
    r"(?:đã )?xuất hiện đầu tiên (?:trên|vào|tại))"
    rf"\s{_PART}{{1,300}}(?:</p>)?\s*$"
)

# What an outlet calls out before a headline: of ours it would say that we do.
_CALL = re.compile(
    r"^(?:breaking(?: news)?|just in|developing(?: story)?|live(?: updates?| blog)?|updated?|"
    r"urgent)"
    r"(?:\s*[:|]\s*|\s+[–—-]\s+)(?=\S)",
    re.IGNORECASE,
)


def excerpt(item: Item, about: Iterable[Section] = (), also: Sequence[Item] = ()) -> dict[str, Any]:
    """Headline, as many sentences as its source allows words for, source and link of an item, filed
    under what it is `about` and where its feed and its source are; who `also` reports it is told
    at its end."""
    source, spoken = item.feed.source, language_of(item)
    foreign = spoken != "en"
    body = body_of(item, source.most_words)
    # What it is about tells of its feed's section, too, wherever that says anything (about.py).
    places = [*(tuple(about) or filter(None, [item.feed.section])), *source.sections]
    return {
        "headline": _uncalled(item.headline),
        "body": f"{body}{_also(also)}" if body else "",
        "language": spoken,
        # It stays when the headline is put into English.
        "original_headline": item.headline if foreign else "",
        "original_language": spoken if foreign else "",
        "source_name": source.name,
        "source_url": item.url,
        "sections": list(dict.fromkeys([*(place.slug for place in places), "news"])),
        "item": item.id,
    }


def body_of(item: Item, most: int) -> str:
    """As many sentences of an item as `most` words allow, in a paragraph of HTML, or nothing."""
    words = first_sentences(_unsigned(item.summary, item.headline), most) if most else ""
    return f"<p>{escape(words, quote=False)}</p>" if words else ""


def language_of(item: Item) -> str:
    """What an item is written in, as a story says it: the text knows better than its feed."""
    source = item.feed.source
    told = (
        language(f"{item.headline}\n{item.summary}"),
        item.language,
        source.language,
        item.feed.language,
    )
    tag = next(filter(None, told), "en")
    return tag if tag in LANGUAGES else tag.partition("-")[0].lower()


def _uncalled(headline: str) -> str:
    """A headline without what its outlet calls out before it."""
    return _CALL.sub("", headline)


def _unsigned(summary: str, headline: str) -> str:
    """A text without the line in which WordPress says at its end whose it is."""
    if (signed := _SIGNED.search(summary)) and text(signed[1]) == headline:
        return summary[: signed.start()]
    return _SAID.sub("", summary)


def _also(items: Sequence[Item]) -> str:
    links = [
        f'<a href="{escape(item.url)}">{escape(item.feed.source.name, quote=False)}</a>'
        for item in items
    ]
    return f"<p>{ALSO} {', '.join(links)}.</p>" if links else ""
