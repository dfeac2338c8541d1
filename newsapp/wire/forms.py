"""What the story form begins with when an item of the wire becomes an excerpt."""

from html import escape
from typing import Any

from newsapp.stories.forms import LANGUAGES
from newsapp.subjects.language import language
from newsapp.wire.clean import first_words
from newsapp.wire.models import Item


def excerpt(item: Item) -> dict[str, Any]:
    """Headline, as many words as its source allows, source and link of an item, filed where its
    feed and its source are."""
    source = item.feed.source
    # The text knows better than the feed what it is written in.
    told = language(f"{item.headline}\n{item.summary}"), source.language, item.feed.language
    spoken = next((tag for tag in told if tag in LANGUAGES), "en")
    words = first_words(item.summary, source.most_words) if source.most_words else ""
    places = [*filter(None, [item.feed.section]), *source.sections]
    return {
        "headline": item.headline,
        "body": f"<p>{escape(words, quote=False)}</p>" if words else "",
        "language": spoken,
        "source_name": source.name,
        "source_url": item.url,
        "sections": list(dict.fromkeys([*(place.slug for place in places), "news"])),
        "item": item.id,
    }
