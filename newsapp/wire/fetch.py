"""Fetching strangers' addresses: every hop checked, everything bounded.

The connection goes to the very address that was checked, so a name that resolves differently a
moment later gains nothing.
"""

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import h2.exceptions
import httpcore
import httpx

from newsapp import clock
from newsapp.wire import addresses, connection, unpack
from newsapp.wire.addresses import check_url, host_and_port, is_public, port_of, turn_of

TOTAL = 30.0  # seconds for one fetch, all hops together
HOPS = 5
GUARDED = (401, 402, 403, 405, 406, 429)  # a page is there, though not for us
SIZE = 10 * 1024 * 1024  # bytes, unpacked as well as packed
HEAD = 256 * 1024  # bytes before the body, with all that a server says before it answers
PIECES = 100_000  # in which a body comes
TOO_MUCH = f"sends more than {SIZE // 1024 // 1024} MB"
AGENT = "Asian-News.net wire (+https://asian-news.net/contact)"
PERMANENT = (301, 308)
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "application/json;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
WEB = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
_VALIDATORS = {"if-none-match", "if-modified-since"}
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,8})")
_STALE = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b")
Resolve = Callable[[str, int], Iterable[str]]
Turn = Callable[[str], AbstractContextManager[None]]


def _at_once(host: str) -> AbstractContextManager[None]:
    """Everybody's turn, always."""
    return nullcontext()


def agent(site: str) -> str:
    """What the wire calls itself, with the site's address for whoever wonders."""
    return f"Asian-News.net wire (+{site})"


class FetchError(Exception):
    """A fetch failed; `reason` is a sentence for editors."""

    def __init__(
        self, reason: str, retry_after: int | None = None, gone: bool = False, status: int = 0
    ) -> None:
        super().__init__(reason)
        self.status = status  # of the answer, if there was one
        self.reason = reason
        self.retry_after = retry_after  # seconds that the server asked for
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the server sent; `body` is None when nothing changed."""

    body: bytes | None
    url: str  # where it was found in the end
    content_type: str
    etag: str
    last_modified: str
    moved_to: str = ""  # where it is to be found from now on, when the server says so
    fresh_for: int = 0  # seconds for which the server says that nothing changes


def fetch(
    url: str,
    *,
    etag: str = "",
    last_modified: str = "",
    allowed_hosts: frozenset[str] = frozenset(),
    resolve: Resolve = addresses.resolve,
    total: float = TOTAL,
    called: str = AGENT,
    turn: Turn = _at_once,
    accept: str = ACCEPT,
) -> Fetched:
    """Fetches a feed unless it is unchanged; FetchError says why not.

    `turn(host)` is held while a host is asked, at each hop.
    """
    headers = {"User-Agent": called, "Accept": accept, "Accept-Encoding": "gzip, deflate, br",
               "If-None-Match": etag, "If-Modified-Since": last_modified}  # fmt: skip
    headers = {name: value for name, value in headers.items() if value}
    return _follow(url, headers, allowed_hosts, resolve, total, turn, whole=True)


def reach(
    url: str,
    *,
    allowed_hosts: frozenset[str] = frozenset(),
    resolve: Resolve = addresses.resolve,
    total: float = TOTAL,
    called: str = AGENT,
) -> None:
    """Asks for a page and reads nothing of it; FetchError says why readers can't get it.

    Who only keeps programs away, or wants a password, answers all the same.
    """
    headers = {"User-Agent": called, "Accept": "*/*"}
    try:
        _follow(url, headers, allowed_hosts, resolve, total, _at_once, whole=False)
    except FetchError as error:
        if error.status not in GUARDED:
            raise


def _follow(
    url: str, headers: dict[str, str], allowed_hosts: frozenset[str], resolve: Resolve,
    total: float, turn: Turn, *, whole: bool,
) -> Fetched:  # fmt: skip
    deadline = time.monotonic() + total
    what = "send the feed" if whole else "answer"
    been: set[str] = set()
    for_good, moved_to, first = True, "", ""
    for _ in range(HOPS + 1):
        hop = _Hop(_checked(url, allowed_hosts), deadline)
        if str(hop.url) in been:
            raise FetchError(f"{hop.host} redirects in a circle.")
        been.add(str(hop.url))
        first = first or hop.host
        try:
            hop.look_up(resolve, trusted=host_and_port(hop.url) in allowed_hosts)
            with turn(turn_of(hop.url)):
                answer = hop.ask(headers, whole=whole)
        except (httpx.TimeoutException, httpcore.TimeoutException):
            late = f"{hop.host} did not {what} within {total:g} seconds."
            raise FetchError(_by_way_of(first, hop.host, late)) from None
        except FetchError as error:
            error.reason = _by_way_of(first, hop.host, error.reason)
            raise
        if isinstance(answer, Fetched):
            return replace(answer, moved_to=moved_to)
        url, status = answer
        # One that may change again ends what is for good.
        for_good = for_good and status in PERMANENT
        moved_to = url if for_good else moved_to
    raise FetchError(f"{hop.host} redirects more than {HOPS} times.")


def _by_way_of(first: str, host: str, reason: str) -> str:
    """Why a host sends nothing, told with the first one, which an editor knows."""
    if first == host:
        return reason
    rest = reason.removeprefix(f"{host} ")
    return f"{first} redirects to {host}" + (f". {reason}" if rest == reason else f", which {rest}")


def _checked(url: str, allowed_hosts: frozenset[str]) -> httpx.URL:
    try:
        return httpx.URL(check_url(url, allowed_hosts))
    except ValueError as refusal:
        raise FetchError(f"It leads to an address that is not fetched: {refusal}") from None


class _Hop:
    """One request of a fetch, to one address."""

    def __init__(self, url: httpx.URL, deadline: float) -> None:
        self.url = url
        self.host = url.host
        self._deadline = deadline
        self._addresses: list[str] = []

    def look_up(self, resolve: Resolve, *, trusted: bool) -> None:
        """Finds the host's addresses; one that is not public refuses them all."""
        found: list[str] = []
        # The system's resolver knows no time limit, so it is waited for only as long as there is.
        thread = threading.Thread(target=self._resolve, args=(resolve, found), daemon=True)
        thread.start()
        thread.join(connection.left(self._deadline))
        if thread.is_alive():
            raise httpcore.ConnectTimeout("the resolver is silent")
        if not found:
            raise FetchError(f"There is no host called {self.host}.")
        if not trusted and not all(map(is_public, found)):
            raise FetchError(f"{self.host} is not a host of the public internet.")
        self._addresses = list(dict.fromkeys(found))

    def ask(self, headers: dict[str, str], *, whole: bool) -> Fetched | tuple[str, int]:
        """What came, or where it redirects to and with which status."""
        allowance = connection.Allowance(HEAD, "sends too much before its answer")
        try:
            with (
                connection.client(self._addresses, self._deadline, allowance) as client,
                client.stream("GET", self.url, headers=headers) as response,
            ):
                allowance.more(2 * SIZE, TOO_MUCH)  # with what frames the body
                if response.status_code in (301, 302, 303, 307, 308):
                    following = self._next(response.headers.get("location", ""))
                    return following, response.status_code
                return self._answer(response, whole)
        except httpx.TimeoutException:
            raise
        except (httpx.HTTPError, httpx.InvalidURL, h2.exceptions.H2Error, ValueError) as error:
            raise FetchError(f"{self.host} {_in_words(error)}.") from None

    def _resolve(self, resolve: Resolve, found: list[str]) -> None:
        try:
            found.extend(resolve(self.host, port_of(self.url)))
        except (OSError, UnicodeError):
            found.clear()  # told as "no host"

    def _next(self, location: str) -> str:
        following = str(self.url.join(location))
        if not location:
            raise FetchError(f"{self.host} redirects to nowhere.")
        if self.url.scheme == "https" and following.startswith("http:"):
            raise FetchError(f"{self.host} redirects from https to http, which is not followed.")
        return following

    def _answer(self, response: httpx.Response, whole: bool) -> Fetched:
        headers = response.headers
        if response.status_code not in (200, 304):
            raise _refusal(self.host, response)
        conditional = not _VALIDATORS.isdisjoint(response.request.headers)
        if whole and response.status_code == 304 and not conditional:
            told = "answers 304 Not Modified, though it was asked for everything"
            raise FetchError(f"{self.host} {told}.")
        return Fetched(
            self._body(response) if whole and response.status_code == 200 else None,
            str(self.url),
            headers.get("content-type", ""),
            headers.get("etag", ""),
            headers.get("last-modified", ""),
            fresh_for=_fresh_for(headers),
        )

    def _body(self, response: httpx.Response) -> bytes:
        encoding = response.headers.get("content-encoding", "")
        body = bytearray()  # one piece: a million tiny ones would take many times their size
        for piece in unpack.unpacked(_bounded(response.iter_raw()), encoding):
            body += piece
            if len(body) > SIZE:
                raise connection.TooMuchError(TOO_MUCH)
        return bytes(body)


def _bounded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A body as it comes; TooMuchError when it is too long, or in too many pieces."""
    size = 0
    for number, piece in enumerate(pieces):
        size += len(piece)
        if size > SIZE:
            raise connection.TooMuchError(TOO_MUCH)
        if number >= PIECES:
            raise connection.TooMuchError("sends its feed in too many pieces")
        yield piece


def _refusal(host: str, response: httpx.Response) -> FetchError:
    status = response.status_code
    # The phrase is ours: the server's own could say anything.
    phrase = HTTPStatus(status).phrase if status in list(HTTPStatus) else ""
    gone = status == HTTPStatus.GONE
    what = f"{host} answers {status} {phrase}".rstrip()
    return FetchError(
        f"{what}: the feed was taken down for good." if gone else f"{what}.",
        _seconds(response.headers.get("retry-after", "")),
        gone,
        status,
    )


def _fresh_for(headers: httpx.Headers) -> int:
    """The seconds for which an answer is good; 0 where nothing is said."""
    control, age = headers.get("cache-control", "").lower(), headers.get("age", "")
    if _STALE.search(control):
        return 0
    if found := _MAX_AGE.search(control):
        # Some of it has passed in a cache on the way.
        passed = int(age[:8]) if age.isascii() and age.isdecimal() else 0
        return max(0, int(found[1]) - passed)
    return _seconds(headers.get("expires", "")) or 0


def _seconds(text: str) -> int | None:
    """Seconds to wait, from a number or a date; None for anything else."""
    if text.isascii() and text.isdecimal():
        return int(text[:8])
    try:
        return max(0, int((parsedate_to_datetime(text) - clock.now()).total_seconds()))
    except (ValueError, TypeError, OverflowError):
        return None


def _in_words(error: Exception) -> str:
    """What went wrong with the connection, as the end of a sentence about the host."""
    message = str(error).lower()
    if isinstance(error, unpack.DamagedError | connection.TooMuchError):
        return str(error)
    if "certificate" in message:
        return f"has {'an expired' if 'expired' in message else 'no valid'} certificate"
    if "incomplete" in message or "without sending complete" in message:
        return "broke off in the middle of the feed"
    if isinstance(error, httpx.ConnectError):
        return "can't be reached"
    return "broke the connection"
