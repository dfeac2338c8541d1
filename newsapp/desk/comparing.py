"""Two versions of a story's words, field by field, as the desk shows them."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from newsapp.desk.finding import tree
from newsapp.extensions import db
from newsapp.media.models import Photo
from newsapp.media.queries import photos_for_desk, photos_of
from newsapp.stories import clean
from newsapp.stories.differences import Mark, Run, compare
from newsapp.stories.forms import StoryForm, told

# A field's label, and its lines with what is gone and what is new.
Difference = tuple[str, list[list[Run]]]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What changed between two states of Story.words()."""
    form, found = StoryForm(), list[Difference]()
    texts = (clean.pictures(words.get("body", "")) for words in (before, after))
    photos = photos_of(db.session(), chain.from_iterable(texts))
    for name in before.keys() & after.keys():  # an old version knows fewer fields
        if _sorted(before[name]) != _sorted(after[name]):
            marked = compare(*(_said(name, words[name], photos) for words in (before, after)))
            # The words are the same: headings, quotes, lists, bold.
            found.append((form[name].label.text, marked or [[Run(Mark.SET, "")]]))
    return found


def _sorted(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value


def _said(name: str, value: Any, photos: Mapping[int, Photo]) -> list[str]:
    """A field's value as lines of words; `photos` are those in the texts."""
    if name == "body":
        return clean.plain(value, told=lambda numbers: told(numbers, photos))
    if name == "sections":
        return [place.name for place in tree().places if place.slug in value]
    if name == "photo":
        photos = {photo.id: photo for photo in photos_for_desk(db.session(), [value])}
        return [photos[value].alt or f"Photo {value}"] if value in photos else []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [value] if value else []
