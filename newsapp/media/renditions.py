"""Renditions: a picture in the widths, types and shapes that pages ask for, named by content.

Imports nothing of the site, because it runs in a process of its own (workshop.py).
"""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image

# No step is wider than half as much again, so that no slot gets much more than it needs.
WIDTHS = (320, 480, 640, 960, 1280, 1600, 1920)
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}  # smallest first
# Made while somebody waits; the others when there is time.
QUICK = ("webp", "jpg")
STRIP = 512  # rows of pixels
QUICK_WIDTHS = tuple(width for width in WIDTHS if width != 480)
# What cards show. Their styles cut a strip off it here and there, and keep the focal point.
SHAPES = {"3x2": 3 / 2}
ALIKE = 0.03  # a picture that differs by less needs no cutting
# AVIF at this quality looks like the WebP beside it at seven tenths of its bytes; a slower speed
# saves 7 % more and takes five times as long. WebP is made while somebody waits: methods after
# the second save 5 % and take twice as long.
_SAVE = {
    "avif": {"format": "AVIF", "quality": 55, "speed": 6, "max_threads": 2},
    "webp": {"format": "WEBP", "quality": 78, "method": 2},
    "jpg": {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
}
Box = tuple[int, int, int, int]


class Picture(Protocol):
    """What is known of a picture that has renditions."""

    @property
    def hash(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...
    @property
    def focus_x(self) -> int: ...
    @property
    def focus_y(self) -> int: ...
    @property
    def cut_x(self) -> int | None: ...
    @property
    def cut_y(self) -> int | None: ...
    @property
    def colour(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Print:
    """A picture as a page shows it: whole or cut to a shape, in what exists of it."""

    folder: str
    width: int
    height: int
    focus: tuple[int, int]  # per cent from the left and the top, of what is shown
    kinds: tuple[str, ...]  # smallest first
    colour: str  # three hexadecimal digits, or nothing
    widths: tuple[int, ...]  # ascending; never wider than it is

    @property
    def classes(self) -> str:
        """Where the eye falls and what colour it has, for a policy that allows no inline style."""
        x, y = (round(value / 10) for value in self.focus)
        names = [f"fx{x}" if x != 5 else "", f"fy{y}" if y != 5 else ""]
        if self.colour:
            names += ["tint", *map("".join, zip("rgb", self.colour, strict=True))]
        return " ".join(filter(None, ["picture", *names]))

    def url(self, width: int, kind: str) -> str:
        """The address of the widest rendition that is not wider than `width`."""
        fitting = [w for w in self.widths if w <= width] or [self.widths[0]]
        return f"/media/{self.folder}/{fitting[-1]}.{kind}"

    def srcset(self, kind: str) -> str:
        """All its widths, as the attribute lists them."""
        return ", ".join(f"{self.url(width, kind)} {width}w" for width in self.widths)


def print_of(picture: Picture, shape: str = "") -> Print:
    """The picture whole, or in a shape once it has been cut for where the eye falls now.

    Until then it is shown whole, and the page's style cuts it.
    """
    focus = picture.focus_x, picture.focus_y
    size = picture.width, picture.height
    finished = picture.cut_x is not None
    kinds, ladder = (tuple(TYPES), WIDTHS) if finished else (QUICK, QUICK_WIDTHS)
    if not shape or (picture.cut_x, picture.cut_y) != focus or not _needs(size, shape):
        widths = _within_reach(size[0], ladder)
        return Print(picture.hash, *size, focus, kinds, picture.colour, widths)
    left, top, right, bottom = cut(size, shape, focus)
    inside = (
        _within(focus[0] * size[0] / 100, left, right),
        _within(focus[1] * size[1] / 100, top, bottom),
    )
    folder, width = f"{picture.hash}/{cut_name(shape, focus)}", right - left
    widths = _within_reach(width, WIDTHS)
    return Print(folder, width, bottom - top, inside, kinds, picture.colour, widths)


def url_of(picture: Picture, width: int, kind: str) -> str:
    """The address of the whole picture's widest rendition that is not wider than `width`."""
    return print_of(picture).url(width, kind)


def cut_name(shape: str, focus: tuple[int, int]) -> str:
    """The name of a cut: another focal point has another, so that an address never changes."""
    return f"{shape}-{focus[0]}-{focus[1]}"


def cut(size: tuple[int, int], shape: str, focus: tuple[int, int]) -> Box:
    """The largest box of a shape in a picture, as much around the focal point as fits."""
    width, height = size
    ratio = SHAPES[shape]
    across = min(width, max(1, round(height * ratio)))
    down = min(height, max(1, round(width / ratio)))
    left = min(max(0, round(width * focus[0] / 100 - across / 2)), width - across)
    top = min(max(0, round(height * focus[1] / 100 - down / 2)), height - down)
    return left, top, left + across, top + down


def name_of(image: Image.Image) -> str:
    """The same pixels have the same name."""
    named = hashlib.sha256(f"{image.size}".encode())
    for top in range(0, image.height, STRIP):  # all at once would be a copy and another
        strip = image.crop((0, top, image.width, min(top + STRIP, image.height)))
        named.update(strip.tobytes())
    return named.hexdigest()[:32]


def colour_of(image: Image.Image) -> str:
    """The colour that stands in for the picture until it is there, in three hexadecimal digits."""
    pixel = image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return "".join(f"{round(channel / 17):x}" for channel in pixel)


def render(
    image: Image.Image,
    folder: Path,
    widths: Iterable[int] = QUICK_WIDTHS,
    kinds: Iterable[str] = QUICK,
) -> None:
    """Writes an image into a folder in those of these widths that it has, in these kinds."""
    folder.mkdir(parents=True, exist_ok=True)
    for width in widths:
        if width > image.width and width != WIDTHS[0]:
            continue
        height = max(1, round(image.height * width / image.width))
        scaled = image.resize((width, height), Image.Resampling.LANCZOS)
        for kind in kinds:
            data = io.BytesIO()
            scaled.save(data, **_SAVE[kind])  # type: ignore[arg-type]  # Pillow types no options
            (folder / f"{width}.{kind}").write_bytes(data.getbuffer())


def render_rest(image: Image.Image, folder: Path, focus: tuple[int, int]) -> None:
    """Writes what takes time: the kinds and widths that nobody waits for, the shapes of cards."""
    render(image, folder, WIDTHS, [kind for kind in TYPES if kind not in QUICK])
    render(image, folder, [width for width in WIDTHS if width not in QUICK_WIDTHS])
    for shape in SHAPES:
        if _needs(image.size, shape):
            part = image.crop(cut(image.size, shape, focus))
            render(part, folder / cut_name(shape, focus), WIDTHS, TYPES)


def _within_reach(width: int, ladder: Iterable[int]) -> tuple[int, ...]:
    return tuple(w for w in ladder if w <= width) or WIDTHS[:1]


def _needs(size: tuple[int, int], shape: str) -> bool:
    return abs(size[0] / size[1] / SHAPES[shape] - 1) > ALIKE


def _within(place: float, start: int, end: int) -> int:
    return round(100 * min(1, max(0, (place - start) / (end - start))))
