"""Reads of the desk's list: what it is narrowed to, page by page, and what is somebody's work."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, defer, selectinload

from newsapp.accounts.models import User
from newsapp.formats import Stamp
from newsapp.stories.models import Byline, FormerPath, Status, Story, WorkingCopy, story_sections
from newsapp.stories.queries.editing import seen_by

PAGE = 50
# Stories that one page looks at, at most, for those that fit; then it says how far it looked.
WINDOW = 20_000
MANY = 99  # counted no further
_ADDRESS = re.compile(r"[0-9]{4}/[0-9]{2}/[0-9]{2}/[a-z0-9-]{1,120}")
_AT_DESK = re.compile(r"/desk/stories/([0-9]{1,9})\b")
_NUMBER = re.compile(r"#?([0-9]{1,9})")


class Mine(StrEnum):
    """What makes a story somebody's work."""

    WROTE = "wrote"
    CHANGED = "changed"
    UNSAVED = "unsaved"
    BACK = "back"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; nothing: all that its reader works on."""

    words: str = ""
    status: str = ""
    mine: str = ""
    section_ids: tuple[int, ...] = ()
    format_id: int | None = None
    author_id: int | None = None
    language: str = ""
    start: datetime | None = None  # changed at or after
    end: datetime | None = None  # and before

    @property
    def address(self) -> str | None:
        """The path of the one story that a pasted address names."""
        return found[0] if (found := _ADDRESS.search(self.words)) else None

    @property
    def number(self) -> int | None:
        """The number of the story that is asked for, plainly or by its address at the desk."""
        found = _AT_DESK.search(self.words) or _NUMBER.fullmatch(self.words)
        return int(found[1]) if found else None

    @property
    def named(self) -> bool:
        """Whether it asks for one story by its address, whatever else it says."""
        return bool(self.address or _AT_DESK.search(self.words))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, last changed first, and where the next begins."""

    stories: tuple[Story, ...]
    older: Stamp | None
    back_to: datetime | None  # how far it looked, if older ones may fit that it did not look at


def page(
    session: Session, wanted: Wanted, by: User, before: Stamp | None = None, limit: int = PAGE
) -> Page:
    """The stories that fit, one range scan of one index; bounded, however few fit."""
    if wanted.named:
        return Page(tuple(_named(session, wanted, by)), None, None)
    first = _named(session, wanted, by) if wanted.number and before is None else []
    last = session.execute(floor_of(wanted, by, before)).first() if _sifts(wanted, by) else None
    floor = Stamp(*last) if last else None
    query = scan_of(wanted, by, before, floor).options(selectinload(Story.sections), _no_body)
    found = list(session.scalars(query.limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    older = Stamp(found[-1].changed_at, found[-1].id) if more else floor
    stories = (*first, *(story for story in found if story not in first))
    return Page(stories, older, floor.at if floor and not more else None)


def scan_of(
    wanted: Wanted, by: User, before: Stamp | None = None, floor: Stamp | None = None
) -> Select[Any]:
    """The stories that fit between two stamps, last changed first."""
    query = select(Story).where(*_lead(wanted, by), *_span(wanted, before), *_sieve(wanted, by))
    if floor is not None:
        query = query.where(Story.changed_at >= floor.at, _place >= _placed(floor))
    return query.order_by(Story.changed_at.desc(), Story.id.desc())


def floor_of(wanted: Wanted, by: User, before: Stamp | None = None) -> Select[Any, Any]:
    """The place of the last story that a page looks at."""
    query = select(Story.changed_at, Story.id).where(*_lead(wanted, by), *_span(wanted, before))
    return query.order_by(Story.changed_at.desc(), Story.id.desc()).offset(WINDOW - 1).limit(1)


def counts(session: Session, wanted: Wanted, by: User) -> dict[str, int]:
    """How many stories of each status fit, among those that one page looks at."""
    of_any = replace(wanted, status="")
    if of_any.named:
        return {}
    looked = (
        select(Story.id, Story.status)
        .where(*_lead(of_any, by), *_span(of_any, None))
        .order_by(Story.changed_at.desc(), Story.id.desc())
        .limit(WINDOW)
        .subquery()
    )
    query = select(looked.c.status, func.count()).group_by(looked.c.status)
    if sieve := _sieve(of_any, by):
        query = query.join(Story, Story.id == looked.c.id).where(*sieve)
    return dict(session.execute(query).all())


def work(session: Session, by: User) -> dict[Mine, int]:
    """How much of each kind of work a person has, counted up to MANY and one more: one SELECT."""
    kinds = [kind for kind in Mine if kind != Mine.REVIEW or by.may_publish]
    tops = (
        select(Story.id).where(*_lead(wanted, by), *_sieve(wanted, by)).limit(MANY + 1).subquery()
        for wanted in (Wanted(mine=kind) for kind in kinds)
    )
    columns = (select(func.count()).select_from(top).scalar_subquery() for top in tops)
    return dict(zip(kinds, session.execute(select(*columns)).one(), strict=True))


_no_body = defer(Story.body, raiseload=True)  # hundreds of kilobytes that no list shows
_place = tuple_(Story.changed_at, Story.id)


def _placed(stamp: Stamp) -> Any:
    # Forged numbers are larger than any of ours.
    return tuple_(literal(stamp.at, Story.changed_at.type), literal(stamp.id, BigInteger))


def _lead(wanted: Wanted, by: User) -> list[ColumnElement[bool]]:
    """What picks the index: one equal value, or none."""
    if wanted.mine == Mine.UNSAVED:
        typed = select(WorkingCopy.story_id).where(
            WorkingCopy.user_id == by.id, WorkingCopy.typed_at.is_not(None)
        )
        return [Story.id.in_(typed), *seen_by(by)]
    if wanted.mine == Mine.CHANGED:
        return [Story.changed_by_id == by.id, *seen_by(by)]
    if wanted.mine in (Mine.WROTE, Mine.BACK):
        return [Story.created_by_id == by.id]
    if wanted.mine == Mine.REVIEW:
        return [Story.status == Status.REVIEW, *seen_by(by)]
    if seen := seen_by(by):
        return seen
    if wanted.author_id:
        return [Story.created_by_id == wanted.author_id]
    return [Story.status == wanted.status] if wanted.status else []


def _span(wanted: Wanted, before: Stamp | None) -> list[ColumnElement[bool]]:
    span: list[ColumnElement[bool]] = []
    if wanted.start is not None:
        span.append(Story.changed_at >= wanted.start)
    if wanted.end is not None:
        span.append(Story.changed_at < wanted.end)
    if before is not None:
        span += [Story.changed_at <= before.at, _place < _placed(before)]
    return span


def _sifts(wanted: Wanted, by: User) -> bool:
    """Whether many may be looked at for few that fit."""
    return bool(_sieve(replace(wanted, status=""), by))


def _sieve(wanted: Wanted, by: User) -> list[ColumnElement[bool]]:
    """What is asked of each story on the way along the index."""
    sieve: list[ColumnElement[bool]] = []
    if wanted.mine == Mine.BACK:
        sieve += [Story.status == Status.DRAFT, Story.sent_back_at.is_not(None)]
    if wanted.mine == Mine.REVIEW:
        sieve.append(or_(Story.created_by_id.is_(None), Story.created_by_id != by.id))
    if wanted.status:
        sieve.append(Story.status == wanted.status)
    if wanted.author_id:
        sieve.append(Story.created_by_id == wanted.author_id)
    if wanted.language:
        sieve.append(Story.language == wanted.language)
    if wanted.section_ids:
        sieve.append(_filed_under(wanted.section_ids))
    if wanted.format_id:
        sieve.append(_filed_under((wanted.format_id,)))
    return sieve + [_says(word) for word in wanted.words.split()[:8]]


def _filed_under(section_ids: Sequence[int]) -> ColumnElement[bool]:
    return exists().where(
        story_sections.c.story_id == Story.id, story_sections.c.section_id.in_(section_ids)
    )


def _says(word: str) -> ColumnElement[bool]:
    byline = exists().where(
        Byline.story_id == Story.id, Byline.name.icontains(word, autoescape=True)
    )
    return or_(
        Story.headline.icontains(word, autoescape=True),
        Story.standfirst.icontains(word, autoescape=True),
        byline,
    )


def _named(session: Session, wanted: Wanted, by: User) -> list[Story]:
    """The story that is asked for by its address or number, if this person works on it."""
    if wanted.address:
        before = select(FormerPath.story_id).where(FormerPath.path == wanted.address)
        named: ColumnElement[bool] = or_(Story.path == wanted.address, Story.id.in_(before))
    else:
        named = Story.id == cast(wanted.number or 0, Integer)
    query = select(Story).where(and_(named, *seen_by(by))).options(selectinload(Story.sections))
    return list(session.scalars(query))
