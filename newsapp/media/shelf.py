"""Shelves: where the files of pictures lie, each under a key such as `<hash>/640.webp`."""

import os
import shutil
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Protocol

COMING = ".coming-"  # what is not whole yet begins like this, and no key does
LEFT = 3600.0  # seconds after which what is still not whole never will be


class Away(Exception):  # noqa: N818  # the shelf's state, not a fault of ours
    """The files can't be reached or kept; the message says so, to an editor."""


class Shelf(Protocol):
    """Files by key. Each is there whole or not at all; all of it raises Away."""

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


class Folder:
    """A shelf that is a folder of this machine."""

    def __init__(self, root: Path, *, mode: int = 0o755) -> None:
        self._root = root
        self._mode = mode

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


@cache
def at(place: str, *, private: bool = False) -> Shelf:
    """The shelf at a place, which is a folder."""
    return Folder(Path(place), mode=0o700 if private else 0o755)
