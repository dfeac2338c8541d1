"""What is looked at before a story goes out: what stops it, and what is worth another look."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from newsapp.stories import clean
from newsapp.stories.models import Kind

HEADLINE_LONG = 110  # search engines and phones cut there
ALSO = "Also reported by"  # begins what ends an excerpt: links to others, not the source's words
EMPTY_WORDS = frozenset({"", "here", "click here", "this", "link", "read more", "more"})
# Without spaces, counted as wire/clean.py does: Han and kana; Thai, Lao, Burmese, Khmer.
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_THAI = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_also = re.compile(rf"<p>{ALSO}(?:(?:\s|&nbsp;|,|and)*<a [^<>]*>[^<>]{{1,150}}</a>)+\.?</p>\s*$")


class Pictured(Protocol):
    """A photo, as far as it can hold up a story."""

    id: Any
    credit: Any

    def barred(self, at: datetime, *, seen: Collection[int] = (), in_text: bool = False) -> str: ...


class Played(Protocol):
    """A video, as far as it can hold up a story."""

    def barred(self, at: datetime, *, seen: Collection[int] = ()) -> str: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What an outlet allows of an excerpt."""

    most_words: int
    name: str = ""  # of whom we know something; empty: the house's own terms
    over: date | None = None  # the last day of a licence that has ended
    pictures: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was found, at one field of the form."""

    field: str
    words: str
    stops: bool = False  # from going out
    always: bool = False  # also what is out already, when it is saved
    photo: int = 0  # the picture that it is about, by number


def checks(
    words: Mapping[str, Any],
    *,
    photo: Pictured | None,
    pictures: Sequence[Pictured],
    video: Played | None = None,
    videos: Sequence[Played] = (),
    kinds: Collection[str],
    embargo_until: datetime | None,
    at: datetime,
    terms: Terms,
    seen: Collection[int] = (),
) -> list[Check]:
    """What stops a story with these words, as Story.words() tells them, and what to look at.

    `photo` or `video` leads it, `pictures` and `videos` stand in its text; `kinds` are those of its
    sections, `terms` those of its source, if it is an excerpt; readers have `seen` these pictures
    in it already.
    """
    found = [*_headline(words["headline"]), *_links(words["body"])]
    if embargo_until and embargo_until > at:
        until = f"{embargo_until:%-d %B %Y, %H:%M} UTC"
        found.append(Check("embargo", f"It is under embargo until {until}.", stops=True))
    if photo is None:
        found.append(Check("photo", "Lists show it without a picture."))
    elif bar := photo.barred(at, seen=seen):
        found.append(Check("photo", bar, stops=True, always=True, photo=photo.id))
    for picture in pictures:
        if bar := picture.barred(at, seen=seen, in_text=True):
            found.append(Check("body", bar, stops=True, always=True, photo=picture.id))
    if video and (bar := video.barred(at, seen=seen)):
        found.append(Check("video", bar, stops=True, always=True))
    for film in videos:
        if bar := film.barred(at, seen=seen):
            found.append(Check("body", bar, stops=True, always=True))
    if not {Kind.REGION, Kind.COUNTRY, Kind.TOPIC} & set(kinds):
        found.append(Check("sections", "No section says where or what it is about."))
    if words["source_url"]:
        found += _excerpt(words["body"], words["source_name"], terms)
        found += _borrowed(terms, [photo] if photo else [], "photo")
        found += _borrowed(terms, pictures, "body")
    return sorted(found, key=lambda check: not check.stops)


def length(markup: str) -> int:
    """How many words a body has; of scripts without spaces two characters count as one, of Thai
    and its neighbours four."""
    text = " ".join(clean.plain(re.sub(r"<a [^>]*>|</a>", "", markup)))
    unspaced = (len(_HAN.findall(text)) + 1) // 2 + (len(_THAI.findall(text)) + 3) // 4
    return len(_THAI.sub(" ", _HAN.sub(" ", text)).split()) + unspaced


def _headline(headline: str) -> list[Check]:
    found = []
    if len(headline) > HEADLINE_LONG:
        found.append(Check("headline", f"The headline has {len(headline)} characters; phones and "
                           f"search engines cut it at {HEADLINE_LONG}."))  # fmt: skip
    if headline.isupper() and len(headline.split()) > 2:
        found.append(Check("headline", "The headline is all in capitals."))
    return found


def _links(markup: str) -> list[Check]:
    found = []
    for address, words in clean.links(markup):
        if words.casefold().rstrip(".:!…") in EMPTY_WORDS:
            said = f"says only “{words}”" if words else "has no words"
            found.append(Check("body", f"A link {said}: {address[:80]}"))
    return found


def _excerpt(markup: str, source: str, terms: Terms) -> list[Check]:
    found, count, name = [], length(_also.sub("", markup)), terms.name or source or "its source"
    if terms.over:
        ended = f"The licence of {name} holds until {terms.over:%-d %B %Y}: nothing goes out later."
        found.append(Check("source_url", ended, stops=True))
    if count > terms.most_words:
        allowed = terms.most_words or "the headline alone"
        words = f"The excerpt has {count} words; {name} allows {allowed}."
        found.append(Check("body", words, stops=True))
    return found


def _borrowed(terms: Terms, pictures: Iterable[Pictured], field: str) -> list[Check]:
    """The pictures that are the outlet's own, by their credit, where it allows none."""
    if terms.pictures or not terms.name:
        return []
    named = re.compile(rf"(?<!\w){re.escape(terms.name)}(?!\w)", re.IGNORECASE)
    words = f"Its picture is credited to {terms.name}, which allows us none of its pictures."
    return [
        Check(field, words, stops=True, photo=picture.id)
        for picture in pictures
        if named.search(picture.credit)
    ]
