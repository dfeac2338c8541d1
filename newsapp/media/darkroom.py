"""The darkroom: where pictures become files, in the workshop's process and on the shelves."""

import logging
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from newsapp.media import shelf, workshop
from newsapp.media.renditions import Picture, print_of
from newsapp.media.shelf import COMING, LEFT, Shelf
from newsapp.media.workshop import Made, NotNow, Refused

log = logging.getLogger(__name__)
__all__ = ["Darkroom", "Made", "NotNow", "Refused", "of"]
TURN = 3.0  # seconds that a picture waits for its turn
AGAIN = 3  # seconds after which it may be sent again


class Turns:
    """So many pictures are opened at once, and `waiting` wait: each holds a thread and, large as
    it may be, a gigabyte. Whoever comes beyond is told."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._turns = threading.BoundedSemaphore(at_once)
        self._queue = threading.Semaphore(waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A turn; NotNow when it does not come in time."""
        if not (self._turns.acquire(blocking=False) or self._come()):
            raise NotNow("Busy with other pictures: try again in a moment.", after=AGAIN)
        try:
            yield
        finally:
            self._turns.release()

    def _come(self) -> bool:
        if not self._queue.acquire(blocking=False):
            return False
        try:
            return self._turns.acquire(timeout=TURN)
        finally:
            self._queue.release()


@dataclass(frozen=True, slots=True)
class Darkroom:
    """A table to work on, and the shelves for what readers may see and for what nobody may."""

    table: Path
    media: Shelf
    originals: Shelf
    floor: int  # bytes that stay free on the disks of all three
    turns: Turns

    @contextmanager
    def at_work(self) -> Iterator[Path]:
        """A place on the table, cleared afterwards. NotNow when there is no room."""
        try:
            self.table.mkdir(mode=0o700, parents=True, exist_ok=True)
            disk = shutil.disk_usage(self.table).free
            if min(disk, self.media.free, self.originals.free) < self.floor:
                raise NotNow(
                    "The disk is nearly full: no pictures are taken in until there is room."
                )
            place = Path(tempfile.mkdtemp(dir=self.table, prefix=COMING))
        except shelf.Away as why:
            raise NotNow(str(why)) from None
        except OSError as error:
            raise NotNow(f"There is no room to keep it ({error.strerror}).") from None
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def take_in(self, source: Path, place: Path) -> Made:
        """Makes of a file what pages need first, at a place on the table; Refused when it can't
        be, NotNow while others are being made."""
        with self.turns.turn():
            return workshop.take_in(source, place / "made")

    def keep(self, made: Made, source: Path, name: str, place: Path) -> str:
        """Puts what was made on the shelves, and the file itself; the key of the latter.

        NotNow when they can't be reached.
        """
        suffix = re.sub(r"[^a-z0-9.]", "", Path(name).suffix.lower())[:8]
        original = f"{made.hash}{suffix}"
        try:
            self.shelve(made.hash, place / "made")
            self.originals.add(original, source)
        except shelf.Away as why:
            raise NotNow(str(why)) from None
        return original

    def shelve(self, name: str, folder: Path) -> None:
        """Puts the files below a folder on the readers' shelf, under a picture's name."""
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                self.media.add(f"{name}/{file.relative_to(folder).as_posix()}", file)

    def finish(self, picture: Picture, original: str, focus: tuple[int, int]) -> str:
        """Makes the rest of a picture's renditions, cut for this focal point; its colour.

        From the original, or where there is none from the widest rendition. Refused when neither
        can be used, Away when a shelf can't be reached.
        """
        with self.at_work() as place:
            source = place / "source"
            widest = print_of(picture).url(max(picture.width, 1), "jpg").removeprefix("/media/")
            if not (original and self.originals.fetch(original, source)) and not (
                self.media.fetch(widest, source)
            ):
                raise Refused("Its file is not there any more.")
            colour = workshop.finish(source, place / "made", focus)
            self.shelve(picture.hash, place / "made")
        return colour

    def remove(self, name: str, original: str) -> None:
        """Takes a picture's files away; what can't be reached is left, and logged."""
        try:
            self.media.remove(name)
            if original:
                self.originals.remove(original)
        except shelf.Away as why:
            log.warning("files of the deleted picture %s are left: %s", name, why)

    def tidy(self) -> None:
        """Takes away what was left half-made by processes that died."""
        for each in (self.media, self.originals):
            each.tidy()
        for path in self.table.glob(COMING + "*"):
            if path.stat().st_mtime < time.time() - LEFT:
                shutil.rmtree(path, ignore_errors=True)


def of(config: Mapping[str, Any]) -> Darkroom:
    """The darkroom of this site."""
    return Darkroom(
        Path(config["INSTANCE_FOLDER"]) / "darkroom",
        shelf.media(config),
        shelf.originals(config),
        config["DISK_FLOOR_MEGABYTES"] * 1024 * 1024,
        _turns(config["WEB_THREADS"]),
    )


@cache
def _turns(threads: int) -> Turns:
    """The turns of this process: three of eight threads, so that readers find the others."""
    return Turns(max(1, min(2, threads // 4)), min(1, threads // 4))
