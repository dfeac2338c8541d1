"""Connections to the very addresses that were checked, all over by a deadline and a size."""

import functools
import ssl
import time
from typing import Any

import httpcore
import httpx

TRIES = 4  # addresses of one host
CONNECT = 5.0  # seconds for one of them
FRAME_HEAD = 9  # bytes
FRAMES = 20_000  # of HTTP/2 in one answer: so many hold nothing, and take long to read


class TooMuchError(ValueError):
    """More came than was allowed; the message ends a sentence about the host."""


class Allowance:
    """The bytes that may still come over the wire, of whatever kind they are."""

    def __init__(self, size: int, beyond: str) -> None:
        self.more(size, beyond)

    def more(self, size: int, beyond: str) -> None:
        """Allows so many from now on; `beyond` ends the sentence about a host that sends more."""
        self._left, self._beyond = size, beyond

    def spend(self, size: int) -> None:
        """Notes that so many came; TooMuchError when they are more than were allowed."""
        self._left -= size
        if self._left < 0:
            raise TooMuchError(self._beyond)


def client(
    checked: list[str],
    deadline: float,
    allowance: Allowance,
    trust: ssl.SSLContext | None = None,
) -> httpx.Client:
    """An HTTP client that connects to these addresses only, whatever the URL's name says by now.

    Name, Host header and certificate stay those of the URL; `trust` says whose certificates are
    good, else everybody's authorities. HTTP/2 where the server offers it.
    """
    transport = _Transport(_Line(checked[:TRIES], deadline, allowance), trust)
    return httpx.Client(transport=transport, timeout=None, trust_env=False)


def left(deadline: float) -> float:
    """The seconds until then; raises when there are none."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore.ReadTimeout("the time for this fetch is over")
    return seconds


class _Line(httpcore.NetworkBackend):
    """Connections to the checked addresses and no others, all over by the deadline."""

    def __init__(self, checked: list[str], deadline: float, allowance: Allowance) -> None:
        self._checked = checked
        self._deadline = deadline
        self._allowance = allowance

    def connect_tcp(self, host: str, port: int, *args: Any, **options: Any) -> "_Stream":
        """Connects to the first address that answers, whatever the name says by now."""
        failure: Exception = httpcore.ConnectError("no address")
        for tries, address in enumerate(self._checked):
            # The last of them may have all the time that is left to connect.
            share = min(CONNECT, left(self._deadline) / (len(self._checked) - tries))
            try:
                stream = httpcore.SyncBackend().connect_tcp(address, port, share)
                return _Stream(stream, self._deadline, self._allowance)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends with the deadline, so that no drip outlasts it."""

    def __init__(
        self, stream: httpcore.NetworkStream, deadline: float, allowance: Allowance
    ) -> None:
        self._stream = stream
        self._deadline = deadline
        self._allowance = allowance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Reads what is there, or raises when the time is over or it is more than is allowed."""
        came = self._stream.read(max_bytes, left(self._deadline))
        self._allowance.spend(len(came))
        return came

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Writes all of it, or raises when the time is over."""
        self._stream.write(buffer, left(self._deadline))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> "_Stream":
        """The same over TLS, the certificate checked for the host's name."""
        secured = self._stream.start_tls(ssl_context, server_hostname, left(self._deadline))
        framed = secured.get_extra_info("ssl_object").selected_alpn_protocol() == "h2"
        return (_Framed if framed else _Stream)(secured, self._deadline, self._allowance)

    def close(self) -> None:
        """Closes the connection."""
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself."""
        return self._stream.get_extra_info(info)


class _Framed(_Stream):
    """A connection of HTTP/2, whose frames are counted: nobody else sees those that are empty."""

    _frames, _before, _ahead = 0, b"", 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Reads what is there, or raises when it is in too many pieces."""
        came = super().read(max_bytes, timeout)
        self._count(self._before + came)
        if self._frames > FRAMES:
            raise TooMuchError("sends its feed in too many pieces")
        return came

    def _count(self, part: bytes) -> None:
        at = self._ahead  # where the next frame begins: with three bytes that say how long it is
        while at + FRAME_HEAD <= len(part):
            at += FRAME_HEAD + int.from_bytes(part[at : at + 3], "big")
            self._frames += 1
        self._before, self._ahead = part[at:], max(0, at - len(part))


@functools.cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class _Transport(httpx.HTTPTransport):
    """httpx over a line of ours: address, name and certificate stay what they are in the URL."""

    def __init__(self, line: _Line, trust: ssl.SSLContext | None) -> None:
        super().__init__(verify=_certificates(), trust_env=False)
        # httpx offers no public way to say who connects; its pool does.
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust or _certificates(), network_backend=line, http2=True
        )
