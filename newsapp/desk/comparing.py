"""Two versions of a story's words, field by field, as the desk shows them."""

import re
from collections.abc import Mapping
from typing import Any

from newsapp.desk.finding import shown_in, tree
from newsapp.extensions import db
from newsapp.media.models import Photo, Video
from newsapp.media.queries import photos_for_desk
from newsapp.stories import clean
from newsapp.stories.differences import Mark, Run, compare
from newsapp.stories.forms import StoryForm, told

_BETWEEN = re.compile(r">\s+<")
# A field's label, and its lines with what is gone and what is new.
Difference = tuple[str, list[list[Run]]]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What changed between two states of Story.words()."""
    form, found = StoryForm(), list[Difference]()
    texts = [words.get("body", "") for words in (before, after)]
    leads = [words.get("video") for words in (before, after)]
    shown = shown_in("".join(texts), leads)
    for name in before.keys() & after.keys():  # an old version knows fewer fields
        if _settled(before[name]) != _settled(after[name]):
            marked = compare(*(_said(name, words[name], *shown) for words in (before, after)))
            # The words are the same: headings, quotes, lists, bold.
            found.append((form[name].label.text, marked or [[Run(Mark.SET, "")]]))
    return found


def _settled(value: Any) -> Any:
    """A value without what nobody chose: the order of sections, how markup breaks its lines."""
    if isinstance(value, str):
        return _BETWEEN.sub("><", value)
    return sorted(value) if isinstance(value, list) else value


def _said(
    name: str, value: Any, pictures: Mapping[int, Photo], videos: Mapping[int, Video]
) -> list[str]:
    """A field's value as lines of words; `pictures` and `videos` are what may stand in it."""
    if name == "body":
        return clean.plain(value, told=lambda found: told(found, pictures, videos))
    if name == "sections":
        return [place.name for place in tree().places if place.slug in value]
    if name == "photo":
        photos = {photo.id: photo for photo in photos_for_desk(db.session(), [value])}
        return [photos[value].alt or f"Photo {value}"] if value in photos else []
    if name == "video":
        return [videos[value].called] if value in videos else []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [value] if value else []
