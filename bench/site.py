"""Applications served as in use, by a Granian of their own, and asked over the wire."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from newsapp.config import SETTINGS
from tests.patience import eventually
from tests.stores import free_port

ROOT = Path(__file__).resolve().parent.parent
# As bin/run starts it.
GRANIAN = (
    "--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "--blocking-threads", "8",
    "--backlog", "4096", "--backpressure", "4096", "--no-ws", "--workers-kill-timeout", "15",
    "--log-level", "error",
)  # fmt: skip
# Empty is the default: whatever site this machine runs, its database is not the one to fill.
UNSET = {setting.name: "" for setting in SETTINGS}

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Server:
    """A running Granian."""

    port: int

    def url(self, path: str = "/") -> str:
        """An address on it."""
        return f"http://127.0.0.1:{self.port}{path}"

    def connect(self) -> HTTPConnection:
        """A connection of one's own."""
        return HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path: str, **headers: str) -> tuple[str, Headers, bytes]:
        """Status line, headers and body, as they came over the wire."""
        connection = self.connect()
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return f"{answer.status} {answer.reason}", answer.getheaders(), answer.read()
        finally:
            connection.close()


@contextmanager
def served(target: str, settings: Mapping[str, str]) -> Iterator[Server]:
    """Granian with an application (`module:name`) for as long as the block runs."""
    server = Server(free_port())
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", *GRANIAN, "--port", str(server.port), target],
        cwd=ROOT, env={**os.environ, **UNSET, "LOG_LEVEL": "ERROR", **settings},
    )  # fmt: skip
    try:
        _wait_for(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def poll_in(html: str) -> str | None:
    """The address that a page, or the answer to a poll, says to poll next."""
    found = re.search(r'data-hx-get="(/pulse/[^"]+)" data-hx-trigger="pulse"', html)
    return found[1].replace("&amp;", "&") if found else None


def poll_of(site: Server, path: str = "/") -> str:
    """The address that an open page polls."""
    poll = poll_in(site.get(path)[2].decode())
    assert poll is not None
    return poll


def _wait_for(server: Server, process: subprocess.Popen[bytes]) -> None:
    def answers() -> bool:
        try:
            server.get("/")
        except (OSError, HTTPException):
            return process.poll() is not None  # no use to wait any longer
        return True

    if not eventually(answers, within=60) or process.poll() is not None:
        raise SystemExit("The server did not start.")
