"""Request bodies, read whole before the application sees them: who sends slowly holds up nobody.

The server reads a body only as fast as it comes, and a thread that waits for one answers no one.
So few may wait, and none for long. A proxy in front that buffers requests makes this needless.
"""

import io
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from newsapp.edge import Application, Environ, StartResponse

PATIENCE = 10.0  # seconds for any body, and …
PACE = 50_000  # … one more for so many bytes
TURN = 0.5  # seconds that a body waits for its turn: others take a moment, or are slow
STUCK = 200  # bodies given up that still occupy their connections
HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"),
    ("Retry-After", "2"), ("Connection", "close"), ("X-Content-Type-Options", "nosniff"),
]  # fmt: skip


class Bodies:
    """WSGI middleware that reads at most `at_once` bodies at the same time, up to `limit` bytes.

    `large` names the paths that take more, and how much; half as many of these at a time.
    """

    def __init__(
        self, application: Application, *, limit: int, at_once: int, large: Mapping[str, int]
    ) -> None:
        self._application = application
        self._limit = limit
        self._large = large
        self._slots = threading.BoundedSemaphore(at_once)
        self._large_slots = threading.BoundedSemaphore(max(1, at_once // 2))
        self._unfinished = threading.BoundedSemaphore(STUCK)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or ""
        if length in ("", "0") and "HTTP_TRANSFER_ENCODING" not in environ:
            return self._application(environ, start_response)
        declared = int(length) if length.isdecimal() else 0
        limit = self._large.get(environ["PATH_INFO"], self._limit)
        if declared > limit:
            return self._application(environ, start_response)  # which refuses it unread
        slots = self._slots if declared <= self._limit else self._large_slots
        if not slots.acquire(timeout=TURN):
            return _refused(start_response, "503 Service Unavailable", "Too busy; try again.")
        try:
            body = self._read(environ["wsgi.input"], limit, PATIENCE + declared / PACE)
        finally:
            slots.release()
        if body is None:
            return _refused(start_response, "408 Request Timeout", "That came too slowly.")
        whole = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        whole.pop("HTTP_TRANSFER_ENCODING", None)
        return self._application(whole, start_response)

    def _read(self, source: Any, limit: int, seconds: float) -> bytes | None:
        """The body; None when it has not come in that time. The server knows no deadline."""
        if not self._unfinished.acquire(blocking=False):
            return None
        read: list[bytes] = []

        def work() -> None:
            try:
                # One byte more than allowed tells that it is too long.
                read.append(source.read(limit + 1))
            except OSError:
                read.append(b"")  # the connection is gone, and whoever waited with it
            finally:
                self._unfinished.release()

        reader = threading.Thread(target=work, name="body", daemon=True)
        reader.start()
        reader.join(seconds)
        return read[0] if read else None


def _refused(start_response: StartResponse, status: str, why: str) -> Iterable[bytes]:
    start_response(status, HEADERS)
    return [f"{why}\n".encode()]
