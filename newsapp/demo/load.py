"""Loads the demo edition into a newsroom, and takes it away again."""

import os
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.demo.pictures import draw
from newsapp.media import renditions
from newsapp.media.darkroom import Darkroom
from newsapp.media.models import Photo
from newsapp.stories.models import Story
from newsapp.stories.queries import editing, releases, sections

EDITION = Path(__file__).with_name("edition")
Say = Callable[[str], None]


def edition() -> Iterator[dict[str, Any]]:
    """The stories of the edition as their files have them."""
    for file in sorted(EDITION.glob("*.toml")):
        yield from tomllib.loads(file.read_text("utf-8"))["story"]


def load(session: Session, room: Darkroom, at: datetime, zone: tzinfo, say: Say) -> int:
    """Writes and publishes the edition as if it had come out just before `at`; how many stories.

    The caller commits.
    """
    written = list(edition())
    pictured = [story["picture"] for story in written if "picture" in story]
    say(f"Drawing {len(pictured)} pictures …")
    photos = dict(zip(map(_key, pictured), _drawn(pictured, room), strict=True))
    session.add_all(photos.values())
    session.flush()
    for fields in sorted(written, key=lambda fields: _published(fields, at)):
        photo = photos.get(_key(fields["picture"])) if "picture" in fields else None
        _publish(session, fields, photo, at, zone)
    return len(written)


def remove(session: Session, room: Darkroom) -> int:
    """Takes the whole edition away, pictures and files included; how many stories that were."""
    stories = editing.demo_stories(session)
    for story in stories:
        session.delete(story)
    session.flush()
    # A picture that a story of the newsroom's own shows stays.
    used = select(Story.id).where(Story.photo_id == Photo.id).exists()
    for photo in session.scalars(select(Photo).where(Photo.demo, ~used)):
        session.delete(photo)
        room.remove(photo.hash, photo.original)
    session.flush()
    editing.forget_unused_tags(session)
    return len(stories)


def _key(picture: dict[str, Any]) -> tuple[str, int]:
    return picture["motif"], picture["seed"]


def _drawn(pictures: list[dict[str, Any]], room: Darkroom) -> Iterator[Photo]:
    """The photos of these pictures, drawn on all processors."""
    with ProcessPoolExecutor(os.cpu_count()) as pool, room.at_work() as place:
        made = pool.map(partial(_render, place), map(_key, pictures))
        for picture, (name, width, height, colour) in zip(pictures, made, strict=True):
            room.shelve(name, place / name)
            texts = {field: picture[field] for field in ("alt", "caption", "credit")}
            yield Photo(hash=name, width=width, height=height, colour=colour, demo=True, **texts)


def _render(place: Path, key: tuple[str, int]) -> tuple[str, int, int, str]:
    image = draw(*key).convert("RGB")
    name = renditions.name_of(image)
    renditions.render(image, place / name)
    return name, image.width, image.height, renditions.colour_of(image)


def _published(fields: dict[str, Any], at: datetime) -> datetime:
    published: datetime | None = fields.get("published_at")
    return published or at - timedelta(minutes=fields["age_minutes"])


def _publish(
    session: Session, fields: dict[str, Any], photo: Photo | None, at: datetime, zone: tzinfo
) -> None:
    names = ("slug", "headline", "standfirst", "dateline", "body", "language", "exclusive",
             "original_headline", "original_language", "source_name", "source_url")  # fmt: skip
    story = Story(
        demo=True,
        photo_id=photo.id if photo else None,
        **{n: fields[n] for n in names if n in fields},
    )
    story.file_under(sections.sections_by_slug(session, fields["sections"]))
    story.tags = editing.tags_named(session, fields["tags"])
    story.sign(fields["bylines"])
    session.add(story)
    published = _published(fields, at)
    story.publish(None, published, releases.free_path(session, story, published, zone))
    for note in fields.get("correction", ()):
        made = at - timedelta(minutes=note["age_minutes"])
        story.correct(note["kind"], note["text"], None, made)
    if "updated_minutes" in fields:
        story.saved(None, at - timedelta(minutes=fields["updated_minutes"]))
    if "breaking_hours" in fields:
        story.break_news(at + timedelta(hours=fields["breaking_hours"]), published)
