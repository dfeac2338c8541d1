"""Land: mountains, fields, steppe and sand."""

from __future__ import annotations

import math

from newsapp.demo.pictures.figures import (
    CAMEL,
    GRAZING,
    HORSE,
    animal,
    birds,
    crown,
    ground,
    height_at,
    hills,
    person,
    pine,
    ridge,
)
from newsapp.demo.pictures.inks import Ink, mix
from newsapp.demo.pictures.sheet import HEIGHT, WIDTH, Point, Sheet


def mountains(sheet: Sheet) -> None:
    """Ridges behind ridges in mist, pines in front."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(820)
    sun = (rng.uniform(560, 1040), rng.uniform(190, 290))
    sheet.glow(*sun, 330, inks.light, 0.45)
    sheet.sun(*sun, 54)
    for layer, (base, height) in enumerate(((560, 300), (660, 270), (760, 220), (860, 190))):
        ink = mix(inks.far, inks.near, layer / 3.4)
        mist = mix(ink, inks.sky[2], 0.82 - 0.1 * layer)
        sheet.graded(ground(ridge(rng, base, height, 0.47)), ink, mist, 0.62)
        sheet.veil(base - 60, base + 150, inks.sky[2], 0.55 - 0.08 * layer)
    birds(sheet, sun[0] - 240, sun[1] + 90, 7, inks.near)
    slope = hills(rng, 1010, 130, 1.2)
    sheet.graded(ground(slope), inks.near, inks.ink)
    for _ in range(15):
        x = rng.choice((rng.uniform(-20, 520), rng.uniform(1120, 1620), rng.uniform(0, 1600)))
        pine(sheet, x, height_at(slope, x) + 14, rng.uniform(90, 270), inks.ink)


def _summit(sheet: Sheet, x: float, y: float, half: float, base: float, haze: float) -> None:
    """One peak: a lit face, a shaded face and a broken edge between them."""
    rng, inks = sheet.rng, sheet.inks
    snow, shade = mix(inks.light, inks.sky[2], haze), mix(inks.mid, inks.sky[2], haze)
    rock = mix(inks.near, inks.sky[2], haze)

    def flank(side: float) -> list[Point]:
        return [
            (x + side * half * t + rng.uniform(-0.05, 0.05) * half, y + (base - y) * t**0.86)
            for t in (0.12, 0.24, 0.36, 0.5, 0.64, 0.8, 1.0)
        ]

    left, right = flank(-1), flank(1)
    edge = [
        (
            x + half * (0.02 + 0.26 * t) + rng.uniform(-0.09, 0.09) * half * (t > 0.05),
            y + (base - y) * t,
        )
        for t in (0.0, 0.1, 0.2, 0.32, 0.44, 0.58, 0.72, 0.86, 1.0)
    ]
    sheet.graded([(x, y), *right, *reversed(edge)], shade, mix(rock, inks.sky[2], 0.25))
    sheet.graded([(x, y), *left, *reversed(edge)], snow, mix(snow, shade, 0.55))
    for _ in range(9):
        t, side = rng.uniform(0.2, 0.85), rng.choice((-1.0, 1.0))
        sx, sy = x + side * half * t * rng.uniform(0.25, 0.8), y + (base - y) * t
        reach = half * rng.uniform(0.1, 0.24)
        sheet.polygon(
            [
                (sx, sy),
                (sx + side * reach * 0.35, sy + reach * 0.3),
                (sx + side * reach, sy + reach * 1.25),
                (sx + side * reach * 0.2, sy + reach * 0.8),
            ],
            rock if side < 0 else mix(snow, shade, 0.3),
        )


def peaks(sheet: Sheet) -> None:
    """Snow peaks over a valley, a line of prayer flags across them."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(900)
    for x, y, half, haze in (
        (rng.uniform(40, 240), 430, 420, 0.55),
        (rng.uniform(1330, 1520), 400, 440, 0.55),
        (rng.uniform(380, 520), 330, 430, 0.3),
        (rng.uniform(1050, 1180), 350, 430, 0.3),
        (rng.uniform(740, 880), rng.uniform(170, 230), 500, 0.05),
    ):
        _summit(sheet, x, y, half, 900, haze)
    sheet.veil(690, 960, inks.sky[2], 0.9)
    sheet.graded(ground(ridge(rng, 930, 130, 0.45)), inks.mid, inks.near, 0.7)
    front = hills(rng, 1030, 110, 1.4)
    sheet.graded(ground(front), inks.near, inks.ink)
    x = rng.uniform(1040, 1240)
    y = height_at(front, x) + 6
    for half, up, low in ((70, 34, 0), (54, 58, 30)):
        sheet.rect(x - half, y - up, half * 2, up - low, inks.light)
    sheet.disc(x, y - 78, 42, inks.light, 0.8)
    sheet.rect(x - 15, y - 128, 30, 30, inks.light)
    sheet.polygon([(x - 13, y - 128), (x, y - 196), (x + 13, y - 128)], inks.warm)
    sheet.rect(x - 70, y - 34, 140, 5, inks.mid)
    person(sheet, x - 170, height_at(front, x - 170) + 8, 84, inks.ink)
    _flags(sheet, (-20, 560), (x, y - 180), 110)
    _flags(sheet, (x, y - 180), (1640, 610), 60)


def _flags(sheet: Sheet, a: Point, b: Point, sag: float) -> None:
    inks = sheet.inks
    cloths = (inks.mid, inks.light, mix(inks.accent, inks.near, 0.3), inks.leaf, inks.warm)
    count = max(6, round(math.hypot(b[0] - a[0], b[1] - a[1]) / 46))
    rope = [
        (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t + sag * math.sin(math.pi * t))
        for t in (index / (count * 2) for index in range(count * 2 + 1))
    ]
    for index in range(0, len(rope) - 1, 2):
        (x0, y0), (x1, y1) = rope[index], rope[index + 1]
        drift = sheet.rng.uniform(2, 12)
        sheet.polygon(
            [(x0, y0), (x1, y1), (x1 + drift, y1 + 34), (x0 + drift * 0.7, y0 + 34)],
            cloths[index // 2 % 5],
        )
    sheet.line(rope, 2, inks.ink)


def terraces(sheet: Sheet) -> None:
    """Flooded rice terraces that hold the sky, a hut and people planting."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(430)
    sun = (rng.uniform(600, 1000), 170)
    sheet.sun(*sun, 44)
    sheet.graded(ground(ridge(rng, 420, 220, 0.45)), inks.far, inks.sky[2], 0.35)
    sheet.graded(ground(ridge(rng, 470, 150, 0.45)), inks.mid, mix(inks.leaf, inks.far, 0.5), 0.3)
    sheet.veil(350, 520, inks.sky[2], 0.7)
    phase, lean = rng.uniform(0, math.tau), rng.choice((-1, 1)) * rng.uniform(60, 120)
    y, step, level = 470.0, 15.0, 0
    water, sprout = mix(inks.sky[2], inks.light, 0.2), mix(inks.leaf, inks.sky[2], 0.45)
    paddies = [
        rng.choice(
            (
                water,
                water,
                mix(inks.sky[1], inks.light, 0.2),
                sprout,
                mix(inks.warm, inks.sky[2], 0.4),
            )
        )
        for _ in range(11)
    ]
    while y < HEIGHT + 160:
        swing = 26 + (y - 470) * 0.13
        line: list[Point] = []
        for column in range(68):
            x = -40.0 + column * 25
            turn = x / WIDTH * math.tau
            bend = math.sin(turn * 0.9 + phase + level * 0.17) + 0.4 * math.sin(
                turn * 2.3 + level * 0.4
            )
            line.append((x, y + bend * swing + (x - 800) / 800 * lean * (1 - (y - 470) / 900)))
        bank, wall = 0.2 * step, 0.42 * step
        green = mix(inks.leaf, inks.near, min(1.0, 0.15 + (y - 470) / 900))
        sheet.polygon(ground(line), mix(green, inks.ink, 0.45))
        sheet.polygon(ground([(px, py + wall) for px, py in line]), green)
        sheet.polygon(
            ground([(px, py + wall + bank) for px, py in line]), paddies[level % len(paddies)]
        )
        step *= 1.17
        y += step
        level += 1
    sheet.fade(640, HEIGHT, inks.near, 0.0, 0.34)
    for _ in range(4):
        px, py = rng.uniform(380, 1220), rng.uniform(690, 930)
        person(sheet, px, py, 46 + (py - 600) * 0.16, inks.ink, inks.warm)
    hx, hy = rng.choice((rng.uniform(330, 480), rng.uniform(1080, 1230))), 590
    sheet.rect(hx - 44, hy - 40, 88, 44, inks.ink)
    sheet.polygon(
        [(hx - 74, hy - 34), (hx - 20, hy - 92), (hx + 24, hy - 92), (hx + 74, hy - 34)], inks.near
    )
    sheet.rect(hx - 8, hy - 28, 18, 22, inks.warm)
    crown(sheet, hx + 92, hy + 10, 56, inks.ink)


def _yurt(sheet: Sheet, x: float, y: float, size: float) -> None:
    inks = sheet.inks
    wall, roof = size * 0.42, size * 0.72
    sheet.rect(x - size, y - wall, size * 2, wall, inks.light)
    sheet.beam(
        [(x + size * 0.2, y - wall), (x + size, y - wall), (x + size, y), (x + size * 0.45, y)],
        inks.mid,
        0.45,
    )
    sheet.polygon(
        [
            (x - size * 1.06, y - wall),
            (x - size * 0.24, y - roof - size * 0.16),
            (x + size * 0.24, y - roof - size * 0.16),
            (x + size * 1.06, y - wall),
        ],
        mix(inks.light, inks.warm, 0.18),
    )
    sheet.beam(
        [
            (x + size * 0.1, y - wall),
            (x + size * 0.12, y - roof - size * 0.16),
            (x + size * 0.24, y - roof - size * 0.16),
            (x + size * 1.06, y - wall),
        ],
        inks.mid,
        0.4,
    )
    sheet.rect(x - size, y - wall, size * 2, size * 0.05, inks.warm)
    sheet.rect(x - size, y - size * 0.14, size * 2, size * 0.04, inks.warm)
    sheet.rect(
        x - size * 0.24, y - wall * 0.92, size * 0.4, wall * 0.92, mix(inks.accent, inks.near, 0.35)
    )
    sheet.stroke(
        (x + size * 0.1, y - roof), (x + size * 0.1, y - roof - size * 0.5), 5, 5, inks.ink
    )


def steppe(sheet: Sheet) -> None:
    """Yurts and horses under a wide sky."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(700)
    for _ in range(7):
        x, y, half = rng.uniform(0, 1600), rng.uniform(120, 470), rng.uniform(160, 420)
        cloud = mix(inks.sky[1], inks.light, rng.uniform(0.3, 0.75))
        sheet.disc(x, y, half, cloud, 0.045)
        sheet.disc(x + half * 0.3, y - 14, half * 0.6, cloud, 0.06)
    sheet.graded(ground(ridge(rng, 640, 170, 0.45)), inks.far, inks.sky[2], 0.4)
    sheet.graded(ground(hills(rng, 690, 70, 2.2)), mix(inks.far, inks.leaf, 0.5), inks.leaf, 0.5)
    sheet.graded(ground(hills(rng, 780, 80, 1.6)), inks.leaf, mix(inks.leaf, inks.near, 0.6), 0.7)
    camp = rng.uniform(560, 860)
    for offset, drop, size in ((-190, 4, 62), (0, 34, 92), (250, 0, 54)):
        x, y = camp + offset, 775 + drop
        sheet.disc(x + 16, y, size * 1.25, mix(inks.near, inks.leaf, 0.35), 0.07)
        _yurt(sheet, x, y, size)
    smoke = [(camp + 9 + math.sin(t / 3) * t * 1.4 + t * 3, 700 - t * 13) for t in range(24)]
    for index, (x, y) in enumerate(smoke):
        sheet.glow(x, y, 16 + index * 1.6, inks.light, 0.34 - index * 0.012)
    front = hills(rng, 1010, 110, 1.1)
    sheet.graded(ground(front), mix(inks.near, inks.leaf, 0.35), inks.ink)
    for index in range(8):
        x = camp - 420 + index * 128 + rng.uniform(-34, 34)
        y = rng.uniform(842, 900) if index % 3 else height_at(front, x) + 6
        tall = 74 + (y - 830) * 0.42
        animal(
            sheet,
            rng.choice((HORSE, GRAZING)),
            x,
            y,
            tall,
            rng.choice((inks.ink, mix(inks.ink, inks.warm, 0.4))),
            rng.random() < 0.5,
        )
    rider = min(1240.0, camp + 560)
    y = height_at(front, rider) + 4
    animal(sheet, HORSE, rider, y, 150, inks.ink, True)
    person(sheet, rider - 2, y - 52, 104, inks.ink)


def dunes(sheet: Sheet) -> None:
    """Dunes with one lit and one shaded side; a caravan along a crest."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(760)
    sun = (rng.uniform(1010, 1180), rng.uniform(220, 290))
    sheet.glow(*sun, 420, inks.light, 0.6)
    sheet.sun(*sun, 56)
    sand = mix(inks.warm, inks.sky[2], 0.35)
    sheet.graded(ground(hills(rng, 640, 70, 3)), mix(sand, inks.sky[2], 0.55), sand, 0.5)
    lines: list[list[Point]] = []
    for layer, (base, height) in enumerate(((720, 150), (830, 190), (1000, 250))):
        line = _crest(sheet, base, height)
        lit = mix(sand, inks.warm, 0.25 + 0.3 * layer)
        shade = mix(mix(inks.warm, inks.near, 0.62), inks.sky[2], 0.3 - 0.14 * layer)
        sheet.graded(ground(line), lit, mix(lit, inks.warm, 0.5), 0.8)
        _lee(sheet, line, shade, height)
        lines.append(line)
        if layer == 1:
            x = rng.uniform(420, 560)
            for index in range(7):
                _laden(sheet, x, height_at(line, x) + 5, 82, index > 0)
                x += rng.uniform(88, 104)
            person(sheet, x - 20, height_at(line, x - 20) + 4, 62, inks.ink)


def _crest(sheet: Sheet, base: float, height: float) -> list[Point]:
    phase = sheet.rng.uniform(0, math.tau)
    waves = sheet.rng.uniform(1.0, 1.5)
    points: list[Point] = []
    for step in range(85):
        x = -40.0 + 20 * step
        turn = x / WIDTH * math.tau * waves / 1.6 + phase
        sharp = 1 - abs(math.sin(turn)) ** 0.8
        points.append(
            (x, base - height * (0.25 + 0.75 * sharp) * (0.8 + 0.2 * math.sin(turn * 0.7)))
        )
    return points


def _lee(sheet: Sheet, line: list[Point], shade: Ink, height: float) -> None:
    """The side of each dune that lies away from the sun, cut off by a winding edge."""
    for index in range(1, len(line) - 1):
        if not line[index - 1][1] > line[index][1] < line[index + 1][1] or index < 6:
            continue
        x, y = line[index]
        left = index
        while left > 0 and line[left - 1][1] > line[left][1]:
            left -= 1
        drop = HEIGHT + 40 - y
        edge = [
            (x + drop * (0.14 * math.sin(t * 6.5) - 0.75 * t**1.4), y + drop * t)
            for t in (step / 16 for step in range(17))
        ]
        foot, low = line[left], height * 0.75
        # Towards its foot the shadow runs out in a tongue that lies along the next dune.
        tongue = [
            (
                foot[0] + (edge[-1][0] - foot[0]) * t,
                foot[1] + low * t + (edge[-1][1] - foot[1] - low) * t * t,
            )
            for t in (1.0, 0.75, 0.5, 0.25, 0.0)
        ]
        sheet.graded(
            [*line[left : index + 1], *edge, *tongue], shade, mix(shade, sheet.inks.warm, 0.5)
        )


def _laden(sheet: Sheet, x: float, y: float, size: float, pack: bool) -> None:
    animal(sheet, CAMEL, x, y, size, sheet.inks.ink)
    if pack:
        sheet.polygon(
            [
                (x - size * 0.22, y - size * 0.5),
                (x - size * 0.12, y - size * 0.72),
                (x + size * 0.06, y - size * 0.72),
                (x + size * 0.14, y - size * 0.5),
            ],
            sheet.inks.near,
        )
    else:
        person(sheet, x - size * 0.06, y - size * 0.48, size * 0.62, sheet.inks.ink)


def glacier(sheet: Sheet) -> None:
    """A glacier coming down between peaks to a lake, a watchman's hut beside it."""
    rng, inks = sheet.rng, sheet.inks
    shore = 760.0
    sheet.sky(shore)
    sheet.disc(rng.uniform(560, 1040), 130, 40, mix(inks.light, inks.warm, 0.15))
    for x, y, half, haze in (
        (rng.uniform(60, 200), 330.0, 520, 0.5),
        (rng.uniform(1380, 1540), 310.0, 520, 0.5),
        (rng.uniform(760, 860), 240.0, 420, 0.42),
        (rng.uniform(330, 430), 270.0, 470, 0.12),
        (rng.uniform(1180, 1280), 250.0, 480, 0.12),
    ):
        _summit(sheet, x, y, half, shore + 40, haze)
    _ice(sheet, 800, 480, shore)
    sheet.veil(520, 700, inks.sky[2], 0.3)
    sheet.reflect(shore, HEIGHT - shore, inks.water, 0.5)
    sheet.fade(shore, HEIGHT, inks.near, 0.05, 0.5)
    for _ in range(13):
        x, y = 800 + rng.gauss(0, 260), rng.uniform(shore + 8, shore + 130)
        size = rng.uniform(9, 30) * (0.5 + (y - shore) / 130)
        sheet.polygon(
            [
                (x - size, y),
                (x - size * 0.3, y - size * 0.9),
                (x + size * 0.5, y - size * 0.6),
                (x + size, y),
            ],
            mix(inks.light, inks.sky[0], 0.15),
        )
    bank = hills(rng, 1040, 150, 0.7)
    sheet.graded(ground(bank), inks.near, inks.ink)
    x = rng.uniform(980, 1160)
    y = height_at(bank, x) + 8
    sheet.rect(x - 50, y - 52, 100, 60, inks.ink)
    sheet.polygon([(x - 68, y - 48), (x, y - 98), (x + 68, y - 48)], inks.ink)
    sheet.rect(x - 28, y - 38, 20, 24, inks.warm)
    at = x - 150
    foot = height_at(bank, at) + 6
    person(sheet, at, foot, 100, inks.ink)
    sheet.stroke((at - 26, foot - 88), (at - 84, foot - 100), 10, 15, inks.ink)
    for leg in (-70, -52, -34):
        sheet.stroke((at - 52, foot - 90), (at + leg - 4, foot), 4, 3, inks.ink)


def _ice(sheet: Sheet, x: float, top: float, shore: float) -> None:
    """The tongue of ice: it winds downhill, carries lines of rubble and breaks off at the water."""
    rng, inks = sheet.rng, sheet.inks
    steps = [index / 24 for index in range(25)]
    swing = rng.choice((-1, 1)) * rng.uniform(60, 95)

    def along(share: float) -> list[Point]:
        """A line down the ice, from its left side (share -1) to its right (1)."""
        return [
            (
                x + swing * math.sin(t * 5.4) * (0.35 + 0.65 * t) + share * (26 + 170 * t**1.2),
                top + (shore - top) * t,
            )
            for t in steps
        ]

    left, right = along(-1), along(1)
    ice = mix(inks.light, inks.sky[0], 0.1)
    sheet.polygon([*along(-1.14), *reversed(along(1.14))], mix(inks.mid, inks.sky[2], 0.25))
    sheet.graded([*left, *reversed(right)], mix(inks.light, inks.sky[2], 0.25), ice)
    for share, wide in ((-0.62, 5), (-0.2, 9), (0.12, 4), (0.55, 7)):
        line = along(share)
        for index, (a, b) in enumerate(zip(line, line[1:], strict=False)):
            ink = mix(ice, inks.mid, 0.5)
            sheet.stroke(a, b, wide * index / 24 + 1, wide * (index + 1) / 24 + 1, ink)
    for index in range(6, 24, 2):
        half = (right[index][0] - left[index][0]) / 2
        middle = (right[index][0] + left[index][0]) / 2
        for _ in range(3):
            at = middle + rng.uniform(-0.8, 0.7) * half
            tip = (at + rng.uniform(18, 40), left[index][1] + rng.uniform(-3, 3))
            sheet.stroke((at, left[index][1]), tip, 3, 1, mix(ice, inks.mid, 0.55))
    front = [left[-1]]
    at = left[-1][0]
    while at < right[-1][0] - 36:
        at += rng.uniform(16, 36)
        front.append((at, shore - rng.uniform(26, 62)))
    low = [(right[-1][0], shore), (left[-1][0], shore)]
    sheet.polygon([*front, *low], mix(inks.mid, inks.sky[0], 0.35))


def tea(sheet: Sheet) -> None:
    """Rows of tea that follow the hills, pickers between them."""
    rng, inks = sheet.rng, sheet.inks
    sheet.sky(560)
    sheet.graded(ground(ridge(rng, 420, 240, 0.45)), inks.far, inks.sky[2], 0.45)
    sheet.veil(300, 520, inks.sky[2], 0.7)
    mounds = [
        (rng.uniform(1150, 1500), 330, 620, 0.0),
        (rng.uniform(100, 420), 400, 640, 0.25),
        (rng.uniform(850, 1150), 540, 720, 0.5),
        (rng.uniform(150, 520), 720, 820, 0.75),
    ]
    for cx, top, half, near in mounds:
        _rows(sheet, cx, top, half, near)
        if near < 0.6:
            sheet.veil(top + 40, top + 300, inks.sky[2], 0.3 - 0.4 * near)
    for _ in range(6):
        x, y = rng.uniform(330, 1270), rng.uniform(690, 980)
        size = 60 + (y - 600) * 0.26
        person(sheet, x, y, size, inks.ink)
        sheet.disc(x, y - size * 0.955, size * 0.086, inks.light)
        sheet.polygon(
            [
                (x + size * 0.08, y - size * 0.78),
                (x + size * 0.34, y - size * 0.78),
                (x + size * 0.28, y - size * 0.4),
                (x + size * 0.13, y - size * 0.4),
            ],
            inks.warm,
        )
    crown(sheet, rng.uniform(1050, 1250), 470, 90, inks.near)


def _rows(sheet: Sheet, cx: float, top: float, half: float, near: float) -> None:
    inks = sheet.inks
    base = mix(mix(inks.leaf, inks.far, 0.45 - 0.45 * near), inks.near, 0.25 * near)
    dark, lit = mix(base, inks.ink, 0.45), mix(base, inks.light, 0.24)

    def dome(drop: float, grow: float) -> list[Point]:
        # The further down a hill a row lies, the wider it runs.
        wide = half * grow
        return [
            (cx + wide * t, top + drop + 250 * grow * (t * t) ** 0.92)
            for t in (step / 20 for step in range(-44, 45))
        ]

    drop, step, grow = 0.0, 13 + 10 * near, 1.0
    while top + drop < HEIGHT + 40:
        sheet.polygon(ground(dome(drop, grow)), dark)
        sheet.polygon(ground(dome(drop + step * 0.28, grow)), lit)
        sheet.polygon(ground(dome(drop + step * 0.48, grow)), base)
        drop += step
        step *= 1.05
        grow *= 1.035
