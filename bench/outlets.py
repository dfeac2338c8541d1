"""Hundreds of outlets on loopback that answer as real ones do: slow, broken, moved, unchanged.

Called with the number of feeds and a port; serves until it is ended. What a feed is like is drawn
by its number, so that each run has the same ones.
"""

import asyncio
import gzip
import os
import random
import resource
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import cache
from itertools import count
from pathlib import Path
from xml.sax.saxutils import escape

from bench.cluster import made_up
from newsapp import clock

SHARED = Path(os.environ.get("SHARED_DATA", "../shared/data"))
CARRIED = 30  # new items that a feed has at a time, beside those of its file
NEWS = 0.2  # of the times that a feed is asked it has something new
# Of a hundred feeds. The rest answers 200 or, asked whether it changed, 304.
KINDS = {
    "forgets": 15, "slow": 6, "moved": 4, "moving": 2, "404": 4, "503": 1, "429": 1, "410": 1,
    "page": 1, "broken off": 1, "reset": 1, "bomb": 1, "silent": 1, "drips": 1,
}  # fmt: skip
Parts = AsyncIterator[bytes]


def host_of(feed: int, feeds: int) -> str:
    """The address of a feed's host: one feed of a hundred is at one large outlet, the others in
    ones and twos."""
    number = 0 if feed < feeds // 100 else 1 + feed % max(1, feeds * 3 // 5)
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


def kind_of(feed: int) -> str:
    """How a feed behaves."""
    drawn = random.Random(feed * 7919).randrange(100)
    for kind, share in KINDS.items():
        if drawn < share:
            return kind
        drawn -= share
    return "well"


@cache
def files() -> list[bytes]:
    """The real feeds, as they were sent."""
    folder = SHARED / "feeds/real"
    paths = (path for path in sorted(folder.iterdir()) if path.suffix not in (".opml", ".json"))
    return [path.read_bytes() for path in paths]


def file_of(feed: int) -> bytes:
    """What a feed had before the bench began."""
    return files()[feed % len(files())]


@dataclass
class Outlet:
    """One feed and what it has had since the bench began."""

    feed: int
    news: list[bytes] = field(default_factory=list)
    had: int = 0

    @property
    def etag(self) -> str:
        return f'"{self.feed}-{self.had}"'

    def body(self) -> bytes:
        """Its file with the new items before the first one."""
        before, mark, after = _cut(self.feed % len(files()))
        return b"".join((before, *reversed(self.news), mark, after))

    def grow(self, item: bytes) -> None:
        self.news = [*self.news[-CARRIED:], item]
        self.had += 1


class Outlets:
    """Answers for all feeds."""

    def __init__(self, feeds: int, port: int) -> None:
        self.outlets = [Outlet(feed) for feed in range(feeds)]
        self._port, self._chance = port, random.Random(1)
        self._texts, self._numbers = made_up(SHARED, 2), count(1)

    async def serve(self) -> None:
        """Listens at every host."""
        hosts = sorted({host_of(feed, len(self.outlets)) for feed in range(len(self.outlets))})
        server = await asyncio.start_server(self._visit, hosts, self._port, backlog=64)
        sys.stdout.write(f"{len(hosts)} hosts\n")
        sys.stdout.flush()
        await server.serve_forever()

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            async for part in self._answer(head):
                writer.write(part)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    def _answer(self, head: str) -> Parts:
        path = head.split(" ", 2)[1].strip("/").split("/")
        outlet = self.outlets[int(path[-1])]
        kind = kind_of(outlet.feed) if path[0] == "feed" else "well"
        answers: dict[str, Callable[[Outlet, str], Parts]] = {
            "slow": self._slow, "moved": self._moved, "moving": self._moved, "page": self._page,
            "broken off": self._broken, "reset": self._reset, "bomb": self._bomb,
            "silent": self._silent, "drips": self._drips,
        }  # fmt: skip
        if kind.isdecimal():
            return self._refuses(kind)
        return answers.get(kind, self._well)(outlet, head)

    async def _well(self, outlet: Outlet, head: str) -> Parts:
        if self._chance.random() < NEWS:
            outlet.grow(self._item(outlet.feed))
        forgets = kind_of(outlet.feed) == "forgets"
        if not forgets and outlet.etag in head:
            yield b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"
            return
        body, more = outlet.body(), "" if forgets else f"ETag: {outlet.etag}\r\n"
        if outlet.feed % 2:
            body, more = gzip.compress(body, 1), f"{more}Content-Encoding: gzip\r\n"
        head = f"HTTP/1.1 200 OK\r\n{more}Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        yield head.encode()
        yield body

    async def _slow(self, outlet: Outlet, head: str) -> Parts:
        await asyncio.sleep(1 + outlet.feed % 5)
        async for part in self._well(outlet, head):
            yield part

    async def _moved(self, outlet: Outlet, head: str) -> Parts:
        status = "301 Moved Permanently" if kind_of(outlet.feed) == "moved" else "302 Found"
        location = f"/moved/{outlet.feed}"
        yield f"HTTP/1.1 {status}\r\nLocation: {location}\r\nConnection: close\r\n\r\n".encode()

    async def _refuses(self, status: str) -> Parts:
        more = "Retry-After: 120\r\n" if status == "429" else ""
        yield f"HTTP/1.1 {status} No\r\n{more}Connection: close\r\n\r\n".encode()

    async def _page(self, outlet: Outlet, head: str) -> Parts:
        yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<!doctype html><title>Soon</title>"

    async def _broken(self, outlet: Outlet, head: str) -> Parts:
        body = outlet.body()
        yield f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        yield body[: len(body) // 2]

    async def _reset(self, outlet: Outlet, head: str) -> Parts:
        raise ConnectionResetError
        yield b""  # what makes it a generator

    async def _bomb(self, outlet: Outlet, head: str) -> Parts:
        yield b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"
        yield _bomb()

    async def _silent(self, outlet: Outlet, head: str) -> Parts:
        await asyncio.sleep(60)
        yield b""

    async def _drips(self, outlet: Outlet, head: str) -> Parts:
        yield b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<rss>"
        for _ in range(60):
            await asyncio.sleep(1)
            yield b" "

    def _item(self, feed: int) -> bytes:
        headline, text = next(self._texts)
        number = next(self._numbers)
        link = f"http://outlet-{feed}.example/news/{number}"
        return (
            f"<item><guid isPermaLink='false'>{link}</guid><title>{escape(headline)}</title>"
            f"<link>{link}</link><description>{escape(text)}</description>"
            f"<pubDate>{format_datetime(clock.now())}</pubDate></item>"
        ).encode("ascii", "xmlcharrefreplace")


@cache
def _cut(number: int) -> tuple[bytes, bytes, bytes]:
    """A file before its first item, that item's beginning, and the rest."""
    body = files()[number]
    mark = b"<item" if b"<item" in body else b"<entry"
    return body.partition(mark)


@cache
def _bomb() -> bytes:
    """A megabyte that unpacks to a gigabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1024 * 1024)
    return b"".join(packer.compress(zeros) for _ in range(1024)) + packer.flush()


if __name__ == "__main__":
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(Outlets(int(sys.argv[1]), int(sys.argv[2])).serve())
