"""Reads of stories and sections: plain frozen values for readers, rows for the desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import cache, cached_property
from itertools import chain, count
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Integer,
    Label,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session, joinedload, selectinload

from newsapp.accounts.models import User
from newsapp.formats import Stamp, host_of
from newsapp.media.models import Photo
from newsapp.stories.models import (
    RIVER,
    Byline,
    Correction,
    Kind,
    Placement,
    Section,
    Status,
    Story,
    Tag,
    slugify,
    story_sections,
    story_tags,
)

PAGE = 30


# --- sections -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A section as readers meet it."""

    id: int
    kind: str
    slug: str
    name: str
    code: str | None
    zone: str | None
    parent_id: int | None

    @property
    def url(self) -> str:
        """Its address on this site."""
        return f"/{self.slug}"


@dataclass(frozen=True)
class Tree:
    """All sections, in their order, findable by slug, number, kind and parent."""

    places: tuple[Place, ...]

    @cached_property
    def _by_slug(self) -> dict[str, Place]:
        return {place.slug: place for place in self.places}

    @cached_property
    def _by_id(self) -> dict[int, Place]:
        return {place.id: place for place in self.places}

    def find(self, slug: str) -> Place | None:
        """The section with this slug."""
        return self._by_slug.get(slug)

    def get(self, section_id: int) -> Place:
        """The section with this number; KeyError when there is none."""
        return self._by_id[section_id]

    def has(self, section_id: int) -> bool:
        """Whether there is a section with this number."""
        return section_id in self._by_id

    def of_kind(self, kind: str) -> tuple[Place, ...]:
        """The sections of one kind."""
        return tuple(place for place in self.places if place.kind == kind)

    def breadcrumb(self, section_ids: Iterable[int]) -> tuple[Place, ...]:
        """The way to a story: region and country, or else its topic."""
        ids = tuple(section_ids)
        for country in self.pick(ids, Kind.COUNTRY):
            return (self.get(country.parent_id), country) if country.parent_id else (country,)
        return (self.pick(ids, Kind.REGION) or self.pick(ids, Kind.TOPIC))[:1]

    @property
    def regions(self) -> tuple[Place, ...]:
        """The regions, east to west."""
        return self.of_kind(Kind.REGION)

    def children(self, section_id: int) -> tuple[Place, ...]:
        """The countries of a region."""
        return tuple(place for place in self.places if place.parent_id == section_id)

    def kicker(self, card: "Card") -> str:
        """The line over a headline: the editor's own, or country and topic."""
        if card.kicker:
            return card.kicker
        country = self.pick(card.section_ids, Kind.COUNTRY)
        topic = self.pick(card.section_ids, Kind.TOPIC)
        return " · ".join(place.name for place in (*country[:1], *topic[:1]))

    def named(self, section_ids: Iterable[int]) -> tuple[Place, ...]:
        """These sections, in the tree's order."""
        wanted = set(section_ids)
        return tuple(place for place in self.places if place.id in wanted)

    def pick(self, section_ids: Iterable[int], kind: str) -> tuple[Place, ...]:
        """Those of these sections that are of this kind, in the tree's order."""
        return tuple(place for place in self.named(section_ids) if place.kind == kind)


def tree(session: Session) -> Tree:
    """The section tree."""
    columns = (Section.id, Section.kind, Section.slug, Section.name, Section.code, Section.zone,
               Section.parent_id)  # fmt: skip
    rows = session.execute(select(*columns).order_by(Section.position, Section.id))
    return Tree(tuple(Place(*row) for row in rows))


def section_by_slug(session: Session, slug: str) -> Section | None:
    """The section row with this slug."""
    return session.scalar(select(Section).where(Section.slug == slug))


def sections_by_slug(session: Session, slugs: Iterable[str]) -> list[Section]:
    """The section rows with these slugs, in the tree's order."""
    query = select(Section).where(Section.slug.in_(list(slugs)))
    return list(session.scalars(query.order_by(Section.position, Section.id)))


def counts(session: Session, section_ids: Sequence[int]) -> dict[int, int]:
    """How many live stories stand in each of these sections."""
    query = select(Placement.section_id, func.count()).where(Placement.section_id.in_(section_ids))
    return dict(session.execute(query.group_by(Placement.section_id)).all())


# --- cards: a story in a listing --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as a template shows it."""

    hash: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class Card:
    """A live story as listings show it."""

    id: int
    path: str
    headline: str
    standfirst: str
    kicker: str  # the editor's own; templates fall back to country and topic
    language: str
    original_headline: str
    original_language: str
    source_name: str
    exclusive: bool
    demo: bool
    breaking: bool
    published_at: datetime
    updated_at: datetime | None
    section_ids: tuple[int, ...]
    byline: str
    picture: Picture | None

    @property
    def url(self) -> str:
        """Its address on this site."""
        return f"/{self.path}"

    @property
    def stamp(self) -> Stamp:
        """Its place in a listing."""
        return Stamp(self.published_at, self.id)


# One correlated look-up by key a story, instead of one more SELECT a page.
_sections_of = (
    select(func.aggregate_strings(cast(story_sections.c.section_id, String), ","))
    .where(story_sections.c.story_id == Story.id)
    .correlate(Story)
    .scalar_subquery()
)
_names_over = (
    select(Byline.name)
    .where(Byline.story_id == Story.id)
    .order_by(Byline.position)
    .correlate(Story)
    .subquery()
)
_byline_of = select(func.aggregate_strings(_names_over.c.name, ", ")).scalar_subquery()
_CARD = (
    Story.id, Story.path, Story.headline, Story.standfirst, Story.kicker, Story.language,
    Story.original_headline, Story.original_language, Story.source_name, Story.exclusive,
    Story.demo, Story.breaking_until, Story.published_at, Story.updated_at,
    _sections_of.label("section_ids"), _byline_of.label("byline"),
    Photo.hash, Photo.width, Photo.height, Photo.alt, Photo.caption, Photo.credit,
)  # fmt: skip


def _card(row: Sequence[Any]) -> Card:
    (number, path, headline, standfirst, kicker, language, original, original_language, source,
     exclusive, demo, breaking_until, published_at, updated_at, sections, byline,
     *picture) = row  # fmt: skip
    return Card(
        number, path, headline, standfirst, kicker, language, original, original_language, source,
        exclusive, demo, breaking_until is not None, published_at, updated_at,
        tuple(map(int, sections.split(","))) if sections else (), byline or "",
        Picture(*picture) if picture[0] else None,
    )  # fmt: skip


def cards(session: Session, tops: Mapping[int, int]) -> dict[int, list[Card]]:
    """The newest live stories of several sections, each with its own limit, in one SELECT."""
    values: dict[str, int] = {}
    for number, (section_id, limit) in enumerate(tops.items()):
        values |= {f"section_{number}": section_id, f"limit_{number}": limit}
    found: dict[int, list[Card]] = {section_id: [] for section_id in tops}
    for section_id, *row in session.execute(_tops(len(tops)), values):
        found[section_id].append(_card(row))
    return found


# Building a statement of this size takes longer than running it; its shape never changes.
@cache
def _tops(count: int) -> Select[Any]:
    """One range scan over the listing index a section, joined by UNION ALL."""
    scans = [
        select(
            select(Placement.section_id, Placement.published_at, Placement.story_id)
            .where(Placement.section_id == bindparam(f"section_{number}"))
            .order_by(Placement.published_at.desc(), Placement.story_id.desc())
            .limit(bindparam(f"limit_{number}", type_=Integer))
            .subquery()
        )
        for number in range(count)
    ]
    top = union_all(*scans).subquery()
    return (
        select(top.c.section_id, *_CARD)
        .join(Story, Story.id == top.c.story_id)
        .outerjoin(Photo, Photo.id == Story.photo_id)
        .order_by(top.c.section_id, top.c.published_at.desc(), top.c.story_id.desc())
    )


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a section's stories, newest first, and where older ones begin."""

    cards: tuple[Card, ...]
    older: Stamp | None


def listing(
    session: Session,
    section_id: int,
    before: Stamp | None = None,
    after: Stamp | None = None,
    limit: int = PAGE,
) -> Listing:
    """The newest stories of a section between two stamps, one range scan."""
    query = _listing(before is not None, after is not None)
    values = _span(section_id, before, after) | {"limit": limit + 1}
    found = tuple(map(_card, session.execute(query, values)))
    more = len(found) > limit
    return Listing(found[:limit], found[limit - 1].stamp if more else None)


@cache
def _listing(before: bool, after: bool) -> Select[Any]:
    return _cards_of(_scan(before, after).limit(bindparam("limit", type_=Integer)))


def _cards_of(scan: Select[Any, Any]) -> Select[Any]:
    """The cards of the stories that a scan of placements finds, in its order."""
    top = scan.subquery()
    return (
        select(*_CARD)
        .select_from(top)
        .join(Story, Story.id == top.c.story_id)
        .outerjoin(Photo, Photo.id == Story.photo_id)
        .order_by(top.c.published_at.desc(), top.c.story_id.desc())
    )


def count_after(session: Session, section_id: int, after: Stamp, limit: int = 99) -> int:
    """How many stories came into a section after this stamp, counted up to `limit`."""
    query = _count(limit)
    return session.scalar(query, _span(section_id, None, after)) or 0


@cache
def _count(limit: int) -> Select[Any]:
    return select(func.count()).select_from(_scan(False, True).limit(limit).subquery())


def _scan(before: bool, after: bool) -> Select[Any, Any]:
    """The range scan of a section, newest first; `_span` has its values."""
    place = tuple_(Placement.published_at, Placement.story_id)
    query = select(Placement.published_at, Placement.story_id).where(
        Placement.section_id == bindparam("section_id")
    )
    if before:
        at, number = _moment("before_at"), bindparam("before_id", type_=BigInteger)
        query = query.where(Placement.published_at <= at, place < tuple_(at, number))
    if after:
        at, number = _moment("after_at"), bindparam("after_id", type_=BigInteger)
        query = query.where(Placement.published_at >= at, place > tuple_(at, number))
    return query.order_by(Placement.published_at.desc(), Placement.story_id.desc())


def _moment(name: str) -> BindParameter[Any]:
    return bindparam(name, type_=Placement.published_at.type)


def _span(section_id: int, before: Stamp | None, after: Stamp | None) -> dict[str, Any]:
    values: dict[str, Any] = {"section_id": section_id}
    if before is not None:
        values |= {"before_at": before.at, "before_id": before.id}
    if after is not None:
        values |= {"after_at": after.at, "after_id": after.id}
    return values


# --- a story, whole -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Note:
    """A correction as readers see it."""

    kind: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A story, whole, as its own page shows it."""

    card: Card
    body: str
    dateline: str
    source_url: str
    bylines: tuple[str, ...]
    tags: tuple[str, ...]
    corrections: tuple[Note, ...]

    @property
    def source_host(self) -> str:
        """The outlet's host: scmp.com."""
        return host_of(self.source_url)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What is left of a withdrawn story."""

    headline: str
    note: str
    at: datetime


def story_id_at(session: Session, path: str) -> int | None:
    """The number of the story that was ever published at this address."""
    return session.scalar(select(Story.id).where(Story.path == path))


def page(session: Session, story_id: int) -> Page | Withdrawn | None:
    """The story for its page; what is left when withdrawn; None while it is not live."""
    row = _whole_row(session, story_id)
    if row is not None and row.status == Status.WITHDRAWN:
        return Withdrawn(row.headline, row.withdrawal_note, row.changed_at)
    if row is None or row.status != Status.PUBLISHED:
        return None
    return _page(session, row)


def draft(session: Session, story_id: int) -> Page | None:
    """The story as its page would show what is saved, published or not."""
    row = _whole_row(session, story_id)
    return _page(session, row) if row is not None else None


def _whole_row(session: Session, story_id: int) -> Any:
    columns = (*_CARD, Story.body, Story.dateline, Story.source_url, Story.status,
               Story.withdrawal_note, Story.changed_at)  # fmt: skip
    query = select(*columns).outerjoin(Photo, Photo.id == Story.photo_id)
    return session.execute(query.where(Story.id == story_id)).one_or_none()


def _page(session: Session, row: Any) -> Page:
    card = _card(row[: len(_CARD)])
    # A draft has no time and address yet; its preview stands at the last change.
    card = replace(card, published_at=card.published_at or row.changed_at, path=card.path or "")
    bylines = select(Byline.name).where(Byline.story_id == card.id).order_by(Byline.position)
    tags = select(Tag.name).join(story_tags).where(story_tags.c.story_id == card.id)
    notes = select(Correction.kind, Correction.text, Correction.at).where(
        Correction.story_id == card.id
    )
    return Page(
        card=card,
        body=row.body,
        dateline=row.dateline,
        source_url=row.source_url,
        bylines=tuple(session.scalars(bylines)),
        tags=tuple(session.scalars(tags.order_by(Tag.name))),
        corrections=tuple(
            Note(*note) for note in session.execute(notes.order_by(Correction.at.desc()))
        ),
    )


def related(session: Session, page: Page, limit: int = 6) -> tuple[Card, ...]:
    """Live stories that share tags with this one, then the newest of its own sections."""
    near = cards(session, dict.fromkeys(page.card.section_ids, limit + 1))
    found = {card.id: card for card in _sharing_tags(session, page.card.id, limit)}
    for card in sorted(sum(near.values(), []), key=lambda card: card.stamp, reverse=True):
        found.setdefault(card.id, card)
    found.pop(page.card.id, None)
    return tuple(found.values())[:limit]


def _sharing_tags(session: Session, story_id: int, limit: int) -> list[Card]:
    mine = select(story_tags.c.tag_id).where(story_tags.c.story_id == story_id)
    scan = (
        select(Placement.published_at, Placement.story_id)
        .join(story_tags, story_tags.c.story_id == Placement.story_id)
        .where(Placement.section_id == RIVER, story_tags.c.tag_id.in_(mine))
        .distinct()
        .order_by(Placement.published_at.desc(), Placement.story_id.desc())
        .limit(limit + 1)
    )
    return [_card(row) for row in session.execute(_cards_of(scan))]


# --- the desk and the clock ----------------------------------------------------------------------


def next_release() -> Label[datetime | None]:
    """The earliest moment at which a story is to appear or to stop breaking, as an expression."""
    appear = select(func.min(Story.publish_at)).where(Story.status == Status.SCHEDULED)
    end = select(func.min(Story.breaking_until))
    first, last = appear.scalar_subquery(), end.scalar_subquery()
    # Least() of two columns differs between databases when one is NULL; CASE does not.
    return case((or_(last.is_(None), first < last), first), else_=last).label("due")


def to_release(session: Session, at: datetime) -> list[Story]:
    """The stories whose moment has come, with what their verbs need; locked where possible."""
    due = or_(
        and_(Story.status == Status.SCHEDULED, Story.publish_at <= at), Story.breaking_until <= at
    )
    query = select(Story).where(due).options(*_WHOLE).with_for_update(of=Story, skip_locked=True)
    return list(session.scalars(query))


def free_path(session: Session, story: Story, at: datetime, zone: tzinfo) -> str:
    """An address of this newsroom day that no other story has."""
    slug = story.slug or slugify(story.headline)
    base = f"{at.astimezone(zone):%Y/%m/%d}/{slug}"
    taken = set(session.scalars(select(Story.path).where(Story.path.startswith(base))))
    numbered = (f"{base}-{number}" for number in count(2))
    return next(path for path in chain((base,), numbered) if path not in taken)


_WHOLE = (
    selectinload(Story.sections),
    selectinload(Story.tags),
    selectinload(Story.bylines),
    selectinload(Story.placements),
    selectinload(Story.corrections),
    joinedload(Story.photo),
)


def story_for_desk(session: Session, story_id: int, by: User | None = None) -> Story | None:
    """A story with all that its form and its verbs need, if it is one that `by` works on."""
    query = select(Story).where(Story.id == story_id, *_seen_by(by)).options(*_WHOLE)
    return session.scalar(query)


def stories_for_desk(
    session: Session,
    status: str | None = None,
    words: str = "",
    limit: int = 100,
    by: User | None = None,
) -> list[Story]:
    """The desk's list, last changed first; `words` must all be in the headline."""
    query = select(Story).options(selectinload(Story.sections)).where(*_matching(words, by))
    if status:
        query = query.where(Story.status == status)
    query = query.order_by(Story.changed_at.desc(), Story.id.desc()).limit(limit)
    return list(session.scalars(query))


def counts_for_desk(session: Session, words: str = "", by: User | None = None) -> dict[str, int]:
    """How many stories of each status the desk's list would find."""
    query = select(Story.status, func.count()).where(*_matching(words, by)).group_by(Story.status)
    return dict(session.execute(query).all())


def breaking_for_desk(session: Session) -> list[Story]:
    """The stories that are breaking now, newest first."""
    query = select(Story).where(Story.breaking_until.is_not(None), Story.status == Status.PUBLISHED)
    return list(session.scalars(query.order_by(Story.published_at.desc(), Story.id.desc())))


def _seen_by(by: User | None) -> list[ColumnElement[bool]]:
    # A reporter works on stories of their own, an editor on everyone's.
    return [] if by is None or by.may_publish else [Story.created_by_id == by.id]


def _matching(words: str, by: User | None) -> list[ColumnElement[bool]]:
    found = [Story.headline.icontains(word, autoescape=True) for word in words.split()[:8]]
    return [*found, *_seen_by(by)]


def story_by_token(session: Session, token: str, by: User) -> Story | None:
    """The story that this person's form with this token has already made."""
    query = select(Story).where(Story.token == token, Story.created_by_id == by.id)
    return session.scalar(query.options(*_WHOLE))


def tags_named(session: Session, names: Iterable[str]) -> list[Tag]:
    """The tags with these names, made where missing."""
    names = list(dict.fromkeys(names))
    known = {tag.name: tag for tag in session.scalars(select(Tag).where(Tag.name.in_(names)))}
    return [known.get(name) or Tag(name=name) for name in names]


def breaking(session: Session, limit: int = 20) -> list[Card]:
    """The stories in the ticker, newest first."""
    return [_card(row) for row in session.execute(_breaking(), {"limit": limit})]


@cache
def _breaking() -> Select[Any]:
    scan = (
        select(Story.published_at, Story.id.label("story_id"))
        .where(Story.breaking_until.is_not(None), Story.status == Status.PUBLISHED)
        .order_by(Story.published_at.desc(), Story.id.desc())
        .limit(bindparam("limit", type_=Integer))
    )
    return _cards_of(scan)


def any_story(session: Session) -> bool:
    """Whether anything was ever written."""
    return session.scalar(select(Story.id).limit(1)) is not None


def demo_stories(session: Session) -> list[Story]:
    """The stories of the demo edition, with what hangs on them."""
    return list(session.scalars(select(Story).where(Story.demo).options(*_WHOLE)))


def forget_unused_tags(session: Session) -> None:
    """Deletes the tags that no story has."""
    for tag in session.scalars(select(Tag).where(~Tag.id.in_(select(story_tags.c.tag_id)))):
        session.delete(tag)
