"""Renditions: a picture in the widths and types that pages ask for, named by content."""

import hashlib
import io
import os
import tempfile
from pathlib import Path
from typing import Protocol

from PIL import Image

WIDTHS = (320, 640, 960, 1280, 1600, 1920)
TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}
_SAVE = {
    "webp": {"format": "WEBP", "quality": 78, "method": 4},
    "jpg": {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
}


class Sized(Protocol):
    """A picture that has renditions."""

    @property
    def hash(self) -> str: ...
    @property
    def width(self) -> int: ...


def widths(picture: Sized) -> tuple[int, ...]:
    """The widths that this picture comes in, ascending; never wider than it is."""
    return tuple(w for w in WIDTHS if w <= picture.width) or WIDTHS[:1]


def url_of(picture: Sized, width: int, kind: str) -> str:
    """The address of the widest rendition that is not wider than `width`."""
    fitting = [w for w in widths(picture) if w <= width] or [widths(picture)[0]]
    return f"/media/{picture.hash}/{fitting[-1]}.{kind}"


def render(image: Image.Image, folder: Path) -> tuple[str, int, int]:
    """Writes all renditions of an image; its hash, width and height in pixels.

    The same image gives the same hash, so what is there already is not made again.
    """
    image = image.convert("RGB")
    name = hashlib.sha256(f"{image.size}".encode() + image.tobytes()).hexdigest()[:32]
    target = folder / name
    target.mkdir(parents=True, exist_ok=True)
    for width in [w for w in WIDTHS if w <= image.width] or WIDTHS[:1]:
        height = max(1, round(image.height * width / image.width))
        missing = [kind for kind in TYPES if not (target / f"{width}.{kind}").exists()]
        if missing:
            scaled = image.resize((width, height), Image.Resampling.LANCZOS)
            for kind in missing:
                _write(target / f"{width}.{kind}", scaled, kind)
    return name, image.width, image.height


def _write(path: Path, image: Image.Image, kind: str) -> None:
    """Whole or not at all: a reader never meets half a file."""
    data = io.BytesIO()
    image.save(data, **_SAVE[kind])  # type: ignore[arg-type]  # Pillow types no options
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data.getbuffer())
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)
