"""What an outlet took out of its feed again, while older items still stand in it.

What falls off a feed's end says nothing. A feed that is not in the order of its dates says nothing
either: its outlet chooses what stands there.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsapp.wire.models import Feed, Item
from newsapp.wire.parse import Entry

BELOW = 3  # older entries that still stand there: what is pinned to a feed's end is not its end
NEAR = timedelta(days=7)  # within which those of them are
RECENT = timedelta(days=3)


def pulled(
    session: Session, feed: Feed, entries: Sequence[Entry], listed: Collection[Item]
) -> list[Item]:
    """The items of the last days that a feed lists no more, though it lists newer and older ones.

    What is newer than all of its entries is not meant: an old copy of the feed lacks it, too.
    """
    dates = [entry.published_at for entry in entries if entry.published_at]
    if len(dates) < len(entries) or any(later < earlier for later, earlier in pairwise(dates)):
        return []
    if len(dates) <= BELOW:
        return []
    known, newest = {item.id for item in listed}, dates[0]
    since = max(dates[-BELOW], newest - RECENT)
    query = select(Item.id, Item.published_at).where(
        Item.feed_id == feed.id,
        Item.fetched_at > since,  # never before it was published: a range of ix_items_feed
        Item.published_at > since,
        Item.published_at < newest,
        Item.pulled_at.is_(None),
    )
    gone = [
        number
        for number, published_at in session.execute(query)
        if number not in known and _stood_above(published_at, dates)
    ]
    return [*session.scalars(select(Item).where(Item.id.in_(gone)))] if gone else []


def _stood_above(published_at: datetime, dates: Sequence[datetime]) -> bool:
    below = [date for date in dates if date < published_at][:BELOW]
    return len(below) == BELOW and published_at - below[-1] < NEAR
