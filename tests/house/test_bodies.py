"""Bodies that come slowly hold up nobody else."""

import io
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from newsapp.bodies import Bodies
from tests.patience import eventually

Sends = Callable[..., tuple[str, bytes]]


class Slow(io.RawIOBase):
    """What a client sends that never ends: reading waits until the test lets go."""

    def __init__(self, let_go: threading.Event) -> None:
        self._let_go = let_go

    def read(self, size: int = -1) -> bytes:
        self._let_go.wait(30)
        return b""


@pytest.fixture
def let_go() -> Iterable[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def sends() -> Sends:
    """Sends a body to a site that answers with it: `sends(source, length="5")`."""

    def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]

    site = Bodies(
        echo, limit=100, at_once=4, large={"/large": 1000},
        known=lambda environ: "HTTP_COOKIE" in environ,
    )  # fmt: skip

    def send(source: Any, length: str = "5", **environ: str) -> tuple[str, bytes]:
        statuses: list[str] = []
        asked = {"PATH_INFO": "/", "wsgi.input": source, "CONTENT_LENGTH": length, **environ}
        answer = site(asked, lambda status, headers: statuses.append(status))
        return statuses[0], b"".join(answer)

    return send


def test_a_body_arrives_whole(sends: Sends) -> None:
    assert sends(io.BytesIO(b"words")) == ("200 OK", b"words")
    chunked = sends(io.BytesIO(b"words"), "", HTTP_TRANSFER_ENCODING="chunked")
    assert chunked == ("200 OK", b"words")


def test_no_more_is_read_than_tells_that_it_is_too_long(sends: Sends) -> None:
    status, body = sends(io.BytesIO(b"x" * 500), "", HTTP_TRANSFER_ENCODING="chunked")
    assert (status, len(body)) == ("200 OK", 101)


def test_some_paths_take_more(sends: Sends) -> None:
    status, body = sends(io.BytesIO(b"x" * 500), "500", PATH_INFO="/large", HTTP_COOKIE="desk")
    assert (status, len(body)) == ("200 OK", 500)


def test_strangers_send_nothing_large(sends: Sends) -> None:
    status, body = sends(io.BytesIO(b"x" * 500), "", PATH_INFO="/large",
                         HTTP_TRANSFER_ENCODING="chunked")  # fmt: skip
    assert (status, len(body)) == ("200 OK", 101)


def test_what_breaks_off_is_refused(sends: Sends) -> None:
    assert sends(io.BytesIO(b"wor"))[0] == "400 Bad Request"


def test_a_slow_stranger_is_in_nobody_s_way_but_strangers(
    sends: Sends, let_go: threading.Event
) -> None:
    waiting = threading.Thread(target=sends, args=(Slow(let_go),))
    waiting.start()
    assert eventually(lambda: sends(io.BytesIO(b"words"))[0] == "503 Service Unavailable")
    assert sends(io.BytesIO(), "0")[0] == "200 OK"  # who sends nothing waits for nobody
    assert sends(io.BytesIO(b"words"), HTTP_COOKIE="desk") == ("200 OK", b"words")
    let_go.set()
    waiting.join()
    assert sends(io.BytesIO(b"words")) == ("200 OK", b"words")
