"""What recurs in many pictures: ridges, trees, birds, people, animals, boats."""

from __future__ import annotations

import math
from random import Random

from newsapp.demo.pictures.inks import Ink
from newsapp.demo.pictures.sheet import HEIGHT, WIDTH, Point, Sheet

LEFT, RIGHT = -40.0, WIDTH + 40.0


def every(start: int, stop: int, step: int) -> list[float]:
    """Evenly spaced places from start up to, without, stop."""
    return [float(place) for place in range(start, stop, step)]


def ridge(rng: Random, base: float, height: float, rough: float = 0.5) -> list[Point]:
    """A broken mountain line by midpoint displacement."""
    heights = [base - rng.uniform(0.15, 1.0) * height for _ in range(6)]
    swing = height * 0.32
    for _ in range(6):
        finer: list[float] = []
        for a, b in zip(heights, heights[1:], strict=False):
            finer += [a, (a + b) / 2 + rng.uniform(-swing, swing)]
        heights = [*finer, heights[-1]]
        swing *= rough
    step = (RIGHT - LEFT) / (len(heights) - 1)
    return [(LEFT + step * index, y) for index, y in enumerate(heights)]


def hills(rng: Random, base: float, height: float, waves: float = 2.0) -> list[Point]:
    """A soft line of hills."""
    phases = [rng.uniform(0, math.tau) for _ in range(3)]
    points: list[Point] = []
    for step in range(85):
        x = LEFT + (RIGHT - LEFT) * step / 84
        turn = x / WIDTH * math.tau
        y = math.sin(turn * waves / 2 + phases[0])
        y += 0.45 * math.sin(turn * waves + phases[1]) + 0.2 * math.sin(
            turn * waves * 2 + phases[2]
        )
        points.append((x, base - height * (0.5 + y / 3.3)))
    return points


def ground(line: list[Point]) -> list[Point]:
    """The land below a line, down to the sheet's edge."""
    return [*line, (line[-1][0], HEIGHT + 20), (line[0][0], HEIGHT + 20)]


def height_at(line: list[Point], x: float) -> float:
    """How high a line runs at x."""
    for (x0, y0), (x1, y1) in zip(line, line[1:], strict=False):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * (x - x0) / ((x1 - x0) or 1.0)
    return line[-1][1]


def birds(sheet: Sheet, x: float, y: float, count: int, ink: Ink) -> None:
    """A loose flock."""
    for _ in range(count):
        bx, by = x + sheet.rng.gauss(0, 90), y + sheet.rng.gauss(0, 34)
        span, lift = sheet.rng.uniform(9, 17), sheet.rng.uniform(3, 8)
        sheet.line([(bx - span, by - lift), (bx - span / 3, by - lift), (bx, by)], 2.4, ink)
        sheet.line([(bx, by), (bx + span / 3, by - lift), (bx + span, by - lift * 1.2)], 2.4, ink)


def pine(sheet: Sheet, x: float, y: float, height: float, ink: Ink) -> None:
    """A conifer of uneven tiers, standing at (x, y)."""
    sheet.stroke((x, y), (x, y - height), height * 0.05, 1.5, ink)
    tiers = 7
    for tier in range(tiers):
        share = tier / tiers
        half = height * (0.23 - 0.19 * share) * sheet.rng.uniform(0.8, 1.15)
        top = y - height * (0.34 + 0.66 * share) - height * 0.06
        low = y - height * (0.14 + 0.78 * share)
        tilt = sheet.rng.uniform(-0.02, 0.04) * height
        sheet.polygon(
            [
                (x, top),
                (x + half, low + tilt),
                (x + half * 0.3, low - 3),
                (x, low + 4),
                (x - half * 0.3, low - 3),
                (x - half, low + tilt),
            ],
            ink,
        )


def crown(sheet: Sheet, x: float, y: float, size: float, ink: Ink) -> None:
    """A round tree: a broad cloud of leaves close to the ground."""
    sheet.stroke((x, y), (x, y - size * 0.6), size * 0.13, size * 0.08, ink)
    for _ in range(13):
        angle, reach = sheet.rng.uniform(0, math.tau), sheet.rng.uniform(0.1, 0.62) * size
        sheet.disc(
            x + math.cos(angle) * reach,
            y - size * 0.72 + math.sin(angle) * reach * 0.52,
            size * sheet.rng.uniform(0.2, 0.34),
            ink,
        )


def cloud_pine(sheet: Sheet, x: float, y: float, height: float, ink: Ink) -> None:
    """An old pine: a bent trunk with flat pads of needles."""
    rng = sheet.rng
    side = rng.choice((-1.0, 1.0))
    trunk = [
        (x + side * height * dx, y - height * up)
        for dx, up in ((0.0, 0.0), (0.05, 0.22), (-0.03, 0.45), (0.07, 0.68), (0.02, 0.9))
    ]
    for index, (a, b) in enumerate(zip(trunk, trunk[1:], strict=False)):
        sheet.stroke(a, b, height * (0.06 - 0.012 * index), height * (0.048 - 0.012 * index), ink)
    for up, reach, wide in (
        (0.36, 0.24, 0.17),
        (0.5, -0.26, 0.2),
        (0.62, 0.25, 0.2),
        (0.74, -0.17, 0.18),
        (0.84, 0.14, 0.16),
        (0.95, 0.0, 0.17),
    ):
        px, py = x + side * height * reach * rng.uniform(0.85, 1.15), y - height * up
        sheet.stroke(
            (x + side * height * 0.02, py + height * 0.09),
            (px, py),
            height * 0.022,
            height * 0.012,
            ink,
        )
        for puff in range(6):
            sheet.disc(
                px + (puff - 2.5) / 2.5 * height * wide * 0.68,
                py - height * rng.uniform(0.0, 0.03),
                height * wide * rng.uniform(0.3, 0.46),
                ink,
                0.5,
            )


def palm(sheet: Sheet, x: float, y: float, height: float, ink: Ink) -> None:
    """A leaning palm with drooping fronds."""
    rng = sheet.rng
    lean = rng.uniform(-0.16, 0.16) * height
    trunk = [(x + lean * t * t, y - height * t) for t in (0.0, 0.25, 0.5, 0.75, 1.0)]
    for a, b in zip(trunk, trunk[1:], strict=False):
        sheet.stroke(a, b, height * 0.036, height * 0.028, ink)
    hx, hy = trunk[-1]
    for index in range(9):
        out = -1 + index / 4 + rng.uniform(-0.08, 0.08)
        reach, rise = height * 0.36 * out, height * (0.2 - 0.13 * out * out)
        droop = height * (0.03 + 0.21 * out * out)
        spine, under = [], []
        for step in range(9):
            t = step / 8
            px, py = (
                hx + reach * t,
                hy - rise * 2 * t * (1 - t) * 1.1 + (droop - rise * 0.5) * t * t,
            )
            spine.append((px, py))
            under.append(
                (px - reach * 0.04, py + height * 0.075 * math.sin(math.pi * (0.15 + 0.85 * t)))
            )
        sheet.polygon([*spine, *reversed(under)], ink)
    sheet.disc(hx, hy + 2, height * 0.035, ink)


def person(
    sheet: Sheet, x: float, y: float, height: float, ink: Ink, hat: Ink | None = None
) -> None:
    """Somebody standing or walking, seen against the light; with a cone hat if one is given."""
    rng = sheet.rng
    head, shoulder, hem = y - height * 0.925, y - height * 0.79, y - height * rng.uniform(0.3, 0.42)
    wide, skirt = height * rng.uniform(0.13, 0.16), height * rng.uniform(0.13, 0.18)
    stride = height * rng.uniform(0.03, 0.12)
    sheet.polygon(
        [
            (x - wide * 0.5, shoulder - height * 0.03),
            (x + wide * 0.5, shoulder - height * 0.03),
            (x + wide, shoulder + height * 0.07),
            (x + skirt, hem + height * 0.03),
            (x - skirt, hem + height * 0.03),
            (x - wide, shoulder + height * 0.07),
        ],
        ink,
    )
    sheet.stroke((x - skirt * 0.45, hem), (x - stride, y), height * 0.1, height * 0.055, ink)
    sheet.stroke((x + skirt * 0.45, hem), (x + stride, y), height * 0.1, height * 0.055, ink)
    sheet.rect(x - height * 0.028, head, height * 0.056, height * 0.13, ink)
    sheet.disc(x, head, height * 0.072, ink, 1.08)
    if hat is not None:
        brim = height * 0.2
        sheet.polygon(
            [
                (x - brim, head - height * 0.01),
                (x, head - height * 0.14),
                (x + brim, head - height * 0.01),
            ],
            hat,
        )


HORSE: tuple[Point, ...] = (
    (0.10, 0.41),
    (0.14, 0.36),
    (0.25, 0.34),
    (0.45, 0.38),
    (0.60, 0.34),
    (0.68, 0.25),
    (0.75, 0.12),
    (0.80, 0.05),
    (0.83, 0.10),
    (0.90, 0.16),
    (0.98, 0.25),
    (0.95, 0.30),
    (0.86, 0.26),
    (0.81, 0.40),
    (0.75, 0.54),
    (0.62, 0.60),
    (0.45, 0.62),
    (0.28, 0.59),
    (0.14, 0.58),
)
GRAZING: tuple[Point, ...] = (
    (0.10, 0.41),
    (0.14, 0.36),
    (0.25, 0.34),
    (0.45, 0.38),
    (0.60, 0.35),
    (0.70, 0.40),
    (0.82, 0.60),
    (0.90, 0.76),
    (0.98, 0.90),
    (0.93, 0.95),
    (0.85, 0.86),
    (0.76, 0.68),
    (0.66, 0.59),
    (0.45, 0.62),
    (0.28, 0.59),
    (0.14, 0.58),
)
CAMEL: tuple[Point, ...] = (
    (0.10, 0.50),
    (0.17, 0.42),
    (0.30, 0.38),
    (0.37, 0.28),
    (0.43, 0.23),
    (0.49, 0.28),
    (0.56, 0.38),
    (0.66, 0.43),
    (0.73, 0.46),
    (0.79, 0.38),
    (0.82, 0.22),
    (0.86, 0.12),
    (0.92, 0.10),
    (1.01, 0.15),
    (1.01, 0.20),
    (0.93, 0.21),
    (0.90, 0.28),
    (0.88, 0.44),
    (0.81, 0.58),
    (0.70, 0.64),
    (0.45, 0.66),
    (0.28, 0.63),
    (0.14, 0.60),
)


def animal(
    sheet: Sheet,
    shape: tuple[Point, ...],
    x: float,
    y: float,
    size: float,
    ink: Ink,
    left: bool = False,
) -> None:
    """A horse or a camel with its hooves at y."""
    side = -1.0 if left else 1.0

    def at(px: float, py: float) -> Point:
        return x + side * (px - 0.5) * size, y - (1 - py) * size * 0.86

    sheet.polygon([at(px, py) for px, py in shape], ink)
    for knee, hoof in ((0.17, 0.15), (0.27, 0.31), (0.64, 0.61), (0.73, 0.76)):
        sheet.stroke(at(knee, 0.55), at(hoof, 1.0), size * 0.075, size * 0.032, ink)
    sheet.line([at(0.11, 0.41), at(0.05, 0.50), at(0.05, 0.70)], size * 0.035, ink)


def lantern(sheet: Sheet, x: float, y: float, size: float, ink: Ink, cap: Ink) -> None:
    """A round paper lantern hanging at (x, y)."""
    sheet.disc(x, y, size, ink, 0.82)
    sheet.rect(x - size * 0.4, y - size * 0.95, size * 0.8, size * 0.2, cap)
    sheet.rect(x - size * 0.4, y + size * 0.75, size * 0.8, size * 0.2, cap)
    sheet.line([(x, y + size * 0.9), (x, y + size * 1.5)], max(1.0, size * 0.08), cap)


def tower(sheet: Sheet, x: float, base: float, wide: float, high: float, ink: Ink) -> None:
    """One tall building with one of five tops."""
    top, kind = base - high, sheet.rng.randrange(5)
    sheet.rect(x, top, wide, high, ink)
    if kind == 0:
        sheet.polygon([(x, top), (x + wide, top), (x + wide, top - wide * 0.5)], ink)
    elif kind == 1:
        sheet.rect(x + wide * 0.2, top - wide * 0.4, wide * 0.6, wide * 0.4, ink)
        sheet.rect(x + wide * 0.36, top - wide * 0.75, wide * 0.28, wide * 0.4, ink)
        sheet.stroke(
            (x + wide / 2, top - wide * 0.7), (x + wide / 2, top - wide * 1.8), 5, 1.5, ink
        )
    elif kind == 2:
        sheet.disc(x + wide / 2, top, wide / 2, ink, 0.7)
    elif kind == 3:
        sheet.rect(x + wide * 0.1, top - 16, wide * 0.3, 16, ink)
        sheet.line([(x + wide * 0.7, top), (x + wide * 0.7, top - 40)], 3, ink)


def towers(sheet: Sheet, base: float, low: float, high: float, ink: Ink, centre: float) -> None:
    """A row of towers that rises towards its centre."""
    rng = sheet.rng
    x = -30.0
    while x < WIDTH + 30:
        wide = rng.uniform(44, 104)
        pull = math.exp(-(((x - centre) / 420) ** 2))
        tower(sheet, x, base, wide, low + (high - low) * (pull * 0.75 + rng.random() * 0.25), ink)
        x += wide + rng.uniform(-6, 16)


def sampan(sheet: Sheet, x: float, y: float, length: float, ink: Ink) -> None:
    """A slim boat with raised ends; y is the waterline."""
    half, lift = length / 2, length * 0.13
    curve = [
        (x - half, y - lift * 1.15),
        (x - half * 0.7, y - lift * 0.45),
        (x - half * 0.3, y - lift * 0.2),
        (x + half * 0.3, y - lift * 0.2),
        (x + half * 0.72, y - lift * 0.5),
        (x + half, y - lift * 1.35),
    ]
    keel = [
        (x + half * 0.78, y + lift * 0.1),
        (x + half * 0.4, y + lift * 0.42),
        (x - half * 0.4, y + lift * 0.42),
        (x - half * 0.78, y + lift * 0.1),
    ]
    sheet.polygon([*curve, *keel], ink)
