"""What somebody has seen of the wire: marks per person and card, none for what is long past."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from newsapp.accounts.models import User
from newsapp.wire.cards import WINDOW, Spot, Wanted, scan_of, unread_since
from newsapp.wire.models import Cluster, ReadingMark


def mark(session: Session, by: User, seen: Mapping[int, int]) -> None:
    """Notes that a person has seen these cards, each up to an item."""
    known = session.scalars(select(Cluster.id).where(Cluster.id.in_(seen)))
    rows = [{"user_id": by.id, "cluster_id": n, "newest_id": seen[n]} for n in sorted(known)]
    _write(session, rows)


def mark_all(session: Session, by: User, wanted: Wanted, newest: int) -> None:
    """Notes that a person has seen all cards that fit, up to an item."""
    found = session.execute(scan_of(wanted, Spot(newest + 1, 0)).limit(WINDOW))
    rows = [{"user_id": by.id, "cluster_id": n, "newest_id": up_to} for n, up_to in found]
    _write(session, sorted(rows, key=lambda row: row["cluster_id"]))


def unmark(session: Session, by: User, number: int) -> None:
    """Makes a card unread again."""
    mine = (ReadingMark.user_id == by.id, ReadingMark.cluster_id == number)
    session.connection().execute(delete(ReadingMark).where(*mine))


def forget(session: Session, at: datetime) -> int:
    """Drops the marks of what is too old to be unread; how many."""
    old = delete(ReadingMark).where(ReadingMark.newest_id <= unread_since(session, at))
    gone: CursorResult[tuple[()]] = session.connection().execute(old)
    return gone.rowcount


def _write(session: Session, rows: list[dict[str, int]]) -> None:
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(ReadingMark)
    # What was seen later stays seen, whichever of two windows tells it first.
    more = insert.excluded.newest_id
    query = insert.on_conflict_do_update(
        index_elements=["user_id", "cluster_id"],
        set_={"newest_id": more},
        where=ReadingMark.newest_id < more,
    )
    # Beside the session's own changes: nothing for the audit log.
    session.connection().execute(query, rows)
