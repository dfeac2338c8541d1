"""What comes in as a picture: known by its content, upright, in sRGB, without what it carried.

Imports nothing of the site, because it runs in a process of its own (workshop.py).
"""

import io
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image, ImageCms, IptcImagePlugin, UnidentifiedImageError

BYTES = 40 * 1024 * 1024
PIXELS = 100_000_000
LONGEST = 30_000  # of one side
# By content, whatever the file calls itself. SVG and PDF are programs, not pictures.
KINDS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "HEIF")
IN_BOXES = ("HEIF", "AVIF")
NAMES = "JPEG, PNG, WebP, AVIF, GIF and HEIC"
STRIP = 512  # rows of pixels that are made plain at a time
LINE = 300  # characters of a text that a file brings along
DAMAGED = (
    OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, RuntimeError,
    OverflowError, ZeroDivisionError, struct.error, zlib.error,
)  # fmt: skip
_ORIENTATION = 274  # EXIF, as the following
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
_DESCRIPTION, _ARTIST, _COPYRIGHT = 270, 315, 33432  # EXIF
_CAPTION, _BYLINE, _CREDIT = (2, 120), (2, 80), (2, 110)  # IPTC
_NOTICE, _EXPIRES = (2, 116), (2, 37)
_DAY = re.compile(r"([0-9]{4})-?([01][0-9])-?([0-3][0-9])")
_SRGB = ImageCms.createProfile("sRGB")

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # ours is checked before anything is decoded, in words


class Unfit(Exception):  # noqa: N818  # a refusal, not a fault
    """This is no picture that we take; the message says why, to whoever sent it."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What the file itself says of the picture."""

    caption: str = ""
    credit: str = ""
    licence: str = ""
    rights: str = ""
    ends_on: str = ""  # the last day it may be used: 2026-12-31


def take_in(path: Path) -> tuple[Image.Image, Texts]:
    """The picture in a file, upright, RGB in sRGB, first frame alone, and its texts.

    Raises Unfit for what is no picture, is damaged or too big; nothing big is ever decoded.
    """
    if path.stat().st_size > BYTES:
        raise Unfit(f"It is larger than {BYTES // 1024 // 1024} MB.")
    try:
        with Image.open(path, formats=KINDS) as image:
            _check_size(image.size)
            if image.format in IN_BOXES:
                _check_boxes(path)
            texts = _texts(image)
            image.seek(0)
            image.load()
            return _plain(image), texts
    except UnidentifiedImageError:
        raise Unfit(f"It is no picture that we know. We take {NAMES}.") from None
    except MemoryError:
        raise Unfit("It is too big to be opened here.") from None
    except DAMAGED:
        raise Unfit("The file is damaged or not complete. Send it again, whole.") from None


def _check_size(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > PIXELS or max(size) > LONGEST:
        raise Unfit(
            f"It has {width:,} × {height:,} pixels; we take {PIXELS // 1_000_000} megapixels "
            f"and {LONGEST:,} on a side."
        )
    if min(size) < 1:
        raise Unfit("It has no pixels.")


def _check_boxes(path: Path) -> None:
    """Refuses a file that ends inside its data (ISO 14496-12): libheif leaves lost tiles green."""
    left = path.stat().st_size
    with path.open("rb") as file:
        # Phones put things of their own behind the boxes, which are none.
        while left >= 16:
            size, kind = struct.unpack(">I4s", file.read(8))
            if size == 1:
                (size,) = struct.unpack(">Q", file.read(8))
            if kind in (b"meta", b"mdat") and size > left:
                raise EOFError
            if not 8 <= size <= left:  # 0: to the end of the file
                return
            left -= size
            file.seek(-left, io.SEEK_END)


def _plain(image: Image.Image) -> Image.Image:
    """The pixels alone: no place, no camera, no thumbnail, nothing hidden.

    A strip at a time, and the picture as it came is let go then: of a large one there are never
    more than two in memory.
    """
    turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    to_srgb = _Profile(image.info.get("icc_profile"))
    plain = Image.new("RGB", image.size)
    for top in range(0, image.height, STRIP):
        strip = image.crop((0, top, image.width, min(top + STRIP, image.height)))
        plain.paste(to_srgb(_on_white(strip)).convert("RGB"), (0, top))
    image.close()
    return plain if turn is None else plain.transpose(turn)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits a pixel
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("P", "PA", "LA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        over = image.convert("RGBA")
        image = Image.new("RGB", over.size, "white")
        image.paste(over, mask=over.getchannel("A"))
    return image


class _Profile:
    """The way from a profile's colours to sRGB; none where it fits neither picture nor rule."""

    def __init__(self, profile: bytes | None) -> None:
        self._profile = profile
        self._transform: ImageCms.ImageCmsTransform | None = None

    def __call__(self, image: Image.Image) -> Image.Image:
        if not self._profile:
            return image
        try:
            if self._transform is None:
                source = ImageCms.ImageCmsProfile(io.BytesIO(self._profile))
                self._transform = ImageCms.buildTransform(source, _SRGB, image.mode, "RGB")
            return ImageCms.applyTransform(image, self._transform) or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            self._profile = None
            return image


def _texts(image: Image.Image) -> Texts:
    """IPTC, XMP and EXIF, in this order; what can't be read says nothing."""
    found = [_tried(read, image) for read in (_iptc, _xmp, _exif)]
    names = ("caption", "credit", "licence", "rights", "ends_on")
    said = {name: next((t for texts in found if (t := getattr(texts, name))), "") for name in names}
    lines = {name: " ".join(text.split())[:LINE] for name, text in said.items()}
    day = _DAY.match(lines["ends_on"])
    return Texts(**{**lines, "ends_on": "-".join(day.groups()) if day else ""})


def _tried(read: Callable[[Any], Texts], image: Image.Image) -> Texts:
    try:
        return read(image)
    except (*DAMAGED, AttributeError, RecursionError):
        return Texts()


def _iptc(image: Any) -> Texts:
    found: dict[Any, Any] = IptcImagePlugin.getiptcinfo(image) or {}

    def text(key: tuple[int, int]) -> str:
        value = found.get(key, b"")
        raw = value[0] if isinstance(value, list) else value
        return bytes(raw).decode("utf-8", "replace").replace("\ufffd", "")

    return Texts(
        caption=text(_CAPTION),
        credit=" / ".join(filter(None, (text(_BYLINE), text(_CREDIT)))),
        rights=text(_NOTICE),
        ends_on=text(_EXPIRES),
    )


def _xmp(image: Image.Image) -> Texts:
    described = image.getxmp()["xmpmeta"]["RDF"]["Description"]
    parts = described if isinstance(described, list) else [described]
    merged: dict[str, Any] = {}
    for part in parts:
        merged |= part

    def text(*names: str) -> str:
        return next((said for name in names if (said := _first(merged.get(name)))), "")

    return Texts(
        caption=text("description"),
        credit=text("creator", "Credit"),
        licence=text("UsageTerms", "license", "WebStatement"),
        rights=text("rights"),
        ends_on=text("LicenseEndDate", "expirationDate"),
    )


def _first(value: Any) -> str:
    """The first text in whatever shape XMP keeps it: a text, a list, alternatives by language."""
    if isinstance(value, dict):
        lists = (value[name] for name in ("Alt", "Seq", "Bag", "li") if name in value)
        return _first(value.get("text") or value.get("resource") or next(lists, ""))
    if isinstance(value, list):
        return _first(value[0]) if value else ""
    return str(value or "")


def _exif(image: Image.Image) -> Texts:
    exif = image.getexif()
    artist, notice = str(exif.get(_ARTIST) or ""), str(exif.get(_COPYRIGHT) or "")
    return Texts(str(exif.get(_DESCRIPTION) or ""), artist or notice, rights=notice)
