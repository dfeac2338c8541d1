"""Reads of the stories that people work on, published or not, with what their verbs need."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, union
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from newsapp.accounts.models import User
from newsapp.media.models import Video
from newsapp.stories.models import (
    Status,
    Story,
    Tag,
    TickerLine,
    story_photos,
    story_tags,
    story_videos,
)

WHOLE = (
    selectinload(Story.sections),
    selectinload(Story.tags),
    selectinload(Story.bylines),
    selectinload(Story.placements),
    selectinload(Story.corrections),
    selectinload(Story.former_paths),
    joinedload(Story.photo),
    joinedload(Story.line),
    selectinload(Story.pictures),
    joinedload(Story.video).joinedload(Video.poster),
    selectinload(Story.videos).joinedload(Video.poster),
)


def story_for_desk(session: Session, story_id: int, by: User | None = None) -> Story | None:
    """A story with all that its form and its verbs need, if it is one that `by` works on."""
    query = select(Story).where(Story.id == story_id, *seen_by(by)).options(*WHOLE)
    return session.scalar(query)


def breaking_for_desk(session: Session) -> list[Story]:
    """The stories that are breaking now, with their lines, as the ticker has them."""
    query = select(Story).join(Story.line).options(contains_eager(Story.line))
    order = TickerLine.place.desc(), TickerLine.story_id.desc()
    return list(session.scalars(query.order_by(*order).execution_options(populate_existing=True)))


def stories_of_batch(session: Session, story_ids: Sequence[int], by: User) -> list[Story]:
    """Those of these stories that `by` works on, whole, in the order in which they are named."""
    query = select(Story).where(Story.id.in_(story_ids), *seen_by(by)).options(*WHOLE)
    found = {story.id: story for story in session.scalars(query)}
    return [found[number] for number in story_ids if number in found]


@dataclass(frozen=True, slots=True)
class Move:
    """What a story does by itself, and when."""

    story: Story
    at: datetime
    comes: str  # out, down


def scheduled_for_desk(session: Session, by: User | None = None, limit: int = 200) -> list[Move]:
    """The stories that come out by themselves, soonest first."""
    query = select(Story).where(Story.status == Status.SCHEDULED, *seen_by(by))
    query = query.options(selectinload(Story.sections)).order_by(Story.publish_at, Story.id)
    found = session.scalars(query.limit(limit))
    return [Move(story, story.publish_at, "out") for story in found if story.publish_at]


def ending_for_desk(session: Session, by: User | None = None, limit: int = 200) -> list[Move]:
    """The stories that come down by themselves, soonest first."""
    query = select(Story).where(Story.unpublish_at.is_not(None), *seen_by(by))
    query = query.options(selectinload(Story.sections)).order_by(Story.unpublish_at, Story.id)
    found = session.scalars(query.limit(limit))
    return [Move(story, story.unpublish_at, "down") for story in found if story.unpublish_at]


def seen_by(by: User | None) -> list[ColumnElement[bool]]:
    """What holds of the stories that this person works on: a reporter on stories of their own,
    an editor on everyone's."""
    return [] if by is None or by.may_publish else [Story.created_by_id == by.id]


def story_by_token(session: Session, token: str, by: User) -> Story | None:
    """The story that this person's form with this token has already made."""
    query = select(Story).where(Story.token == token, Story.created_by_id == by.id)
    return session.scalar(query.options(*WHOLE))


def tags_named(session: Session, names: Iterable[str]) -> list[Tag]:
    """The tags with these names, made where missing."""
    names = list(dict.fromkeys(names))
    known = {tag.name: tag for tag in session.scalars(select(Tag).where(Tag.name.in_(names)))}
    return [known.get(name) or Tag(name=name) for name in names]


def uses_of_photo(session: Session, photo_id: int) -> int:
    """How many stories have this photo, whoever works on them."""
    query = select(func.count()).select_from(Story).where(with_photo(photo_id))
    return session.scalar(query) or 0


def photos_seen(session: Session, photo_ids: Iterable[int]) -> frozenset[int]:
    """Which of these photos readers see in a live story, over its text or in it."""
    wanted, live = list(photo_ids), Story.status == Status.PUBLISHED
    over_it = select(Story.photo_id).where(Story.photo_id.in_(wanted), live)
    in_text = (
        select(story_photos.c.photo_id)
        .join(Story, Story.id == story_photos.c.story_id)
        .where(story_photos.c.photo_id.in_(wanted), live)
    )
    return frozenset(session.scalars(union(over_it, in_text)) if wanted else ())


def live_with_photo(session: Session, photo_id: int) -> bool:
    """Whether a story shows this photo that is live, or will be without anybody looking again."""
    query = select(Story.id).where(with_photo(photo_id), _decided())
    return session.scalar(query.limit(1)) is not None


def stories_with_photo(
    session: Session, photo_id: int, by: User | None = None, limit: int = 50
) -> list[Story]:
    """The stories that show this photo, over their text or in it, live ones first."""
    query = select(Story).where(with_photo(photo_id), *seen_by(by))
    order = (Story.status != Status.PUBLISHED, Story.changed_at.desc(), Story.id)
    return list(session.scalars(query.order_by(*order).limit(limit)))


def with_photo(photo_id: int) -> ColumnElement[bool]:
    """Whether a story shows this photo, each way by an index."""
    in_text = select(story_photos.c.story_id).where(story_photos.c.photo_id == photo_id)
    over_it = select(Story.id).where(Story.photo_id == photo_id)
    posters = select(Video.id).where(Video.poster_id == photo_id)
    return Story.id.in_(union(over_it, in_text, *_with_videos(posters)))


def with_video(video_id: int) -> ColumnElement[bool]:
    """Whether a story shows this video, over its text or in it."""
    return Story.id.in_(union(*_with_videos(select(Video.id).where(Video.id == video_id))))


def _with_videos(videos: Select[Any]) -> tuple[Select[Any], Select[Any]]:
    in_text = select(story_videos.c.story_id).where(story_videos.c.video_id.in_(videos))
    return in_text, select(Story.id).where(Story.video_id.in_(videos))


def live_with_video(session: Session, video_id: int) -> bool:
    """As `live_with_photo`, of a video."""
    query = select(Story.id).where(with_video(video_id), _decided())
    return session.scalar(query.limit(1)) is not None


def _decided() -> ColumnElement[bool]:
    """As Story.decided."""
    committed = Story.status.in_((Status.PUBLISHED, Status.SCHEDULED))
    return or_(committed, Story.held_until.is_not(None))


def stories_with_video(
    session: Session, video_id: int, by: User | None = None, limit: int = 20
) -> list[Story]:
    """The stories that show this video, last changed first."""
    query = select(Story).where(with_video(video_id), *seen_by(by))
    return list(session.scalars(query.order_by(Story.changed_at.desc(), Story.id).limit(limit)))


def any_story(session: Session) -> bool:
    """Whether anything was ever written."""
    return session.scalar(select(Story.id).limit(1)) is not None


def demo_stories(session: Session) -> list[Story]:
    """The stories of the demo edition, with what hangs on them."""
    return list(session.scalars(select(Story).where(Story.demo).options(*WHOLE)))


def forget_unused_tags(session: Session) -> None:
    """Deletes the tags that no story has."""
    for tag in session.scalars(select(Tag).where(~Tag.id.in_(select(story_tags.c.tag_id)))):
        session.delete(tag)
