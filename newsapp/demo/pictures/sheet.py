"""The sheet: paper, plates and the marks that every picture is printed from.

All measures are in the finished picture's units (1600 x 1067). The sheet itself is twice as
large, so that edges come out clean when it is brought down to size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from random import Random

from PIL import Image, ImageChops, ImageDraw

from newsapp.demo.pictures.inks import Ink, Inks, mix

WIDTH, HEIGHT = 1600, 1067
SCALE = 2

Point = tuple[float, float]
Stop = tuple[float, Ink]


class Sheet:
    """A sheet on the press: draws in the finished picture's units."""

    def __init__(self, inks: Inks, rng: Random) -> None:
        self.inks = inks
        self.rng = rng
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), inks.light)
        self.pen = ImageDraw.Draw(self.image)

    # Flat marks

    def polygon(self, points: Iterable[Point], ink: Ink) -> None:
        """A flat shape."""
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=ink)

    def rect(self, x: float, y: float, width: float, height: float, ink: Ink) -> None:
        """A flat rectangle from its upper left corner."""
        if width * SCALE < 1 or height * SCALE < 1:
            return
        right, low = (x + width) * SCALE - 1, (y + height) * SCALE - 1
        self.pen.rectangle((x * SCALE, y * SCALE, right, low), fill=ink)

    def disc(self, x: float, y: float, radius: float, ink: Ink, flat: float = 1.0) -> None:
        """A disc, or with `flat` below 1 an ellipse lying down."""
        rx, ry = radius * SCALE, radius * flat * SCALE
        self.pen.ellipse((x * SCALE - rx, y * SCALE - ry, x * SCALE + rx, y * SCALE + ry), fill=ink)

    def sun(self, x: float, y: float, radius: float) -> None:
        """The sun: mostly pale, now and then vermilion, for a page bears one accent."""
        inks = self.inks
        pale = mix(inks.light, inks.warm, self.rng.choice((0.0, 0.12, 0.5)))
        self.disc(x, y, radius, inks.accent if self.rng.random() < 0.3 else pale)

    def ring(self, x: float, y: float, radius: float, width: float, ink: Ink) -> None:
        """A circle's line."""
        r = radius * SCALE
        box = (x * SCALE - r, y * SCALE - r, x * SCALE + r, y * SCALE + r)
        self.pen.ellipse(box, outline=ink, width=max(1, round(width * SCALE)))

    def arc(
        self, x: float, y: float, radius: float, start: float, end: float, width: float, ink: Ink
    ) -> None:
        """A part of a circle's line, angles in degrees clockwise from three o'clock."""
        r = radius * SCALE
        box = (x * SCALE - r, y * SCALE - r, x * SCALE + r, y * SCALE + r)
        self.pen.arc(box, start, end, fill=ink, width=max(1, round(width * SCALE)))

    def line(self, points: Iterable[Point], width: float, ink: Ink) -> None:
        """A line through points."""
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(scaled, fill=ink, width=max(1, round(width * SCALE)), joint="curve")

    def stroke(self, a: Point, b: Point, start: float, end: float, ink: Ink) -> None:
        """A tapering line, as wide as `start` at `a` and `end` at `b`."""
        length = math.hypot(b[0] - a[0], b[1] - a[1]) or 1.0
        nx, ny = (b[1] - a[1]) / length / 2, (a[0] - b[0]) / length / 2
        self.polygon(
            [
                (a[0] + nx * start, a[1] + ny * start),
                (b[0] + nx * end, b[1] + ny * end),
                (b[0] - nx * end, b[1] - ny * end),
                (a[0] - nx * start, a[1] - ny * start),
            ],
            ink,
        )

    # Graded marks

    def wash(self, y: float, low: float, stops: Sequence[Stop]) -> None:
        """A graded band over the full width."""
        top, bottom = round(y * SCALE), round(low * SCALE)
        size = (WIDTH * SCALE, bottom - top)
        self.image.paste(_column(size[1], stops).resize(size, Image.Resampling.NEAREST), (0, top))

    def sky(self, horizon: float = HEIGHT) -> None:
        """The light's own sky, down to the horizon."""
        top, middle, low = self.inks.sky
        self.wash(0, horizon, [(0.0, top), (0.55, middle), (1.0, low)])

    def graded(self, points: Sequence[Point], top: Ink, low: Ink, end: float = 1.0) -> None:
        """A shape wiped from one ink to another, as a printer grades a block."""
        left = round(min(x for x, _ in points) * SCALE)
        upper = round(min(y for _, y in points) * SCALE)
        right = round(max(x for x, _ in points) * SCALE) + 1
        lower = round(max(y for _, y in points) * SCALE) + 1
        left, right = max(left, 0), min(right, WIDTH * SCALE)
        upper, lower = max(upper, 0), min(lower, HEIGHT * SCALE)
        if left >= right or upper >= lower:
            return
        size = (right - left, lower - upper)
        mask = Image.new("L", size, 0)
        ImageDraw.Draw(mask).polygon(
            [(x * SCALE - left, y * SCALE - upper) for x, y in points], fill=255
        )
        column = _column(size[1], [(0.0, top), (end, low)])
        self.image.paste(column.resize(size, Image.Resampling.NEAREST), (left, upper), mask)

    def veil(self, y: float, low: float, ink: Ink, strength: float) -> None:
        """A band of mist: nothing at its edges, `strength` (0 to 1) in the middle."""
        self._breath(y, low, ink, lambda t: strength * math.sin(math.pi * t) ** 1.5)

    def fade(self, y: float, low: float, ink: Ink, start: float, end: float) -> None:
        """A transparent band whose strength goes from `start` to `end`."""
        self._breath(y, low, ink, lambda t: start + (end - start) * t)

    def _breath(self, y: float, low: float, ink: Ink, strength: Callable[[float], float]) -> None:
        top, bottom = max(0, round(y * SCALE)), min(HEIGHT * SCALE, round(low * SCALE))
        rows = bottom - top
        if rows < 1:
            return
        mask = Image.new("L", (1, rows))
        mask.putdata([round(255 * strength(row / rows)) for row in range(rows)])
        size = (WIDTH * SCALE, rows)
        self.image.paste(ink, (0, top, size[0], bottom), mask.resize(size))

    def glow(self, x: float, y: float, radius: float, ink: Ink, strength: float) -> None:
        """A soft round light."""
        side = round(radius * 2 * SCALE)
        falloff = [
            round(255 * strength * max(0.0, 1 - value / 255 * 1.42) ** 2) for value in range(256)
        ]
        mask = Image.radial_gradient("L").point(falloff).resize((side, side))
        left, top = round(x * SCALE - side / 2), round(y * SCALE - side / 2)
        self.image.paste(ink, (left, top, left + side, top + side), mask)

    def beam(self, points: Sequence[Point], ink: Ink, strength: float) -> None:
        """A transparent flat shape, such as a ray of light or a shadow."""
        left = max(0, round(min(x for x, _ in points) * SCALE))
        upper = max(0, round(min(y for _, y in points) * SCALE))
        right = min(WIDTH * SCALE, round(max(x for x, _ in points) * SCALE) + 1)
        lower = min(HEIGHT * SCALE, round(max(y for _, y in points) * SCALE) + 1)
        if left >= right or upper >= lower:
            return
        mask = Image.new("L", (right - left, lower - upper), 0)
        ImageDraw.Draw(mask).polygon(
            [(x * SCALE - left, y * SCALE - upper) for x, y in points], fill=round(255 * strength)
        )
        self.image.paste(ink, (left, upper, right, lower), mask)

    def reflect(self, y: float, depth: float, water: Ink, clear: float = 0.6) -> None:
        """Water below `y`: what stands above it upside down, broken by ripples."""
        line, rows = round(y * SCALE), round(min(depth, HEIGHT - y, y) * SCALE)
        width = WIDTH * SCALE
        above = self.image.crop((0, line - rows, width, line))
        mirror = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        mirror = Image.blend(Image.new("RGB", mirror.size, water), mirror, clear)
        self.image.paste(mirror, (0, line))
        row = 0
        while row < rows:
            share = row / rows
            band = round(self.rng.uniform(4, 7) + 14 * share)
            shift = round(self.rng.gauss(0, 1) * (3 + 16 * share))
            strip = mirror.crop((0, row, width, min(rows, row + band)))
            self.image.paste(strip, (shift, line + row))
            row += band

    def glints(self, x: float, y: float, low: float, spread: float, ink: Ink, count: int) -> None:
        """Short lines of light lying on water, wider and thicker towards the viewer."""
        for _ in range(count):
            share = self.rng.random() ** 1.3
            at = y + (low - y) * share
            middle = x + self.rng.gauss(0, 1) * spread * (0.25 + share)
            half = self.rng.uniform(8, 26) * (0.4 + 1.6 * share)
            thick = 1.2 + 2.4 * share
            self.polygon(
                [
                    (middle - half, at),
                    (middle, at - thick),
                    (middle + half, at),
                    (middle, at + thick),
                ],
                ink,
            )

    # Off the press

    def finish(self, mirrored: bool = False) -> Image.Image:
        """The picture at its size, on paper: wood grain, uneven ink and fine tooth."""
        picture = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        if mirrored:
            picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        texture = _noise(self.rng, (800, 534), 0.16)
        for size, share in (((14, 420), 0.11), ((36, 24), 0.10)):
            texture = ImageChops.add(texture, _noise(self.rng, size, share), 1, -128)
        return ImageChops.soft_light(picture, Image.merge("RGB", (texture, texture, texture)))


def _column(rows: int, stops: Sequence[Stop]) -> Image.Image:
    """A strip one unit wide that runs through the stops from top to bottom."""
    column = Image.new("RGB", (1, rows))
    inks: list[Ink] = []
    for row in range(rows):
        share = row / max(1, rows - 1)
        inks.append(_at(stops, share))
    column.putdata(inks)
    return column


def _at(stops: Sequence[Stop], share: float) -> Ink:
    for (start, a), (end, b) in zip(stops, stops[1:], strict=False):
        if share <= end:
            return mix(a, b, max(0.0, (share - start) / ((end - start) or 1.0)))
    return stops[-1][1]


def _noise(rng: Random, size: tuple[int, int], share: float) -> Image.Image:
    """Even noise around middle grey, stretched over the whole picture."""
    small = Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))
    large = small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return large.point([round(128 + (value - 128) * share) for value in range(256)])
