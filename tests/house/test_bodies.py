"""Bodies that come slowly hold up nobody else."""

import io
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from newsapp import bodies
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
def sends(monkeypatch: pytest.MonkeyPatch) -> Sends:
    """Sends a body to a site that answers with it: `sends(source, length="5")`."""
    monkeypatch.setattr(bodies, "PATIENCE", 0.2)

    def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]

    site = Bodies(echo, limit=100, at_once=2, large={"/large": 1000})

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
    status, body = sends(io.BytesIO(b"x" * 500), "500", PATH_INFO="/large")
    assert (status, len(body)) == ("200 OK", 500)


def test_what_comes_too_slowly_is_given_up(sends: Sends, let_go: threading.Event) -> None:
    assert sends(Slow(let_go))[0] == "408 Request Timeout"


def test_while_others_wait_for_theirs_one_is_told_at_once(
    sends: Sends, let_go: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 30)
    waiting = [threading.Thread(target=sends, args=(Slow(let_go),)) for _ in range(2)]
    for thread in waiting:
        thread.start()
    assert eventually(lambda: sends(io.BytesIO(b"words"))[0] == "503 Service Unavailable")
    assert sends(io.BytesIO(), "0")[0] == "200 OK"  # who sends nothing waits for nobody
    let_go.set()
    for thread in waiting:
        thread.join()
    assert sends(io.BytesIO(b"words")) == ("200 OK", b"words")
