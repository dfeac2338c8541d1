"""Connections that begin to send and never end: readers are served, editors save."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.journeys.site import Site


@pytest.fixture
def served(app: Flask, stores: object) -> Iterator[Site]:
    settings = {name: app.config[name] for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")}
    site = Site({**settings, "INSTANCE_FOLDER": app.config["INSTANCE_FOLDER"]})
    site.start()
    yield site
    site.stop()


def begin(site: Site, path: str, length: int, place: str = "127.0.0.1") -> socket.socket:
    """A connection that announces a body and sends its first byte."""
    parts = urlsplit(site.url)
    there = (str(parts.hostname), int(parts.port or 80))
    line = socket.create_connection(there, timeout=20, source_address=(place, 0))
    head = f"POST {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {length}\r\n\r\na"
    line.sendall(head.encode())
    return line


def test_readers_read_while_ten_strangers_never_finish(served: Site) -> None:
    lines = [begin(served, path, 5_000) for path in ("/", "/desk/login") for _ in range(5)]
    # All but one have been told to come again by then, and one waits: nothing stands still.
    told = 0
    for line in lines:
        line.settimeout(3)
        with suppress(TimeoutError):
            told += line.recv(12) == b"HTTP/1.1 503"
        assert served.get("/latest")[0] == 200
    for line in lines:
        line.close()
    assert told >= len(lines) - 2


def test_who_never_finishes_keeps_nobody_elsewhere_from_signing_in(served: Site) -> None:
    slow = [begin(served, "/desk/login", 5_000) for _ in range(3)]
    with begin(served, "/desk/login", 1, place="127.0.0.2") as line:
        assert line.recv(12) == b"HTTP/1.1 400"  # read whole: it has no token
    for line in slow:
        line.close()
