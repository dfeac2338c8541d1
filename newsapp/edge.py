"""A small shared HTTP cache in front of Flask (RFC 9111 and RFC 5861, the part that is needed).

It knows nothing of news: it obeys the headers that the application sends. Fresh answers come from
memory, stale ones while a single request fetches anew, and for up to `stale-if-error` seconds when
the application fails. Whatever it may not keep passes through untouched.
"""

import gzip
import io
import re
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl, urlencode

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Headers = list[tuple[str, str]]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

STORED = ("200", "204", "301", "410")
ENTRY_LIMIT = 1024 * 1024  # bytes; larger answers pass through
WAIT = 5.0  # seconds that a request waits for another's fetch of the same address
RETRY = 2.0  # seconds between tries while the application fails
_COMPRESSED = re.compile(r"text/|application/(javascript|json|[a-z]+\+(xml|json)|xml)|image/svg")
_DIRECTIVE = re.compile(r"([a-z-]+)(?:=(\d+))?")
_REFUSED_GZIP = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")
_NOT_IN_304 = {"content-length", "content-type", "content-encoding"}


class Variant:
    """An answer's bytes in one encoding, ready to send."""

    __slots__ = ("body", "etag", "headers", "validator")

    def __init__(self, headers: Headers, body: bytes, etag: str) -> None:
        self.headers = [*headers, ("Content-Length", str(len(body)))] if body else headers
        self.body = body
        self.etag = etag
        self.validator = [h for h in headers if h[0].lower() not in _NOT_IN_304]


class Entry:
    """A kept answer: its variants, and until when it is fresh, may be stale, may hide errors."""

    __slots__ = ("error_until", "fresh_until", "gzipped", "key", "plain", "size", "stale_until",
                 "status", "stored_at")  # fmt: skip

    def __init__(
        self, key: str, status: str, headers: Headers, body: bytes, control: dict[str, int]
    ) -> None:
        self.key = key
        self.status = status
        self.stored_at = time.monotonic()
        self.fresh_until = self.stored_at + control.get("s-maxage", control.get("max-age", 0))
        self.stale_until = self.fresh_until + control.get("stale-while-revalidate", 0)
        self.error_until = self.fresh_until + control.get("stale-if-error", 0)
        headers = [h for h in headers if h[0].lower() != "content-length"]
        etag = _header(headers, "etag")
        self.gzipped = None
        if len(body) > 500 and _COMPRESSED.match(_header(headers, "content-type")):
            headers = [*headers, ("Vary", "Accept-Encoding")]
            self.gzipped = _gzipped(headers, body, etag)
        self.plain = Variant(headers, body, etag)
        self.size = len(body) + (len(self.gzipped.body) if self.gzipped else 0) + 2048


class Edge:
    """WSGI middleware that answers from memory what the application allows it to."""

    def __init__(
        self,
        application: Application,
        *,
        capacity: int,
        arguments: Callable[[str], Sequence[str]],
        private: str,
        hosts: Collection[str] = (),
    ) -> None:
        """Keeps at most `capacity` bytes; `arguments(path)` names the query arguments that the
        route of this path declares: all others are cut off before anyone sees them. What lies
        below the path `private` goes through untouched. With `hosts` given, a request for
        another host gets 400; one for two hosts gets it in any case (RFC 9112, 3.2)."""
        self._application = application
        self._private = private
        self._hosts = frozenset(hosts)
        self._capacity = capacity
        self._arguments = arguments
        self._entries: dict[str, Entry] = {}
        self._size = 0
        self._lock = threading.Lock()
        self._flights: dict[str, threading.Event] = {}
        self._background = ThreadPoolExecutor(max_workers=4, thread_name_prefix="edge")

    @property
    def size(self) -> int:
        """The bytes that the kept answers fill."""
        return self._size

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if "," in environ.get("HTTP_HOST", ""):  # as the server joins two
            return _refused(start_response, b"A request names one host.\n")
        if self._hosts and _host(environ) not in self._hosts:
            return _refused(start_response, b"This site has another name.\n")
        if (
            environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or "HTTP_COOKIE" in environ
            or "HTTP_AUTHORIZATION" in environ
            or environ["PATH_INFO"].startswith(self._private)
        ):
            return self._application(environ, start_response)
        query = environ["QUERY_STRING"]
        key = f"{environ['PATH_INFO']}?{query}" if query else environ["PATH_INFO"]
        entry = self._entries.get(key)
        if entry is None or time.monotonic() >= entry.fresh_until:
            return self._not_fresh(environ, start_response)
        return _answer(entry, environ, start_response)

    def _not_fresh(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = self._canonical(environ)
        entry = self._entries.get(key)
        moment = time.monotonic()
        if entry is not None and moment < entry.fresh_until:
            return _answer(entry, environ, start_response)
        if entry is not None and moment < entry.stale_until:
            if self._take_off(key):
                self._background.submit(self._revalidate, key, _forwarded(environ))
            return _answer(entry, environ, start_response)
        if not self._take_off(key):
            return self._wait(key, environ, start_response)
        try:
            return self._fetch(key, environ, start_response)
        finally:
            self._land(key)

    def _canonical(self, environ: Environ) -> str:
        """The address's key, with undeclared arguments cut and the others in declared order."""
        path = environ["PATH_INFO"]
        if environ["QUERY_STRING"]:
            given = dict(parse_qsl(environ["QUERY_STRING"][:4096], keep_blank_values=True))
            declared = {name: given[name] for name in self._arguments(path) if name in given}
            environ["QUERY_STRING"] = urlencode(declared)
        return f"{path}?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else str(path)

    def _take_off(self, key: str) -> bool:
        """Whether this request is the one that fetches `key`; others wait for its landing."""
        with self._lock:
            if key in self._flights:
                return False
            self._flights[key] = threading.Event()
            return True

    def _land(self, key: str) -> None:
        with self._lock:
            self._flights.pop(key).set()

    def _wait(self, key: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        flight = self._flights.get(key)
        if flight is not None:
            flight.wait(WAIT)
        entry = self._entries.get(key)
        if entry is not None and time.monotonic() < entry.stale_until + RETRY:
            return _answer(entry, environ, start_response)
        return self._application(environ, start_response)

    def _revalidate(self, key: str, environ: Environ) -> None:
        try:
            self._fetch(key, environ, lambda *_: None)
        finally:
            self._land(key)

    def _fetch(self, key: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Asks the application; keeps the answer if allowed; hides its failure behind old bytes."""
        began: list[Any] = []
        old = self._entries.get(key)
        may_hide = old is not None and time.monotonic() < old.error_until
        try:
            chunks = self._application(_forwarded(environ), lambda *args: began.extend(args))
        except Exception:
            # The last good copy beats an error page; without one the server logs and answers 500.
            if not may_hide:
                raise
            chunks, began = (), ["500 Internal Server Error", []]
        status, headers = began[0], began[1]
        if old is not None and may_hide and status >= "500":
            _close(chunks)
            old.fresh_until = time.monotonic() + RETRY
            return _answer(old, environ, start_response)
        control = _control(status, headers)
        length = int(_header(headers, "content-length") or 0)
        if control is None or length > ENTRY_LIMIT:
            self._drop(key)
            start_response(status, headers)
            return chunks if environ["REQUEST_METHOD"] == "GET" else _emptied(chunks)
        try:
            body = b"".join(chunks)
        finally:
            _close(chunks)
        entry = Entry(key, status, headers, body, control)
        self._keep(entry)
        return _answer(entry, environ, start_response)

    def _keep(self, entry: Entry) -> None:
        with self._lock:
            self._forget(entry.key)
            self._entries[entry.key] = entry
            self._size += entry.size
            # What is asked for is fetched again every few seconds and so stands at the end.
            while self._size > self._capacity:
                self._forget(next(iter(self._entries)))

    def _drop(self, key: str) -> None:
        with self._lock:
            self._forget(key)

    def _forget(self, key: str) -> None:
        if old := self._entries.pop(key, None):
            self._size -= old.size


def _refused(start_response: StartResponse, why: bytes) -> Iterable[bytes]:
    start_response("400 Bad Request", [("Content-Type", "text/plain")])
    return (why,)


def _host(environ: Environ) -> str:
    return str(environ.get("HTTP_HOST", "")).partition(":")[0].lower()


def _answer(entry: Entry, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    variant = entry.plain
    if entry.gzipped is not None:
        accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
        if "gzip" in accepted and not _REFUSED_GZIP.search(accepted):
            variant = entry.gzipped
    age = ("Age", str(int(time.monotonic() - entry.stored_at)))
    if variant.etag and variant.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 Not Modified", [*variant.validator, age])
        return ()
    start_response(entry.status, [*variant.headers, age])
    return (variant.body,) if environ["REQUEST_METHOD"] == "GET" else ()


def _gzipped(headers: Headers, body: bytes, etag: str) -> Variant:
    own = f'{etag[:-1]}-gz"' if etag else ""
    headers = [(name, own if name.lower() == "etag" else value) for name, value in headers]
    return Variant([*headers, ("Content-Encoding", "gzip")], gzip.compress(body, 6, mtime=0), own)


def _control(status: str, headers: Headers) -> dict[str, int] | None:
    """The numbers of Cache-Control, or None for an answer that must not be kept."""
    text = _header(headers, "cache-control").lower()
    directives = {name: int(value or 0) for name, value in _DIRECTIVE.findall(text)}
    if status[:3] not in STORED or "public" not in directives or "no-store" in directives:
        return None
    if _header(headers, "set-cookie") or not directives.get("s-maxage", directives.get("max-age")):
        return None
    return directives


def _header(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _forwarded(environ: Environ) -> Environ:
    """The request as the application gets it: a plain GET without conditions or a body."""
    copy = {**environ, "REQUEST_METHOD": "GET", "wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "0"}
    for condition in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE"):
        copy.pop(condition, None)
    return copy


def _emptied(chunks: Iterable[bytes]) -> Iterable[bytes]:
    _close(chunks)
    return ()


def _close(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
