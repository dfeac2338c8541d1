"""Request bodies, read whole before the application sees them: who sends slowly holds up few.

The server reads a body only as fast as it comes, knows no deadline for it, and must not be answered
while it reads: it would stand still (Granian 2.8). So a thread that waits for a body waits as long
as it takes, and only so many may: a few for strangers, one of a subscriber's, others for who has
signed in. Readers send nothing and always find a thread. A proxy in front that buffers requests
makes this needless.
"""

import io
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from newsapp.edge import Application, Environ, StartResponse
from newsapp.formats import subscriber_of

TURN = 0.5  # seconds that a body waits for its turn: others take a moment, or are slow
HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"),
    ("Retry-After", "2"), ("X-Content-Type-Options", "nosniff"),
]  # fmt: skip


class Bodies:
    """WSGI middleware that reads few bodies at the same time, up to `limit` bytes each.

    Of `at_once` half are for strangers, the others for whom `known` knows by their request.
    `large` names the paths that take more, and how much, from the known; half of `at_once` more of
    these are read at a time.
    """

    def __init__(
        self,
        application: Application,
        *,
        limit: int,
        at_once: int,
        large: Mapping[str, int],
        known: Callable[[Environ], bool],
    ) -> None:
        self._application = application
        self._limit = limit
        self._large = large
        self._known = known
        strangers = max(1, at_once // 2)
        self._strangers = _OneEach(strangers)
        self._slots = threading.BoundedSemaphore(max(1, at_once - strangers))
        self._large_slots = threading.BoundedSemaphore(max(1, at_once // 2))

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length in ("", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
            return self._application(environ, start_response)
        declared = int(length) if length.isdecimal() and len(length) < 16 else 0
        known = self._known(environ)
        limit = self._large.get(environ["PATH_INFO"], self._limit) if known else self._limit
        if declared > limit:
            return self._application(environ, start_response)  # which refuses it unread
        with self._turn(environ, known=known, large=declared > self._limit) as come:
            if not come:
                return _refused(start_response, "503 Service Unavailable", "Too busy; try again.")
            try:
                # One byte more than allowed tells that it is too long.
                body = environ["wsgi.input"].read(limit + 1)
            except OSError:
                body = b""  # the connection is gone, and whoever waited with it
        if len(body) < declared:
            return _refused(start_response, "400 Bad Request", "That came in part.")
        whole = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        whole.pop("HTTP_TRANSFER_ENCODING", None)
        return self._application(whole, start_response)

    def _turn(self, environ: Environ, *, known: bool, large: bool) -> AbstractContextManager[bool]:
        """Whose turn comes while it is entered, or does not in time."""
        if not known:
            return self._strangers.turn(subscriber_of(environ.get("REMOTE_ADDR", "")))
        return _turn(self._large_slots if large else self._slots)


@contextmanager
def _turn(slots: threading.BoundedSemaphore) -> Iterator[bool]:
    come = slots.acquire(timeout=TURN)
    try:
        yield come
    finally:
        if come:
            slots.release()


class _OneEach:
    """So many slots, and one for each who asks: nobody alone takes them all."""

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._inside: set[str] = set()
        self._changed = threading.Condition()

    @contextmanager
    def turn(self, who: str) -> Iterator[bool]:
        """A slot, unless it does not come in time."""
        with self._changed:
            come = self._changed.wait_for(lambda: self._free_for(who), TURN)
            if come:
                self._inside.add(who)
        try:
            yield come
        finally:
            if come:
                with self._changed:
                    self._inside.remove(who)
                    self._changed.notify_all()

    def _free_for(self, who: str) -> bool:
        return len(self._inside) < self._slots and who not in self._inside


def _refused(start_response: StartResponse, status: str, why: str) -> Iterable[bytes]:
    start_response(status, HEADERS)
    return [f"{why}\n".encode()]
