"""What the story form begins with when an item of the wire becomes an excerpt."""

from html import escape
from typing import Any

from newsapp.formats import host_of
from newsapp.stories.forms import LANGUAGES
from newsapp.subjects.language import language
from newsapp.wire.clean import first_words
from newsapp.wire.models import Item

WORDS = 60


def excerpt(item: Item) -> dict[str, Any]:
    """Headline, at most 60 words, source and link of an item, filed where its feed is."""
    # The text knows better than the feed what it is written in.
    told = language(f"{item.headline}\n{item.summary}"), item.feed.language
    spoken = next((tag for tag in told if tag in LANGUAGES), "en")
    return {
        "headline": item.headline,
        "body": f"<p>{escape(first_words(item.summary, WORDS), quote=False)}</p>",
        "language": spoken,
        "source_name": (item.feed.title or host_of(item.url))[:120],
        "source_url": item.url,
        "sections": [item.feed.section.slug, "news"] if item.feed.section else ["news"],
        "item": item.id,
    }
