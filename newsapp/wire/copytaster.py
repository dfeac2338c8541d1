"""The copytaster reads feeds and pages in a process of its own: what runs away ends that alone.

The process (`tasting.py`) stays for the next feed, since starting one takes longer than most feeds.
"""

import atexit
import json
import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from newsapp.wire.entries import Entry, ParsedFeed, ParseError
from newsapp.wire.page import Page

PROGRAM = Path(__file__).with_name("tasting.py")
PATIENCE = 20.0  # seconds by the clock, on a machine that has much else to do
FEEDS = 1000  # that one process reads
LARGE = 1024 * 1024  # bytes of a feed after which its memory is given back by ending it
TASTERS = 2  # at a time
TOO_MUCH = "The feed takes too much time or memory to read, which is not accepted."
BARE = "None of its items has a headline and a link."
KILLED = "What was reading the feed was ended by the machine, maybe for want of memory."


def read(
    body: bytes,
    content_type: str = "",
    url: str = "",
    zone: str = "UTC",
    *,
    patience: float = PATIENCE,
) -> ParsedFeed:
    """What `parse.parse` makes of it; ParseError also for what takes too much time or memory, and
    where nothing is left of it."""
    about = {"kind": "feed", "content_type": content_type, "url": url, "zone": zone}
    found = _parsed(_taste(about, body, patience))
    if found.left_out and not found.entries:
        raise ParseError(BARE)
    return found


def read_page(body: bytes, content_type: str = "") -> Page:
    """What `page.read` makes of it; ParseError for what takes too much time or memory."""
    return Page(**_taste({"kind": "page", "content_type": content_type}, body, PATIENCE))


def _taste(about: Mapping[str, Any], body: bytes, patience: float) -> dict[str, Any]:
    about = {**about, "size": len(body)}
    with _places:
        # One that others killed says nothing of the feed: a second one reads it.
        answer = _read(about, body, patience) or _read(about, body, patience) or {"refused": KILLED}
    if "refused" in answer:
        raise ParseError(answer["refused"], answer.get("feeds", ()))
    return answer


def _read(about: Mapping[str, Any], body: bytes, patience: float) -> dict[str, Any] | None:
    try:
        taster = _idle.pop()
    except IndexError:
        taster = _Taster()
    answer = taster.read(about, body, patience)
    if taster.fit:
        _idle.append(taster)
    else:
        taster.end()
    return answer


class _Taster:
    """A process that reads one feed after another."""

    def __init__(self) -> None:
        level = logging.getLogger().getEffectiveLevel()
        command = [sys.executable, "-P", str(PROGRAM), str(level)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._read = 0
        self.fit = True

    def read(self, about: Mapping[str, Any], body: bytes, patience: float) -> dict[str, Any] | None:
        """The process's answer, a refusal where it came to an end over it, None where somebody
        else killed it."""
        assert self._process.stdin
        assert self._process.stdout
        # Once it is ended, neither writing nor reading waits any more.
        late = threading.Timer(patience, self._process.kill)
        late.start()
        began = time.monotonic()
        try:
            self._process.stdin.write(json.dumps(about).encode() + b"\n" + body)
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
        except (OSError, ValueError):
            self.fit = False
            killed = self._process.wait() == -signal.SIGKILL  # our own limits send others
            return None if killed and time.monotonic() - began < patience else {"refused": TOO_MUCH}
        finally:
            late.cancel()
        self._read += 1
        self.fit = self._read < FEEDS and len(body) < LARGE
        return dict(answer)

    def end(self) -> None:
        """Ends the process, whatever it is doing."""
        self._process.kill()
        self._process.communicate()


_places = threading.BoundedSemaphore(TASTERS)
_idle: list[_Taster] = []


@atexit.register
def close() -> None:
    """Ends the processes that wait for feeds; the next feed starts another."""
    while _idle:
        _idle.pop().end()


def _parsed(answer: Mapping[str, Any]) -> ParsedFeed:
    entries = [
        Entry(**{**one, "published_at": _moment(one["published_at"])}) for one in answer["entries"]
    ]
    return ParsedFeed(**{**answer, "entries": tuple(entries)})


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
