"""Sky: a dish, a rocket, an airfield."""

from __future__ import annotations

import math

from newsapp.demo.pictures.figures import (
    birds,
    ground,
    height_at,
    hills,
    person,
    ridge,
)
from newsapp.demo.pictures.inks import Ink, mix
from newsapp.demo.pictures.sheet import HEIGHT, WIDTH, Point, Sheet


def dish(sheet: Sheet) -> None:
    """A radio dish under the turning stars."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(900)
    pole = (rng.uniform(1020, 1200), rng.uniform(240, 340))
    for _ in range(150):
        radius, start = rng.uniform(30, 1150), rng.uniform(0, 360)
        glow = mix(inks.sky[1], inks.light, rng.uniform(0.25, 0.8))
        sheet.arc(
            *pole, radius, start, start + rng.uniform(9, 26), rng.choice((1.2, 1.6, 2.4)), glow
        )
    sheet.disc(*pole, 4, inks.light)
    sheet.graded(ground(ridge(rng, 820, 150, 0.46)), inks.far, mix(inks.far, inks.sky[2], 0.6), 0.5)
    sheet.veil(720, 900, inks.sky[2], 0.4)
    hill = hills(rng, 940, 90, 1.2)
    for x, size in (
        (rng.uniform(1080, 1180), 90),
        (rng.uniform(1260, 1340), 70),
        (rng.uniform(160, 260), 76),
    ):
        _antenna(
            sheet,
            x,
            height_at(hill, x) + 12,
            size,
            mix(inks.mid, inks.near, 0.4),
            mix(inks.light, inks.mid, 0.55),
        )
    sheet.graded(ground(hill), inks.near, inks.ink)
    x = rng.uniform(600, 700)
    _antenna(sheet, x, 965, 330, inks.ink, inks.light)
    sheet.graded(ground(hills(rng, 1020, 60, 1.0)), inks.ink, inks.ink)
    sheet.rect(x + 250, 940, 110, 60, inks.ink)
    sheet.polygon([(x + 240, 942), (x + 305, 910), (x + 370, 942)], inks.ink)
    sheet.rect(x + 285, 956, 22, 22, inks.warm)
    sheet.disc(x + 305, 905, 5, inks.accent)
    person(sheet, x + 180, 1006, 70, inks.ink)


def _antenna(sheet: Sheet, x: float, base: float, radius: float, ink: Ink, face: Ink) -> None:
    """A dish looking up to the right on a lattice foot."""
    tilt = -0.72
    centre = (x, base - radius * 1.32)

    def turn(px: float, py: float) -> Point:
        return (
            centre[0] + radius * (px * math.cos(tilt) - py * math.sin(tilt)),
            centre[1] + radius * (px * math.sin(tilt) + py * math.cos(tilt)),
        )

    wide = max(2.0, radius * 0.035)
    for foot in (-0.5, -0.15, 0.2, 0.55):
        sheet.stroke(
            (x + foot * radius, base),
            (x + foot * radius * 0.25, centre[1] + radius * 0.2),
            wide * 1.4,
            wide,
            ink,
        )
    for level in (0.3, 0.62):
        half = radius * 0.5 * (1 - level * 0.62)
        sheet.rect(x - half, base - radius * level, half * 2, wide, ink)
    # The face looks along its own x axis: an ellipse foreshortened on it.
    rim = [turn(0.18 * math.cos(a), math.sin(a)) for a in (math.tau * t / 48 for t in range(48))]
    back = [
        turn(-0.46 * math.cos(a) - 0.02, math.sin(a))
        for a in (-math.pi / 2 + math.pi * t / 24 for t in range(25))
    ]
    sheet.polygon(back, ink)
    sheet.polygon(rim, face)
    sheet.polygon(
        [
            turn(0.18 * math.cos(a), math.sin(a))
            for a in (-math.pi / 2 + math.pi * t / 24 for t in range(25))
        ],
        mix(face, ink, 0.28),
    )
    for ray in (-0.66, -0.33, 0.0, 0.33, 0.66):
        sheet.line(
            [
                turn(0.17 * math.sqrt(1 - ray * ray), ray),
                turn(-0.17 * math.sqrt(1 - ray * ray), ray * 0.8),
            ],
            max(1.0, wide * 0.3),
            mix(face, ink, 0.45),
        )
    feed = turn(0.72, 0)
    for strut in (-0.94, 0.94, 0.1):
        sheet.line([turn(0.02, strut), feed], max(1.5, wide * 0.55), ink)
    sheet.disc(*feed, radius * 0.06, ink)


def rocket(sheet: Sheet) -> None:
    """A rocket climbing away from its tower over a bay."""
    rng, inks = sheet.rng, sheet.inks
    shore = 860.0
    sheet.sky(shore)
    for _ in range(90):
        sheet.disc(
            rng.uniform(0, 1600),
            rng.uniform(0, 560),
            rng.uniform(0.8, 2.2),
            mix(inks.sky[0], inks.light, 0.6),
        )
    pad = (rng.uniform(600, 720), shore - 20)
    tip = (pad[0] + rng.uniform(90, 150), 290.0)
    sheet.glow(tip[0], tip[1] + 120, 420, inks.warm, 0.75)
    _plume(sheet, pad, (tip[0], tip[1] + 90))
    sheet.polygon(
        [
            (tip[0] - 15, tip[1] + 66),
            (tip[0] + 15, tip[1] + 66),
            (tip[0] + 4, tip[1] + 190),
            (tip[0] - 8, tip[1] + 190),
        ],
        inks.light,
    )
    _vehicle(sheet, tip)
    sheet.graded(ground(hills(rng, shore + 6, 60, 1.4)), inks.near, inks.ink)
    x = pad[0] - 120
    for leg in (0, 44):
        sheet.rect(x + leg, shore - 300, 7, 300, inks.ink)
    for level in range(9):
        y = shore - 300 + level * 34
        sheet.line([(x, y), (x + 48, y + 34)], 3, inks.ink)
        sheet.line([(x + 48, y), (x, y + 34)], 3, inks.ink)
        sheet.rect(x, y, 50, 4, inks.ink)
    sheet.stroke((x + 24, shore - 296), (x + 24, shore - 366), 5, 2, inks.ink)
    for mast in (pad[0] - 330, pad[0] + 230):
        sheet.stroke((mast, shore), (mast, shore - 250), 10, 2, inks.ink)
    sheet.reflect(shore + 12, 190, inks.ink, 0.6)
    sheet.glints(tip[0] - 20, shore + 24, HEIGHT - 20, 46, mix(inks.warm, inks.light, 0.5), 70)
    for x, high in ((1130, 96), (1190, 104), (1236, 72), (1300, 100)):
        person(sheet, x + rng.uniform(-12, 12), 1062, high * 1.5, inks.ink)


def _plume(sheet: Sheet, foot: Point, top: Point) -> None:
    """Smoke that widens towards the ground and rolls away along it."""
    rng, inks = sheet.rng, sheet.inks
    puffs: list[tuple[float, float, float]] = []
    for step in range(46):
        t = step / 45
        bend = (top[0] - foot[0]) * (1 - t) ** 1.8
        puffs.append(
            (
                foot[0] + bend + rng.uniform(-8, 8) * t * 3,
                top[1] + (foot[1] - top[1]) * t,
                8 + 46 * t**1.5,
            )
        )
    for _ in range(34):
        reach = rng.gauss(0, 190)
        puffs.append(
            (
                foot[0] + reach,
                foot[1] + 10 - rng.random() * 60 * math.exp(-((reach / 200) ** 2)),
                rng.uniform(34, 70),
            )
        )
    for offset, size, ink in (
        (0.22, 1.1, mix(inks.far, inks.sky[2], 0.25)),
        (0.0, 1.0, mix(inks.light, inks.far, 0.3)),
        (-0.2, 0.72, mix(inks.light, inks.warm, 0.16)),
    ):
        for x, y, radius in puffs:
            sheet.disc(x + radius * offset, y + radius * offset * 0.6, radius * size, ink)


def _vehicle(sheet: Sheet, tip: Point) -> None:
    inks = sheet.inks
    x, y = tip
    sheet.polygon(
        [(x, y - 170), (x + 17, y - 122), (x + 19, y + 60), (x - 19, y + 60), (x - 17, y - 122)],
        inks.light,
    )
    sheet.polygon(
        [(x + 2, y - 166), (x + 17, y - 122), (x + 19, y + 60), (x + 4, y + 60)],
        mix(inks.light, inks.mid, 0.45),
    )
    for side in (-1, 1):
        sheet.polygon(
            [
                (x + side * 20, y - 40),
                (x + side * 34, y - 18),
                (x + side * 34, y + 66),
                (x + side * 20, y + 66),
            ],
            mix(inks.light, inks.mid, 0.25),
        )
    sheet.rect(x - 18, y - 92, 36, 9, inks.ink)
    sheet.rect(x - 19, y + 6, 38, 9, inks.ink)
    sheet.rect(x - 17, y - 122, 34, 6, inks.accent)


def airfield(sheet: Sheet) -> None:
    """An aircraft lifting off past a control tower."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(820)
    sun = (rng.uniform(560, 700), rng.uniform(420, 520))
    sheet.glow(*sun, 420, inks.light, 0.5)
    sheet.sun(*sun, 60)
    for _ in range(6):
        sheet.disc(
            rng.uniform(0, 1600),
            rng.uniform(120, 620),
            rng.uniform(200, 460),
            mix(inks.sky[1], inks.light, 0.5),
            0.03,
        )
    sheet.graded(ground(ridge(rng, 800, 130, 0.45)), inks.far, inks.sky[2], 0.4)
    sheet.rect(0, 806, WIDTH, 300, inks.near)
    sheet.polygon(
        [(700, 812), (760, 812), (1380, 1100), (300, 1100)], mix(inks.near, inks.far, 0.4)
    )
    for mark in range(7):
        t, u = (mark / 7) ** 2, ((mark + 0.55) / 7) ** 2
        a, b = 730 + 110 * t, 730 + 110 * u
        sheet.polygon(
            [
                (a - 2 - 13 * t, 816 + 270 * t),
                (a + 2 + 13 * t, 816 + 270 * t),
                (b + 2 + 13 * u, 816 + 270 * u),
                (b - 2 - 13 * u, 816 + 270 * u),
            ],
            inks.light,
        )
    tower = rng.uniform(1080, 1200)
    sheet.stroke((tower, 830), (tower, 520), 62, 40, inks.ink)
    sheet.polygon(
        [(tower - 84, 520), (tower + 84, 520), (tower + 60, 560), (tower - 60, 560)], inks.ink
    )
    sheet.polygon(
        [(tower - 76, 468), (tower + 76, 468), (tower + 84, 520), (tower - 84, 520)], inks.warm
    )
    for pane in range(-3, 4):
        sheet.rect(tower + pane * 23 - 2, 468, 4, 52, inks.ink)
    sheet.rect(tower - 88, 454, 176, 15, inks.ink)
    sheet.stroke((tower, 454), (tower, 380), 6, 2, inks.ink)
    sheet.rect(tower + 110, 730, 500, 90, inks.ink)
    for pane in range(14):
        sheet.rect(tower + 124 + pane * 30, 752, 18, 26, inks.warm)
    _aircraft(sheet, rng.uniform(560, 690), rng.uniform(280, 350))
    birds(sheet, 360, 640, 5, inks.near)


def _aircraft(sheet: Sheet, x: float, y: float) -> None:
    inks = sheet.inks
    tilt = -0.2

    def turn(px: float, py: float) -> Point:
        return x + px * math.cos(tilt) - py * math.sin(tilt), y + px * math.sin(
            tilt
        ) + py * math.cos(tilt)

    def shape(points: list[Point], ink: Ink) -> None:
        sheet.polygon([turn(px, py) for px, py in points], ink)

    shape([(-40, 4), (30, 4), (-120, 96), (-160, 96)], inks.near)
    shape(
        [
            (270, -8),
            (252, -24),
            (210, -36),
            (-220, -36),
            (-330, -24),
            (-352, -20),
            (-250, 22),
            (-120, 34),
            (200, 32),
            (254, 16),
        ],
        inks.light,
    )
    shape(
        [(270, -4), (254, 16), (200, 32), (-120, 34), (-250, 22), (-300, 2)],
        mix(inks.light, inks.mid, 0.4),
    )
    shape([(-262, -32), (-226, -34), (-306, -132), (-346, -132)], inks.near)
    shape([(-270, -10), (-222, -8), (-322, 40), (-352, 40)], inks.mid)
    shape([(40, 10), (110, 10), (-90, 150), (-136, 150)], mix(inks.mid, inks.near, 0.4))
    shape([(40, 58), (56, 48), (110, 50), (112, 76), (50, 78)], inks.ink)
    for pane in range(17):
        shape(
            [
                (170 - pane * 20, -18),
                (179 - pane * 20, -18),
                (179 - pane * 20, -7),
                (170 - pane * 20, -7),
            ],
            inks.near,
        )
    shape([(238, -24), (256, -16), (232, -14), (222, -25)], inks.ink)
