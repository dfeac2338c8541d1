"""One at a time and one a second: whose turn it is to ask a host, on any number of workers."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, and_, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from newsapp import clock
from newsapp.clock import AHEAD
from newsapp.wire.models import LONGEST, OBEYED, Feed, Host

# At most, the first time: a fetch takes 30 seconds, reading it 20. What is late is stored all the
# same, unless another has begun.
HELD = timedelta(minutes=1)
INNOCENT = 2  # turns in a row that may be lost to what befell the worker
REST = timedelta(seconds=1)  # for the host, after each request
PATIENCE = 3.0  # seconds that a turn is waited for
PAUSE = 0.1  # seconds at most that others may write after one of us did
_one_writes = threading.Lock()
_some_write = threading.BoundedSemaphore(4)  # of the connections that a process may have


class BusyError(Exception):
    """Somebody else asks this host just now, or has a moment ago."""


@contextmanager
def writing(engine: Engine) -> Iterator[None]:
    """Few threads of this process write at a time; whoever waits here holds no connection.

    SQLite has one writer, and has all others try again now and then, in no order: after each of
    ours it is left alone for as long, so that no editor's save waits in vain.
    """
    if engine.dialect.name != "sqlite":
        with _some_write:
            yield
        return
    with _one_writes:
        began = time.monotonic()
        try:
            yield
        finally:
            time.sleep(min(time.monotonic() - began, PAUSE))


@dataclass(frozen=True, slots=True)
class Turn:
    """A host is this holder's to ask until then; who holds it is known by that moment."""

    host: str
    until: datetime

    def held(self, connection: Connection) -> bool:
        """Whether it is still this holder's, and not another's by now."""
        query = select(Host.name).where(Host.name == self.host, Host.free_at == self.until)
        return connection.scalar(query) is not None

    def give_back(self, connection: Connection) -> bool:
        """Lets others ask after a rest; whether it was still held, and not another's by now."""
        mine = (Host.name == self.host, Host.free_at == self.until)
        rested = {"free_at": clock.now() + REST, "lost": 0}
        return connection.execute(update(Host).where(*mine).values(rested)).rowcount > 0


def take(engine: Engine, host: str, patience: float = PATIENCE) -> Turn:
    """A host's turn; BusyError when it does not come in time.

    A holder that is killed gives nothing back: after a few, the host is left alone for longer, so
    that one that kills whoever asks it does so seldom.
    """
    over = time.monotonic() + patience
    while (turn := _try(engine, host[:260])) is None:
        if time.monotonic() >= over:
            raise BusyError
        time.sleep(random.uniform(0.1, 0.3))
    return turn


def hops(engine: Engine, first: Turn) -> Callable[[str], AbstractContextManager[None]]:
    """What holds the turn of each host that one fetch leads to: `first` is held already."""
    asked_at: list[float] = []

    @contextmanager
    def turn(host: str) -> Iterator[None]:
        if not asked_at or host == first.host:
            if asked_at:
                time.sleep(max(0.0, asked_at[-1] + REST.total_seconds() - time.monotonic()))
            try:
                yield
            finally:
                asked_at.append(time.monotonic())
            return
        other = take(engine, host)
        try:
            yield
        finally:
            with writing(engine), engine.begin() as connection:
                other.give_back(connection)

    return turn


def put_right(engine: Engine, at: datetime) -> None:
    """Has asked what a clock that was ahead has noted for later than it can be, and what a wrong
    clock has noted of feeds begin anew."""
    latest = at + AHEAD
    held = and_(Host.lost <= INNOCENT, Host.free_at > latest + HELD)
    longer = Host.free_at > latest + LONGEST
    checked = or_(Feed.checked_at > latest, Feed.next_check_at > latest + OBEYED)
    new = and_(Feed.checked_at.is_(None), Feed.next_check_at > latest)
    noted = (Feed.checked_at, Feed.error_at, Feed.last_new_at, Feed.created_at)
    wrong = or_(Feed.last_new_at < Feed.created_at, *(moment > latest for moment in noted))
    # Where no feed was here before now, it is now that the clock is wrong: it may be behind.
    here = exists().where(aliased(Feed).created_at <= at)
    with writing(engine), Session(engine) as session, session.begin():
        session.execute(update(Host).where(or_(held, longer)).values(free_at=at))
        due = update(Feed).where(Feed.active.is_(True), or_(checked, new))
        session.execute(due.values(next_check_at=at))
        for feed in session.scalars(select(Feed).where(here, wrong)):
            feed.put_right(at)


def _try(engine: Engine, host: str) -> Turn | None:
    dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
    with writing(engine), engine.begin() as connection:
        lost = connection.scalar(select(Host.lost).where(Host.name == host)) or 0
        now = clock.now()
        until = now + min(HELD * 2 ** min(max(0, lost + 1 - INNOCENT), 10), LONGEST)
        query = dialect.insert(Host).values(name=host, free_at=until, lost=1)
        query = query.on_conflict_do_update(
            index_elements=["name"],
            set_={"free_at": query.excluded.free_at, "lost": Host.lost + 1},
            where=Host.free_at <= now,
        )
        taken = connection.execute(query.returning(Host.name)).all()
    return Turn(host, until) if taken else None
