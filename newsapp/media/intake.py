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
NAMES = "JPEG, PNG, WebP, AVIF, GIF and HEIC"
STRIP = 512  # rows of pixels that are made plain at a time
LINE = 300  # characters of a text that a file brings along
SEGMENTS = 10_000  # of a JPEG before its pixels; 64 kB each
BLOCKS = 400_000  # of a GIF; 255 bytes each
REMARK = 4_000  # of them, of what it says beside its frames
FRAMES = 1_000  # of an animation, of which the first alone is shown
STACK = 16_383  # pixels: as high as a WebP can be
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
# EXIF: width, height, orientation, resolution and its unit are numbers, a text is none.
_NUMBERS, _ASCII = frozenset({256, 257, 274, 282, 283, 296}), 2
# What cameras and programs say of every picture.
_NO_CAPTION = re.compile(
    r"(?i)(?:[\w.,&-]+ ){0,4}(?:digital ?(?:still ?)?camera|camera pictures|dsc)|dcim\\.*|"
    r"exif_jpeg_picture|default|untitled|screenshot|charset=.*"
)
_DAY = re.compile(r"([0-9]{4})-?([01][0-9])-?([0-3][0-9])")
_SRGB = ImageCms.createProfile("sRGB")

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = None  # ours is checked before anything is decoded, in words


class Unfit(Exception):  # noqa: N818  # a refusal, not a fault
    """This is no picture that we take; the message says why, to whoever sent it."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What the file itself says of the picture."""

    alt: str = ""
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
        _check_blocks(path)
        with Image.open(path, formats=KINDS) as image:
            _check_size(image.size)
            if check := CHECKS.get(image.format or ""):
                check(path)
            _check_frames(image)
            _check_exif(image.info.get("exif"))
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


def _check_segments(path: Path) -> None:
    """Refuses a JPEG whose parts before the pixels do not follow each other."""
    with path.open("rb") as file:
        file.seek(2)
        for _ in range(SEGMENTS):
            mark = file.read(2)
            if mark == b"\xff\xff":  # filled up
                file.seek(-1, io.SEEK_CUR)
                continue
            if mark[:1] != b"\xff":
                break
            if mark in (b"\xff\xda", b"\xff\xd9"):  # the pixels, or the end
                return
            file.seek(int.from_bytes(file.read(2)) - 2, io.SEEK_CUR)
    raise EOFError


def _check_blocks(path: Path) -> None:
    """Refuses a GIF with a frame, the first or another, that does not end where it says.

    Before Pillow opens it, which takes minutes over a remark of some megabytes.
    """
    with path.open("rb") as file:
        if file.read(4) != b"GIF8":
            return
    data, frames, all_blocks = path.read_bytes(), 0, 0
    at = 13 + _colours(data[10])
    while at < len(data) and data[at] != 0x3B:  # some end without saying so
        blocks, image = 0, data[at] == 0x2C
        if not image and data[at] != 0x21:
            raise EOFError
        frames += image
        if frames > FRAMES:
            raise Unfit(_TOO_MANY)
        at += 11 + _colours(data[at + 9]) if image else 2
        while size := data[at]:
            at += size + 1
            blocks += 1
            if blocks > (BLOCKS if image else REMARK):
                raise EOFError
        at += 1
        all_blocks += blocks
        if all_blocks > BLOCKS:
            raise EOFError


def _colours(flags: int) -> int:
    """The bytes of the table of colours that these flags tell of."""
    return int(3 * 2 ** ((flags & 7) + 1)) if flags & 0x80 else 0


_TOO_MANY = "It is an animation with too many frames. Send one picture of it."


def _check_frames(image: Image.Image) -> None:
    """Refuses what is small only as long as nobody lays its frames under each other."""
    if image.format != "GIF":  # its blocks have been counted
        frames = getattr(image, "n_frames", 1)
        if frames > FRAMES or (image.format == "WEBP" and 1 < frames > STACK // image.height):
            raise Unfit(_TOO_MANY)


def _check_exif(exif: object) -> None:
    """Refuses EXIF that breaks off before it says anything, or a text where a number belongs."""
    tiff = exif.removeprefix(b"Exif\0\0") if isinstance(exif, bytes) else b""
    if tiff[:2] not in (b"II", b"MM"):
        return
    order = "<" if tiff[:2] == b"II" else ">"
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, start)
    for number in range(count):
        tag, kind = struct.unpack_from(order + "HH", tiff, start + 2 + 12 * number)
        if tag in _NUMBERS and kind == _ASCII:
            raise ValueError


CHECKS: dict[str, Callable[[Path], None]] = {
    "JPEG": _check_segments, "MPO": _check_segments,
    "HEIF": _check_boxes, "AVIF": _check_boxes,
}  # fmt: skip


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
    names = ("alt", "caption", "credit", "licence", "rights", "ends_on")
    said = {name: [_line(getattr(texts, name)) for texts in found] for name in names}
    said["caption"] = [text for text in said["caption"] if not _NO_CAPTION.fullmatch(text)]
    lines = {name: next(filter(None, texts), "") for name, texts in said.items()}
    day = _DAY.match(lines["ends_on"])
    return Texts(**{**lines, "ends_on": "-".join(day.groups()) if day else ""})


def _line(text: str) -> str:
    return " ".join(text.split())[:LINE]


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
        credit=_joined(text(_BYLINE), text(_CREDIT)),
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
        alt=text("AltTextAccessibility"),
        caption=text("description"),
        credit=_joined(text("creator"), text("Credit")),
        licence=text("UsageTerms", "license", "WebStatement"),
        rights=text("rights"),
        ends_on=text("LicenseEndDate", "expirationDate"),
    )


def _joined(maker: str, house: str) -> str:
    """Who made it and for whom, as a credit says it; once, where they are the same."""
    return " / ".join(dict.fromkeys(filter(None, (maker.strip(), house.strip()))))


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
    caption = str(exif.get(_DESCRIPTION) or "")
    return Texts(caption=caption, credit=artist or notice, rights=notice)
