"""What the story form begins with when an item of the wire becomes an excerpt."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from newsapp.stories.checks import ALSO
from newsapp.stories.forms import LANGUAGES
from newsapp.stories.models import Section
from newsapp.subjects.language import language
from newsapp.wire.clean import first_sentences
from newsapp.wire.models import Item


def excerpt(item: Item, about: Iterable[Section] = (), also: Sequence[Item] = ()) -> dict[str, Any]:
    """Headline, as many sentences as its source allows words for, source and link of an item, filed
    under what it is `about` and where its feed and its source are; who `also` reports it is told
    at its end."""
    source = item.feed.source
    # The text knows better than the feed what it is written in.
    told = language(f"{item.headline}\n{item.summary}"), source.language, item.feed.language
    spoken = next((tag for tag in told if tag in LANGUAGES), "en")
    foreign = spoken != "en"
    words = first_sentences(item.summary, source.most_words) if source.most_words else ""
    # What it is about tells of its feed's section, too, wherever that says anything (about.py).
    places = [*(tuple(about) or filter(None, [item.feed.section])), *source.sections]
    return {
        "headline": item.headline,
        "body": (f"<p>{escape(words, quote=False)}</p>" if words else "") + _also(also),
        "language": spoken,
        # It stays when the headline is put into English.
        "original_headline": item.headline if foreign else "",
        "original_language": spoken if foreign else "",
        "source_name": source.name,
        "source_url": item.url,
        "sections": list(dict.fromkeys([*(place.slug for place in places), "news"])),
        "item": item.id,
    }


def _also(items: Sequence[Item]) -> str:
    links = [
        f'<a href="{escape(item.url)}">{escape(item.feed.source.name, quote=False)}</a>'
        for item in items
    ]
    return f"<p>{ALSO} {', '.join(links)}.</p>" if links else ""
