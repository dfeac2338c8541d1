"""A process of its own for each picture that comes in: it may crash or run away, the site not.

Called as a file, because loading the whole site takes longer than most pictures.
"""

import importlib
import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SECONDS = 60  # for the largest
MEMORY = 2 * 1024**3  # bytes of address space; decoding 100 megapixels takes a good part


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a picture: its name and size in pixels, and what its file says of it."""

    hash: str
    width: int
    height: int
    caption: str
    credit: str


class Refused(Exception):  # noqa: N818  # a refusal, not a fault
    """The picture can't be taken; the message says why, to whoever sent it."""


def make(source: Path, media: Path) -> Made:
    """Takes a picture in and makes its renditions; Refused with a sentence when it can't be."""
    command = [sys.executable, "-P", str(Path(__file__)), str(source), str(media)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise Refused("It took too long to open.") from None
    except ValueError:
        raise Refused("It can’t be opened; the file may be damaged.") from None
    if "unfit" in answer:
        raise Refused(answer["unfit"])
    return Made(**answer)


def _work(source: Path, media: Path) -> dict[str, str | int]:
    # Siblings, by name: the package around them is not loaded here.
    sys.path.insert(0, str(Path(__file__).parent))
    intake, renditions = map(importlib.import_module, ("intake", "renditions"))
    try:
        image, texts = intake.take_in(source)
        name, width, height = renditions.render(image, media)
    except intake.Unfit as refusal:
        return {"unfit": str(refusal)}
    except OSError as error:
        return {"unfit": f"There is no room to keep it ({error.strerror})."}
    return {"hash": name, "width": width, "height": height, "caption": texts.caption,
            "credit": texts.credit}  # fmt: skip


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(json.dumps(_work(Path(sys.argv[1]), Path(sys.argv[2]))))
