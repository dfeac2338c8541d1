"""Request bodies, read whole before the application sees them: who sends slowly holds up few.

The server reads a body only as fast as it comes, knows no deadline for it, and must not be answered
while it reads: it would stand still (Granian 2.8). So a thread that waits for a body waits as long
as it takes, and only so many may: one for strangers, others for who has signed in. Readers send
nothing and always find a thread. A proxy in front that buffers requests makes this needless.
"""

import io
import threading
from collections.abc import Callable, Iterable, Mapping

from newsapp.edge import Application, Environ, StartResponse

TURN = 0.5  # seconds that a body waits for its turn: others take a moment, or are slow
HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"),
    ("Retry-After", "2"), ("X-Content-Type-Options", "nosniff"),
]  # fmt: skip


class Bodies:
    """WSGI middleware that reads few bodies at the same time, up to `limit` bytes each.

    Of `at_once` a quarter are for strangers, the others for whom `known` knows by their request.
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
        strangers = max(1, at_once // 4)
        self._strangers = threading.BoundedSemaphore(strangers)
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
        slots = self._slots if known else self._strangers
        if known and declared > self._limit:
            slots = self._large_slots
        if not slots.acquire(timeout=TURN):
            return _refused(start_response, "503 Service Unavailable", "Too busy; try again.")
        try:
            # One byte more than allowed tells that it is too long.
            body = environ["wsgi.input"].read(limit + 1)
        except OSError:
            body = b""  # the connection is gone, and whoever waited with it
        finally:
            slots.release()
        if len(body) < declared:
            return _refused(start_response, "400 Bad Request", "That came in part.")
        whole = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        whole.pop("HTTP_TRANSFER_ENCODING", None)
        return self._application(whole, start_response)


def _refused(start_response: StartResponse, status: str, why: str) -> Iterable[bytes]:
    start_response(status, HEADERS)
    return [f"{why}\n".encode()]
