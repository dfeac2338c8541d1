"""Ports: a harbour, turbines at sea, a fishing beach."""

from __future__ import annotations

import math

from newsapp.demo.pictures.figures import (
    birds,
    every,
    ground,
    hills,
    person,
    ridge,
    sampan,
)
from newsapp.demo.pictures.inks import Ink, mix
from newsapp.demo.pictures.sheet import HEIGHT, WIDTH, Point, Sheet


def harbour(sheet: Sheet) -> None:
    """A container ship under gantry cranes."""
    rng, inks = sheet.rng, sheet.inks
    quay = 770
    sheet.sky(quay)
    sun = (rng.uniform(500, 1050), rng.uniform(250, 430))
    sheet.glow(*sun, 380, inks.light, 0.5)
    sheet.sun(*sun, 58)
    sheet.graded(ground(ridge(rng, quay - 30, 190, 0.45)), inks.far, inks.sky[2], 0.5)
    for x in every(40, 1600, 150):
        _gantry(
            sheet,
            x + rng.uniform(-40, 40),
            quay,
            rng.uniform(150, 200),
            mix(inks.far, inks.mid, 0.6),
            -1,
        )
    sheet.veil(quay - 130, quay + 40, inks.sky[2], 0.5)
    bow, stern = rng.uniform(250, 330), rng.uniform(1200, 1290)
    sheet.rect(0, quay - 14, WIDTH, 14, mix(inks.near, inks.mid, 0.4))
    _gantry(sheet, stern + 40, quay - 8, 560, inks.near, -1)
    _gantry(
        sheet, rng.uniform(500, 860), quay - 8, rng.uniform(600, 670), inks.ink, rng.choice((-1, 1))
    )
    _boxes(sheet, bow + 150, quay - 92, int((stern - bow - 340) / 52), 5, (52, 27))
    tower = stern - 150
    sheet.rect(tower, quay - 300, 86, 220, inks.light)
    sheet.rect(tower - 22, quay - 312, 130, 16, mix(inks.light, inks.mid, 0.3))
    for deck in range(6):
        sheet.rect(tower + 8, quay - 284 + deck * 30, 70, 8, inks.near)
    sheet.rect(tower + 98, quay - 250, 40, 160, inks.warm)
    sheet.rect(tower + 98, quay - 250, 40, 26, inks.ink)
    sheet.polygon(
        [
            (bow - 64, quay - 132),
            (bow + 40, quay - 98),
            (stern + 26, quay - 92),
            (stern + 8, quay),
            (bow + 20, quay),
        ],
        inks.ink,
    )
    sheet.polygon(
        [(bow + 2, quay - 26), (stern + 13, quay - 26), (stern + 8, quay), (bow + 20, quay)],
        mix(inks.accent, inks.ink, 0.45),
    )
    sheet.reflect(quay, HEIGHT - quay, inks.water, 0.55)
    sheet.fade(quay, HEIGHT, inks.near, 0.0, 0.5)
    sheet.glints(sun[0], quay + 20, HEIGHT - 20, 120, mix(inks.light, inks.sky[2], 0.4), 60)
    _tug(sheet, rng.uniform(420, 1100), 930)
    birds(sheet, sun[0] + 160, 190, 6, inks.near)


def _gantry(sheet: Sheet, x: float, base: float, height: float, ink: Ink, side: float) -> None:
    """A ship-to-shore crane whose arm reaches out to `side`."""
    leg, width = height * 0.17, max(3.0, height * 0.018)
    deck, apex = base - height * 0.64, base - height
    for foot in (-leg, leg):
        sheet.stroke((x + foot, base), (x + foot * 0.92, deck), width * 1.5, width * 1.3, ink)
        sheet.rect(x + foot - width * 2, base - width * 2, width * 4, width * 2, ink)
    for level in (0.2, 0.42):
        sheet.rect(x - leg, base - height * level, leg * 2, width, ink)
    sheet.stroke((x - leg, base - height * 0.42), (x + leg, deck), width * 0.7, width * 0.7, ink)
    reach, back = x + side * height * 0.86, x - side * height * 0.42
    sheet.rect(min(reach, back), deck - width * 1.2, abs(reach - back), width * 1.9, ink)
    top = (x + side * leg * 0.35, apex)
    sheet.stroke((x + side * leg, deck), top, width * 1.1, width * 0.9, ink)
    sheet.stroke((x - side * leg * 0.9, deck), top, width, width * 0.8, ink)
    for end in (x + side * height * 0.5, x + side * height * 0.8, back + side * 8):
        sheet.line([top, (end, deck)], width * 0.4, ink)
    trolley = x + side * height * sheet.rng.uniform(0.35, 0.62)
    sheet.rect(trolley - width * 2, deck, width * 4, width * 2, ink)
    fall = height * sheet.rng.uniform(0.14, 0.3)
    for rope in (-width, width):
        sheet.line([(trolley + rope, deck), (trolley + rope, deck + fall)], width * 0.3, ink)
    sheet.rect(trolley - height * 0.06, deck + fall, height * 0.12, height * 0.045, sheet.inks.warm)
    sheet.rect(back, deck - height * 0.07, height * 0.11, height * 0.07, ink)


def _boxes(sheet: Sheet, x: float, y: float, columns: int, rows: int, size: Point) -> None:
    """Stacked containers, uneven at the top."""
    rng, inks = sheet.rng, sheet.inks
    paints = (
        inks.mid,
        inks.warm,
        inks.leaf,
        inks.far,
        inks.near,
        mix(inks.warm, inks.near, 0.55),
        mix(inks.light, inks.far, 0.4),
    )
    for column in range(columns):
        for row in range(max(1, rows - rng.choice((0, 0, 1, 1, 2)))):
            left, top = x + column * size[0], y - (row + 1) * size[1]
            sheet.rect(left, top, size[0] - 2, size[1] - 1.5, rng.choice(paints))
            sheet.rect(left, top, size[0] - 2, size[1] * 0.14, mix(inks.ink, inks.mid, 0.3))


def _tug(sheet: Sheet, x: float, y: float) -> None:
    inks = sheet.inks
    sheet.polygon([(x - 86, y - 30), (x + 70, y - 24), (x + 62, y + 6), (x - 66, y + 6)], inks.ink)
    sheet.rect(x - 40, y - 70, 58, 42, inks.light)
    sheet.rect(x - 36, y - 62, 50, 10, inks.near)
    sheet.rect(x + 22, y - 62, 15, 36, inks.accent)
    sheet.stroke((x - 12, y - 70), (x - 12, y - 112), 4, 2, inks.ink)
    sheet.polygon(
        [(x - 120, y + 10), (x - 66, y + 2), (x + 150, y + 5), (x + 60, y + 12)],
        mix(inks.light, inks.water, 0.3),
    )


def turbines(sheet: Sheet) -> None:
    """Wind turbines in rows on the sea."""
    rng, inks = sheet.rng, sheet.inks
    horizon = 740
    sheet.sky(horizon)
    sun = (rng.uniform(1000, 1200), horizon - rng.uniform(90, 200))
    sheet.glow(*sun, 420, inks.light, 0.5)
    sheet.sun(*sun, 56)
    for _ in range(6):
        sheet.disc(
            rng.uniform(0, 1600),
            rng.uniform(140, 520),
            rng.uniform(200, 460),
            mix(inks.sky[1], inks.light, 0.45),
            0.03,
        )
    sheet.graded(ground(ridge(rng, horizon, 70, 0.4)), inks.far, inks.sky[2], 0.6)
    sheet.wash(
        horizon,
        HEIGHT,
        [(0.0, mix(inks.water, inks.sky[2], 0.5)), (0.4, inks.water), (1.0, inks.near)],
    )
    spots = []
    for row, count in ((0, 9), (1, 6), (2, 4)):
        for index in range(count):
            spots.append((row, 90 + index * (1440 / (count - 1)) + rng.uniform(-40, 40)))
    for row, x in spots:
        size = (120, 210, 330)[row]
        _turbine(
            sheet, x, horizon + (2, 14, 40)[row], size, mix(inks.light, inks.far, 0.6 - 0.25 * row)
        )
    for level in range(26):
        y = horizon + 12 + level * level * 0.5
        for _ in range(9):
            x, half = rng.uniform(0, 1600), rng.uniform(20, 60) * (0.4 + level / 16)
            sheet.polygon(
                [(x - half, y), (x, y - 1 - level * 0.12), (x + half, y), (x, y + 1)],
                mix(inks.light, inks.water, 0.5 if level % 2 else 0.75),
            )
    _turbine(sheet, rng.uniform(560, 760), 960, 800, inks.light)
    sheet.glints(sun[0], horizon + 8, HEIGHT - 40, 60, mix(inks.accent, inks.light, 0.75), 34)
    _tug(sheet, rng.uniform(960, 1180), 880)


def _turbine(sheet: Sheet, x: float, base: float, height: float, ink: Ink) -> None:
    hub, wide = base - height * 0.66, height * 0.03
    shade = mix(ink, sheet.inks.near, 0.4)
    sheet.stroke((x, base), (x, hub), wide * 1.5, wide * 0.7, ink)
    sheet.stroke((x + wide * 0.4, base), (x + wide * 0.2, hub), wide * 0.6, wide * 0.25, shade)
    sheet.rect(x - wide, base - height * 0.05, wide * 2, height * 0.05, sheet.inks.warm)
    turn = sheet.rng.uniform(0, math.tau / 3)
    for blade in range(3):
        angle = turn + blade * math.tau / 3
        reach = height * 0.36
        tip = (x + math.cos(angle) * reach, hub + math.sin(angle) * reach)
        off = (-math.sin(angle) * wide, math.cos(angle) * wide)
        belly = (
            x + math.cos(angle) * reach * 0.22 + off[0],
            hub + math.sin(angle) * reach * 0.22 + off[1],
        )
        sheet.polygon(
            [
                (x - off[0] * 0.3, hub - off[1] * 0.3),
                tip,
                belly,
                (x + off[0] * 0.3, hub + off[1] * 0.3),
            ],
            ink,
        )
    sheet.disc(x, hub, wide * 0.9, shade)


def boats(sheet: Sheet) -> None:
    """Fishing boats drawn up at a landing before dawn, baskets and buyers around them."""
    rng, inks = sheet.rng, sheet.inks
    shore = 640
    sheet.sky(shore)
    sun = (rng.uniform(620, 980), rng.uniform(300, 420))
    sheet.glow(*sun, 360, inks.light, 0.5)
    sheet.sun(*sun, 52)
    sheet.graded(ground(hills(rng, shore - 20, 110, 1.7)), inks.far, inks.sky[2], 0.35)
    sheet.reflect(shore, 240, inks.water, 0.6)
    for _ in range(7):
        x, y = rng.uniform(60, 1540), rng.uniform(shore + 6, shore + 70)
        sampan(sheet, x, y, 60 + (y - shore), mix(inks.mid, inks.near, 0.5))
        sheet.stroke((x, y - 6), (x + 4, y - 70), 3, 1, inks.near)
    sand = mix(inks.warm, inks.mid, 0.45)
    beach = [
        (-40.0, 820.0),
        *((x, 800 + 26 * math.sin(x / 210)) for x in every(0, 1601, 40)),
        (1640.0, 820.0),
    ]
    sheet.polygon(ground([(x, y - 14) for x, y in beach]), mix(inks.light, inks.water, 0.2))
    sheet.graded(ground(beach), mix(sand, inks.light, 0.2), mix(sand, inks.ink, 0.45))
    for index, x in enumerate((210, 560, 930, 1330)):
        _prow(sheet, x + rng.uniform(-40, 40), 870 + (index % 2) * 34, rng.uniform(300, 350), index)
    for _ in range(9):
        x, y = rng.uniform(60, 1540), rng.uniform(950, 1040)
        size = rng.uniform(120, 150)
        person(sheet, x, y, size, inks.ink)
        if rng.random() < 0.45:
            sheet.disc(x, y - size * 1.02, size * 0.26, mix(inks.light, inks.warm, 0.4), 0.3)
        if rng.random() < 0.7:
            sheet.disc(x + 62, y - 8, 34, mix(inks.light, inks.warm, 0.4), 0.42)
            sheet.disc(x + 62, y - 13, 27, inks.mid, 0.34)


def _prow(sheet: Sheet, x: float, y: float, length: float, index: int) -> None:
    """A high-nosed boat seen from the side, with a mast and a striped hull."""
    inks = sheet.inks
    half = length / 2
    paint = (inks.near, mix(inks.leaf, inks.near, 0.3), inks.mid, mix(inks.warm, inks.near, 0.35))[
        index % 4
    ]

    def hull(rise: float, drop: float) -> list[Point]:
        upper = [
            (x - half * 1.08, y - length * 0.32 * rise),
            (x - half * 0.72, y - length * 0.15 * rise),
            (x - half * 0.2, y - length * 0.11 * rise),
            (x + half * 0.5, y - length * 0.13 * rise),
            (x + half * 1.02, y - length * 0.24 * rise),
        ]
        return [
            *upper,
            (x + half * 0.74, y + drop),
            (x + half * 0.4, y + drop * 2.2),
            (x - half * 0.5, y + drop * 2.2),
            (x - half * 0.82, y + drop),
        ]

    sheet.beam(
        [
            (x - half, y + 22),
            (x + half * 1.1, y + 22),
            (x + half * 0.8, y + 48),
            (x - half * 0.8, y + 48),
        ],
        inks.ink,
        0.4,
    )
    sheet.polygon(hull(1.0, 14), inks.ink)
    sheet.polygon([(px, py + 9) for px, py in hull(0.92, 12)], paint)
    sheet.line([(px, py + 20) for px, py in hull(0.8, 0)[:5]], 6, inks.light)
    mast = x + half * 0.1
    sheet.stroke((mast, y - length * 0.1), (mast + 6, y - length * 0.86), 8, 4, inks.ink)
    sheet.line([(mast + 6, y - length * 0.84), (x - half * 1.02, y - length * 0.3)], 2, inks.ink)
    sheet.line([(mast + 6, y - length * 0.84), (x + half, y - length * 0.23)], 2, inks.ink)
    sheet.polygon(
        [
            (mast + 7, y - length * 0.86),
            (mast + 62, y - length * 0.82),
            (mast + 7, y - length * 0.77),
        ],
        inks.accent if index == 1 else inks.warm,
    )
