"""What items are about: the countries, their regions and the topics that their words tell."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from newsapp.stories.models import Kind
from newsapp.stories.queries.sections import Tree, tree
from newsapp.subjects.what import topics
from newsapp.subjects.where import countries
from newsapp.wire import clean, placing
from newsapp.wire.models import Feed, Item, ItemSection


def read(session: Session, items: Sequence[Item]) -> None:
    """Finds what these items are about, by their words as they are now, and keeps it."""
    if not items:
        return
    places = tree(session)
    feeds = select(Feed.id, Feed.section_id).where(Feed.id.in_({item.feed_id for item in items}))
    homes = dict(session.execute(feeds).all())
    rows = [
        {"item_id": item.id, "section_id": number}
        for item in items
        for number in sorted(sections(item, places, homes.get(item.feed_id)))
    ]
    # Beside the session's own changes: nobody needs these rows as objects, nor in the audit log.
    connection = session.connection()
    numbers = [item.id for item in items]
    connection.execute(delete(ItemSection).where(ItemSection.item_id.in_(numbers)))
    if rows:
        connection.execute(insert(ItemSection), rows)
    placing.moved(session, (item.cluster_id for item in items))


def sections(item: Item, places: Tree, home: int | None = None) -> set[int]:
    """The sections that an item's words tell; where they name no country, or no topic, its feed's
    own section, `home`, says it: at home nobody says where."""
    text = clean.text(item.summary)
    codes = {match.code for match in countries(item.headline, text, item.language)}
    found = {place.id for place in places.of_kind(Kind.COUNTRY) if place.code in codes}
    slugs = {topic.slug for topic in topics(item.headline, text, item.language)}
    subjects = {place.id for place in places.of_kind(Kind.TOPIC) if place.slug in slugs}
    if home and places.has(home):
        kind = places.get(home).kind
        if (kind in (Kind.COUNTRY, Kind.REGION) and not found) or (
            kind == Kind.TOPIC and not subjects
        ):
            found = found | {home}
    regions = {parent for number in found if (parent := places.get(number).parent_id)}
    return found | regions | subjects
