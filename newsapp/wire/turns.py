"""One at a time and one a second: whose turn it is to ask a host, on any number of workers."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

from sqlalchemy import Engine, update
from sqlalchemy.dialects import postgresql, sqlite

from newsapp import clock
from newsapp.wire.models import Host

HELD = timedelta(seconds=40)  # at most, should its holder be killed; a fetch takes 30
REST = timedelta(seconds=1)  # for the host, after each request
PATIENCE = 3.0  # seconds that a turn is waited for


class BusyError(Exception):
    """Somebody else asks this host just now, or has a moment ago."""


def turns(engine: Engine) -> Callable[[str], AbstractContextManager[None]]:
    """What holds a host's turn while it is asked; BusyError when it does not come in time."""

    @contextmanager
    def turn(host: str) -> Iterator[None]:
        until = time.monotonic() + PATIENCE
        while (free_at := clock.now() + HELD) and not _take(engine, host, free_at):
            if time.monotonic() > until:
                raise BusyError
            time.sleep(random.uniform(0.1, 0.3))
        try:
            yield
        finally:
            with engine.begin() as connection:
                mine = (Host.name == host, Host.free_at == free_at)
                connection.execute(update(Host).where(*mine).values(free_at=clock.now() + REST))

    return turn


def _take(engine: Engine, host: str, free_at: object) -> bool:
    dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
    query = dialect.insert(Host).values(name=host[:260], free_at=free_at)
    query = query.on_conflict_do_update(
        index_elements=["name"],
        set_={"free_at": query.excluded.free_at},
        where=Host.free_at <= clock.now(),
    )
    with engine.begin() as connection:
        return bool(connection.execute(query.returning(Host.name)).all())
