"""A process of its own for each picture: it may crash or run away, the site not.

Called as a file, because loading the whole site takes longer than most pictures.
"""

import dataclasses
import importlib
import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 60  # for the largest, while somebody waits
UNHURRIED = 240  # for what nobody waits for
MEMORY = 2 * 1024**3  # bytes of address space; decoding 100 megapixels takes a good part


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a picture: its name, size in pixels and colour, and what its file says."""

    hash: str
    width: int
    height: int
    colour: str
    alt: str
    caption: str
    credit: str
    licence: str
    rights: str
    ends_on: str  # 2026-12-31, or nothing


class Refused(Exception):  # noqa: N818  # a refusal, not a fault
    """The picture can't be taken; the message says why, to whoever sent it."""


class NotNow(Refused):
    """It can't be taken now, through no fault of its own: it may be sent again.

    After so many seconds by itself; with 0 whoever sent it decides.
    """

    def __init__(self, words: str, after: int = 0) -> None:
        super().__init__(words)
        self.after = after


def take_in(source: Path, folder: Path) -> Made:
    """Takes a picture in and writes what pages need first into a folder.

    Refused with a sentence when it can't be.
    """
    return Made(**_done({"source": str(source), "folder": str(folder)}, SECONDS))


def finish(source: Path, folder: Path, focus: tuple[int, int]) -> str:
    """Writes the rest of a picture's renditions into a folder; its colour. Refused as above."""
    asked = {"source": str(source), "folder": str(folder), "focus": focus}
    return str(_done(asked, UNHURRIED)["colour"])


def _done(asked: dict[str, Any], seconds: int) -> dict[str, Any]:
    command = [sys.executable, "-P", str(Path(__file__)), json.dumps(asked)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        # As likely through all that this machine does besides.
        raise NotNow("It took too long to open. Send it again when less is going on.") from None
    except ValueError:
        raise Refused("It can’t be opened; the file may be damaged.") from None
    if "full" in answer:
        raise NotNow(answer["full"])
    if "unfit" in answer:
        raise Refused(answer["unfit"])
    return dict(answer)


def _work(source: str, folder: str, focus: list[int] | None = None) -> dict[str, str | int]:
    # Siblings, by name: the package around them is not loaded here.
    sys.path.insert(0, str(Path(__file__).parent))
    intake, renditions = map(importlib.import_module, ("intake", "renditions"))
    try:
        image, texts = intake.take_in(Path(source))
        if focus is not None:
            renditions.render_rest(image, Path(folder), tuple(focus))
            return {"colour": renditions.colour_of(image)}
        renditions.render(image, Path(folder))
    except intake.Unfit as refusal:
        return {"unfit": str(refusal)}
    except MemoryError:
        return {"unfit": "It is too big to be opened here."}
    except OSError as error:
        return {"full": f"There is no room to keep it ({error.strerror})."}
    return {"hash": renditions.name_of(image), "width": image.width, "height": image.height,
            "colour": renditions.colour_of(image), **dataclasses.asdict(texts)}  # fmt: skip


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)  # readers come first
    sys.stdout.write(json.dumps(_work(**json.loads(sys.argv[1]))))
