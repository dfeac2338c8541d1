"""Shelves: where the files of pictures lie, each under a key such as `<hash>/640.webp`."""

import logging
import math
import mimetypes
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from heapq import nsmallest
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

log = logging.getLogger(__name__)
READING, WRITING = 3, 30  # seconds that a reader and an editor wait for a bucket
ALONE = 2.0  # seconds that one which does not answer is left alone
NO_ANSWER = "The store of pictures does not answer. Try again in a moment."
COMING = ".coming-"  # what is not whole yet begins like this, and no key does
LEFT = 3600.0  # seconds after which what is still not whole never will be


class Away(Exception):  # noqa: N818  # the shelf's state, not a fault of ours
    """The files can't be reached or kept; the message says so, to an editor."""


class Shelf(Protocol):
    """Files by key. Each is there whole or not at all; all of it raises Away."""

    @property
    def away(self) -> bool:
        """Whether it could not be reached the last time."""

    @property
    def free(self) -> float:
        """How many more bytes it holds."""

    def add(self, key: str, file: Path) -> None:
        """Puts a copy of a file under a key."""

    def fetch(self, key: str, to: Path) -> bool:
        """Copies what lies under a key into a file; whether there is such a thing."""

    def read(self, key: str) -> bytes | None:
        """What lies under a key; None when nothing does."""

    def remove(self, key: str) -> None:
        """Takes away what lies under a key and under all keys that begin with it and a slash."""

    def tidy(self) -> None:
        """Takes away what never became whole."""

    def old(self, before: datetime, start: str, limit: int) -> set[str]:
        """What keys begin with whose files are all older, at most so many from `start` on."""


class Folder:
    """A shelf that is a folder of this machine."""

    def __init__(self, root: Path, *, mode: int = 0o755) -> None:
        self._root = root
        self._mode = mode

    @property
    def away(self) -> bool:
        return False

    @property
    def free(self) -> float:
        there = next(path for path in (self._root, *self._root.absolute().parents) if path.exists())
        try:
            return shutil.disk_usage(there).free
        except OSError as error:
            raise Away(f"There is no room to keep it ({error.strerror}).") from None

    def add(self, key: str, file: Path) -> None:
        target = self._root / key
        try:
            self._root.mkdir(mode=self._mode, parents=True, exist_ok=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, coming = tempfile.mkstemp(dir=self._root, prefix=COMING)
            try:
                with open(handle, "wb") as copy, open(file, "rb") as whole:
                    shutil.copyfileobj(whole, copy)
                    copy.flush()
                    os.fsync(copy.fileno())  # a row must never name what a power cut emptied
                os.chmod(coming, 0o644)
                os.replace(coming, target)
            except BaseException:
                os.unlink(coming)
                raise
        except OSError as error:
            raise Away(f"There is no room to keep it ({error.strerror}).") from None

    def fetch(self, key: str, to: Path) -> bool:
        try:
            shutil.copyfile(self._root / key, to)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise Away(f"The pictures can’t be read ({error.strerror}).") from None
        return True

    def read(self, key: str) -> bytes | None:
        try:
            return (self._root / key).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise Away(f"The pictures can’t be read ({error.strerror}).") from None

    def remove(self, key: str) -> None:
        path = self._root / key
        try:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            pass  # somebody else was taking it away as well
        except OSError as error:
            raise Away(f"The files can’t be deleted ({error.strerror}).") from None

    def tidy(self) -> None:
        for path in self._root.glob(COMING + "*"):
            if path.stat().st_mtime < time.time() - LEFT:
                path.unlink(missing_ok=True)

    def old(self, before: datetime, start: str, limit: int) -> set[str]:
        try:
            with os.scandir(self._root) as entries:
                late = nsmallest(limit, (e.name for e in entries if e.name >= start))
                ages = {name: (self._root / name).stat().st_mtime for name in late}
        except FileNotFoundError:  # nothing was ever kept, or it was taken away just now
            return set()
        except OSError as error:
            raise Away(f"The pictures can’t be read ({error.strerror}).") from None
        return {name for name, age in ages.items() if age < before.timestamp()}


class Bucket:
    """A shelf that is a part of a bucket of S3-compatible storage; nothing in it is public.

    A storage that does not answer is left alone for a moment, so that no reader waits for it.
    """

    def __init__(self, url: str, part: str) -> None:
        """`url` is s3://bucket/prefix?endpoint=…&region=…; AWS_ACCESS_KEY_ID and
        AWS_SECRET_ACCESS_KEY of the environment open it."""
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query))
        self._prefix = "/".join(filter(None, (parts.path.strip("/"), part)))
        self._read, self._write = (
            S3Store(
                parts.netloc,
                endpoint=asked.get("endpoint") or f"https://s3.{asked['region']}.amazonaws.com",
                region=asked.get("region", "us-east-1"),
                virtual_hosted_style_request=False,
                client_options={
                    "allow_http": asked.get("endpoint", "").startswith("http://"),
                    "connect_timeout": "2s",
                    "timeout": f"{seconds}s",
                },
                retry_config={"max_retries": retries, "retry_timeout": timedelta(seconds=seconds)},
            )
            for seconds, retries in ((READING, 0), (WRITING, 3))
        )
        self._away_until = 0.0
        self._lock = threading.Lock()

    @property
    def away(self) -> bool:
        return self._away_until > 0

    @property
    def free(self) -> float:
        return math.inf

    def add(self, key: str, file: Path) -> None:
        kind = mimetypes.guess_type(key)[0] or "application/octet-stream"
        with self._reached():
            obstore.put(self._write, self._at(key), file, attributes={"Content-Type": kind})

    def fetch(self, key: str, to: Path) -> bool:
        with self._reached():
            try:
                to.write_bytes(obstore.get(self._write, self._at(key)).bytes())
            except FileNotFoundError:
                return False
        return True

    def read(self, key: str) -> bytes | None:
        with self._reached():
            try:
                return bytes(obstore.get(self._read, self._at(key)).bytes())
            except FileNotFoundError:
                return None

    def remove(self, key: str) -> None:
        with self._reached():
            below = obstore.list(self._write, prefix=self._at(key))
            paths = [found["path"] for page in below for found in page]
            obstore.delete(self._write, [*paths, self._at(key)])

    def tidy(self) -> None:
        """Nothing: what did not become whole there was never a thing."""

    def old(self, before: datetime, start: str, limit: int) -> set[str]:
        newest: dict[str, datetime] = {}
        with self._reached():
            for page in obstore.list(self._write, prefix=self._prefix, offset=self._at(start)):
                for found in page:
                    name = found["path"].removeprefix(self._at("")).partition("/")[0]
                    newest[name] = max(found["last_modified"], newest.get(name, before))
                if len(newest) > limit:  # of the last there may be more on the next page
                    break
        return {name for name in list(newest)[:limit] if newest[name] <= before}

    def _at(self, key: str) -> str:
        return f"{self._prefix}/{key}"

    @contextmanager
    def _reached(self) -> Iterator[None]:
        with self._lock:
            moment = time.monotonic()
            if moment < self._away_until:
                raise Away(NO_ANSWER)
            if self._away_until:  # this one tries; the others go on leaving it alone
                self._away_until = moment + READING + ALONE
        try:
            yield
        except (BaseError, OSError) as error:
            # Its words may hold addresses and names of keys: they are for the log of the store.
            log.warning("the store of pictures fails: %s", type(error).__name__)
            self._away_until = time.monotonic() + ALONE
            raise Away(NO_ANSWER) from None
        self._away_until = 0.0


def media(config: Mapping[str, Any]) -> Shelf:
    """What readers may see: renditions."""
    return _at(config["MEDIA_STORE"], "media", config["MEDIA_FOLDER"], 0o755)


def originals(config: Mapping[str, Any]) -> Shelf:
    """What nobody gets: the files as they were sent."""
    return _at(config["MEDIA_STORE"], "originals", config["ORIGINALS_FOLDER"], 0o700)


@cache
def _at(store: str, part: str, folder: str, mode: int) -> Shelf:
    return Bucket(store, part) if store else Folder(Path(folder), mode=mode)
