"""Structured data of a story for machines: schema.org NewsArticle as JSON-LD."""

import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from newsapp.formats import iso
from newsapp.media.renditions import url_of
from newsapp.stories.queries.pages import Film, Page
from newsapp.stories.queries.sections import Place

# Inside <script> only these could end the element or confuse a parser.
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def news_article(page: Page, breadcrumb: Sequence[Place], public_url: str) -> Markup:
    """The JSON-LD of a story and the way to it, safe to stand inside <script>."""
    graph = [_article(page, public_url), _breadcrumb(page, breadcrumb, public_url)]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return Markup(text.translate(_ESCAPES))


def _article(page: Page, public_url: str) -> dict[str, Any]:
    card = page.card
    article: dict[str, Any] = {
        "@type": "NewsArticle",
        "mainEntityOfPage": public_url + card.url,
        "headline": card.headline[:110],
        "description": card.standfirst or card.headline,
        "datePublished": iso(card.published_at),
        "dateModified": iso(card.updated_at or card.published_at),
        "inLanguage": card.language,
        "author": [{"@type": "Person", "name": name} for name in page.bylines]
        or [{"@type": "Organization", "name": card.source_name or "Asian-News.net"}],
        "publisher": {"@type": "NewsMediaOrganization", "name": "Asian-News.net",
                      "url": public_url + "/"},
        "isAccessibleForFree": True,
    }  # fmt: skip
    if page.tags:
        article["keywords"] = list(page.tags)
    if page.dateline:
        article["dateline"] = page.dateline
    if pictures := page.shown():
        article["image"] = [public_url + url_of(picture, 1600, "jpg") for picture in pictures]
    if page.films:
        article["video"] = [_video(film, public_url) for film in page.films.values()]
    if page.source_url:
        article["isBasedOn"] = page.source_url
    if page.corrections:
        article["correction"] = [
            {"@type": "CorrectionComment", "text": note.text, "datePublished": iso(note.at)}
            for note in page.corrections
        ]
    return article


def _video(film: Film, public_url: str) -> dict[str, Any]:
    video: dict[str, Any] = {
        "@type": "VideoObject",
        "name": film.title,
        "description": film.title,
        "uploadDate": iso(film.at),
        **({"embedUrl": film.frame} if film.frame else {"contentUrl": film.address}),
    }
    if film.seconds:
        video["duration"] = f"PT{film.seconds}S"
    if film.poster:
        video["thumbnailUrl"] = [public_url + url_of(film.poster, 1280, "jpg")]
    if film.transcript:
        video["transcript"] = film.transcript
    return video


def _breadcrumb(page: Page, breadcrumb: Sequence[Place], public_url: str) -> dict[str, Any]:
    steps = [(place.name, place.url) for place in breadcrumb]
    steps.append((page.card.headline, page.card.url))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": name, "item": public_url + url}
            for n, (name, url) in enumerate(steps, 1)
        ],
    }
