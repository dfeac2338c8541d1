"""In which lists of the desk a card stands: renewed in the transaction that changes its items.

As a story has placements, so has a cluster: a row for each of its facets (all, a section, a
language, a source), so that each list is one range scan. Nobody places by hand: whatever changes an
item in a session has its cluster placed anew before the commit.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, event, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from newsapp.wire.models import (
    Cluster,
    ClusterPlacement,
    Feed,
    Item,
    ItemSection,
    Sighting,
    State,
    Tray,
)

ALL = ""  # the facet of every card
PART = 4  # of a card's items, one of so many must be about a section
BATCH = 500
# What of an item decides where its card stands.
_TELLING = ("cluster_id", "state", "language", "feed_id")


def of_section(section_id: int) -> str:
    """The facet of what is about a country, a region or a topic."""
    return f"section:{section_id}"


def of_language(tag: str) -> str:
    """The facet of what is in a language, however it is written: zh of zh-Hant."""
    return f"language:{tag.partition('-')[0].lower()}"


def of_source(source_id: int) -> str:
    """The facet of what a source brought."""
    return f"source:{source_id}"


def moved(session: Session, numbers: Iterable[int | None]) -> None:
    """Notes clusters that are to be placed anew before the commit."""
    session.info.setdefault("to place", set()).update(number for number in numbers if number)


def place(connection: Connection, numbers: Sequence[int]) -> None:
    """Places these clusters by what their items are now."""
    mine = Cluster.id.in_(numbers)
    # Whoever changes another of their items at this moment waits here, and then sees this change.
    hold = select(Cluster.id).where(mine).order_by(Cluster.id).with_for_update(key_share=True)
    connection.execute(hold)
    wanted = _wanted(connection, numbers)
    columns = (ClusterPlacement.cluster_id, ClusterPlacement.facet, ClusterPlacement.tray,
               ClusterPlacement.newest_id)  # fmt: skip
    query = select(*columns).where(ClusterPlacement.cluster_id.in_(numbers))
    known = {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(query)}
    if gone := sorted(known.keys() - wanted.keys()):
        key = (ClusterPlacement.cluster_id == bindparam("number"),
               ClusterPlacement.facet == bindparam("of"))  # fmt: skip
        one = delete(ClusterPlacement).where(*key)
        connection.execute(one, [{"number": number, "of": facet} for number, facet in gone])
    rows = [
        {"cluster_id": number, "facet": facet, "tray": tray, "newest_id": newest}
        for (number, facet), (tray, newest) in sorted(wanted.items())
        if known.get((number, facet)) != (tray, newest)
    ]
    if rows:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        insert = dialect.insert(ClusterPlacement)
        kept = {name: insert.excluded[name] for name in ("tray", "newest_id")}
        connection.execute(
            insert.on_conflict_do_update(index_elements=["cluster_id", "facet"], set_=kept), rows
        )


def _wanted(
    connection: Connection, numbers: Sequence[int]
) -> dict[tuple[int, str], tuple[str, int]]:
    """For cluster and facet, the tray and the newest item, or where that one stands."""
    mine = Item.cluster_id.in_(numbers)
    states: defaultdict[int, set[str]] = defaultdict(set)
    newest: Counter[int] = Counter()
    items: Counter[int] = Counter()
    facets: defaultdict[int, set[str]] = defaultdict(lambda: {ALL})
    stands = func.coalesce(Item.stands_at, Item.id)
    columns = (Item.cluster_id, stands, Item.state, Item.language, Feed.source_id)
    rows: Iterable[Any] = connection.execute(select(*columns).join(Item.feed).where(mine))
    for number, stands_at, state, language, source_id in rows:
        states[number].add(state)
        items[number] += 1
        newest[number] = max(newest[number], stands_at)
        facets[number].add(of_source(source_id))
        if language:
            facets[number].add(of_language(language))
    also = select(Item.cluster_id, Feed.source_id).join(Sighting, Sighting.item_id == Item.id)
    rows = connection.execute(also.join(Feed, Feed.id == Sighting.feed_id).where(mine))
    for number, source_id in rows:
        facets[number].add(of_source(source_id))
    spread = (
        select(Item.cluster_id, ItemSection.section_id, func.count())
        .join(ItemSection, ItemSection.item_id == Item.id)
        .where(mine)
        .group_by(Item.cluster_id, ItemSection.section_id)
    )
    rows = connection.execute(spread)
    for number, section_id, count in rows:
        if count * PART >= items[number]:
            facets[number].add(of_section(section_id))
    return {
        (number, facet): (tray_of(states[number]), newest[number])
        for number in items
        for facet in facets[number]
    }


def tray_of(states: Iterable[str]) -> Tray:
    """Where a card lies whose items are in these states."""
    found = set(states)
    if State.NEW in found:
        return Tray.WAITING
    return Tray.USED if found & {State.TAKEN, State.PUBLISHED} else Tray.IGNORED


@event.listens_for(Session, "after_flush")
def _collect(session: Session, context: Any) -> None:
    for row in (*session.new, *session.dirty):
        if isinstance(row, Item):
            attributes = inspect(row).attrs
            if any(attributes[name].history.has_changes() for name in _TELLING):
                moved(session, (row.cluster_id, *(attributes.cluster_id.history.deleted or ())))


@event.listens_for(Session, "before_commit")
def _place(session: Session) -> None:
    session.flush()
    numbers = sorted(session.info.pop("to place", ()))
    for start in range(0, len(numbers), BATCH):
        place(session.connection(), numbers[start : start + BATCH])


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("to place", None)
