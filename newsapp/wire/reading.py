"""What somebody has seen of the wire: marks per person and card, none for what is long past."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from newsapp import clock
from newsapp.accounts.models import User
from newsapp.wire.cards import NONE, WINDOW, Spot, Wanted, scan_of, unread_since
from newsapp.wire.models import Cluster, ReadingMark


def mark(session: Session, by: User, seen: Mapping[int, int]) -> None:
    """Notes that a person has seen these cards, each up to an item."""
    known = session.scalars(select(Cluster.id).where(Cluster.id.in_(seen)))
    rows = [_row(by, number, seen[number], None) for number in sorted(known)]
    _write(session, rows)


def mark_all(session: Session, by: User, wanted: Wanted, newest: int) -> int:
    """Notes that a person has seen all cards that fit, up to an item; how many were unread. It can
    be taken back until it is done again."""
    mine = ReadingMark.user_id == by.id
    kept = update(ReadingMark).where(mine, ReadingMark.before_id.is_not(None))
    session.connection().execute(kept.values(before_id=None))
    marks = select(ReadingMark.cluster_id, ReadingMark.newest_id).where(mine)
    seen = dict(session.execute(marks).all())
    found = session.execute(scan_of(wanted, Spot(newest + 1, 0)).limit(WINDOW)).all()
    long_past = unread_since(session, clock.now())
    fresh = sorted((n, up_to) for n, up_to in found if max(seen.get(n, NONE), long_past) < up_to)
    _write(session, [_row(by, n, up_to, seen.get(n, NONE)) for n, up_to in fresh])
    return len(fresh)


def unmark_all(session: Session, by: User) -> int:
    """Takes back what was marked as read all at once, the last time; how many cards are unread
    again."""
    mine = ReadingMark.user_id == by.id
    new = delete(ReadingMark).where(mine, ReadingMark.before_id == NONE)
    seen = update(ReadingMark).where(mine, ReadingMark.before_id > NONE)
    back = seen.values(newest_id=ReadingMark.before_id, before_id=None)
    done: list[CursorResult[tuple[()]]] = [session.connection().execute(q) for q in (new, back)]
    return sum(one.rowcount for one in done)


def unmark(session: Session, by: User, number: int) -> None:
    """Makes a card unread again."""
    mine = (ReadingMark.user_id == by.id, ReadingMark.cluster_id == number)
    session.connection().execute(delete(ReadingMark).where(*mine))


def forget(session: Session, at: datetime) -> int:
    """Drops the marks of what is too old to be unread; how many."""
    old = delete(ReadingMark).where(ReadingMark.newest_id <= unread_since(session, at))
    gone: CursorResult[tuple[()]] = session.connection().execute(old)
    return gone.rowcount


def _row(by: User, number: int, newest: int, before: int | None) -> dict[str, int | None]:
    return {"user_id": by.id, "cluster_id": number, "newest_id": newest, "before_id": before}


def _write(session: Session, rows: list[dict[str, int | None]]) -> None:
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(ReadingMark)
    # What was seen later stays seen, whichever of two windows tells it first.
    more = insert.excluded.newest_id
    query = insert.on_conflict_do_update(
        index_elements=["user_id", "cluster_id"],
        set_={"newest_id": more, "before_id": insert.excluded.before_id},
        where=ReadingMark.newest_id < more,
    )
    # Beside the session's own changes: nothing for the audit log.
    session.connection().execute(query, rows)
