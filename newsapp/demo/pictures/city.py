"""Cities: skylines, domes, a pagoda, a bridge."""

from __future__ import annotations

import math

from newsapp.demo.pictures.figures import (
    birds,
    cloud_pine,
    crown,
    every,
    ground,
    height_at,
    hills,
    person,
    ridge,
    towers,
)
from newsapp.demo.pictures.inks import Ink, mix
from newsapp.demo.pictures.sheet import HEIGHT, WIDTH, Point, Sheet


def skyline(sheet: Sheet) -> None:
    """A city over its river."""
    rng, inks = sheet.rng, sheet.inks
    line = 760
    sheet.sky(line)
    centre = rng.uniform(620, 980)
    sun = (centre + rng.choice((-1, 1)) * rng.uniform(230, 330), rng.uniform(290, 420))
    sheet.glow(*sun, 400, inks.light, 0.5)
    sheet.sun(*sun, 60)
    for _ in range(5):
        sheet.disc(
            rng.uniform(0, 1600),
            rng.uniform(120, 400),
            rng.uniform(180, 420),
            mix(inks.sky[1], inks.light, 0.4),
            0.03,
        )
    towers(sheet, line, 110, 330, mix(inks.far, inks.sky[2], 0.35), centre + 200)
    sheet.veil(line - 260, line, inks.sky[2], 0.6)
    towers(sheet, line, 110, 470, mix(inks.far, inks.mid, 0.6), centre - 60)
    sheet.veil(line - 180, line + 10, inks.sky[2], 0.5)
    mast = centre + rng.uniform(-40, 40)
    rng.choice((_spire, _twins, _sail))(sheet, mast, line, rng.uniform(540, 620))
    towers(sheet, line, 60, 250, inks.near, centre + rng.choice((-380, 380)))
    for _ in range(70):
        sheet.rect(rng.uniform(0, 1600), rng.uniform(line - 110, line - 20), 5, 8, inks.warm)
    sheet.rect(0, line - 16, WIDTH, 16, inks.ink)
    for x in every(10, 1600, 74):
        crown(sheet, x + rng.uniform(-20, 20), line - 8, rng.uniform(22, 34), inks.ink)
    sheet.reflect(line, HEIGHT - line, inks.water, 0.6)
    sheet.fade(line, HEIGHT, inks.near, 0.05, 0.5)
    sheet.glints(sun[0], line + 14, HEIGHT - 20, 90, mix(inks.light, inks.sky[2], 0.4), 50)
    x = rng.uniform(520, 1020)
    sheet.polygon([(x - 130, 900), (x + 150, 900), (x + 118, 926), (x - 106, 926)], inks.ink)
    sheet.rect(x - 84, 872, 176, 28, inks.light)
    for pane in range(7):
        sheet.rect(x - 76 + pane * 24, 879, 15, 11, inks.near)
    sheet.rect(x - 60, 856, 128, 16, inks.near)


def _spire(sheet: Sheet, x: float, base: float, height: float) -> None:
    """A telecommunications tower: two pods on a tapering shaft."""
    inks = sheet.inks
    ink = mix(inks.near, inks.mid, 0.3)
    sheet.stroke((x, base), (x, base - height * 0.62), 54, 14, ink)
    sheet.stroke((x, base - height * 0.6), (x, base - height), 12, 1.5, ink)
    sheet.disc(x, base - height * 0.6, 38, ink, 0.62)
    sheet.rect(x - 36, base - height * 0.605, 72, 5, inks.light)
    sheet.disc(x, base - height * 0.78, 18, ink, 0.7)
    sheet.disc(x, base - height, 4, inks.accent)


def _twins(sheet: Sheet, x: float, base: float, height: float) -> None:
    """Two stepped towers joined by a bridge."""
    inks = sheet.inks
    ink = mix(inks.near, inks.mid, 0.3)
    for side in (-1, 1):
        at = x + side * 62
        for half, share in ((38, 0.62), (31, 0.76), (23, 0.86), (13, 0.92)):
            sheet.rect(at - half, base - height * share, half * 2, height * share, ink)
        sheet.stroke((at, base - height * 0.9), (at, base - height), 6, 1.5, ink)
        for floor in range(12):
            sheet.rect(
                at - 26, base - height * 0.58 + floor * 24, 52, 2.5, mix(ink, inks.light, 0.3)
            )
    sheet.rect(x - 30, base - height * 0.42, 60, 12, ink)
    sheet.line([(x, base - height * 0.41), (x - 30, base - height * 0.3)], 3, ink)
    sheet.line([(x, base - height * 0.41), (x + 30, base - height * 0.3)], 3, ink)


def _sail(sheet: Sheet, x: float, base: float, height: float) -> None:
    """One very tall tower that narrows in a curve."""
    inks = sheet.inks
    ink = mix(inks.near, inks.mid, 0.3)
    left = [
        (x - 62 * (1 - t) ** 0.6, base - height * 0.86 * t)
        for t in (step / 10 for step in range(11))
    ]
    right = [
        (x + 62 * (1 - t**2.2), base - height * 0.86 * t) for t in (step / 10 for step in range(11))
    ]
    sheet.polygon([*left, *reversed(right)], ink)
    sheet.polygon(
        [*((px + 0.4 * (x - px) + 8, py) for px, py in right), *reversed(right)],
        mix(ink, inks.ink, 0.35),
    )
    for floor in range(1, 18):
        t = floor / 20
        sheet.rect(
            x - 54 * (1 - t) ** 0.6,
            base - height * 0.86 * t,
            54 * (1 - t) ** 0.6,
            2.5,
            mix(ink, inks.light, 0.3),
        )
    sheet.stroke((x, base - height * 0.84), (x, base - height), 5, 1.5, ink)


def minarets(sheet: Sheet) -> None:
    """Domes and minarets above the roofs of an old city."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(860)
    sun = (rng.uniform(520, 660), rng.uniform(380, 480))
    sheet.glow(*sun, 420, inks.light, 0.55)
    sheet.sun(*sun, 62)
    sheet.graded(ground(ridge(rng, 760, 150, 0.42)), inks.far, inks.sky[2], 0.4)
    for _ in range(6):
        x = rng.uniform(60, 1540)
        _minaret(sheet, x, 860, rng.uniform(260, 360), mix(inks.far, inks.mid, 0.5))
        _dome(
            sheet,
            x + rng.choice((-90, 90)),
            800,
            rng.uniform(44, 64),
            mix(inks.far, inks.mid, 0.5),
            False,
        )
    sheet.veil(600, 860, inks.sky[2], 0.6)
    main = rng.uniform(800, 940)
    for offset, high in ((-380, 600.0), (380, 600.0), (-250, 520.0), (250, 520.0)):
        _minaret(sheet, main + offset, 900, high, mix(inks.mid, inks.near, 0.5))
    sheet.rect(main - 230, 700, 460, 220, inks.near)
    for offset, radius in ((-175, 62), (175, 62)):
        _dome(sheet, main + offset, 712, radius, inks.near, True)
    sheet.rect(main - 128, 590, 256, 130, mix(inks.near, inks.mid, 0.35))
    for pane in range(7):
        _arch(sheet, main - 108 + pane * 36, 690, 16, 56, inks.warm)
    _dome(sheet, main, 600, 128, inks.near, True)
    for pane in (-150, -75, 0, 75, 150):
        _arch(sheet, main + pane - 20, 905, 40, 130, inks.ink if pane else inks.warm)
    birds(sheet, main - 130, 280, 11, inks.near)
    x = -20.0
    while x < WIDTH:
        wide, high = rng.uniform(70, 170), rng.uniform(60, 150)
        ink = mix(inks.ink, inks.near, rng.uniform(0, 0.4))
        sheet.rect(x, 985 - high, wide, 300, ink)
        if rng.random() < 0.3:
            _dome(sheet, x + wide / 2, 990 - high, wide * 0.3, ink, False)
        for _ in range(3):
            sheet.rect(
                x + rng.uniform(10, wide - 20), 1000 - high + rng.uniform(6, 60), 9, 14, inks.warm
            )
        x += wide
    for _ in range(9):
        _cypress(sheet, rng.uniform(0, 1600), 1010, rng.uniform(120, 210))


def _dome(sheet: Sheet, x: float, y: float, radius: float, ink: Ink, finial: bool) -> None:
    """An onion-shouldered dome springing at y."""
    left: list[Point] = []
    for step in range(15):
        t = step / 14
        swell = 1.0 + 0.1 * math.sin(math.pi * min(1.0, t * 1.7))
        left.append((radius * math.cos(t * math.pi / 2) ** 0.75 * swell, radius * 1.22 * t))
    shape = [(x - dx, y - dy) for dx, dy in left] + [(x + dx, y - dy) for dx, dy in reversed(left)]
    sheet.polygon(shape, ink)
    lit = [(x + dx * 0.86, y - dy * 0.97) for dx, dy in left[1:-1]]
    inner = [(x + dx * 0.5, y - dy * 0.97) for dx, dy in left[1:-1]]
    sheet.polygon([*lit, *reversed(inner)], mix(ink, sheet.inks.sky[2], 0.16))
    sheet.rect(
        x - radius * 1.05,
        y - radius * 0.06,
        radius * 2.1,
        radius * 0.14,
        mix(ink, sheet.inks.light, 0.22),
    )
    if finial:
        top = y - radius * 1.22
        sheet.stroke((x, top + 4), (x, top - radius * 0.5), 7, 2, ink)
        sheet.disc(x, top - radius * 0.16, radius * 0.06 + 2, sheet.inks.warm)


def _minaret(sheet: Sheet, x: float, base: float, height: float, ink: Ink) -> None:
    wide = height * 0.038
    top = base - height
    sheet.stroke((x, base), (x, top + height * 0.14), wide * 2.3, wide * 1.7, ink)
    for level in (0.34, 0.62):
        sheet.rect(x - wide * 1.6, top + height * level, wide * 3.2, height * 0.018, ink)
        sheet.polygon(
            [
                (x - wide, top + height * (level + 0.04)),
                (x + wide, top + height * (level + 0.04)),
                (x + wide * 1.6, top + height * level),
                (x - wide * 1.6, top + height * level),
            ],
            ink,
        )
    sheet.polygon(
        [(x - wide * 1.1, top + height * 0.15), (x, top), (x + wide * 1.1, top + height * 0.15)],
        ink,
    )


def _arch(sheet: Sheet, x: float, base: float, wide: float, high: float, ink: Ink) -> None:
    sheet.polygon(
        [
            (x, base),
            (x, base - high * 0.6),
            (x + wide * 0.2, base - high * 0.84),
            (x + wide / 2, base - high),
            (x + wide * 0.8, base - high * 0.84),
            (x + wide, base - high * 0.6),
            (x + wide, base),
        ],
        ink,
    )


def _cypress(sheet: Sheet, x: float, y: float, height: float) -> None:
    half = height * 0.1
    shape = [
        (x, y - height),
        (x + half * 0.6, y - height * 0.66),
        (x + half, y - height * 0.3),
        (x + half * 0.6, y),
        (x - half * 0.6, y),
        (x - half, y - height * 0.3),
        (x - half * 0.6, y - height * 0.66),
    ]
    sheet.polygon(shape, sheet.inks.ink)


def pagoda(sheet: Sheet) -> None:
    """A tall pagoda above trees and mist."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(900)
    x, base = rng.uniform(660, 820), 900.0
    sun = (x + rng.uniform(210, 300), rng.uniform(230, 330))
    sheet.glow(*sun, 360, inks.light, 0.5)
    sheet.sun(*sun, 66)
    sheet.graded(ground(ridge(rng, 640, 240, 0.46)), inks.far, inks.sky[2], 0.45)
    sheet.graded(ground(ridge(rng, 760, 190, 0.46)), mix(inks.far, inks.mid, 0.6), inks.sky[2], 0.5)
    sheet.veil(560, 880, inks.sky[2], 0.75)
    trees = hills(rng, 900, 80, 2)
    for at in every(-20, 1640, 56):
        crown(
            sheet,
            at + rng.uniform(-20, 20),
            height_at(trees, at) + 60,
            rng.uniform(70, 110),
            mix(inks.leaf, inks.mid, 0.45),
        )
    sheet.veil(760, 960, inks.sky[2], 0.5)
    _tiers(sheet, x, base)
    front = hills(rng, 1000, 70, 1.3)
    sheet.graded(ground(front), inks.near, inks.ink)
    for at in every(-20, 1640, 74):
        if abs(at - x) > 120:
            crown(
                sheet,
                at + rng.uniform(-24, 24),
                height_at(front, at) + 40,
                rng.uniform(70, 130),
                mix(inks.near, inks.leaf, rng.uniform(0, 0.5)),
            )
    for at in (rng.uniform(120, 300), rng.uniform(1260, 1480)):
        cloud_pine(sheet, at, 1080, rng.uniform(480, 640), inks.ink)
    for step in range(9):
        half = 40 + step * 9
        sheet.rect(
            x - half, 905 + step * 19, half * 2, 9, mix(inks.light, inks.mid, 0.3 + step * 0.05)
        )
    person(sheet, x - 30, 1000, 60, inks.ink)
    person(sheet, x + 16, 968, 52, inks.ink)
    birds(sheet, sun[0] + 60, 170, 7, inks.near)


def _tiers(sheet: Sheet, x: float, base: float) -> None:
    inks = sheet.inks
    tiers = sheet.rng.choice((5, 5, 7))
    high, half, y = 640 / tiers, 158.0, base
    for _ in range(tiers):
        wall = high * 0.58
        body = half * 0.56
        sheet.rect(x - body, y - wall, body * 2, wall, mix(inks.near, inks.warm, 0.22))
        for post in range(5):
            sheet.rect(x - body + post * body * 0.475, y - wall, body * 0.1, wall, inks.ink)
        sheet.rect(x - body * 0.2, y - wall * 0.62, body * 0.4, wall * 0.5, inks.warm)
        sheet.rect(x - body * 1.16, y - wall * 0.2, body * 2.32, wall * 0.1, inks.ink)
        eave, ridge_y = y - wall, y - high - wall * 0.08
        sheet.polygon(
            [
                (x - half * 1.06, eave - high * 0.1),
                (x - half * 0.8, eave - high * 0.02),
                (x - body, eave + 2),
                (x + body, eave + 2),
                (x + half * 0.8, eave - high * 0.02),
                (x + half * 1.06, eave - high * 0.1),
                (x + half * 0.74, eave - high * 0.16),
                (x + body * 0.72, ridge_y),
                (x - body * 0.72, ridge_y),
                (x - half * 0.74, eave - high * 0.16),
            ],
            inks.ink,
        )
        y -= high
        half *= 0.9
    sheet.stroke((x, y + 6), (x, y - 120), 12, 3, inks.ink)
    for loop in range(6):
        sheet.disc(x, y - 22 - loop * 13, 13 - loop * 1.3, inks.ink, 0.3)


def bridge(sheet: Sheet) -> None:
    """A suspension bridge in fog, a ferry under it."""
    rng, inks = sheet.rng, sheet.inks
    water = 800
    sheet.sky(water)
    sun = (rng.uniform(900, 1120), rng.uniform(210, 300))
    sheet.glow(*sun, 380, inks.light, 0.5)
    sheet.sun(*sun, 52)
    sheet.graded(ground(ridge(rng, 770, 230, 0.45)), inks.far, inks.sky[2], 0.4)
    towers(sheet, 790, 20, 130, mix(inks.far, inks.sky[2], 0.3), 1300)
    sheet.veil(560, 830, inks.sky[2], 0.85)
    _span(sheet, water)
    sheet.reflect(water, HEIGHT - water, inks.water, 0.45)
    sheet.fade(water, HEIGHT, inks.near, 0.0, 0.45)
    sheet.veil(690, 900, inks.sky[2], 0.45)
    sheet.glints(sun[0], water + 20, HEIGHT - 20, 100, inks.light, 40)
    x = rng.uniform(640, 900)
    sheet.polygon([(x - 150, 850), (x + 170, 842), (x + 140, 888), (x - 120, 888)], inks.ink)
    sheet.rect(x - 96, 808, 210, 38, inks.light)
    sheet.rect(x - 66, 782, 130, 28, mix(inks.light, inks.mid, 0.3))
    for pane in range(8):
        sheet.rect(x - 86 + pane * 25, 817, 14, 12, inks.near)
    sheet.polygon([(x + 20, 782), (x + 24, 742), (x + 54, 742), (x + 56, 782)], inks.accent)
    sheet.polygon(
        [(x - 230, 892), (x - 120, 884), (x + 140, 884), (x + 60, 896)],
        mix(inks.light, inks.water, 0.3),
    )


def _span(sheet: Sheet, water: float) -> None:
    """The bridge, its near tower large and its far tower small."""
    inks = sheet.inks
    near_x, far_x = 420.0, 1290.0

    def deck(x: float) -> float:
        return 640 - 70 * (x - near_x) / (far_x - near_x) + 16 * ((x - near_x) / 870) ** 2

    for x, top, wide, ink in ((far_x, 330.0, 16.0, inks.mid), (near_x, 110.0, 34.0, inks.ink)):
        for leg in (-1.6, 1.6):
            sheet.stroke(
                (x + leg * wide * 1.15, water + 6),
                (x + leg * wide * 0.8, top),
                wide,
                wide * 0.8,
                ink,
            )
        for level in (0.0, 0.26, 0.52):
            sheet.rect(x - wide * 1.6, top + 8 + (water - top) * level, wide * 3.2, wide * 0.7, ink)
        sheet.rect(x - wide * 3, water - wide, wide * 6, wide * 1.2, ink)
    cable: list[Point] = []
    for step in range(61):
        t = step / 60
        x = near_x + (far_x - near_x) * t
        high = 118 + (335 - 118) * t
        cable.append((x, high + (deck(x) - high - 20) * (1 - (2 * t - 1) ** 2) * 0.98))
    thirds = [step / 10 for step in range(11)]
    ends = [
        [(near_x - 520 * t, 118 + (deck(-100) - 118) * (1.5 * t - 0.5 * t * t)) for t in thirds],
        [(far_x + 330 * t, 335 + (deck(1620) - 335) * (1.5 * t - 0.5 * t * t)) for t in thirds],
    ]
    for x, y in cable[1:-1]:
        sheet.line([(x, y), (x, deck(x))], 1.6, inks.near)
    for index, line in enumerate((cable, *ends)):
        sheet.line(line, 6 if index < 2 else 4, inks.ink if index < 2 else inks.mid)
    levels = range(-60, 1661, 40)
    sheet.polygon(
        [
            *((x, deck(x)) for x in levels),
            *((x, deck(x) + 20 - 9 * x / 1600) for x in reversed(levels)),
        ],
        inks.ink,
    )
    for _ in range(12):
        x = sheet.rng.uniform(20, 1500)
        sheet.rect(x, deck(x) - 9, 22, 10, inks.near)
