"""The only module of the application that knows a cache exists: result(), page(), poll().

What is kept is kept together with the state it was made from: the revisions of its streams and the
build. Nothing is ever deleted; a new state simply no longer matches.
"""

import hashlib
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import redis
from flask import Flask, Response, abort, current_app, g, request
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from newsapp import assets, clock, streams
from newsapp.extensions import cache, db, spare

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

OWN_LIFE = 0.8  # seconds that a process trusts its own copy of a revision
SHARED_LIFE = 5000  # milliseconds that a copy lives in Redis
SHORTEST_LIFE = 50  # milliseconds, while something is due that nobody could release yet
MILLISECOND = timedelta(milliseconds=1)
KEEP = 86400  # seconds; what is older is not even good enough for an outage
REST = 2.0  # seconds that a failing Redis or database is left alone
REDIS_TIMEOUT = 0.25  # seconds
PREFIX = "page:"  # of all that is kept in Redis, but for revisions
RENDER_LOCK = 5  # seconds after which a dead renderer is given up
PAGE_CONTROL = "public, max-age=0, s-maxage=2, stale-while-revalidate=10, stale-if-error=86400"
POLL_CONTROL = "public, max-age=1"
_SEEN = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15}){0,7}")
# Sets a copy only if it rises, so that a slow reader never puts an old number back.
_RISE = """for i = 1, #KEYS do
  local old = redis.call('GET', KEYS[i])
  if not old or tonumber(old) <= tonumber(ARGV[i + 1]) then
    redis.call('SET', KEYS[i], ARGV[i + 1], 'PX', ARGV[1])
  end
end"""

Streams = Callable[..., Sequence[str]]


def init_app(app: Flask) -> None:
    """Binds the caches, in Redis where there is one, and hears of every raised revision."""
    client = None
    if url := app.config["REDIS_URL"]:
        client = redis.Redis.from_url(
            url,
            socket_timeout=REDIS_TIMEOUT,
            socket_connect_timeout=REDIS_TIMEOUT,
            retry=Retry(NoBackoff(), 0),
        )
    own = {"CACHE_TYPE": "SimpleCache", "CACHE_THRESHOLD": 1000, "CACHE_DEFAULT_TIMEOUT": KEEP}
    shared = {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_HOST": client, "CACHE_KEY_PREFIX": PREFIX,
              "CACHE_DEFAULT_TIMEOUT": KEEP}  # fmt: skip
    cache.init_app(app, shared if client else own)
    spare.init_app(app, own)
    app.extensions["shared store"] = client
    app.extensions["revisions"] = _Copies(client)
    app.extensions["redis guard"] = _Guard()
    app.extensions["database rest"] = _Rest()
    streams.raised.connect(_keep_raised, weak=False)


def arguments(app: Flask) -> Callable[[str], Sequence[str]]:
    """Tells the query arguments that the route of a path declares; none for unknown paths."""
    adapter = app.url_map.bind("")

    def declared(path: str) -> Sequence[str]:
        try:
            endpoint, _ = adapter.match(path, method="GET")
        except Exception:  # any routing answer (unknown, redirect, other method) declares nothing
            return ()
        return getattr(app.view_functions[endpoint], "query_arguments", ())

    return declared


# --- revisions ----------------------------------------------------------------------------------


def revisions(names: Sequence[str]) -> dict[str, int]:
    """The revisions of these streams, the same ones throughout one request."""
    known: dict[str, int] = g.setdefault("revisions", {})
    missing = [name for name in names if name not in known]
    if missing:
        copies: _Copies = current_app.extensions["revisions"]
        known.update(copies.get(missing) or _refresh(missing))
    return {name: known[name] for name in names}


def _refresh(names: Sequence[str]) -> dict[str, int]:
    """Reads them from the database, which first releases what is due."""
    at, rest = clock.now(), current_app.extensions["database rest"]
    if rest.on:
        raise DatabaseRests("the database failed a moment ago")
    try:
        return _read(names, at)
    except (OperationalError, InterfaceError, PoolTimeout):
        rest.begin()
        raise


def _read(names: Sequence[str], at: datetime) -> dict[str, int]:
    with _idle_session() as session:
        found, due = streams.read(session, names)
        if due and due <= at:
            session.rollback()
            streams.release(db.engine, at, current_app.config["NEWSROOM_ZONE"])
            found, due = streams.read(session, names)
    current_app.extensions["revisions"].keep(found, due - at if due else None)
    return found


@contextmanager
def _idle_session() -> Iterator[Session]:
    """The request's own, which saves a page its second connection, unless it is at work."""
    own = db.session()
    if not own.in_transaction():
        yield own
    else:
        with Session(db.engine) as other:
            yield other


def _keep_raised(sender: Any, revisions: dict[str, int]) -> None:
    current_app.extensions["revisions"].keep(revisions)
    if "revisions" in g:
        g.revisions.update(revisions)


class _Copies:
    """The last known revisions: in Redis where there is one, else or when it fails in here."""

    def __init__(self, client: "redis.Redis | None") -> None:
        self._client = client
        self._rise = client.register_script(_RISE) if client else None
        self._own: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def get(self, names: Sequence[str]) -> dict[str, int] | None:
        """All of these, or None when one is not known or too old."""
        if self._client is not None and not _guard().resting:
            found = _guard().call(self._client.mget, [f"rev:{name}" for name in names])
            if found is None or None in found:
                return None
            return {name: int(value) for name, value in zip(names, found, strict=True)}
        moment = time.monotonic()
        own = [self._own.get(name, (0, 0.0)) for name in names]
        if any(until <= moment for _, until in own):
            return None
        return {name: revision for name, (revision, _) in zip(names, own, strict=True)}

    def keep(self, found: Mapping[str, int], quiet: timedelta | None = None) -> None:
        """Remembers them unless a higher number is known already, not beyond the next release,
        which is `quiet` away: it comes on time, worker or not."""
        moment = time.monotonic()
        life = SHARED_LIFE if quiet is None else min(SHARED_LIFE, quiet // MILLISECOND)
        life = max(life, SHORTEST_LIFE)
        found = {name: n for name, n in found.items() if not streams.made_up(name, n)}
        with self._lock:
            if len(self._own) > 10_000:
                self._own = {n: copy for n, copy in self._own.items() if copy[1] > moment}
            for name, revision in found.items():
                old, until = self._own.get(name, (0, 0.0))
                if until <= moment or revision >= old:
                    self._own[name] = (revision, moment + min(OWN_LIFE, life / 1000))
        if self._rise is not None and found:
            keys = [f"rev:{name}" for name in found]
            _guard().call(self._rise, keys, [life, *found.values()])

    def answers(self) -> bool | None:
        """Whether Redis answers; None where there is none."""
        return None if self._client is None else bool(_guard().call(self._client.ping))


class DatabaseRests(PoolTimeout):
    """The database failed a moment ago and is left alone; what is kept is served."""


class _Rest:
    """A while in which something that failed is not asked again."""

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def on(self) -> bool:
        """Whether it lasts."""
        return time.monotonic() < self._until

    def begin(self) -> None:
        """From now on."""
        self._until = time.monotonic() + REST


class _Guard:
    """Keeps a failing Redis out of the way: one short wait, then it is left alone for a while."""

    def __init__(self) -> None:
        self._rest = _Rest()

    @property
    def resting(self) -> bool:
        """Whether Redis failed a moment ago."""
        return self._rest.on

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """What the function returns; None while Redis rests or when it fails now."""
        if self.resting:
            return None
        try:
            return function(*args)
        except (redis.RedisError, OSError) as error:
            self._rest.begin()
            log.warning("Redis does not answer (%s); going on without it", type(error).__name__)
            return None


def shared_store_answers() -> bool | None:
    """Whether Redis answers now; None where there is none."""
    copies: _Copies = current_app.extensions["revisions"]
    return copies.answers()


def _guard() -> _Guard:
    guard: _Guard = current_app.extensions["redis guard"]
    return guard


def _get(key: str) -> Any:
    found = _guard().call(cache.get, key)
    return spare.get(key) if found is None and _guard().resting else found


def _set(values: Mapping[str, Any]) -> None:
    _guard().call(cache.set_many, values)
    if _guard().resting:
        spare.set_many(values)


def _state(names: Sequence[str]) -> str:
    """The state of whatever is made of these streams: their revisions and the build."""
    found = revisions(names)
    text = assets.build() + "".join(f"|{name}={found[name]}" for name in sorted(found))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


# --- results ------------------------------------------------------------------------------------


def result(*names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keeps a query's plain, frozen result under the state of its streams.

    `"section:{0}"` takes the function's first argument. One request reads it once. Without
    streams the result never changes. None is not kept, so that nobody can fill the cache with
    what does not exist.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        name = f"{function.__module__}.{function.__qualname__}"

        @wraps(function)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            key = f"result:{name}:{args!r}{kwargs!r}"
            read: dict[str, R] = g.setdefault("results", {})
            if key not in read:
                state = _state([stream.format(*args) for stream in names])
                kept = _get(key)
                fresh = kept is not None and kept[0] == state
                read[key] = kept[1] if fresh else function(*args, **kwargs)
                if not fresh and read[key] is not None:
                    _keep_result(key, (state, read[key]))
            return read[key]

        return wrapped

    return decorate


def _keep_result(key: str, value: Any) -> None:
    # What a page is made of goes with the page, in one round trip.
    if "made_of" in g:
        g.made_of[key] = value
    else:
        _set({key: value})


# --- pages --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a view gives when its page stands at another address for good."""

    url: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """A rendered page and the state it shows."""

    state: str
    body: str
    status: int
    at: float  # seconds since the epoch, for Age
    location: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def page(
    streams_of: Streams, *, args: Sequence[str] = (), mark: str = "", mimetype: str = "text/html"
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Serves a view's text from the cache while the streams that it shows stand still.

    `streams_of` gets the route's values and names the streams, or aborts. `args` are the query
    arguments that the page knows; with one of them given, only the edge keeps it, in bounds.
    An argument called `mark` carries what `seen()` says of the first of the streams and changes
    nothing of the page: an address with a new one is new to every cache in between, so that who
    was told of a change gets it.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(view)
        def wrapped(**values: Any) -> Response:
            key = f"path:{request.path}"
            told = _told(mark)
            try:
                names = streams_of(**values)
                state = _state(names)
                if any(name in request.args for name in args):
                    kept = _render(view, values, state)
                else:
                    kept = _once(key, view, values, state, previous=told is None)
            except SQLAlchemyError:
                last: _Kept | None = _get(key)
                if last is None:
                    raise
                return _as_it_was(last, mimetype)
            response = _respond(kept, mimetype)
            # An address that tells another state than this one is nobody's to keep.
            if told is not None and not seen(names).startswith(f"{told}."):
                response.headers["Cache-Control"] = "no-store"
            return response

        known = (*args, mark) if mark else tuple(args)
        wrapped.query_arguments = known  # type: ignore[attr-defined]  # read by arguments()
        return wrapped

    return decorate


def _told(mark: str) -> str | None:
    """What the request's address says that its reader was told; 400 for what nobody is told."""
    told = request.args.get(mark) if mark else None
    if told is not None and not _SEEN.fullmatch(told):
        abort(400, f"“{mark}” must be the numbers that the page was given.")
    return told


def _once(key: str, view: Callable[..., Any], values: Any, state: str, *, previous: bool) -> _Kept:
    """One renders; meanwhile the others get the `previous` bytes, or else wait for it."""
    kept: _Kept | None = _get(key)
    if kept is not None and kept.state == state:
        return kept
    if not _lock(key):
        if kept is not None and previous:
            return kept
        db.session().rollback()  # who waits holds no connection
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            time.sleep(0.02)
            kept = _get(key)
            if kept is not None and kept.state == state:
                return kept
    g.made_of = {}
    try:
        kept = _render(view, values, state)
        _set({**g.made_of, key: kept})
    finally:
        del g.made_of
        _guard().call(cache.delete, f"{key}:lock")
    return kept


def _lock(key: str) -> bool:
    """Whether it is ours to render this; with Redis away everyone renders for themselves."""
    name, client = f"{key}:lock", current_app.extensions["shared store"]
    if client is None:
        return bool(cache.add(name, 1, RENDER_LOCK))
    # One command; cache.add() takes two, and dying between them would lock the page for ever.
    taken = _guard().call(lambda: bool(client.set(PREFIX + name, 1, nx=True, ex=RENDER_LOCK)))
    return taken is not False


def _render(view: Callable[..., Any], values: Any, state: str) -> _Kept:
    made = view(**values)
    if isinstance(made, Elsewhere):
        return _Kept(state, "", 301, time.time(), made.url)
    body, status, headers = (*made, {})[:3] if isinstance(made, tuple) else (made, 200, {})
    return _Kept(state, body, status, time.time(), headers=headers)


def _as_it_was(kept: _Kept, mimetype: str) -> Response:
    """The last good copy, while the database is down, with its age."""
    log.warning("the database is down: serving %s as it last was", request.path)
    response = _respond(kept, mimetype)
    response.headers["Age"] = str(max(0, int(time.time() - kept.at)))
    return response


def _respond(kept: _Kept, mimetype: str) -> Response:
    response = Response(kept.body, kept.status, mimetype=mimetype)
    response.headers.update(kept.headers)
    if kept.location:
        response.location = kept.location
    response.headers["Cache-Control"] = PAGE_CONTROL
    response.set_etag(kept.state)
    response.make_conditional(request)
    return response


# --- polls --------------------------------------------------------------------------------------


def poll(
    streams_of: Streams, *, args: Sequence[str] = ("seen",)
) -> Callable[[Callable[..., str]], Callable[..., Response]]:
    """Answers 204 when nothing moved since `seen`, before any query or template.

    Otherwise the view gets `moved` (the names of the streams that did) and the route's values.
    A `seen` that is none gets 400.
    """

    def decorate(view: Callable[..., str]) -> Callable[..., Response]:
        @wraps(view)
        def wrapped(**values: Any) -> Response:
            names = streams_of(**values)
            seen = _parse_seen(request.args.get("seen", ""), len(names))
            found = revisions(names)
            # A copy behind the reader's page is not news: only higher numbers are.
            moved = [name for name, old in zip(names, seen, strict=True) if found[name] > old]
            response = Response(view(**values, moved=moved)) if moved else Response(status=204)
            response.headers["Cache-Control"] = POLL_CONTROL
            if moved:
                response.set_etag(_state(names))
            response.make_conditional(request)
            return response

        wrapped.query_arguments = tuple(args)  # type: ignore[attr-defined]  # read by arguments()
        return wrapped

    return decorate


def seen(names: Sequence[str]) -> str:
    """The revisions of these streams as an address carries them: 118.57."""
    found = revisions(names)
    return ".".join(str(found[name]) for name in names)


def _parse_seen(text: str, wanted: int) -> list[int]:
    if not _SEEN.fullmatch(text) or text.count(".") + 1 != wanted:
        abort(400, "“seen” must be the numbers that the page was given.")
    return [int(number) for number in text.split(".")]
