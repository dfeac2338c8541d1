"""Reads of the section tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from newsapp.stories.models import Kind, Placement, Section
from newsapp.stories.queries.listings import Card


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
